package dev.caretaker.server.report;

import java.time.Instant;

/** The figures of a report. */
public sealed interface Report permits RunReport, TargetReport {

    /** As of when it is told. Of a run that has ended: when it ended, so that its report hardly changes any more. */
    Instant look();

    /** Name of the target. */
    String target();
}
