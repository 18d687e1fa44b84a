package dev.caretaker.server.api;

import dev.caretaker.server.cleanup.plan.ExecuteRequest;
import dev.caretaker.server.cleanup.plan.PlanRequest;
import dev.caretaker.server.cleanup.plan.Plans;
import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.cleanup.policy.AppliedPolicy;
import dev.caretaker.server.cleanup.policy.Policies;
import dev.caretaker.server.cleanup.policy.PolicyChange;
import dev.caretaker.server.cleanup.policy.StoredPolicy;
import dev.caretaker.server.config.CaretakerConfig;
import dev.caretaker.server.config.ListenConfig;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.store.Actor;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Primary;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** The features behind the endpoints, kept in memory: enough to see what the API does with them. */
@Factory
@Requires(property = "test.api")
final class Fakes {
    /** How the next server listens. */
    static volatile ListenConfig listen = ApiServer.PLAIN;

    /** The targets of the next server. */
    static volatile SortedMap<String, TargetConfig> targets = new TreeMap<>();

    @Singleton
    @Primary
    @Replaces(CaretakerConfig.class)
    CaretakerConfig config() {
        return new CaretakerConfig(listen, Optional.empty(), 8, Path.of("."), 0, targets);
    }

    @Singleton
    @Primary
    FakeRuns runs() {
        return new FakeRuns();
    }

    @Singleton
    @Primary
    FakePlans plans(FakeRuns runs) {
        return new FakePlans(runs);
    }

    @Singleton
    @Primary
    FakePolicies policies() {
        return new FakePolicies();
    }

    /** Plans whose execution is a run of {@link FakeRuns}. */
    static final class FakePlans implements Plans {
        private final FakeRuns runs;
        private final Map<UUID, Plan> plans = new HashMap<>();
        final AtomicInteger planned = new AtomicInteger();
        volatile ExecuteRequest executed;

        FakePlans(FakeRuns runs) {
            this.runs = runs;
        }

        @Override
        public synchronized Plan plan(PlanRequest request) {
            planned.incrementAndGet();
            Plan plan = Samples.plan(request.actor());
            plans.put(plan.id(), plan);
            return plan;
        }

        @Override
        public Plan draft(PlanRequest request) {
            return Samples.plan(request.actor());
        }

        @Override
        public synchronized Plan get(UUID planId) {
            return Optional.ofNullable(plans.get(planId))
                    .orElseThrow(() -> CaretakerException.of(Reason.PLAN_NOT_FOUND, "no plan " + planId));
        }

        @Override
        public synchronized RunView execute(UUID ignored, ExecuteRequest request) {
            Plan plan = get(request.planId());
            if (request.etag().isPresent() && !request.etag().get().equals(plan.etag())) {
                throw CaretakerException.of(Reason.ETAG_MISMATCH, "the plan has another etag");
            }
            if (plan.runId().isPresent()) {
                throw CaretakerException.of(Reason.PLAN_ALREADY_EXECUTED, "the plan was executed");
            }
            executed = request;
            RunView run = runs.add(request.actor());
            plans.put(plan.id(), Samples.executed(plan, run.id()));
            return run;
        }
    }

    /** Policies that are stored as they come. */
    static final class FakePolicies implements Policies {
        final Map<String, StoredPolicy> stored = new TreeMap<>();
        final AtomicInteger applied = new AtomicInteger();
        volatile RuntimeException failure;

        @Override
        public synchronized List<AppliedPolicy> apply(
                List<PolicyChange> changes, Set<String> pruned, Actor actor, boolean validateOnly) {
            if (failure != null) {
                throw failure;
            }
            applied.incrementAndGet();
            List<AppliedPolicy> answer = new ArrayList<>();
            for (PolicyChange change : changes) {
                StoredPolicy policy =
                        new StoredPolicy(change.policy(), Integer.toHexString(change.hashCode()), Instant.now(), actor);
                if (!validateOnly) {
                    stored.put(change.policy().name(), policy);
                }
                answer.add(new AppliedPolicy(policy, AppliedPolicy.Result.CREATED, List.of()));
            }
            return answer;
        }

        @Override
        public synchronized PolicyPage list(Optional<String> target, int pageSize, Optional<String> pageToken) {
            List<StoredPolicy> rest = stored.values().stream()
                    .filter(policy ->
                            pageToken.isEmpty() || policy.policy().name().compareTo(pageToken.get()) > 0)
                    .toList();
            List<StoredPolicy> page = rest.stream().limit(pageSize).toList();
            return new PolicyPage(
                    page,
                    rest.size() > pageSize ? Optional.of(page.getLast().policy().name()) : Optional.empty());
        }

        @Override
        public synchronized StoredPolicy get(Optional<String> target, String name) {
            return Optional.ofNullable(stored.get(name))
                    .orElseThrow(() -> CaretakerException.of(Reason.POLICY_NOT_FOUND, "no policy " + name));
        }

        @Override
        public synchronized StoredPolicy delete(
                Optional<String> target, String name, Optional<String> etag, Actor actor) {
            StoredPolicy policy = get(target, name);
            if (etag.isPresent() && !etag.get().equals(policy.etag())) {
                throw CaretakerException.of(Reason.ETAG_MISMATCH, "the policy has another etag");
            }
            return stored.remove(name);
        }
    }
}
