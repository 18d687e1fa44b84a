package dev.caretaker.server.cleanup.plan;

import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.plan.kept.PlannedPolicy;
import dev.caretaker.server.cleanup.plan.kept.PlannedStep;
import dev.caretaker.server.cleanup.policy.Limits;
import dev.caretaker.server.cleanup.policy.Policies;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.RunRequest;
import dev.caretaker.server.run.RunWindow;
import dev.caretaker.server.store.Moments;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.target.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Whether a plan may be executed, as far as Caretaker's own records say, and the run that does it. */
final class Execution {

    private Execution() {}

    static void requireNotExpired(Plan plan, Instant now) {
        if (!now.isBefore(plan.expires())) {
            throw refused(
                    Reason.PLAN_EXPIRED, plan, "expired at " + Moments.second(plan.expires()) + ": make a new one");
        }
    }

    static void requireEtag(Plan plan, Optional<String> etag) {
        if (etag.isPresent() && !etag.get().equals(plan.etag())) {
            throw refused(Reason.ETAG_MISMATCH, plan, "has another etag than the one that was seen");
        }
    }

    /** Policies are as they were planned. */
    static void requireSamePolicies(Plan plan, Policies policies) {
        for (PlannedPolicy planned : plan.policies()) {
            String name = planned.policy().policy().name();
            String etag;
            try {
                etag = policies.get(Optional.of(plan.target()), name).etag();
            } catch (CaretakerException e) {
                if (e.reason() != Reason.POLICY_NOT_FOUND) {
                    throw e;
                }
                throw refused(
                        Reason.PLAN_DRIFTED, plan, "cannot be executed any more: policy " + name + " was deleted");
            }
            if (!etag.equals(planned.policy().etag())) {
                throw refused(
                        Reason.PLAN_DRIFTED, plan, "cannot be executed any more: policy " + name + " was changed");
            }
        }
    }

    /** No warning stands in the way. Whether backups do is looked at anew, see {@link RequiredBackups}. */
    static void requireUnblocked(Plan plan, Set<PlanWarning.Code> overrides) {
        List<PlanWarning> blocking = plan.warnings().stream()
                .filter(PlanWarning::blocking)
                .filter(warning -> warning.code() != PlanWarning.Code.BACKUP_TOO_OLD)
                .filter(warning -> !warning.code().canBeOverridden() || !overrides.contains(warning.code()))
                .toList();
        if (blocking.isEmpty()) {
            return;
        }
        boolean limit = blocking.stream().anyMatch(warning -> warning.code() == PlanWarning.Code.OVER_LIMIT);
        String codes = blocking.stream()
                .map(warning -> warning.code().name())
                .distinct()
                .collect(Collectors.joining(", "));
        String why = blocking.stream().map(PlanWarning::message).collect(Collectors.joining(" "));
        throw CaretakerException.of(
                limit ? Reason.PLAN_OVER_LIMIT : Reason.PLAN_BLOCKED,
                "Plan " + plan.id() + " is blocked by " + codes + ": " + why,
                Map.of("plan_id", plan.id().toString(), "warnings", codes));
    }

    /** The run that carries the plan out. */
    static RunRequest run(Plan plan, ExecuteRequest request, Target target) {
        return new RunRequest(
                RunKind.CLEANUP,
                plan.target(),
                request.actor(),
                Optional.of(plan.id()),
                request.parentRunId(),
                plan.steps().stream().map(PlannedStep::spec).toList(),
                request.tuning().apply(target.tuning()),
                deadline(plan, request),
                request.ignoreWindow() ? Optional.empty() : window(plan),
                rowLimits(plan));
    }

    /** When the plan's run may work; empty: always. */
    private static Optional<RunWindow> window(Plan plan) {
        return window(plan.policies().stream()
                .map(planned -> planned.policy().policy())
                .toList());
    }

    /**
     * The one window of these policies; a policy without one agrees with any.
     *
     * @throws CaretakerException INVALID_FIELD if there are several
     */
    static Optional<RunWindow> window(List<Policy> policies) {
        List<Policy> bound = policies.stream()
                .filter(policy -> policy.limits().window().isPresent())
                .toList();
        for (Policy policy : bound) {
            if (!policy.limits().window().equals(bound.getFirst().limits().window())) {
                throw CaretakerException.invalid(
                        "policies",
                        "have different windows (" + bound.getFirst().name() + ", " + policy.name()
                                + "): plan them apart, so that each runs in its own");
            }
        }
        return bound.stream().findFirst().flatMap(policy -> policy.limits().window());
    }

    /** The shortest of the caller's and the policies'. */
    private static Optional<Duration> deadline(Plan plan, ExecuteRequest request) {
        return Stream.concat(
                        request.deadline().stream(),
                        plan.policies().stream()
                                .flatMap(planned -> planned.policy().policy().limits().deadline().stream()))
                .min(Duration::compareTo);
    }

    private static RowLimits rowLimits(Plan plan) {
        Map<String, Long> limits = new HashMap<>();
        for (PlannedPolicy planned : plan.policies()) {
            Policy policy = planned.policy().policy();
            rowLimit(policy.limits(), planned.tableRows()).ifPresent(most -> limits.put(policy.name(), most));
        }
        return new RowLimits(limits);
    }

    /** The tighter of a number and a share of the table's rows; empty if neither is set. */
    private static OptionalLong rowLimit(Limits limits, long tableRows) {
        LongStream.Builder most = LongStream.builder();
        if (limits.maxRows() > 0) {
            most.add(limits.maxRows());
        }
        if (limits.maxFraction() > 0) {
            most.add(Math.max(1, Math.round(limits.maxFraction() * tableRows)));
        }
        return most.build().min();
    }

    static CaretakerException refused(Reason reason, Plan plan, String what) {
        return CaretakerException.of(
                reason,
                "Plan " + plan.id() + " " + what + ".",
                Map.of("plan_id", plan.id().toString()));
    }
}
