package dev.caretaker.server.partition.listing;

import java.time.Instant;
import java.util.Optional;

/**
 * When partitions are looked at.
 *
 * @param now the present
 * @param statisticsSince since when the server counts inserts; empty if it does not tell
 */
record Moment(Instant now, Optional<Instant> statisticsSince) {}
