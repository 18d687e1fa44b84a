package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.partition.upkeep.table.TableState;
import dev.caretaker.server.store.RetiredRow;
import dev.caretaker.server.store.TableName;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that a set's upkeep is planned from.
 *
 * @param table empty if it is not there
 * @param position of now on the grid; for integers the highest key in use, empty if none is
 * @param defaultRows what lies in the default partition; empty if there is none or it is empty
 * @param unread why its rows could not be looked at; empty if they could, or need not be
 * @param taken names of relations among those that new partitions would get
 * @param retired open ones of the set
 * @param systemId cluster
 */
record SetFacts(
        PartitionSet set,
        Optional<TableState> table,
        Optional<BigInteger> position,
        Optional<DefaultRows> defaultRows,
        Optional<String> unread,
        Set<TableName> taken,
        List<RetiredRow> retired,
        long systemId,
        Instant now) {

    SetFacts looked(Optional<BigInteger> at, Optional<DefaultRows> rows) {
        return new SetFacts(set, table, at, rows, unread, taken, retired, systemId, now);
    }

    SetFacts unread(String why) {
        return new SetFacts(set, table, position, defaultRows, Optional.of(why), taken, retired, systemId, now);
    }

    SetFacts taken(Set<TableName> names) {
        return new SetFacts(set, table, position, defaultRows, unread, names, retired, systemId, now);
    }
}
