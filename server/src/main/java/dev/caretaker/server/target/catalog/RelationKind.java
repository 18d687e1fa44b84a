package dev.caretaker.server.target.catalog;

/** What a row of pg_class is. */
public enum RelationKind {
    TABLE('r'),
    PARTITIONED_TABLE('p'),
    VIEW('v'),
    MATERIALIZED_VIEW('m'),
    FOREIGN_TABLE('f'),
    INDEX('i'),
    PARTITIONED_INDEX('I'),
    SEQUENCE('S'),
    TOAST_TABLE('t'),
    COMPOSITE_TYPE('c'),
    /** A kind that a newer server knows. */
    OTHER('?');

    private final char code;

    RelationKind(char code) {
        this.code = code;
    }

    static RelationKind of(String relkind) {
        for (RelationKind kind : values()) {
            if (kind.code == relkind.charAt(0)) {
                return kind;
            }
        }
        return OTHER;
    }
}
