package dev.caretaker.server.cleanup.plan.warn;

import dev.caretaker.server.cleanup.plan.choice.FollowUps.FollowUp;
import dev.caretaker.server.cleanup.plan.facts.Facts;
import dev.caretaker.server.cleanup.plan.facts.PolicyFacts;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.server.cleanup.plan.kept.PlannedStep;
import dev.caretaker.server.cleanup.plan.kept.Work;
import dev.caretaker.server.cleanup.policy.Contradictions;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.store.Moments;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.catalog.XminHolder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a caller should know before executing: blocking warnings first, then in the order in which they were found. */
public final class PlanWarnings {
    /** A session that is open longer than this is no ordinary transaction. */
    private static final Duration LONG = Duration.ofMinutes(5);
    /** Standbys and slots tell no time; this many transactions behind is no ordinary lag. */
    private static final long MANY_TRANSACTIONS = 100_000;

    private PlanWarnings() {}

    public static List<PlanWarning> of(Facts facts, List<PlannedStep> steps, List<FollowUp> followUps) {
        List<PlanWarning> warnings = new ArrayList<>();
        for (PolicyFacts policy : facts.policies()) {
            String name = policy.policy().policy().name();
            List<PlannedStep> own =
                    steps.stream().filter(step -> step.policy().equals(name)).toList();
            warnings.addAll(VolumeWarnings.of(facts.role(), policy, own));
            if (!own.isEmpty()) {
                warnings.addAll(ReferenceWarnings.of(facts, policy, own));
                warnings.addAll(TableWarnings.of(facts, policy, own));
                warnings.addAll(TriggerWarnings.of(policy, own));
                warnings.addAll(DropWarnings.of(policy, own));
                warnings.addAll(KeepingWarnings.of(policy, own));
            }
        }
        warnings.addAll(contradictions(facts));
        warnings.addAll(notAllowed(facts, followUps));
        if (steps.stream().anyMatch(step -> step.work() instanceof Work.RemoveRows)) {
            facts.xminHorizon().holders().stream()
                    .filter(holder -> isOld(holder, facts.now()))
                    .forEach(holder -> warnings.add(held(holder)));
            if (!facts.xminHorizon().complete()) {
                warnings.add(unseen(facts));
            }
        }
        return warnings.stream().collect(Collectors.partitioningBy(PlanWarning::blocking)).entrySet().stream()
                .sorted(Map.Entry.<Boolean, List<PlanWarning>>comparingByKey().reversed())
                .flatMap(entry -> entry.getValue().stream())
                .toList();
    }

    private static List<PlanWarning> contradictions(Facts facts) {
        Set<String> planned = facts.policies().stream()
                .map(policy -> policy.policy().policy().name())
                .collect(Collectors.toCollection(HashSet::new));
        return Contradictions.find(facts.allPolicies(), facts.now()).stream()
                .filter(found -> planned.contains(found.winner().name())
                        || planned.contains(found.pointless().name()))
                .map(found -> {
                    Policy winner = found.winner();
                    return new PlanWarning(
                            Code.CONTRADICTING_POLICIES,
                            found.message(),
                            false,
                            Optional.of(winner.table()),
                            winner.name(),
                            Map.of(
                                    "policy",
                                    winner.name(),
                                    "other",
                                    found.pointless().name()),
                            "");
                })
                .toList();
    }

    /** One warning a policy's table, however many partitions. */
    private static List<PlanWarning> notAllowed(Facts facts, List<FollowUp> followUps) {
        Map<TableName, List<FollowUp>> byTable = followUps.stream()
                .filter(followUp -> !followUp.relation().rights().maintain())
                .collect(Collectors.groupingBy(FollowUp::table, LinkedHashMap::new, Collectors.toList()));
        boolean grantable = facts.capabilities().hasMaintainPrivilege();
        List<PlanWarning> warnings = new ArrayList<>();
        byTable.forEach((table, all) -> {
            List<TableName> relations =
                    all.stream().map(followUp -> followUp.relation().name()).toList();
            String owner = all.getFirst().relation().owner();
            warnings.add(new PlanWarning(
                    Code.FOLLOW_UP_NOT_ALLOWED,
                    "Role " + facts.role() + " may not VACUUM " + Named.names(relations)
                            + ", so that is left to autovacuum; "
                            + (grantable
                                    ? "MAINTAIN would allow it."
                                    : "on this server only the owner (" + owner + ") and the database's may."),
                    false,
                    Optional.of(relations.size() == 1 ? relations.getFirst() : table),
                    "",
                    Map.of(
                            "relations", Named.names(relations),
                            "count", Integer.toString(relations.size()),
                            "owner", owner),
                    grantable ? grant(relations, facts.role()) : ""));
        });
        return warnings;
    }

    private static String grant(List<TableName> relations, String role) {
        return "GRANT MAINTAIN ON " + relations.stream().map(Identifiers::quote).collect(Collectors.joining(", "))
                + " TO " + Identifiers.quote(role) + ";";
    }

    private static PlanWarning unseen(Facts facts) {
        String role = facts.role();
        return new PlanWarning(
                Code.XMIN_UNSEEN,
                "Role " + role
                        + " may not see other roles' sessions, so an old snapshot that keeps VACUUM from cleaning"
                        + " what is deleted would not be noticed.",
                false,
                Optional.empty(),
                "",
                Map.of("role", role),
                facts.capabilities().grant("pg_monitor", role) + ";");
    }

    private static boolean isOld(XminHolder holder, Instant now) {
        return holder.since().map(since -> since.isBefore(now.minus(LONG))).orElse(holder.age() >= MANY_TRANSACTIONS);
    }

    private static PlanWarning held(XminHolder holder) {
        String name = "'" + holder.name().replace("'", "''") + "'";
        String remediation = switch (holder.kind()) {
            case BACKEND -> "SELECT pg_terminate_backend(" + holder.name() + ");";
            case SLOT -> "SELECT pg_drop_replication_slot(" + name + ");";
            case PREPARED_TRANSACTION -> "ROLLBACK PREPARED " + name + ";";
            case STANDBY -> "";
        };
        String kind = holder.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return new PlanWarning(
                Code.XMIN_HELD,
                "A snapshot is held by " + kind + " " + holder.name() + " (" + holder.description()
                        + holder.since()
                                .map(since -> ", since " + Moments.second(since))
                                .orElse("")
                        + "): VACUUM cannot clean what is deleted now until it lets go.",
                false,
                Optional.empty(),
                "",
                Map.of(
                        "holder", kind,
                        "name", holder.name(),
                        "description", holder.description(),
                        "xid_age", Long.toString(holder.age()),
                        "since", holder.since().map(Instant::toString).orElse("")),
                remediation);
    }
}
