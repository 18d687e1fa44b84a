package dev.caretaker.server.store;

import java.time.Instant;

/**
 * An event that is not numbered yet.
 *
 * @param progress whether it tells of progress only, which is kept for a shorter time
 * @param body JSON
 */
public record NewEvent(Instant at, boolean progress, String body) {}
