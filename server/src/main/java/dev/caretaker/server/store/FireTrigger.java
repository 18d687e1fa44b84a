package dev.caretaker.server.store;

import java.util.UUID;

/**
 * Somebody who asked for a fire out of turn.
 *
 * @param ignoreWindow whether windows and calendars do not count
 * @param request id of the request
 */
public record FireTrigger(Actor actor, boolean ignoreWindow, UUID request) {}
