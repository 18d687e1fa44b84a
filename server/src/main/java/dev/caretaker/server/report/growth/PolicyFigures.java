package dev.caretaker.server.report.growth;

import dev.caretaker.server.cleanup.policy.Constant;
import dev.caretaker.server.cleanup.policy.Filters;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.report.growth.GrowthSample.PolicyRows;
import dev.caretaker.server.report.growth.GrowthSample.ValueCount;
import dev.caretaker.server.report.growth.GrowthSample.ValueRows;
import dev.caretaker.server.store.Measurement;
import dev.caretaker.server.store.Measurement.Measure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The figures of a sample that are measurements: rows that policies would remove, and rows by value. Values are told by name only
 * where filters of policies name them, since measurements become labels, and those come from the configuration; all others are one
 * figure.
 */
final class PolicyFigures {
    /** Name of the figure of all values that no filter names. No constant of a filter is likely to be that. */
    static final String OTHERS = "(other)";

    private final String target;
    private final List<Policy> policies;
    private final Instant taken;

    /** @param policies all of the target */
    PolicyFigures(String target, List<Policy> policies, Instant taken) {
        this.target = target;
        this.policies = policies;
        this.taken = taken;
    }

    List<Measurement> of(List<PolicyRows> counted) {
        List<Measurement> figures = new ArrayList<>();
        for (PolicyRows rows : counted) {
            rows.eligible()
                    .ifPresent(eligible -> figures.add(figure(Measure.POLICY_ELIGIBLE, rows.policy(), eligible)));
            rows.values().ifPresent(values -> figures.addAll(byValue(rows, values)));
        }
        return figures;
    }

    private List<Measurement> byValue(PolicyRows rows, ValueRows values) {
        Set<String> named = policies.stream()
                .filter(policy -> policy.table().equals(rows.table()))
                .flatMap(policy -> policy.filter().stream())
                .flatMap(filter -> Filters.constants(filter, values.column()).stream())
                .map(Constant::text)
                .collect(Collectors.toSet());
        long others = values.otherRows();
        List<Measurement> figures = new ArrayList<>();
        for (ValueCount count : values.counts()) {
            Optional<String> value = count.value().filter(named::contains);
            if (value.isPresent()) {
                figures.add(figure(Measure.POLICY_ROWS, rows.policy() + "/" + value.get(), count.rows()));
            } else {
                others += count.rows();
            }
        }
        figures.add(figure(Measure.POLICY_ROWS, rows.policy() + "/" + OTHERS, others));
        return figures;
    }

    private Measurement figure(Measure measure, String name, double value) {
        return new Measurement(target, measure, name, value, taken);
    }
}
