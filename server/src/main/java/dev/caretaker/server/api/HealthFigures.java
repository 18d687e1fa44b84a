package dev.caretaker.server.api;

import dev.caretaker.server.api.mapping.Times;
import dev.caretaker.server.cleanup.policy.Policies;
import dev.caretaker.server.partition.upkeep.set.PartitionSets;
import dev.caretaker.server.store.Measurement;
import dev.caretaker.server.store.Measurement.Measure;
import dev.caretaker.server.store.MeasurementStore;
import dev.caretaker.v1.HealthFigure;
import dev.caretaker.v1.PolicyDebt;
import dev.caretaker.v1.SetRunway;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** How a target stands, in the latest figures that detections and growth samples have read. */
@Singleton
final class HealthFigures {
    private static final double UNKNOWN_LAST = -1;

    private final MeasurementStore measurements;
    private final Policies policies;
    private final PartitionSets sets;

    HealthFigures(MeasurementStore measurements, Policies policies, PartitionSets sets) {
        this.measurements = measurements;
        this.policies = policies;
        this.sets = sets;
    }

    /** Fails with CONTROL_STORE_UNREACHABLE. */
    dev.caretaker.v1.HealthFigures of(String target) {
        Known known = new Known(measurements.list().stream()
                .filter(one -> one.target().equals(target))
                .collect(Collectors.groupingBy(
                        Measurement::measure, Collectors.toMap(Measurement::name, measured -> measured))));
        dev.caretaker.v1.HealthFigures.Builder figures = dev.caretaker.v1.HealthFigures.newBuilder()
                .addAllPolicies(debts(target, known))
                .addAllSets(runways(target, known));
        known.largest(Measure.TABLE_BLOAT, figures::setTableBloatBytes);
        known.largest(Measure.INDEX_BLOAT, figures::setIndexBloatBytes);
        known.largest(Measure.STALE_STATISTICS, figures::setStaleStatisticsTables);
        known.largest(Measure.HORIZON_AGE, figures::setHorizonTransactions);
        return figures.build();
    }

    private List<PolicyDebt> debts(String target, Known known) {
        return policies.ofTarget(target).stream()
                .map(stored -> stored.policy().name())
                .sorted(Comparator.comparingDouble((String policy) -> known.of(Measure.POLICY_OVERDUE, policy)
                                .map(Measurement::value)
                                .orElse(UNKNOWN_LAST))
                        .reversed()
                        .thenComparing(Comparator.naturalOrder()))
                .map(policy -> debt(policy, known))
                .toList();
    }

    private static PolicyDebt debt(String policy, Known known) {
        PolicyDebt.Builder debt = PolicyDebt.newBuilder().setPolicy(policy);
        known.of(Measure.POLICY_OVERDUE, policy)
                .ifPresent(one -> debt.setOverdue(seconds(one)).setReadTime(Times.write(one.taken())));
        known.of(Measure.POLICY_ELIGIBLE, policy).map(HealthFigures::figure).ifPresent(debt::setEligibleRows);
        return debt.build();
    }

    private List<SetRunway> runways(String target, Known known) {
        return sets.ofTarget(target).stream()
                .map(stored -> stored.set().name())
                .sorted(Comparator.comparingDouble((String set) -> known.of(Measure.SET_RUNWAY, set)
                                .map(Measurement::value)
                                .orElse(Double.MAX_VALUE))
                        .thenComparing(Comparator.naturalOrder()))
                .map(set -> runway(set, known))
                .toList();
    }

    private static SetRunway runway(String set, Known known) {
        SetRunway.Builder runway = SetRunway.newBuilder().setSet(set);
        known.of(Measure.SET_RUNWAY, set)
                .ifPresent(one -> runway.setRunway(seconds(one)).setReadTime(Times.write(one.taken())));
        known.of(Measure.SET_DEFAULT_ROWS, set).map(HealthFigures::figure).ifPresent(runway::setDefaultRows);
        return runway.build();
    }

    private static com.google.protobuf.Duration seconds(Measurement measured) {
        return Times.write(Duration.ofSeconds((long) measured.value()));
    }

    private static HealthFigure figure(Measurement measured) {
        return HealthFigure.newBuilder()
                .setValue(measured.value())
                .setReadTime(Times.write(measured.taken()))
                .build();
    }

    /** What was measured, by measure and name. */
    private record Known(Map<Measure, Map<String, Measurement>> byName) {
        Optional<Measurement> of(Measure measure, String name) {
            return Optional.ofNullable(byName.getOrDefault(measure, Map.of()).get(name));
        }

        void largest(Measure measure, Consumer<HealthFigure> setter) {
            byName.getOrDefault(measure, Map.of()).values().stream()
                    .max(Comparator.comparingDouble(Measurement::value))
                    .map(HealthFigures::figure)
                    .ifPresent(setter);
        }
    }
}
