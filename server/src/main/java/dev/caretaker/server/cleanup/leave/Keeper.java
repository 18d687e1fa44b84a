package dev.caretaker.server.cleanup.leave;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.caretaker.server.archive.ArchiveTerms;
import dev.caretaker.server.cleanup.policy.Keeping;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.store.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What keeps rows that a step deletes: the frozen, self-contained form of what a policy says of it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Keeper.Table.class, name = "table"),
    @JsonSubTypes.Type(value = Keeper.RollUp.class, name = "roll-up"),
    @JsonSubTypes.Type(value = Keeper.Store.class, name = "store"),
    @JsonSubTypes.Type(value = Keeper.Both.class, name = "both")
})
public sealed interface Keeper {

    /** Where it is kept, for people. */
    @JsonIgnore
    String place();

    /** What it consists of: itself, or the parts of {@link Both}. */
    default List<Keeper> parts() {
        return List.of(this);
    }

    /** What is kept in a table of the same database. */
    sealed interface InTable extends Keeper {
        /** The table that takes it. */
        TableName table();

        @Override
        default String place() {
            return table().toString();
        }
    }

    /**
     * Whole rows, in a table of the same database.
     *
     * @param source the table that the policy names: one that is made is like it
     * @param columns names of its columns, all of which are kept
     * @param indexes whether one that is made gets the indexes, too
     */
    record Table(TableName table, TableName source, List<String> columns, boolean indexes) implements InTable {}

    /**
     * Figures by bucket and dimensions.
     *
     * @param time what dates a row
     * @param by dimensions, and their types as a column of the roll-up has them
     */
    record RollUp(
            TableName table,
            TimeColumn time,
            Keeping.Bucket bucket,
            String zone,
            List<TypedColumn> by,
            List<RolledMeasure> measures)
            implements InTable {}

    /**
     * Whole rows, in files at a destination of the configuration.
     *
     * @param columns names of those that are kept, in their order
     * @param time what dates a row; empty for rows that leave with others
     * @param policy name of the policy
     * @param cutoff rows strictly older leave
     * @param predicate which rows leave, in words
     */
    record Store(
            ArchiveTerms terms,
            List<String> columns,
            Optional<TimeColumn> time,
            String policy,
            Instant cutoff,
            String predicate)
            implements Keeper {
        public Store {
            time = Objects.requireNonNullElse(time, Optional.empty());
        }

        @Override
        public String place() {
            return terms.destination();
        }
    }

    /**
     * Whole rows and figures of them.
     *
     * @param whole a table or a store
     */
    record Both(Keeper whole, RollUp figures) implements Keeper {
        @Override
        public String place() {
            return whole.place() + " and " + figures.place();
        }

        @Override
        public List<Keeper> parts() {
            return List.of(whole, figures);
        }
    }

    /**
     * A column.
     *
     * @param type its base type without modifiers, qualified, good for a cast and for a column
     */
    record TypedColumn(String name, String type) {}

    /**
     * A figure.
     *
     * @param type of the policy's column; empty for a count of rows
     */
    record RolledMeasure(Keeping.Measure measure, String type) {
        /** What is deleted must return it; only where the figure has a column. */
        String column() {
            return measure.column().orElseThrow();
        }
    }
}
