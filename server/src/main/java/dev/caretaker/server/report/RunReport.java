package dev.caretaker.server.report;

import dev.caretaker.server.cleanup.plan.kept.Estimate;
import dev.caretaker.server.report.observe.Observations.BeforeAfter;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.ReportRows.RunLine;
import dev.caretaker.server.store.ReportRows.StateTime;
import dev.caretaker.server.store.ReportRows.Throttle;
import dev.caretaker.server.store.ReportStore.Some;
import dev.caretaker.server.store.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What is told of one run.
 *
 * @param run with its first steps and tables
 * @param times where its time went, longest first
 * @param throttles what made it wait between batches, longest first
 * @param events what people ask for, in order
 * @param children runs that it started
 * @param observed its tables before and after
 */
public record RunReport(
        Instant look,
        RunView run,
        long stepsLeftOut,
        long tablesLeftOut,
        Optional<Plan> plan,
        List<StateTime> times,
        List<Throttle> throttles,
        Some<Happened> events,
        Some<RunLine> children,
        Optional<BeforeAfter> observed)
        implements Report {

    /**
     * The plan that it executed, in short.
     *
     * @param expected empty for upkeep
     * @param actions steps of a cleanup, or changes of partitions
     */
    public record Plan(
            UUID id,
            Instant created,
            Actor createdBy,
            Optional<Estimate> expected,
            List<Cutoff> cutoffs,
            List<String> warnings,
            long actions) {}

    /** What a policy allowed to remove: rows that are strictly older. */
    public record Cutoff(String policy, TableName table, Instant cutoff) {}

    /** An event. */
    public record Happened(long sequence, Instant at, RunEvent event) {}

    @Override
    public String target() {
        return run.target();
    }
}
