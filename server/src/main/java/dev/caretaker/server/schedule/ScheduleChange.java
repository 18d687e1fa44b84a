package dev.caretaker.server.schedule;

import java.util.Optional;

/**
 * A schedule as somebody wants it to be.
 *
 * @param etag when present, the stored schedule must still carry it
 */
public record ScheduleChange(Schedule schedule, Optional<String> etag) {}
