package dev.caretaker.bench;

/** What is done to all tables of a clone, one after the other. */
enum Upkeep {
    VACUUM("vacuum", "VACUUM"),
    VACUUM_ANALYZE("vacuum-analyze", "VACUUM (ANALYZE)"),
    REINDEX("reindex", "REINDEX INDEX CONCURRENTLY");

    private final String key;
    private final String statement;

    Upkeep(String key, String statement) {
        this.key = key;
        this.statement = statement;
    }

    /** Name in options and JSON. */
    String key() {
        return key;
    }

    /** The statement but for the name of what it works on. */
    String statement() {
        return statement;
    }
}
