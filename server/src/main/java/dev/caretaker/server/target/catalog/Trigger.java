package dev.caretaker.server.target.catalog;

/**
 * A user's trigger on DELETE or TRUNCATE; those that keep foreign keys are not among them.
 *
 * @param deletes whether it is one on DELETE
 * @param truncates whether it is one on TRUNCATE; it may be both
 * @param function its function, schema-qualified, unquoted
 */
public record Trigger(
        String name,
        Timing timing,
        boolean eachRow,
        boolean deletes,
        boolean truncates,
        Enabled enabled,
        String function) {

    /** Whether it fires for a DELETE in an ordinary session, as ours are. */
    public boolean fires() {
        return deletes && isOn();
    }

    /** Whether it fires for a TRUNCATE in an ordinary session, and for no DELETE. */
    public boolean firesForTruncateAlone() {
        return truncates && !deletes && isOn();
    }

    private boolean isOn() {
        return enabled == Enabled.ORIGIN || enabled == Enabled.ALWAYS;
    }

    /** As in a sentence, for example {@code audit (BEFORE each row, app.audit)}. */
    public String readable() {
        return name + " (" + timing + (eachRow ? " each row, " : " each statement, ") + function + ")";
    }

    /** When it fires. */
    public enum Timing {
        BEFORE,
        AFTER,
        INSTEAD
    }

    /** In which sessions it fires, by session_replication_role. */
    public enum Enabled {
        ORIGIN,
        ALWAYS,
        REPLICA,
        DISABLED;

        static Enabled of(String code) {
            return switch (code) {
                case "O" -> ORIGIN;
                case "A" -> ALWAYS;
                case "R" -> REPLICA;
                case "D" -> DISABLED;
                default -> throw new IllegalArgumentException("unknown trigger state " + code);
            };
        }
    }
}
