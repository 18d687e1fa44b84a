package dev.caretaker.server.report;

import dev.caretaker.server.detect.Finding;
import dev.caretaker.server.report.growth.Growth;
import dev.caretaker.server.run.DebtView;
import dev.caretaker.server.store.HoldRow;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.ReportRows.NotRun;
import dev.caretaker.server.store.ReportRows.RunCount;
import dev.caretaker.server.store.ReportRows.RunLine;
import dev.caretaker.server.store.ReportRows.ScheduleTally;
import dev.caretaker.server.store.ReportRows.SetWork;
import dev.caretaker.server.store.ReportRows.Space;
import dev.caretaker.server.store.ReportStore.Some;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is told of a target over a period. Lists are bounded; what is left out of a {@link Some} is counted.
 *
 * @param health how the target is at {@code look}, not at the end of the period
 * @param totals sums over everything that was done in the period
 * @param counts runs that no other run started
 * @param runs some of them, in order of time
 * @param lanes when work was done, in {@link #SLOTS} slots
 * @param spans what was removed over time, each {@code span} long
 * @param fires what became of the times of all schedules, also of those left out
 * @param notRun what did not run or failed, the latest first
 * @param found findings that are new in the period, gravest first
 * @param gone findings that went in the period, gravest first
 * @param open findings at {@code look} that are not muted
 * @param spaces what was vacuumed, rewritten or rebuilt, the most freed first
 * @param holds in force within the period, newest first
 * @param debts what runs have left at the target, as of {@code look}
 * @param coming what is due in the next seven days, by its first time
 * @param growth of 30 days, or as long as the period is; the largest tables and the policies that catch up least, with thinned
 *     series
 * @param forgotten what the period can no longer tell, a sentence each
 */
public record TargetReport(
        Instant look,
        String target,
        Period period,
        HealthOpinion.Opinion health,
        Totals totals,
        List<RunCount> counts,
        Some<RunLine> runs,
        List<Lane> lanes,
        Some<PolicyLine> policies,
        List<SpanLine> spans,
        Duration span,
        Some<ScheduleTally> schedules,
        ScheduleTally fires,
        Some<NotRun> notRun,
        Some<SetLine> sets,
        Some<Finding> found,
        Some<Finding> gone,
        OpenFindings open,
        Some<Space> spaces,
        List<HoldRow> holds,
        Some<DebtView> debts,
        Some<ScheduleOutlook.Coming> coming,
        Growth growth,
        long growthTablesLeftOut,
        long growthPoliciesLeftOut,
        List<String> forgotten)
        implements Report {

    /** Parts of the period in a picture. */
    public static final int SLOTS = 200;

    /** When work of a kind was done. */
    public record Lane(RunKind kind, List<Stretch> stretches) {}

    /**
     * Slots in a row in which the same was worst.
     *
     * @param worst gravest outcome; empty: of runs that have not ended
     */
    public record Stretch(int first, int last, Optional<Outcome> worst) {}

    /**
     * What was done for a policy.
     *
     * @param overdue for how long the oldest row that should be gone has been due; zero if there is none
     */
    public record PolicyLine(
            String policy,
            TableName table,
            boolean exists,
            long runs,
            long runsNotComplete,
            Totals totals,
            Optional<Instant> completed,
            Optional<Overdue> overdue) {}

    /** Retention debt as of the latest detection. */
    public record Overdue(Duration span, Instant measured) {}

    /** What was removed in a part of the period. */
    public record SpanLine(Instant start, long rowsDeleted, long bytesReturned) {}

    /**
     * What was done for a partition set.
     *
     * @param runway how far ahead partitions exist, as of the latest detection
     * @param defaultRows rows in its default partition, as of the same
     */
    public record SetLine(SetWork work, Optional<Duration> runway, long defaultRows) {}

    /** Findings by severity. */
    public record OpenFindings(long critical, long warning, long info) {}
}
