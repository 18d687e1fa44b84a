package dev.caretaker.server.cleanup.plan;

import dev.caretaker.server.archive.place.Destinations;
import dev.caretaker.server.archive.restore.RestoredRows;
import dev.caretaker.server.cleanup.plan.facts.Facts;
import dev.caretaker.server.cleanup.plan.facts.FactsReader;
import dev.caretaker.server.cleanup.plan.facts.PolicyFactsReader.Depth;
import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.cleanup.policy.Policies;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.policy.StoredPolicy;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.Debts;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.Moments;
import dev.caretaker.server.store.PlanStore;
import dev.caretaker.server.store.PlanStore.PlanRow;
import dev.caretaker.server.store.Sha256;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Plans, kept in the control store. */
@Singleton
final class PlanBook implements Plans {
    private static final Duration USUAL_TIME_TO_LIVE = Duration.ofHours(1);
    private static final Duration LONGEST_TIME_TO_LIVE = Duration.ofDays(7);
    private static final Duration USUAL_COUNT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LONGEST_COUNT_TIMEOUT = Duration.ofHours(1);
    private static final int ETAG_BYTES = 16;

    private final PlanStore store;
    private final Policies policies;
    private final Targets targets;
    private final Runs runs;
    private final Debts debts;
    private final RequiredBackups backups;
    private final Destinations destinations;
    private final RestoredRows restored;
    private final Clock clock;

    PlanBook(
            PlanStore store,
            Policies policies,
            Targets targets,
            Runs runs,
            Debts debts,
            RequiredBackups backups,
            Destinations destinations,
            RestoredRows restored,
            Clock clock) {
        this.destinations = destinations;
        this.store = store;
        this.policies = policies;
        this.targets = targets;
        this.runs = runs;
        this.debts = debts;
        this.restored = restored;
        this.backups = backups;
        this.clock = clock;
    }

    @Override
    public Plan plan(PlanRequest request) {
        Plan plan = draft(request);
        store.insert(plan.id(), PlanStore.CLEANUP, plan.target(), Json.write(plan), plan.created(), plan.expires());
        return plan;
    }

    @Override
    public Plan draft(PlanRequest request) {
        Duration timeToLive = within(request.timeToLive(), USUAL_TIME_TO_LIVE, LONGEST_TIME_TO_LIVE, "time_to_live");
        Duration countTimeout =
                within(request.countTimeout(), USUAL_COUNT_TIMEOUT, LONGEST_COUNT_TIMEOUT, "count_timeout");
        List<StoredPolicy> wanted = wanted(request);
        Execution.window(wanted.stream().map(StoredPolicy::policy).toList());
        Target target = targets.get(wanted.getFirst().policy().target());
        List<Policy> all = policies.ofTarget(target.name()).stream()
                .map(StoredPolicy::policy)
                .toList();
        Instant now = now();
        Depth depth = new Depth(request.exact(), countTimeout, request.probe());
        RestoredStays stays = new RestoredStays(restored);
        Facts facts = new FactsReader(target, now, depth, destinations, policy -> stays.cutoff(policy, now))
                .read(wanted, all);
        Planner.Content content = backups.told(
                stays.told(
                        OpenDebts.told(Planner.plan(facts), wanted, debts.list(Debts.Filter.open(target.name()))), now),
                wanted,
                request.backup());
        return new Plan(
                UUID.randomUUID(),
                etag(content),
                target.name(),
                content.policies(),
                content.steps(),
                content.warnings(),
                content.total(),
                now,
                now.plus(timeToLive),
                request.actor(),
                request.backup(),
                Optional.empty());
    }

    @Override
    public Plan get(UUID planId) {
        return read(row(planId));
    }

    @Override
    public RunView execute(UUID runId, ExecuteRequest request) {
        PlanRow row = row(request.planId());
        Plan plan = read(row);
        Execution.requireEtag(plan, request.etag());
        if (row.claimed()) {
            throw PlanStore.alreadyExecuted(plan.id(), row.run());
        }
        Execution.requireNotExpired(plan, now());
        Execution.requireSamePolicies(plan, policies);
        Execution.requireUnblocked(plan, request.overrides());
        backups.require(plan, request.overrides());
        Target target = targets.get(plan.target());
        new RestoredStays(restored).requireNone(plan);
        Drift.requireNone(plan, target);
        return runs.start(
                runId, Execution.run(plan, request, target).needing(RequiredBackups.needed(plan, request.overrides())));
    }

    private List<StoredPolicy> wanted(PlanRequest request) {
        if (request.policies().isEmpty()) {
            String target = request.target()
                    .orElseThrow(() -> CaretakerException.invalid(
                            "policies", "name policies, or a target for all of its policies"));
            List<StoredPolicy> all = policies.ofTarget(targets.get(target).name());
            if (all.isEmpty()) {
                targets.get(target).withPrimary(connection -> connection.isValid(0)); // what is worse is told first
                throw CaretakerException.of(
                        Reason.POLICY_NOT_FOUND, "Target " + target + " has no policies.", Map.of("target", target));
            }
            return all;
        }
        List<StoredPolicy> named = request.policies().stream()
                .distinct()
                .map(name -> policies.get(request.target(), name))
                .toList();
        String target = request.target().orElse(named.getFirst().policy().target());
        for (int i = 0; i < named.size(); i++) {
            Policy policy = named.get(i).policy();
            if (!policy.target().equals(target)) {
                throw CaretakerException.invalid(
                        "policies[" + i + "]",
                        "policy " + policy.name() + " is of target " + policy.target() + ", not of " + target
                                + "; a plan has one target");
            }
        }
        return named;
    }

    private PlanRow row(UUID planId) {
        return store.findOfKind(planId, PlanStore.CLEANUP)
                .orElseThrow(() -> CaretakerException.of(
                        Reason.PLAN_NOT_FOUND,
                        "There is no plan " + planId + ".",
                        Map.of("plan_id", planId.toString())));
    }

    private static Plan read(PlanRow row) {
        return Json.read(row.content(), Plan.class).executedBy(row.run());
    }

    private static Duration within(Optional<Duration> wanted, Duration usual, Duration longest, String field) {
        Duration duration = wanted.orElse(usual);
        if (!duration.isPositive() || duration.compareTo(longest) > 0) {
            throw CaretakerException.invalid(field, "is positive and at most " + Moments.span(longest));
        }
        return duration;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static String etag(Planner.Content content) {
        return Sha256.hex(Sha256.of(Json.write(content)), ETAG_BYTES);
    }
}
