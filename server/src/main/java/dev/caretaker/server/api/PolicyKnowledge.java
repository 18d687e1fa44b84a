package dev.caretaker.server.api;

import dev.caretaker.server.cleanup.plan.facts.PolicyReach;
import dev.caretaker.server.cleanup.policy.Contradictions;
import dev.caretaker.server.cleanup.policy.Contradictions.Contradiction;
import dev.caretaker.server.cleanup.policy.Policies;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.policy.StoredPolicy;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.detect.CheckSql;
import dev.caretaker.server.detect.PolicyFacts;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Category;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the checks what the policies say: the two features meet here and nowhere else. */
@Singleton
final class PolicyKnowledge implements PolicyFacts {

    private static final Logger LOG = LoggerFactory.getLogger(PolicyKnowledge.class);

    private final Policies policies;
    private final Targets targets;
    private final Clock clock;

    PolicyKnowledge(Policies policies, Targets targets, Clock clock) {
        this.policies = policies;
        this.targets = targets;
        this.clock = clock;
    }

    @Override
    public List<PolicyFact> of(String target) {
        List<Policy> stored =
                policies.ofTarget(target).stream().map(StoredPolicy::policy).toList();
        Instant now = clock.instant();
        List<Contradiction> contradictions = Contradictions.find(stored, now);
        List<PolicyFact> facts = new ArrayList<>();
        for (Policy policy : stored) {
            Instant cutoff = policy.retention().cutoff(now);
            facts.add(fact(policy, cutoff, reading(targets.get(target), policy, cutoff), contradictions));
        }
        return facts;
    }

    /** What is wrong with one policy must not blind the checks to the others; a target that is away is no policy's fault. */
    private static Reading reading(Target target, Policy policy, Instant cutoff) {
        try {
            return target.withPrimary(connection -> PolicyReach.read(connection, policy, cutoff))
                    .map(PolicyKnowledge::reach)
                    .orElseGet(Lost::new);
        } catch (RuntimeException e) {
            if (e instanceof CaretakerException known && known.reason().category() == Category.UNAVAILABLE) {
                throw e;
            }
            LOG.warn("Policy {} could not be held against target {} for the checks", policy.name(), target.name(), e);
            return new Unread("it could not be held against the database: " + e.getMessage());
        }
    }

    private static Reading reach(PolicyReach rows) {
        return new Reach(
                bound(rows.time()),
                bound(rows.eligible()),
                bound(rows.reached()),
                bound(rows.held()),
                bound(rows.holders()));
    }

    private static PolicyFact fact(Policy policy, Instant cutoff, Reading reading, List<Contradiction> contradictions) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("name", policy.name());
        summary.put("schema", policy.table().schema());
        summary.put("table", policy.table().name());
        summary.put("time_column", policy.timeColumn().name());
        summary.put("zone", policy.timeColumn().zone().map(ZoneId::getId).orElse("UTC"));
        unitsPerSecond(policy.timeColumn().kind()).ifPresent(units -> summary.put("per_second", units));
        summary.put("lost", reading instanceof Lost);
        if (reading instanceof Unread(String why)) {
            summary.put("unread", why);
        }
        summary.put("filtered", policy.filter().isPresent());
        summary.put("keeps", policy.keeping().isPresent());
        summary.put("cutoff", cutoff.toString());
        summary.put(
                "contradictions",
                contradictions.stream()
                        .filter(contradiction ->
                                contradiction.pointless().name().equals(policy.name()))
                        .map(contradiction ->
                                Map.of("policy", contradiction.winner().name(), "message", contradiction.message()))
                        .toList());
        return new PolicyFact(policy.name(), policy.table(), cutoff, Json.write(summary), reading);
    }

    private static OptionalLong unitsPerSecond(TimeColumn.Kind kind) {
        return switch (kind) {
            case EPOCH_SECONDS -> OptionalLong.of(1);
            case EPOCH_MILLIS -> OptionalLong.of(1_000);
            case EPOCH_MICROS -> OptionalLong.of(1_000_000);
            case TIMESTAMPTZ, TIMESTAMP, DATE, UUID_V7 -> OptionalLong.empty();
        };
    }

    private static CheckSql.Bound bound(SqlFragment fragment) {
        return new CheckSql.Bound(fragment.text(), List.copyOf(fragment.parameters()));
    }
}
