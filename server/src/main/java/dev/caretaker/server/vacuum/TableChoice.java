package dev.caretaker.server.vacuum;

import dev.caretaker.server.store.TableName;
import java.util.List;

/**
 * Which tables to vacuum.
 *
 * @param named empty: those that the thresholds select, or every one
 * @param every with no names: every table that holds anything, whatever the thresholds, the most changed first
 * @param applyThresholds whether named tables, too, are only done if the thresholds select them
 */
public record TableChoice(List<TableName> named, boolean every, VacuumThresholds thresholds, boolean applyThresholds) {

    /** Every table that holds anything. */
    public static TableChoice all() {
        return new TableChoice(List.of(), true, VacuumThresholds.DEFAULT, false);
    }

    /** Those that thresholds select. */
    public static TableChoice by(VacuumThresholds thresholds) {
        return new TableChoice(List.of(), false, thresholds, false);
    }

    /** Those that are named; without names, those that the usual thresholds select. */
    public static TableChoice of(List<TableName> named) {
        return new TableChoice(named, false, VacuumThresholds.DEFAULT, false);
    }

    boolean byThreshold() {
        return named.isEmpty() ? !every : applyThresholds;
    }
}
