package dev.caretaker.server.report.gather;

import dev.caretaker.server.config.RetentionConfig;
import dev.caretaker.server.detect.Findings;
import dev.caretaker.server.report.HealthOpinion;
import dev.caretaker.server.report.Period;
import dev.caretaker.server.report.ScheduleOutlook;
import dev.caretaker.server.report.TargetReport;
import dev.caretaker.server.report.TargetReport.OpenFindings;
import dev.caretaker.server.report.growth.Growth;
import dev.caretaker.server.report.growth.GrowthHistory;
import dev.caretaker.server.run.DebtView;
import dev.caretaker.server.run.Debts;
import dev.caretaker.server.store.ReportRows.ScheduleTally;
import dev.caretaker.server.store.ReportStore;
import dev.caretaker.server.store.ReportStore.Frame;
import dev.caretaker.server.store.ReportStore.Some;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gathers what is told of a target over a period. */
@Singleton
public final class TargetGatherer {
    private static final int MOST_RUNS = 60;
    private static final int MOST_NAMES = 100;
    private static final int MOST_NOT_RUN = 50;
    private static final int MOST_FINDINGS = 40;
    private static final int MOST_SPACES = 40;
    private static final int MOST_HOLDS = 20;
    private static final int MOST_DEBTS = 20;
    private static final Duration AHEAD = Duration.ofDays(7);

    private final Targets targets;
    private final ReportStore store;
    private final Subjects subjects;
    private final Findings findings;
    private final Debts debts;
    private final HealthOpinion health;
    private final ScheduleOutlook schedules;
    private final GrowthHistory history;
    private final RetentionConfig retention;
    private final Clock clock;

    TargetGatherer(
            Targets targets,
            ReportStore store,
            Subjects subjects,
            Findings findings,
            Debts debts,
            HealthOpinion health,
            ScheduleOutlook schedules,
            GrowthHistory history,
            RetentionConfig retention,
            Clock clock) {
        this.targets = targets;
        this.store = store;
        this.subjects = subjects;
        this.findings = findings;
        this.debts = debts;
        this.health = health;
        this.schedules = schedules;
        this.history = history;
        this.retention = retention;
        this.clock = clock;
    }

    /** Looks at the target. Fails with TARGET_NOT_FOUND. */
    public TargetReport gather(String name, Period period) {
        String target = targets.get(name).name();
        HealthOpinion.Opinion opinion = health.of(target); // first: it is a detection, and tells what is new and gone
        Instant look = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Frame frame = new Frame(target, period.since(), period.until());
        Duration span = Shapes.span(period);
        Growth growth = history.of(target, look.minus(Grown.window(period)), Optional.empty());
        var counts = store.runCounts(frame);
        List<ScheduleTally> tallies = store.schedules(frame);
        return new TargetReport(
                look,
                target,
                period,
                opinion,
                store.totals(frame),
                counts,
                new Some<>(
                        store.runs(frame, MOST_RUNS),
                        counts.stream().mapToLong(count -> count.runs()).sum()),
                Shapes.lanes(store.lanes(frame, TargetReport.SLOTS)),
                subjects.policies(frame, MOST_NAMES),
                Shapes.spans(period, span, store.spans(frame, span)),
                span,
                first(tallies, MOST_NAMES),
                ScheduleTally.sum(tallies),
                store.notRun(frame, MOST_NOT_RUN),
                subjects.sets(frame, MOST_NAMES),
                findings.found(target, period.since(), period.until(), MOST_FINDINGS),
                findings.gone(target, period.since(), period.until(), MOST_FINDINGS),
                open(target),
                store.spaces(frame, MOST_SPACES),
                store.holds(frame, MOST_HOLDS),
                debts(target),
                first(schedules.coming(target, look, AHEAD), MOST_NAMES),
                Grown.part(growth),
                Grown.tablesLeftOut(growth),
                Grown.policiesLeftOut(growth),
                new Forgotten(period, look, retention).sentences());
    }

    private OpenFindings open(String target) {
        Map<String, Long> numbers = store.openFindings(target);
        return new OpenFindings(
                numbers.getOrDefault("CRITICAL", 0L),
                numbers.getOrDefault("WARNING", 0L),
                numbers.getOrDefault("INFO", 0L));
    }

    private Some<DebtView> debts(String target) {
        return first(debts.list(Debts.Filter.open(target)), MOST_DEBTS);
    }

    private static <T> Some<T> first(List<T> all, int most) {
        return new Some<>(all.stream().limit(most).toList(), all.size());
    }
}
