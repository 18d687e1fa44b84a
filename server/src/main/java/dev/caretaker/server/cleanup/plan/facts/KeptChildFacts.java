package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.policy.Keeping;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.step.KeptChild;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.catalog.ForeignKey;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table whose rows deletes cascade to, and that is to be archived, too.
 *
 * @param child as steps take it; its ways refer to others of the same list
 * @param kept where its rows go
 * @param keys by which its rows go
 */
public record KeptChildFacts(KeptChild child, KeptFacts kept, List<ForeignKey> keys) {

    /** Those of a policy: referenced ones before those that refer to them; none if children are not archived. */
    static List<KeptChildFacts> read(
            KeptFacts.Asked asked, Policy policy, TableTree tree, Instant cutoff, String predicate)
            throws SQLException {
        return policy.keeping().orElse(null) instanceof Keeping.Archive archive && archive.withChildren()
                ? new Reader(asked, policy, tree, archive).read(cutoff, predicate)
                : List.of();
    }

    /** Reads them for one policy. */
    private record Reader(KeptFacts.Asked asked, Policy policy, TableTree tree, Keeping.Archive archive) {

        List<KeptChildFacts> read(Instant cutoff, String predicate) throws SQLException {
            Map<Long, TableTree> trees = new LinkedHashMap<>();
            for (ForeignKey key : cascading()) {
                if (!trees.containsKey(key.childOid()) && tree.get(key.childOid()) == null) {
                    TableTree.read(asked.connection(), key.child())
                            .ifPresent(child -> trees.put(key.childOid(), child));
                }
            }
            List<Long> order = inOrder(trees);
            List<KeptChildFacts> children = new ArrayList<>();
            for (long oid : order) {
                children.add(child(trees, order, oid, cutoff, predicate));
            }
            return children;
        }

        private List<ForeignKey> cascading() {
            return tree.incomingKeys().stream()
                    .filter(key -> key.onDelete() == ForeignKey.OnDelete.CASCADE)
                    .toList();
        }

        /** Whatever goes round in a circle comes last; it has an obstacle. */
        private List<Long> inOrder(Map<Long, TableTree> trees) {
            List<Long> order = new ArrayList<>();
            boolean more = true;
            while (more) {
                int before = order.size();
                for (long oid : trees.keySet()) {
                    boolean ready = !order.contains(oid)
                            && cascading().stream()
                                    .filter(key -> key.childOid() == oid)
                                    .map(key -> parent(trees, key))
                                    .allMatch(parent ->
                                            parent == KeptChild.STEP || parent == oid || order.contains(parent));
                    if (ready) {
                        order.add(oid);
                    }
                }
                more = order.size() > before;
            }
            trees.keySet().stream().filter(oid -> !order.contains(oid)).forEach(order::add);
            return order;
        }

        /** Oid of the child that a key references; {@link KeptChild#STEP} for the policy's table. */
        private long parent(Map<Long, TableTree> trees, ForeignKey key) {
            return trees.entrySet().stream()
                    .filter(child -> child.getValue().get(key.parentOid()) != null)
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse((long) KeptChild.STEP);
        }

        private KeptChildFacts child(
                Map<Long, TableTree> trees, List<Long> order, long oid, Instant cutoff, String predicate)
                throws SQLException {
            TableTree child = trees.get(oid);
            List<ForeignKey> keys =
                    cascading().stream().filter(key -> key.childOid() == oid).toList();
            List<KeptChild.Way> ways = keys.stream()
                    .map(key -> new KeptChild.Way(
                            parent(trees, key) == KeptChild.STEP ? KeptChild.STEP : order.indexOf(parent(trees, key)),
                            Eligibilities.referencing(key)))
                    .toList();
            KeptFacts kept = KeptFacts.of(
                    asked,
                    oid,
                    new Keepers(policy, tree, asked.destinations().all())
                            .child(archive.place(), child, cutoff, predicate));
            List<String> obstacles = new ArrayList<>(kept.obstacles());
            obstacles.addAll(obstacles(child, ways, order.indexOf(oid), keys));
            long rowBytes = child.stored().stream()
                    .map(relation -> Storage.of(relation, policy.timeColumn().name()))
                    .mapToLong(storage -> Costs.rowBytes(storage, Costs.tableRows(storage)))
                    .max()
                    .orElse(0);
            return new KeptChildFacts(
                    new KeptChild(oid, child.root().name(), kept.keeper(), ways, rowBytes),
                    new KeptFacts(kept.keeper(), kept.exists(), obstacles),
                    keys);
        }

        private List<String> obstacles(TableTree child, List<KeptChild.Way> ways, int index, List<ForeignKey> keys)
                throws SQLException {
            List<String> obstacles = new ArrayList<>();
            TableName name = child.root().name();
            if (ways.stream().anyMatch(way -> way.parent() > index)) {
                obstacles.add("rows of " + name + " and of other tables refer to each other in a circle of cascades");
            }
            boolean own = ways.stream().anyMatch(way -> way.parent() == index);
            if (own && child.relations().size() > 1) {
                obstacles.add(name + " is partitioned, and its rows cascade to others of its own");
            }
            if (keys.stream().anyMatch(key -> !key.comparable())) {
                obstacles.add(
                        "a foreign key of " + name
                                + " compares with a function that a user made, which Caretaker does not run with its own rights");
            }
            boolean allowed = Sql.of(
                            "SELECT pg_catalog.has_table_privilege(CAST(? AS pg_catalog.oid), 'SELECT') AND"
                                    + " pg_catalog.has_table_privilege(CAST(? AS pg_catalog.oid), 'UPDATE') AND"
                                    + " pg_catalog.has_table_privilege(CAST(? AS pg_catalog.oid), 'DELETE')",
                            Long.toString(child.root().oid()),
                            Long.toString(child.root().oid()),
                            Long.toString(child.root().oid()))
                    .one(asked.connection(), row -> row.getBoolean(1));
            if (!allowed) {
                obstacles.add(
                        "Caretaker's role may not SELECT, UPDATE (which it takes to lock rows) and DELETE in " + name);
            }
            return obstacles;
        }
    }
}
