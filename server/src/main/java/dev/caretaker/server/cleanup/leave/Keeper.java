package dev.caretaker.server.cleanup.leave;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.caretaker.server.cleanup.policy.Keeping;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.store.TableName;
import java.util.List;

/** What keeps rows that a step deletes: the frozen, self-contained form of what a policy says of it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Keeper.Table.class, name = "table"),
    @JsonSubTypes.Type(value = Keeper.RollUp.class, name = "roll-up")
})
public sealed interface Keeper {

    /** The table that takes what is kept. */
    TableName table();

    /**
     * Whole rows, in a table of the same database.
     *
     * @param source the table that the policy names: one that is made is like it
     * @param columns names of its columns, all of which are kept
     * @param indexes whether one that is made gets the indexes, too
     */
    record Table(TableName table, TableName source, List<String> columns, boolean indexes) implements Keeper {}

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
            implements Keeper {}

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
