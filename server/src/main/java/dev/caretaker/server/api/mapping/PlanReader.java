package dev.caretaker.server.api.mapping;

import dev.caretaker.server.cleanup.plan.ExecuteRequest;
import dev.caretaker.server.cleanup.plan.PlanRequest;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.run.BackupDemand;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.Tuning;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.PlanCleanupRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Reads what to plan and which plan to execute; who asks is added when it is known. */
public final class PlanReader {
    private static final int MOST_POLICIES = 500;
    private static final Duration LONGEST_COUNT = Duration.ofHours(1);
    private static final Duration LONGEST_LIFE = Duration.ofDays(7);

    private PlanReader() {}

    public static Function<Actor, PlanRequest> plan(Violations violations, PlanCleanupRequest message) {
        List<String> policies = message.getPoliciesList();
        violations.require(policies.size() <= MOST_POLICIES, "policies", "must not hold more than 500 names");
        for (int i = 0; i < Math.min(policies.size(), MOST_POLICIES); i++) {
            violations.required("policies[" + i + "]", policies.get(i));
            violations.require(
                    policies.indexOf(policies.get(i)) == i, "policies[" + i + "]", "is named more than once");
        }
        if (policies.isEmpty()) {
            violations.require(!message.getTarget().isEmpty(), "target", "is required unless policies are named");
        }
        violations.text("target", message.getTarget());
        Optional<Duration> countTimeout = message.hasCountTimeout()
                ? Optional.ofNullable(Times.read(
                        violations,
                        "count_timeout",
                        message.getCountTimeout(),
                        Duration.ofMillis(1),
                        LONGEST_COUNT,
                        "at least a millisecond and at most 1 h"))
                : Optional.empty();
        Optional<Duration> timeToLive = message.hasTimeToLive()
                ? Optional.ofNullable(Times.read(
                        violations,
                        "time_to_live",
                        message.getTimeToLive(),
                        Duration.ofSeconds(1),
                        LONGEST_LIFE,
                        "at least one second and at most 7 days"))
                : Optional.empty();
        Optional<String> target = Optional.of(message.getTarget()).filter(name -> !name.isEmpty());
        Optional<BackupDemand> backup =
                BackupDemands.read(violations, message.hasRequireBackup(), message.getRequireBackup());
        return actor -> new PlanRequest(
                policies, target, message.getExact(), countTimeout, message.getProbe(), timeToLive, backup, actor);
    }

    public static Function<Actor, ExecuteRequest> execution(Violations violations, ExecuteCleanupRequest message) {
        UUID planId = violations.uuid("plan_id", message.getPlanId());
        Set<PlanWarning.Code> overrides =
                WarningCodes.overrides(violations, "override_warnings", message.getOverrideWarningsList());
        UnaryOperator<Tuning> tuning = RunReader.tuning(violations, "tuning", message.getTuning());
        Optional<Duration> deadline = RunBounds.deadline(violations, message.hasDeadline(), message.getDeadline());
        Optional<String> etag = Optional.of(message.getEtag()).filter(text -> !text.isEmpty());
        return actor -> new ExecuteRequest(
                planId, etag, overrides, tuning, deadline, message.getIgnoreWindow(), Optional.empty(), actor);
    }
}
