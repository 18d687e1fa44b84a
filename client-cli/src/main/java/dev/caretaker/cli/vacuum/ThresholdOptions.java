package dev.caretaker.cli.vacuum;

import dev.caretaker.v1.VacuumThresholds;
import picocli.CommandLine.Option;

/** What makes a table worth it. What is not given is the server's default; a negative value switches one off. */
final class ThresholdOptions {
    @Option(
            names = {"--dead", "--threshold"},
            paramLabel = "PERCENT",
            order = 10,
            description = "Vacuum from this share of dead rows. Default: 20.")
    private Double dead;

    @Option(
            names = "--min-rows",
            paramLabel = "N",
            order = 11,
            description = "Fewest dead or inserted rows for which VACUUM is worth it. Default: 1000.")
    private Long minRows;

    @Option(
            names = "--changed",
            paramLabel = "PERCENT",
            order = 12,
            description = "Analyze from this share of changed rows. Default: 10.")
    private Double changed;

    @Option(
            names = "--freeze-age",
            paramLabel = "PERCENT",
            order = 13,
            description = "Vacuum from this share of the age at which autovacuum is forced. Default: 80.")
    private Double freezeAge;

    @Option(
            names = "--inserted",
            paramLabel = "PERCENT",
            order = 14,
            description = "Vacuum from this share of rows inserted since the last time. Default: 20.")
    private Double inserted;

    VacuumThresholds toProto() {
        VacuumThresholds.Builder thresholds = VacuumThresholds.newBuilder();
        if (dead != null) {
            thresholds.setDeadPercent(dead);
        }
        if (minRows != null) {
            thresholds.setDeadRows(minRows);
        }
        if (changed != null) {
            thresholds.setChangedPercent(changed);
        }
        if (freezeAge != null) {
            thresholds.setFreezePercent(freezeAge);
        }
        if (inserted != null) {
            thresholds.setInsertedPercent(inserted);
        }
        return thresholds.build();
    }
}
