package dev.caretaker.server.cleanup.plan.warn;

import dev.caretaker.server.cleanup.plan.choice.MechanismChoice;
import dev.caretaker.server.cleanup.plan.facts.PolicyFacts;
import dev.caretaker.server.cleanup.plan.facts.Tally;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.server.cleanup.plan.kept.PlannedStep;
import dev.caretaker.server.cleanup.policy.Limits;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.store.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** How much of a table a policy removes, against its limits and against common sense. */
public final class VolumeWarnings {
    private static final double LARGE_SHARE = 0.5;

    private VolumeWarnings() {}

    static List<PlanWarning> of(String role, PolicyFacts facts, List<PlannedStep> steps) {
        List<PlanWarning> warnings = new ArrayList<>();
        long rows = steps.stream().mapToLong(step -> step.estimate().rows()).sum();
        boolean exact = steps.stream().allMatch(step -> step.estimate().rowsExact());
        long tableRows = Math.max(rows, facts.tableRows());
        double share = tableRows == 0 ? 0 : (double) rows / tableRows;
        excess(facts, rows, share, exact).ifPresent(warnings::add);
        if (share > LARGE_SHARE) {
            warnings.add(warning(
                    facts,
                    Code.LARGE_SHARE,
                    "About " + MechanismChoice.percent(share) + " of the rows of "
                            + facts.tree().root().name() + " would be removed.",
                    false,
                    Map.of("rows", Long.toString(rows), "table_rows", Long.toString(tableRows))));
        }
        if (facts.suspicious().rows() > 0) {
            warnings.add(warning(
                    facts,
                    Code.SUSPICIOUS_VALUES,
                    "Eligible rows are dated before 1971 in column "
                            + facts.timeColumn().name() + ", which looks like a default and not like a time.",
                    false,
                    Map.of("rows", facts.suspicious().toString())));
        }
        neverEligible(facts, tableRows).ifPresent(warnings::add);
        Stream.of(facts.suspicious(), facts.neverEligible())
                .filter(tally -> tally.failure().isPresent())
                .findFirst()
                .ifPresent(tally -> warnings.add(uncounted(role, facts, tally)));
        return warnings;
    }

    private static PlanWarning uncounted(String role, PolicyFacts facts, Tally tally) {
        TableName table = facts.tree().root().name();
        String why = tally.failure().orElseThrow();
        return new PlanWarning(
                Code.COUNT_TIMEOUT,
                "Rows whose " + facts.timeColumn().name()
                        + " looks like a default, or is no time, could not be counted: " + why + ".",
                false,
                Optional.of(table),
                facts.policy().policy().name(),
                Map.of("failure", why),
                tally.remedy(table, role));
    }

    /** Counted; where that failed, NULLs by statistics. */
    private static Optional<PlanWarning> neverEligible(PolicyFacts facts, long tableRows) {
        Tally tally = facts.neverEligible();
        long nulls = Math.round(facts.timeColumn().statistics().nullFraction() * tableRows);
        if (tally.rows() == 0 && (tally.failure().isEmpty() || nulls == 0)) {
            return Optional.empty();
        }
        String what = facts.timeColumn().baseType().equals("uuid") ? "NULL or not version 7" : "NULL or infinite";
        return Optional.of(warning(
                facts,
                Code.NEVER_ELIGIBLE_ROWS,
                "Rows whose " + facts.timeColumn().name() + " is no time (" + what + ") are never removed.",
                false,
                Map.of("rows", tally.rows() > 0 ? tally.toString() : "about " + nulls)));
    }

    /** Why the policy's limits forbid it; empty if they do not. */
    public static Optional<String> excess(Limits limits, long rows, double share) {
        if (limits.maxRows() > 0 && rows > limits.maxRows()) {
            return Optional.of(Amounts.count(rows, "row", "rows") + " would be removed, more than max_rows allows ("
                    + Amounts.count(limits.maxRows()) + ")");
        }
        if (limits.maxFraction() > 0 && share > limits.maxFraction()) {
            return Optional.of(MechanismChoice.percent(share) + " of the table would be removed, more than max_fraction"
                    + " allows (" + MechanismChoice.percent(limits.maxFraction()) + ")");
        }
        return Optional.empty();
    }

    private static Optional<PlanWarning> excess(PolicyFacts facts, long rows, double share, boolean exact) {
        return excess(facts.policy().policy().limits(), rows, share)
                .map(why -> warning(
                        facts,
                        Code.OVER_LIMIT,
                        (exact ? "" : "By estimate ") + why + ".",
                        true,
                        Map.of("rows", Long.toString(rows), "share", Double.toString(share))));
    }

    private static PlanWarning warning(
            PolicyFacts facts, Code code, String message, boolean blocking, Map<String, String> evidence) {
        return new PlanWarning(
                code,
                message,
                blocking,
                Optional.of(facts.tree().root().name()),
                facts.policy().policy().name(),
                evidence,
                "");
    }
}
