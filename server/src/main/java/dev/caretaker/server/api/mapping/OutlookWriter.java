package dev.caretaker.server.api.mapping;

import dev.caretaker.server.partition.upkeep.plan.Outlook;
import dev.caretaker.v1.TableUpkeep;

/** Writes what the next upkeep of a table would do. */
public final class OutlookWriter {
    private OutlookWriter() {}

    public static TableUpkeep write(Outlook outlook) {
        return TableUpkeep.newBuilder()
                .setTable(Names.write(outlook.set().table()))
                .setSet(outlook.set().name())
                .setProblem(outlook.problem().orElse(""))
                .setToCreate(outlook.create().size())
                .setToDetach(outlook.detach().size())
                .setToDrop(outlook.drop().size())
                .addAllRetired(
                        outlook.held().stream().map(PartitionSetWriter::write).toList())
                .setCreationPaused(outlook.set().creationPaused())
                .setRetirementPaused(outlook.set().retirementPaused())
                .build();
    }
}
