package dev.caretaker.server.cleanup.policy;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.caretaker.server.archive.ArchiveTerms;
import dev.caretaker.server.store.TableName;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** What is kept of rows that a policy deletes. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Keeping.Archive.class, name = "archive"),
    @JsonSubTypes.Type(value = Keeping.RollUp.class, name = "roll-up")
})
public sealed interface Keeping {

    /**
     * The rows themselves.
     *
     * @param loseChildren whether rows of other tables that deletes cascade to may go, although nothing keeps them
     * @param withChildren whether such rows are kept, too
     * @param figures that are kept besides; of the rows themselves alone, not of children
     */
    record Archive(
            Place place,
            boolean loseChildren,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean withChildren,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<RollUp> figures)
            implements Keeping {
        public Archive {
            figures = Objects.requireNonNullElse(figures, Optional.empty()); // policies of older servers have none
        }

        /** Of the rows themselves, and nothing else. */
        public Archive(Place place, boolean loseChildren) {
            this(place, loseChildren, false, Optional.empty());
        }
    }

    /** Where whole rows are kept. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Table.class, name = "table"),
        @JsonSubTypes.Type(value = Store.class, name = "store")
    })
    sealed interface Place {}

    /**
     * A table of the same database.
     *
     * @param pattern its name, with {@code {table}}, {@code {yyyy}}, {@code {mm}} and {@code {dd}} for those of the policy's table
     *     and of the cutoff
     * @param indexes whether a table that a run makes gets indexes and unique constraints
     */
    record Table(TableName pattern, boolean indexes) implements Place {}

    /**
     * A destination of the configuration.
     *
     * @param terms for one that keeps files; one that keeps tables heeds the name alone
     * @param columns that are kept; empty for all
     */
    record Store(ArchiveTerms terms, List<String> columns) implements Place {}

    /**
     * Figures of the rows by bucket of time and dimensions, merged into a table.
     *
     * @param by columns of the policy's table, and of the roll-up
     */
    record RollUp(TableName into, Bucket bucket, ZoneId zone, List<String> by, List<Measure> measures)
            implements Keeping {
        /** Column of a roll-up that has the beginning of the bucket. */
        public static final String BUCKET_COLUMN = "bucket";
    }

    /** Length of a bucket; the names are those of date_trunc. */
    enum Bucket {
        MINUTE,
        HOUR,
        DAY,
        WEEK,
        MONTH,
        QUARTER,
        YEAR
    }

    /**
     * A figure that can be added to.
     *
     * @param name column of the roll-up
     * @param column of the policy's table; empty for {@link Figure#COUNT}
     * @param samples how many; for {@link Figure#SAMPLES} alone
     */
    record Measure(String name, Figure figure, Optional<String> column, OptionalInt samples) {
        /** Columns of the roll-up that it takes. */
        public List<String> columns() {
            return figure == Figure.AVERAGE ? List.of(name + "_sum", name + "_count") : List.of(name);
        }
    }

    /** What a figure says. */
    enum Figure {
        COUNT,
        SUM,
        MIN,
        MAX,
        /** A sum and a count. */
        AVERAGE,
        /** Rows by value. */
        COUNT_BY,
        /** The first few values, as texts. */
        SAMPLES
    }
}
