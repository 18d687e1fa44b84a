package dev.caretaker.server.vacuum;

import dev.caretaker.server.run.BackupDemand;
import dev.caretaker.server.run.RunTerms;
import dev.caretaker.server.run.VacuumOptions;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What to vacuum.
 *
 * @param tables which ones
 * @param options how; whether ANALYZE follows is decided a table where thresholds select
 * @param freeBytes free space at the target, for FULL; empty: as configured
 * @param backup without which nothing is done, of each table that would be
 * @param terms who asks, and within which bounds
 */
public record VacuumOrder(
        String target,
        TableChoice tables,
        VacuumOptions options,
        OptionalLong freeBytes,
        Optional<BackupDemand> backup,
        RunTerms terms) {

    /** One that rewrites nothing and needs no backup. */
    public VacuumOrder(String target, TableChoice tables, VacuumOptions options, RunTerms terms) {
        this(target, tables, options, OptionalLong.empty(), Optional.empty(), terms);
    }
}
