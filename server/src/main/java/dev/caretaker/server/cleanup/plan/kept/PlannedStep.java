package dev.caretaker.server.cleanup.plan.kept;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.store.TableName;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One resumable part of a plan, on one relation.
 *
 * @param ordinal position, from 1
 * @param policy policy it serves; empty for follow-up work
 * @param table table in whose totals it is counted: the one that the policy names
 * @param reason why this mechanism, in a sentence
 * @param locks strongest first
 * @param sql statements it will run, with placeholders, for reading only
 * @param work what it will do
 * @param archive where rows are kept, if they are
 * @param more further places: figures of the rows, and rows of children that go with them
 */
public record PlannedStep(
        int ordinal,
        String policy,
        TableName table,
        TableName relation,
        String reason,
        Estimate estimate,
        List<PlannedLock> locks,
        List<String> sql,
        Work work,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<PlannedArchive> archive,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<PlannedArchive> more) {

    public PlannedStep {
        archive = Objects.requireNonNullElse(archive, Optional.empty());
        more = Objects.requireNonNullElse(more, List.of());
        table = Objects.requireNonNullElse(table, relation); // plans of older servers have none
    }

    /** How it removes rows; empty for follow-up work. */
    @JsonIgnore
    public Optional<Mechanism> mechanism() {
        return switch (work) {
            case Work.RemoveRows rows -> Optional.of(rows.mechanism());
            case Work.DropPartition drop -> Optional.of(Mechanism.DROP_PARTITION);
            case Work.Vacuum vacuum -> Optional.empty();
        };
    }

    /** Whether it runs only when earlier steps made it worth while. */
    @JsonIgnore
    public boolean conditional() {
        return work instanceof Work.Vacuum;
    }

    /** The step as the run engine takes it. */
    public StepSpec spec() {
        return switch (work) {
            case Work.RemoveRows rows -> spec(rows.mechanism().stepKind(), rows.parameters());
            case Work.DropPartition drop -> spec(Mechanism.DROP_PARTITION.stepKind(), drop.parameters());
            case Work.Vacuum vacuum -> spec(vacuum.parameters().stepKind(), vacuum.parameters());
        };
    }

    private StepSpec spec(String kind, Record parameters) {
        return new StepSpec(kind, relation, table, policy, estimate.rows(), parameters);
    }
}
