package dev.caretaker.server.target.catalog;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that keeps VACUUM from removing dead rows.
 *
 * @param name pid, slot name, prepared transaction's gid, or the standby's application name
 * @param description one sentence's worth of who it is
 * @param age transactions since the oldest one it still sees
 * @param since when it began, where the server knows
 */
public record XminHolder(Kind kind, String name, String description, long age, Optional<Instant> since) {

    /** What holds it. */
    public enum Kind {
        BACKEND,
        SLOT,
        PREPARED_TRANSACTION,
        STANDBY
    }
}
