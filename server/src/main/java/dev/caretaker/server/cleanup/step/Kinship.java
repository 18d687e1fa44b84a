package dev.caretaker.server.cleanup.step;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.caretaker.server.cleanup.leave.Keeper;
import dev.caretaker.server.cleanup.step.Eligibility.ReferencingKey;
import dev.caretaker.server.store.TableName;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Tables of one plan whose rows refer to each other in a circle: a table that references itself, or several. No order of
 * steps, and none of rows within a step, leaves every row without a referring one before it goes; so rows go together with
 * those that refer to them.
 *
 * @param tables what belongs to it
 * @param keys foreign keys among these tables that forbid to remove a row alone, none of which removes or changes rows itself
 */
public record Kinship(List<Table> tables, List<Key> keys) {
    public static final Kinship NONE = new Kinship(List.of(), List.of());

    /**
     * A table with all of its partitions.
     *
     * @param name the table that policies name
     * @param referenced its columns that the keys reference
     * @param parts relations in which rows may be removed
     * @param rows which rows of these, one element for each policy; a row that any of them takes may go
     * @param keeper what keeps rows of it, if anything does
     */
    public record Table(
            TableName name,
            List<String> referenced,
            List<Part> parts,
            List<Rows> rows,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Keeper> keeper) {

        public Table {
            keeper = Objects.requireNonNullElse(keeper, Optional.empty());
        }

        /** Of rows of which nothing is kept. */
        public Table(TableName name, List<String> referenced, List<Part> parts, List<Rows> rows) {
            this(name, referenced, parts, rows, Optional.empty());
        }
    }

    /** A relation in which rows lie. */
    public record Part(long oid, TableName name) {}

    /**
     * What a policy removes.
     *
     * @param eligible its predicate, without rows that tables outside of the kinship refer to
     * @param oids the relations it holds for, whatever the predicate itself says
     */
    public record Rows(Eligibility eligible, List<Long> oids) {
        SqlFragment predicate() {
            return eligible.inBatch(oids);
        }
    }

    /**
     * A foreign key.
     *
     * @param parent index of the referenced table in {@link #tables}
     * @param child index of the table to which the referencing one belongs
     * @param indexed whether referring rows are found by an index
     */
    public record Key(int parent, int child, ReferencingKey key, boolean indexed) {}

    @JsonIgnore
    boolean isNone() {
        return keys.isEmpty();
    }

    /** Keys that reference a relation or the table it is a part of. */
    List<ReferencingKey> referencing(long relation) {
        return keys.stream()
                .filter(key -> tables.get(key.parent()).parts().stream().anyMatch(part -> part.oid() == relation))
                .map(Key::key)
                .toList();
    }
}
