package dev.caretaker.server.cleanup.plan.choice;

import dev.caretaker.server.cleanup.plan.facts.Eligibilities;
import dev.caretaker.server.cleanup.plan.kept.PlannedLock;
import dev.caretaker.server.cleanup.step.ByRoot;
import dev.caretaker.server.cleanup.step.PartitionDrop;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.catalog.ForeignKey;
import dev.caretaker.server.target.catalog.PartitionKey;
import dev.caretaker.server.target.catalog.Relation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The locks of steps, strongest first (Postgres docs, "Explicit Locking", and ATExecDetachPartition in tablecmds.c for
 * those of a detach).
 */
public final class StepLocks {
    private static final String ACCESS_EXCLUSIVE = "ACCESS EXCLUSIVE";
    private static final String PER_BATCH = "per batch";
    /** A subtree with more relations than this is named by its top alone. */
    private static final int MOST_NAMED = 20;

    private StepLocks() {}

    public static List<PlannedLock> rows(TableName table, Optional<ByRoot> byRoot, List<ForeignKey> keys) {
        List<PlannedLock> locks = new ArrayList<>();
        byRoot.ifPresent(root -> locks.add(new PlannedLock(root.table(), "ROW EXCLUSIVE", PER_BATCH)));
        locks.add(new PlannedLock(table, "ROW EXCLUSIVE", PER_BATCH));
        keys.stream()
                .filter(ForeignKey::changesChild)
                .forEach(key -> locks.add(new PlannedLock(key.child(), "ROW EXCLUSIVE", PER_BATCH)));
        keys.stream()
                .filter(key -> !key.changesChild())
                .forEach(key -> locks.add(new PlannedLock(key.child(), "ROW SHARE", PER_BATCH)));
        return locks.stream().distinct().toList();
    }

    public static List<PlannedLock> drop(TableTree tree, Relation partition, PartitionDrop drop) {
        List<PlannedLock> locks = new ArrayList<>();
        String detach = "briefly, for DETACH";
        if (!drop.concurrently()) {
            locks.add(new PlannedLock(drop.parent(), ACCESS_EXCLUSIVE, detach));
            defaultPartition(tree, partition)
                    .forEach(name -> locks.add(new PlannedLock(name, ACCESS_EXCLUSIVE, detach)));
        }
        List<Relation> below = tree.subtree(partition);
        String dropping =
                drop.concurrently() ? "briefly, after DETACH CONCURRENTLY and for DROP" : "for DETACH and DROP";
        (below.size() > MOST_NAMED ? List.of(partition) : below)
                .forEach(relation -> locks.add(new PlannedLock(relation.name(), ACCESS_EXCLUSIVE, dropping)));
        Set<Long> having = Stream.concat(below.stream(), tree.lineage(partition).stream())
                .map(Relation::oid)
                .collect(Collectors.toSet());
        tree.outgoingKeys().stream()
                .filter(key -> having.contains(key.childOid()))
                .forEach(key -> locks.add(new PlannedLock(
                        key.parent(), ACCESS_EXCLUSIVE, "briefly, for DROP: the partition references it")));
        Eligibilities.concerning(tree, partition)
                .forEach(key -> locks.add(new PlannedLock(
                        key.child(), "SHARE", "while DETACH looks for rows that reference the partition")));
        if (drop.concurrently()) {
            locks.add(new PlannedLock(
                    drop.parent(),
                    "SHARE UPDATE EXCLUSIVE",
                    "for DETACH CONCURRENTLY, while it waits for old queries"));
        }
        return locks.stream().distinct().toList();
    }

    public static List<PlannedLock> vacuum(TableName table) {
        return List.of(new PlannedLock(table, "SHARE UPDATE EXCLUSIVE", "while it runs"));
    }

    private static List<TableName> defaultPartition(TableTree tree, Relation partition) {
        Relation parent = tree.parent(partition).orElseThrow();
        return parent.partitionKey().flatMap(PartitionKey::defaultPartition).map(tree::get).map(Relation::name).stream()
                .toList();
    }
}
