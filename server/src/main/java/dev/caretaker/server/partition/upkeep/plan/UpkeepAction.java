package dev.caretaker.server.partition.upkeep.plan;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.caretaker.server.partition.upkeep.step.DefaultAdoption;
import dev.caretaker.server.partition.upkeep.step.PartitionCreation;
import dev.caretaker.server.partition.upkeep.step.PartitionRetirement;
import dev.caretaker.server.partition.upkeep.step.RetiredDrop;
import dev.caretaker.server.partition.upkeep.step.RetiredReattachment;
import dev.caretaker.server.partition.upkeep.step.UpkeepKinds;

/** What upkeep does to a partition. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = UpkeepAction.FinishDetach.class, name = "finish-detach"),
    @JsonSubTypes.Type(value = UpkeepAction.Create.class, name = "create"),
    @JsonSubTypes.Type(value = UpkeepAction.Adopt.class, name = "adopt"),
    @JsonSubTypes.Type(value = UpkeepAction.Detach.class, name = "detach"),
    @JsonSubTypes.Type(value = UpkeepAction.Drop.class, name = "drop"),
    @JsonSubTypes.Type(value = UpkeepAction.Reattach.class, name = "reattach")
})
public sealed interface UpkeepAction {

    /** The order for its step. */
    Record order();

    /** Kind of its step. */
    @JsonIgnore
    String stepKind();

    /** Brings a detach to its end that was interrupted. */
    record FinishDetach(PartitionRetirement order) implements UpkeepAction {
        @Override
        public String stepKind() {
            return UpkeepKinds.RETIRE;
        }
    }

    /** Makes a partition and attaches it. */
    record Create(PartitionCreation order) implements UpkeepAction {
        @Override
        public String stepKind() {
            return UpkeepKinds.CREATE;
        }
    }

    /** Makes the default partition that of the gap in which its rows lie. */
    record Adopt(DefaultAdoption order) implements UpkeepAction {
        @Override
        public String stepKind() {
            return UpkeepKinds.ADOPT;
        }
    }

    /** Detaches a partition that is past its retention. */
    record Detach(PartitionRetirement order) implements UpkeepAction {
        @Override
        public String stepKind() {
            return UpkeepKinds.RETIRE;
        }
    }

    /** Drops a detached partition. */
    record Drop(RetiredDrop order) implements UpkeepAction {
        @Override
        public String stepKind() {
            return UpkeepKinds.DROP;
        }
    }

    /** Attaches a held partition again. */
    record Reattach(RetiredReattachment order) implements UpkeepAction {
        @Override
        public String stepKind() {
            return UpkeepKinds.REATTACH;
        }
    }
}
