package dev.caretaker.server.partition.conversion;

import dev.caretaker.server.partition.conversion.plan.ConversionPlanner.Planned;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.run.BackupDemand;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.ConversionRow;
import dev.caretaker.server.store.Json;
import java.util.Objects;
import java.util.Optional;

/**
 * What the control store keeps of a plan.
 *
 * @param backup the backup of the table without which the conversion does not begin
 */
record ConversionContent(PartitionSet set, Planned planned, Actor actor, Optional<BackupDemand> backup) {

    ConversionContent {
        backup = Objects.requireNonNullElse(backup, Optional.empty()); // plans of older servers have none
    }

    static ConversionContent of(ConversionRow row) {
        return Json.read(row.content(), ConversionContent.class);
    }
}
