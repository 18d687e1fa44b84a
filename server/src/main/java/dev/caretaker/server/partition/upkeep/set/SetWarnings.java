package dev.caretaker.server.partition.upkeep.set;

import dev.caretaker.server.partition.upkeep.table.Member;
import dev.caretaker.server.partition.upkeep.table.Published;
import dev.caretaker.server.partition.upkeep.table.TableState;
import java.util.ArrayList;
import java.util.List;

/** What somebody who applies a set should know of its table. */
final class SetWarnings {

    private SetWarnings() {}

    static List<String> of(PartitionSet set, TableState table) {
        List<String> warnings = new ArrayList<>();
        if (!table.mayAct()) {
            warnings.add("Caretaker's role has not the rights of \"" + table.owner() + "\", who owns " + table.name()
                    + ": nothing will be done"
                    + table.membership()
                            .map(statement -> " until it is made a member: " + statement + ".")
                            .orElse(", and no role should be a member of a superuser."));
        }
        boolean hasDefault =
                table.defaultPartition().isPresent() || set.defaultRule() == PartitionSet.DefaultRule.ENSURE;
        if (set.retirement().isPresent() && hasDefault) {
            warnings.add("A default partition forbids to detach concurrently: old partitions are detached under a short"
                    + " lock of the whole table.");
        }
        if (set.retirement().isPresent() && !table.referencing().isEmpty()) {
            warnings.add("Other tables reference " + table.name() + ": a partition whose rows are referenced stays.");
        }
        if (table.members().stream().anyMatch(member -> member.kind() == Member.Kind.FOREIGN_TABLE)) {
            warnings.add("Some partitions are foreign tables: new ones are made as local tables.");
        }
        if (!table.publishedByPartition().isEmpty()) {
            warnings.add("The table is published by " + Published.names(table.publishedByPartition())
                    + ", partition by partition: subscribers need a table for each new one before its rows come.");
        }
        return warnings;
    }
}
