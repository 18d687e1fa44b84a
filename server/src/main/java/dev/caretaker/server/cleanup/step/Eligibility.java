package dev.caretaker.server.cleanup.step;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.caretaker.server.cleanup.policy.Filter;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Operators;
import dev.caretaker.server.target.catalog.KeyColumn;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which rows of one relation a plan may remove: the frozen, self-contained form of a policy. Every statement of every batch
 * repeats all of it, so nothing else is ever removed.
 *
 * @param oid the relation as planned; rows of another one that took its name are not eligible
 * @param table its name when planned
 * @param timeColumn name of the time column
 * @param kind how its values denote instants
 * @param timeType type of the time column, as format_type(type, -1) of the base type writes it
 * @param bound first value that is kept, in the text form of {@code timeType}
 * @param filter the policy's filter
 * @param columnTypes type of every column the filter names, written like {@code timeType}
 * @param byFunction columns of these that functions compare: an enum's, between whose values an operator would be ambiguous
 * @param pinnedBy foreign keys whose referencing rows hold a row back and are skipped; empty unless the policy skips them
 */
public record Eligibility(
        long oid,
        TableName table,
        String timeColumn,
        TimeColumn.Kind kind,
        String timeType,
        String bound,
        Optional<Filter> filter,
        Map<String, String> columnTypes,
        List<String> byFunction,
        List<ReferencingKey> pinnedBy) {

    public Eligibility {
        byFunction = Objects.requireNonNullElse(byFunction, List.of());
    }

    /**
     * A foreign key that references the table.
     *
     * @param child referencing table
     * @param columns its columns, and how each is compared
     */
    public record ReferencingKey(String constraint, TableName child, List<KeyColumn> columns) {

        /**
         * That a row of the child refers to a row.
         *
         * @param alias of the child
         * @param referenced a referenced column → its value in that row, as SQL
         */
        public String match(String alias, UnaryOperator<String> referenced) {
            return KeyColumn.match(columns, referenced, alias);
        }
    }

    /**
     * How a statement gives the query planner the values that columns are compared with by order.
     *
     * <p>To estimate such a comparison with a value near an end of the column's histogram, the planner looks up the column's
     * present minimum or maximum in an index, over all dead entries at that end (get_actual_variable_range). Behind millions of
     * deleted rows that takes milliseconds to seconds, each time a statement is planned.
     */
    enum Values {
        /** As they are: a statement that goes over the whole table once is planned well for them. */
        SHOWN("CAST(? AS %s)"),
        /**
         * As the result of a subquery, which the planner takes for unknown and an index scan for known: for statements of every
         * batch, whose way is settled anyway.
         */
        HIDDEN("(SELECT CAST(? AS %s))");

        private final String text;

        Values(String text) {
            this.text = text;
        }

        String of(String type) {
            return text.formatted(type);
        }
    }

    /**
     * Eligible rows: tableoid, time, filter, and not pinned. The relation must be in scope under the alias {@code t}. For
     * statements that go over a whole table; those of a batch take {@link #inBatch()}.
     */
    @JsonIgnore
    public SqlFragment predicate() {
        return eligible(Values.SHOWN);
    }

    /** The same rows, for statements that run in every batch. */
    @JsonIgnore
    SqlFragment inBatch() {
        return eligible(Values.HIDDEN);
    }

    private SqlFragment eligible(Values values) {
        return unpinned(oldAndFiltered(values));
    }

    private SqlFragment unpinned(SqlFragment old) {
        SqlFragment eligible = old;
        for (ReferencingKey key : pinnedBy) {
            eligible = eligible.then(" AND ", SqlFragment.of("NOT " + exists(key)));
        }
        return eligible;
    }

    /** Rows that are eligible but for a referencing row. Only where {@link #pinnedBy} is not empty. */
    @JsonIgnore
    public SqlFragment pinned() {
        String held = pinnedBy.stream().map(Eligibility::exists).collect(Collectors.joining(" OR ", "(", ")"));
        return oldAndFiltered(Values.SHOWN).then(" AND ", SqlFragment.of(held));
    }

    /** Rows that are eligible but for a row that references them by this key. */
    SqlFragment heldBy(ReferencingKey key) {
        return oldAndFiltered(Values.SHOWN).then(" AND ", SqlFragment.of(exists(key)));
    }

    /** The same by content alone, in whatever relation, pinned or not: for counting across partitions, never to delete. */
    @JsonIgnore
    public SqlFragment anywhere() {
        return anywhere(Values.SHOWN);
    }

    private SqlFragment anywhere(Values values) {
        SqlFragment older = older(values);
        return filter.map(f -> older.then(" AND ", render(f, values))).orElse(older);
    }

    /** The same, with more keys whose referencing rows hold a row back. */
    Eligibility pinnedAlsoBy(List<ReferencingKey> keys) {
        return pinnedBy(Stream.concat(pinnedBy.stream(), keys.stream()).toList());
    }

    /** The same, with other keys whose referencing rows hold a row back. */
    public Eligibility pinnedBy(List<ReferencingKey> keys) {
        return new Eligibility(oid, table, timeColumn, kind, timeType, bound, filter, columnTypes, byFunction, keys);
    }

    /** The same rows of several relations that have all columns in common, for statements that run in every batch. */
    SqlFragment inBatch(List<Long> oids) {
        String array = oids.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
        SqlFragment planned =
                SqlFragment.of("t.tableoid OPERATOR(pg_catalog.=) ANY (CAST(? AS pg_catalog.oid[]))", array);
        return unpinned(anywhere(Values.HIDDEN).then(" AND ", planned));
    }

    /** The time column under the alias {@code t}. */
    @JsonIgnore
    public String time() {
        return column(timeColumn);
    }

    /** Rows that are old enough by their time. The cheapest test for most rows, so it comes first. */
    SqlFragment older(Values values) {
        SqlFragment older = SqlFragment.of(time() + " " + Operators.catalog("<") + " " + values.of(timeType), bound);
        return switch (kind) {
            case TIMESTAMPTZ, TIMESTAMP, DATE -> older.then(" AND ", finite(values));
            case UUID_V7 ->
                older.then(
                        " AND ",
                        SqlFragment.of("pg_catalog.substr(CAST(" + time()
                                + " AS pg_catalog.text), 15, 1) OPERATOR(pg_catalog.=) '7'"));
            case EPOCH_SECONDS, EPOCH_MILLIS, EPOCH_MICROS -> older;
        };
    }

    /** By order where an index may step over what is infinite; else by inequality, which is estimated without any index. */
    private SqlFragment finite(Values values) {
        String operator = Operators.catalog(values == Values.HIDDEN ? ">" : "<>");
        return SqlFragment.of(time() + " " + operator + " " + values.of(timeType), "-infinity");
    }

    private SqlFragment oldAndFiltered(Values values) {
        SqlFragment base = older(values)
                .then(
                        " AND ",
                        SqlFragment.of(
                                "t.tableoid OPERATOR(pg_catalog.=) CAST(? AS pg_catalog.oid)", Long.toString(oid)));
        return filter.map(f -> base.then(" AND ", filtered(f, values))).orElse(base);
    }

    /** As a truth value no part of the filter draws the server to an index of its own, away from the way of the batch. */
    private SqlFragment filtered(Filter whole, Values values) {
        SqlFragment plain = render(whole, values);
        return values == Values.SHOWN
                ? plain
                : SqlFragment.of("(").then("", plain).then("", SqlFragment.of(") IS TRUE"));
    }

    private SqlFragment render(Filter node, Values values) {
        return sql().of(node, values);
    }

    /** A column that the filter names equals a parameter. */
    String equality(String column) {
        return sql().equality(column);
    }

    private FilterSql sql() {
        return new FilterSql(columnTypes, byFunction, Set.of());
    }

    private static String column(String name) {
        return "t." + Identifiers.quote(name);
    }

    private static String exists(ReferencingKey key) {
        return "EXISTS (SELECT 1 FROM " + Identifiers.quote(key.child()) + " c WHERE "
                + key.match("c", Eligibility::column) + ")";
    }
}
