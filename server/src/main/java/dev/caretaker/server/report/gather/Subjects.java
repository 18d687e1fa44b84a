package dev.caretaker.server.report.gather;

import dev.caretaker.server.cleanup.policy.Policies;
import dev.caretaker.server.report.TargetReport.Overdue;
import dev.caretaker.server.report.TargetReport.PolicyLine;
import dev.caretaker.server.report.TargetReport.SetLine;
import dev.caretaker.server.store.Measurement;
import dev.caretaker.server.store.Measurement.Measure;
import dev.caretaker.server.store.MeasurementStore;
import dev.caretaker.server.store.ReportRows.PolicyWork;
import dev.caretaker.server.store.ReportStore;
import dev.caretaker.server.store.ReportStore.Frame;
import dev.caretaker.server.store.ReportStore.Some;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What was done for policies and partition sets, those included for which nothing was, and how they stand. */
@Singleton
final class Subjects {
    private final ReportStore store;
    private final Policies policies;
    private final MeasurementStore measurements;

    Subjects(ReportStore store, Policies policies, MeasurementStore measurements) {
        this.store = store;
        this.policies = policies;
        this.measurements = measurements;
    }

    /** By name, those that need somebody rather than others; of one whose table changed there is a line for each. */
    Some<PolicyLine> policies(Frame frame, int most) {
        Map<String, TableName> present = policies.ofTarget(frame.target()).stream()
                .collect(Collectors.toMap(
                        stored -> stored.policy().name(),
                        stored -> stored.policy().table()));
        Map<String, Measurement> overdue = measured(frame.target(), Measure.POLICY_OVERDUE);
        List<PolicyLine> lines = new ArrayList<>();
        for (PolicyWork work : store.policies(frame)) {
            boolean exists = work.table().equals(present.get(work.policy()));
            if (exists) {
                present.remove(work.policy());
            }
            lines.add(new PolicyLine(
                    work.policy(),
                    work.table(),
                    exists,
                    work.runs(),
                    work.runsNotComplete(),
                    work.totals(),
                    work.completed(),
                    exists ? overdue(overdue.get(work.policy())) : Optional.empty()));
        }
        present.forEach((policy, table) -> lines.add(new PolicyLine(
                policy, table, true, 0, 0, Totals.NONE, Optional.empty(), overdue(overdue.get(policy)))));
        List<PolicyLine> first = lines.stream()
                .sorted(Comparator.comparing(Subjects::late)
                        .thenComparing(PolicyLine::runsNotComplete)
                        .thenComparing(line -> line.totals().rowsDeleted())
                        .reversed()
                        .thenComparing(PolicyLine::policy))
                .limit(most)
                .sorted(Comparator.comparing(PolicyLine::policy)
                        .thenComparing(line -> line.table().toString()))
                .toList();
        return new Some<>(first, lines.size());
    }

    private static Duration late(PolicyLine line) {
        return line.overdue().map(Overdue::span).orElse(Duration.ZERO);
    }

    private static Optional<Overdue> overdue(Measurement measured) {
        return Optional.ofNullable(measured)
                .map(one -> new Overdue(Duration.ofSeconds((long) one.value()), one.taken()));
    }

    /** By name. */
    Some<SetLine> sets(Frame frame, int most) {
        Map<String, Measurement> runways = measured(frame.target(), Measure.SET_RUNWAY);
        Map<String, Measurement> defaults = measured(frame.target(), Measure.SET_DEFAULT_ROWS);
        List<SetLine> lines = store.sets(frame).stream()
                .map(work -> new SetLine(
                        work,
                        Optional.ofNullable(runways.get(work.set())).map(one -> Duration.ofSeconds((long) one.value())),
                        Optional.ofNullable(defaults.get(work.set()))
                                .map(one -> (long) one.value())
                                .orElse(0L)))
                .toList();
        return first(lines, most);
    }

    private Map<String, Measurement> measured(String target, Measure measure) {
        return measurements.list().stream()
                .filter(one -> one.target().equals(target) && one.measure() == measure)
                .collect(Collectors.toMap(Measurement::name, Function.identity()));
    }

    private static <T> Some<T> first(List<T> all, int most) {
        return new Some<>(all.stream().limit(most).toList(), all.size());
    }
}
