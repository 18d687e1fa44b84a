package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.archive.place.Destinations;
import dev.caretaker.server.cleanup.plan.facts.PolicyFactsReader.Depth;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.policy.PolicyFit;
import dev.caretaker.server.cleanup.policy.StoredPolicy;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.FieldViolation;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.ApplicationPath;
import dev.caretaker.server.target.Scope;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.catalog.Catalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Asks a target all that the planner needs to know. Changes nothing there. */
public final class FactsReader {
    private final Target target;
    private final Instant now;
    private final Depth depth;
    private final Destinations destinations;
    private final Function<Policy, Instant> cutoffs;

    /** @param cutoffs the cutoff of a policy: that of its retention, or an earlier one */
    public FactsReader(
            Target target, Instant now, Depth depth, Destinations destinations, Function<Policy, Instant> cutoffs) {
        this.destinations = destinations;
        this.target = target;
        this.now = now;
        this.depth = depth;
        this.cutoffs = cutoffs;
    }

    /**
     * @param policies to plan, in order
     * @param all policies of the target
     * @throws CaretakerException UNSUPPORTED_RELATION, POLICY_DOES_NOT_FIT, MISSING_PRIVILEGE, IS_STANDBY,
     *     TARGET_UNREACHABLE
     */
    public Facts read(List<StoredPolicy> policies, List<Policy> all) {
        return target.withSession(
                "caretaker/plan",
                session -> ApplicationPath.within(session.connection(), () -> read(session, policies, all)));
    }

    private Facts read(Session session, List<StoredPolicy> policies, List<Policy> all) throws SQLException {
        Connection connection = session.connection();
        Map<TableName, TableTree> trees = new HashMap<>();
        for (StoredPolicy stored : policies) {
            Policy policy = stored.policy();
            if (!trees.containsKey(policy.table())) {
                target.actForOwner(session, policy.table());
                trees.put(policy.table(), tree(connection, policy));
            }
            requireFit(policy, trees.get(policy.table()));
        }
        Companions companions = new Companions();
        for (StoredPolicy stored : policies) {
            Policy policy = stored.policy();
            TableTree tree = trees.get(policy.table());
            companions.add(policy, tree, PolicyFactsReader.bound(policy.timeColumn(), tree, cutoff(policy)));
        }
        KeptFacts.Asked kept = new KeptFacts.Asked(
                connection, Scope.read(connection, target), session.capabilities(), new Destined(destinations));
        PolicyFactsReader reader = new PolicyFactsReader(new Asking(connection), depth, companions, kept);
        List<PolicyFacts> facts = new ArrayList<>();
        for (StoredPolicy stored : policies) {
            Policy policy = stored.policy();
            target.actForOwner(session, policy.table());
            PolicyFacts read = reader.read(stored, cutoff(policy), trees.get(policy.table()));
            KeyRules.refusal(read).ifPresent(why -> {
                throw unfit(Reason.UNSUPPORTED_RELATION, policy, why);
            });
            facts.add(read);
        }
        String role = Sql.of("SELECT CAST(current_user AS pg_catalog.text)").one(connection, row -> row.getString(1));
        target.actForLogin(session);
        return new Facts(
                role,
                now,
                session.capabilities(),
                Sql.of("SELECT CAST(pg_catalog.current_setting('full_page_writes') AS boolean)")
                        .one(connection, row -> row.getBoolean(1)),
                facts,
                all,
                Catalog.xminHorizon(connection));
    }

    private Instant cutoff(Policy policy) {
        return cutoffs.apply(policy).truncatedTo(ChronoUnit.MICROS);
    }

    private TableTree tree(Connection connection, Policy policy) throws SQLException {
        TableName table = policy.table();
        if (!Scope.read(connection, target).holds(table)) {
            throw unfit(
                    Reason.UNSUPPORTED_RELATION,
                    policy,
                    "schema \"" + table.schema() + "\" is not one that Caretaker may touch");
        }
        TableTree tree = TableTree.read(connection, table)
                .orElseThrow(() -> unfit(
                        Reason.POLICY_DOES_NOT_FIT, policy, "there is no table \"" + table + "\" at " + target.name()));
        PolicyFit.refusal(tree).ifPresent(why -> {
            throw unfit(Reason.UNSUPPORTED_RELATION, policy, why);
        });
        return tree;
    }

    private static void requireFit(Policy policy, TableTree tree) {
        List<FieldViolation> violations = PolicyFit.check(policy, tree, "policy");
        if (!violations.isEmpty()) {
            String why = violations.stream()
                    .map(violation -> violation.field() + " " + violation.description())
                    .collect(Collectors.joining("; "));
            throw unfit(Reason.POLICY_DOES_NOT_FIT, policy, why);
        }
    }

    private static CaretakerException unfit(Reason reason, Policy policy, String why) {
        return CaretakerException.of(
                reason,
                "Policy " + policy.name() + " cannot be planned: " + why + (why.endsWith(".") ? "" : "."),
                Map.of("policy", policy.name(), "table", policy.table().toString()));
    }
}
