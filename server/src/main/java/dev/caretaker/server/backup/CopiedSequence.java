package dev.caretaker.server.backup;

import dev.caretaker.server.store.TableName;
import java.util.Optional;

/**
 * Where a sequence stood.
 *
 * @param called whether the last value was given out
 * @param increment what it counts by; negative ones count down
 * @param table table whose column it fills; empty if none
 * @param column that column; empty if none
 */
public record CopiedSequence(
        TableName name, long lastValue, boolean called, long increment, Optional<TableName> table, String column) {

    CopiedSequence at(long value, boolean given) {
        return new CopiedSequence(name, value, given, increment, table, column);
    }
}
