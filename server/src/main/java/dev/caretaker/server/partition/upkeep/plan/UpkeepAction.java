package dev.caretaker.server.partition.upkeep.plan;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.caretaker.server.partition.upkeep.step.DefaultAdoption;
import dev.caretaker.server.partition.upkeep.step.PartitionCreation;
import dev.caretaker.server.partition.upkeep.step.PartitionRetirement;
import dev.caretaker.server.partition.upkeep.step.RetiredArchive;
import dev.caretaker.server.partition.upkeep.step.RetiredDrop;
import dev.caretaker.server.partition.upkeep.step.RetiredReattachment;
import dev.caretaker.server.partition.upkeep.step.UpkeepKinds;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.store.TableName;

/** What upkeep does to a partition. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = UpkeepAction.FinishDetach.class, name = "finish-detach"),
    @JsonSubTypes.Type(value = UpkeepAction.Create.class, name = "create"),
    @JsonSubTypes.Type(value = UpkeepAction.Adopt.class, name = "adopt"),
    @JsonSubTypes.Type(value = UpkeepAction.Detach.class, name = "detach"),
    @JsonSubTypes.Type(value = UpkeepAction.Archive.class, name = "archive"),
    @JsonSubTypes.Type(value = UpkeepAction.Drop.class, name = "drop"),
    @JsonSubTypes.Type(value = UpkeepAction.Reattach.class, name = "reattach")
})
public sealed interface UpkeepAction {

    /** The order for its step. */
    Record order();

    /** Kind of its step. */
    @JsonIgnore
    default String stepKind() {
        return switch (this) {
            case Create create -> UpkeepKinds.CREATE;
            case Adopt adopt -> UpkeepKinds.ADOPT;
            case FinishDetach finish -> UpkeepKinds.RETIRE;
            case Detach detach -> UpkeepKinds.RETIRE;
            case Archive archive -> UpkeepKinds.ARCHIVE;
            case Drop drop -> UpkeepKinds.DROP;
            case Reattach reattach -> UpkeepKinds.REATTACH;
        };
    }

    /** Its step, on that relation of that table. */
    default StepSpec step(TableName relation, TableName table) {
        return new StepSpec(stepKind(), relation, table, "", 0, order());
    }

    /** Brings a detach to its end that was interrupted. */
    record FinishDetach(PartitionRetirement order) implements UpkeepAction {}

    /** Makes partitions and attaches them. */
    record Create(PartitionCreation order) implements UpkeepAction {}

    /** Makes the default partition that of the gap in which its rows lie. */
    record Adopt(DefaultAdoption order) implements UpkeepAction {}

    /** Detaches a partition that is past its retention. */
    record Detach(PartitionRetirement order) implements UpkeepAction {}

    /** Copies a detached partition into an archive. */
    record Archive(RetiredArchive order) implements UpkeepAction {}

    /** Drops a detached partition. */
    record Drop(RetiredDrop order) implements UpkeepAction {}

    /** Attaches a held partition again. */
    record Reattach(RetiredReattachment order) implements UpkeepAction {}
}
