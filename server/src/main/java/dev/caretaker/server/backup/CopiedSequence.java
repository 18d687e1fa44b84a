package dev.caretaker.server.backup;

import dev.caretaker.server.store.TableName;
import java.util.Optional;

/**
 * Where a sequence stood.
 *
 * @param called whether the last value was given out
 * @param since where it stood when the snapshot was taken, if the engine reads where it stands at some moment of its own between
 *     that one and the end; empty if what it restores is {@code lastValue}
 * @param increment what it counts by; negative ones count down
 * @param table table whose column owns it; empty if none
 * @param column that column; empty if none, or if it is no number
 */
public record CopiedSequence(
        TableName name,
        long lastValue,
        boolean called,
        long increment,
        Optional<TableName> table,
        String column,
        Optional<Long> since) {

    CopiedSequence at(long value, boolean given) {
        return new CopiedSequence(name, value, given, increment, table, column, since);
    }

    /** The same, which stood there before. */
    public CopiedSequence since(long value) {
        return new CopiedSequence(name, lastValue, called, increment, table, column, Optional.of(value));
    }

    /** Whether it may stand there once it is restored. */
    boolean mayStandAt(CopiedSequence found) {
        long earlier = since.orElse(lastValue);
        return since.isEmpty()
                ? found.lastValue() == lastValue && found.called() == called
                : found.lastValue() >= Math.min(earlier, lastValue)
                        && found.lastValue() <= Math.max(earlier, lastValue);
    }

    /** Where it may stand, for sentences. */
    String span() {
        return since.filter(value -> value != lastValue)
                .map(value -> "between " + Math.min(value, lastValue) + " and " + Math.max(value, lastValue))
                .orElse("at " + lastValue);
    }
}
