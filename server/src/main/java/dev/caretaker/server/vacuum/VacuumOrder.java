package dev.caretaker.server.vacuum;

import dev.caretaker.server.run.BackupDemand;
import dev.caretaker.server.run.RunWindow;
import dev.caretaker.server.run.VacuumOptions;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.Pace;
import dev.caretaker.server.store.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * What to vacuum.
 *
 * @param tables named tables; empty: those that the thresholds select, or every one
 * @param every with no names: every table that holds anything, whatever the thresholds, the most changed first
 * @param applyThresholds whether named tables, too, are only done if the thresholds select them
 * @param options how; whether ANALYZE follows is decided a table where thresholds select
 * @param deadline longest time the run may take
 * @param window when it may work
 * @param freeBytes free space at the target, for FULL; empty: as configured
 * @param pace how much it gives way to others; empty: as configured
 * @param parent run that asks for it
 * @param backup without which nothing is done, of each table that would be
 */
public record VacuumOrder(
        String target,
        List<TableName> tables,
        boolean every,
        VacuumThresholds thresholds,
        boolean applyThresholds,
        VacuumOptions options,
        Optional<Duration> deadline,
        Optional<RunWindow> window,
        OptionalLong freeBytes,
        Optional<Pace> pace,
        Optional<UUID> parent,
        Optional<BackupDemand> backup,
        Actor actor) {

    /** One that needs no backup. */
    public VacuumOrder(
            String target,
            List<TableName> tables,
            boolean every,
            VacuumThresholds thresholds,
            boolean applyThresholds,
            VacuumOptions options,
            Optional<Duration> deadline,
            Optional<RunWindow> window,
            OptionalLong freeBytes,
            Optional<Pace> pace,
            Optional<UUID> parent,
            Actor actor) {
        this(
                target,
                tables,
                every,
                thresholds,
                applyThresholds,
                options,
                deadline,
                window,
                freeBytes,
                pace,
                parent,
                Optional.empty(),
                actor);
    }

    boolean byThreshold() {
        return tables.isEmpty() ? !every : applyThresholds;
    }
}
