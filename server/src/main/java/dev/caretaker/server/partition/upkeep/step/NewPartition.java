package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.store.TableName;
import java.util.Optional;

/**
 * A partition to be made.
 *
 * @param from text of its lower bound; empty for a default partition
 * @param to text of its upper bound
 */
public record NewPartition(TableName name, Optional<String> from, Optional<String> to) {

    /** Text of its bound as people read it. */
    String range() {
        return from.isPresent() ? "from " + from.get() + " to " + to.orElseThrow() : "that takes what no other takes";
    }
}
