package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.partition.upkeep.table.TableState;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether a table still is what a set is for. */
public final class Fit {

    private Fit() {}

    /** Why it is not, in a sentence; empty if it is. */
    public static Optional<String> objection(PartitionSet set, TableState table) {
        String name = "\"" + table.name() + "\"";
        if (!table.partitioned().map("RANGE"::equals).orElse(false)) {
            return Optional.of(name + " is not partitioned by range any more.");
        }
        if (table.keyColumn().isEmpty()) {
            return Optional.of(name + " is partitioned by several columns or an expression now.");
        }
        String type = table.keyType().orElse("unknown");
        return set.key().types().contains(type)
                ? Optional.empty()
                : Optional.of("The key of " + name + " is " + type + " now, not "
                        + set.key().types().stream().sorted().collect(Collectors.joining(" or ")) + ".");
    }
}
