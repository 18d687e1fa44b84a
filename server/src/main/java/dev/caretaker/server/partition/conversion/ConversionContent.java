package dev.caretaker.server.partition.conversion;

import dev.caretaker.server.partition.conversion.plan.ConversionPlanner.Planned;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.ConversionRow;
import dev.caretaker.server.store.Json;

/** What the control store keeps of a plan. */
record ConversionContent(PartitionSet set, Planned planned, Actor actor) {

    static ConversionContent of(ConversionRow row) {
        return Json.read(row.content(), ConversionContent.class);
    }
}
