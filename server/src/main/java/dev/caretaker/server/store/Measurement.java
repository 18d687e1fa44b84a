package dev.caretaker.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/**
 * A figure that a detection or a growth sample read, whether anything was wrong or not.
 *
 * @param measure what was measured
 * @param name policy, partition set or database that it is of
 * @param value in the measure's unit
 */
public record Measurement(String target, Measure measure, String name, double value, Instant taken) {

    /** What is measured. */
    public enum Measure {
        /** Seconds for which the oldest row that a policy should have removed has been eligible; 0 if there is none. */
        POLICY_OVERDUE("policy-overdue"),
        /** Seconds from now on for which a partition set has partitions without a gap. */
        SET_RUNWAY("set-runway"),
        /** Rows in the default partition of a set, by the server's counters. */
        SET_DEFAULT_ROWS("set-default-rows"),
        /** Partitions that a set wants and that do not exist. */
        SET_MISSING("set-missing"),
        /** Transactions since the oldest transaction id that is not frozen, of any database of the server. */
        XID_AGE("xid-age"),
        /** The same of multixact ids. */
        MXID_AGE("mxid-age"),
        /** Partitions whose detachment was begun and not finished. */
        PENDING_DETACHES("pending-detaches"),
        /** Bytes that large tables waste, an estimate. */
        TABLE_BLOAT("table-bloat"),
        /** The same of large B-tree indexes. */
        INDEX_BLOAT("index-bloat"),
        /** Tables whose statistics are out of date. */
        STALE_STATISTICS("stale-statistics"),
        /** Transactions since the oldest that somebody may still look at, which holds vacuum back. */
        HORIZON_AGE("horizon-age"),
        /** Rows that a policy would remove, counted or estimated. */
        POLICY_ELIGIBLE("policy-eligible"),
        /** Rows of a policy's table by the value that it counts by; the name is that of the policy, a slash and the value. */
        POLICY_ROWS("policy-rows");

        private final String text;

        Measure(String text) {
            this.text = text;
        }

        /** As it is stored. */
        public String text() {
            return text;
        }

        /** Fails with IllegalArgumentException if there is none of that name. */
        public static Measure of(String text) {
            for (Measure measure : values()) {
                if (measure.text.equals(text)) {
                    return measure;
                }
            }
            throw new IllegalArgumentException("nothing is measured as " + text);
        }
    }

    static Measurement read(ResultSet row) throws SQLException {
        return new Measurement(
                row.getString("target"),
                Measure.of(row.getString("measure")),
                row.getString("name"),
                row.getDouble("value"),
                ControlStore.instant(row, "taken"));
    }
}
