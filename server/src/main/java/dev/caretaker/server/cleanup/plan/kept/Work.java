package dev.caretaker.server.cleanup.plan.kept;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.caretaker.server.cleanup.step.PartitionDrop;
import dev.caretaker.server.cleanup.step.RowRemoval;
import dev.caretaker.server.run.VacuumRequest;

/** What a planned step will do, frozen: the parameters its step kind gets on execution. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Work.RemoveRows.class, name = "remove-rows"),
    @JsonSubTypes.Type(value = Work.DropPartition.class, name = "drop-partition"),
    @JsonSubTypes.Type(value = Work.Vacuum.class, name = "vacuum")
})
public sealed interface Work {

    /** Oid of the relation it is done to. */
    long oid();

    record RemoveRows(Mechanism mechanism, RowRemoval parameters) implements Work {
        @Override
        public long oid() {
            return parameters.eligible().oid();
        }
    }

    record DropPartition(PartitionDrop parameters) implements Work {
        @Override
        public long oid() {
            return parameters.oid();
        }
    }

    /** Follow-up: removes nothing itself. */
    record Vacuum(VacuumRequest parameters) implements Work {
        @Override
        public long oid() {
            return parameters.oid();
        }
    }
}
