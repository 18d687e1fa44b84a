package dev.caretaker.server.report.growth;

import java.time.Instant;

/** What was measured at one moment: bytes, or rows. */
public record Point(Instant at, double value) {}
