package dev.caretaker.server.cleanup.policy;

import java.time.ZoneId;
import java.util.Optional;

/**
 * The column that dates a row, and how to read it.
 *
 * @param name as in pg_attribute.attname
 * @param zone zone of TIMESTAMP and DATE values; empty for the other kinds
 */
public record TimeColumn(String name, Kind kind, Optional<ZoneId> zone) {

    /** How values denote instants. */
    public enum Kind {
        TIMESTAMPTZ,
        /** Local to the column's zone. */
        TIMESTAMP,
        /** A whole day in the column's zone; older than the cutoff once all of it is. */
        DATE,
        EPOCH_SECONDS,
        EPOCH_MILLIS,
        EPOCH_MICROS,
        /** RFC 9562, section 5.7: milliseconds since the epoch in the first 48 bits. Other versions are never eligible. */
        UUID_V7
    }
}
