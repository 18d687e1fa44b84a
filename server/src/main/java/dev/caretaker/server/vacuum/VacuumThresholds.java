package dev.caretaker.server.vacuum;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What makes a table worth vacuuming or analyzing; an empty one never does. A value that is reached counts.
 *
 * @param deadPercent dead rows as a share of all
 * @param minimumRows fewest dead rows, or inserted ones, for which VACUUM is worth it
 * @param changedPercent rows changed since the last ANALYZE as a share of all
 * @param freezePercent freeze age as a share of the age at which autovacuum is forced
 * @param insertedPercent rows inserted since the last VACUUM as a share of all
 */
public record VacuumThresholds(
        OptionalDouble deadPercent,
        OptionalLong minimumRows,
        OptionalDouble changedPercent,
        OptionalDouble freezePercent,
        OptionalDouble insertedPercent) {

    /** 20 % dead (at least 1,000 rows), 10 % changed, 80 % of the freeze age, 20 % inserted. */
    public static final VacuumThresholds DEFAULT = new VacuumThresholds(
            OptionalDouble.of(20),
            OptionalLong.of(1_000),
            OptionalDouble.of(10),
            OptionalDouble.of(80),
            OptionalDouble.of(20));

    /** The same without those that only ask for ANALYZE. */
    public VacuumThresholds withoutAnalyze() {
        return new VacuumThresholds(deadPercent, minimumRows, OptionalDouble.empty(), freezePercent, insertedPercent);
    }

    static boolean reached(OptionalDouble threshold, double percent) {
        return threshold.isPresent() && percent >= threshold.getAsDouble();
    }
}
