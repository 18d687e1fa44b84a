package dev.caretaker.cli.plan;

import dev.caretaker.cli.error.ServerWords;
import dev.caretaker.cli.output.Names;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanWarning;
import dev.caretaker.v1.PlanWarningCode;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The warnings that keep a plan from being executed.
 *
 * @param said what they say, for whoever is to accept them
 */
public record Blockers(Set<PlanWarningCode> codes, Map<PlanWarningCode, String> said) {
    private static final Set<PlanWarningCode> FOREVER =
            EnumSet.of(PlanWarningCode.PLAN_WARNING_CODE_OVER_LIMIT, PlanWarningCode.PLAN_WARNING_CODE_ROW_SECURITY);
    private static final Set<PlanWarningCode> BY_POLICY =
            EnumSet.of(PlanWarningCode.PLAN_WARNING_CODE_CASCADE, PlanWarningCode.PLAN_WARNING_CODE_SET_NULL);

    public static Blockers of(Plan plan) {
        Set<PlanWarningCode> codes = EnumSet.noneOf(PlanWarningCode.class);
        Map<PlanWarningCode, String> said = new EnumMap<>(PlanWarningCode.class);
        plan.getWarningsList().stream().filter(PlanWarning::getBlocking).forEach(warning -> {
            codes.add(warning.getCode());
            said.merge(warning.getCode(), ServerWords.of(warning.getMessage()), (first, more) -> first + "\n  " + more);
        });
        return new Blockers(codes, said);
    }

    /** What is left to block when these codes are accepted. */
    public Blockers without(Collection<PlanWarningCode> accepted) {
        Set<PlanWarningCode> left = EnumSet.noneOf(PlanWarningCode.class);
        codes.stream()
                .filter(code -> FOREVER.contains(code) || !accepted.contains(code))
                .forEach(left::add);
        return new Blockers(left, said);
    }

    public boolean isEmpty() {
        return codes.isEmpty();
    }

    /**
     * Whether naming the codes is enough; a limit holds anyway, hidden rows cannot be deleted, and cascades are a matter of the
     * policy.
     */
    public boolean canBeOverridden() {
        return codes.stream().noneMatch(code -> FOREVER.contains(code) || BY_POLICY.contains(code));
    }

    /** Options of {@code execute} that accept them. */
    String options() {
        return codes.isEmpty() ? "" : " --override " + names();
    }

    /** What to do instead. */
    public String advice() {
        if (codes.contains(PlanWarningCode.PLAN_WARNING_CODE_OVER_LIMIT)) {
            return "Blocked: it would remove more than the policy's limits allow. Raise the limits or narrow the policy,"
                    + " then plan again.";
        }
        if (codes.stream().anyMatch(BY_POLICY::contains)) {
            return "Blocked by " + names() + ": other tables would change too. If that is meant, list them under"
                    + " allowCascade in the policy, or set allowCascade: true for whichever there are, and plan again.";
        }
        if (codes.contains(PlanWarningCode.PLAN_WARNING_CODE_ROW_SECURITY)) {
            return "Blocked by " + names()
                    + ": rows that row security hides cannot be deleted. Mend it and plan again.";
        }
        String what = codes.stream().map(said::get).collect(Collectors.joining("\n  ", "\n  ", "\n"));
        return "Blocked by " + names() + ":" + what + "Mend it and plan again, or accept it with --override " + names()
                + ".";
    }

    private String names() {
        return codes.stream()
                .map(code -> Names.code(code, "PLAN_WARNING_CODE_"))
                .collect(Collectors.joining(","));
    }
}
