package dev.caretaker.server.partition;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * When partitions are looked at.
 *
 * @param now the present
 * @param zone zone in which keys without one are meant
 * @param statisticsSince since when the server counts inserts; empty if it does not tell
 */
record Moment(Instant now, ZoneId zone, Optional<Instant> statisticsSince) {}
