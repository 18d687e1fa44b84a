package dev.caretaker.server.cleanup.leave;

import dev.caretaker.server.cleanup.policy.Keeping;
import dev.caretaker.server.cleanup.step.RowTime;
import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.target.Identifiers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The SQL of a roll-up: figures of deleted rows, and how they are merged with those that are there. */
final class RollUpText {
    /** Characters of a sample. */
    private static final int SAMPLE_LENGTH = 1_000;

    private static final int MOST_SAMPLES = 5;
    /** Values that are counted apart in one bucket, each with so many characters; further ones are counted together. */
    private static final int MOST_VALUES = 1_000;

    private static final int VALUE_LENGTH = 200;
    private static final String VALUE = "\"caretaker value\"";
    private static final String ROWS = "\"caretaker rows\"";
    private static final String TURN = "\"caretaker turn\"";
    private static final String OTHERS = "'(other values)'";
    /** The rows of the roll-up, and what is merged into them; by the latter name ON CONFLICT knows it as well. */
    private static final String THERE = "r.";

    private static final String NEW = "excluded.";

    private final Keeper.RollUp keeper;
    private final String table;
    private final List<String> key;
    private final List<Part> parts = new ArrayList<>();

    RollUpText(Keeper.RollUp keeper) {
        this.keeper = keeper;
        this.table = Identifiers.quote(keeper.table());
        this.key = KeptTableText.key(keeper).stream().map(Identifiers::quote).toList();
        keeper.measures().forEach(this::part);
    }

    /**
     * A column of the roll-up beside its key.
     *
     * @param figure aggregate over rows {@code g} of one group; for {@link Keeping.Figure#COUNT_BY} the value that is counted
     * @param merged of there and new
     */
    private record Part(String column, Keeping.Figure kind, String figure, String merged) {}

    private void part(Keeper.RolledMeasure measure) {
        Keeping.Figure figure = measure.measure().figure();
        List<String> names =
                measure.measure().columns().stream().map(Identifiers::quote).toList();
        String first = names.getFirst();
        switch (figure) {
            case COUNT -> parts.add(new Part(first, figure, "pg_catalog.count(*)", added(first)));
            case SUM -> parts.add(sum(measure, first));
            case AVERAGE -> {
                parts.add(sum(measure, first));
                String count = "pg_catalog.count(" + value(measure) + ")";
                parts.add(new Part(names.getLast(), figure, count, added(names.getLast())));
            }
            case MIN -> parts.add(extreme(measure, first, "min", "LEAST"));
            case MAX -> parts.add(extreme(measure, first, "max", "GREATEST"));
            case COUNT_BY ->
                parts.add(new Part(
                        first,
                        figure,
                        "pg_catalog.\"left\"(" + text(measure) + ", " + VALUE_LENGTH + ")",
                        mergedCounts(first)));
            case SAMPLES -> parts.add(samples(measure, first));
        }
    }

    private static Part sum(Keeper.RolledMeasure measure, String column) {
        String type = KeptTableText.sum(measure.type());
        return new Part(
                column,
                Keeping.Figure.SUM,
                "pg_catalog.sum(CAST(" + value(measure) + " AS " + type + "))",
                added(column));
    }

    /** NULL where there was no value yet. */
    private static String added(String column) {
        return "COALESCE(" + THERE + column + " OPERATOR(pg_catalog.+) " + NEW + column + ", " + THERE + column + ", "
                + NEW + column + ")";
    }

    private static Part extreme(Keeper.RolledMeasure measure, String column, String aggregate, String choice) {
        return new Part(
                column,
                measure.measure().figure(),
                "CAST(pg_catalog." + aggregate + "(" + value(measure) + ") AS " + measure.type() + ")",
                choice + "(" + THERE + column + ", " + NEW + column + ")");
    }

    /** Values that are there come before those that are new, so that a count once begun goes on. */
    private static String mergedCounts(String column) {
        return "(SELECT pg_catalog.jsonb_object_agg(n.key, n.rows) FROM (SELECT CASE WHEN r.turn OPERATOR(pg_catalog.<=) "
                + MOST_VALUES + " THEN r.key ELSE " + OTHERS
                + " END AS key, pg_catalog.sum(r.rows) AS rows FROM (SELECT"
                + " s.key, s.rows, pg_catalog.row_number() OVER (ORDER BY s.fresh, s.rows DESC, s.key) AS turn"
                + " FROM (SELECT e.key, pg_catalog.sum(CAST(e.value AS pg_catalog.\"numeric\")) AS rows,"
                + " pg_catalog.bool_and(e.fresh) AS fresh FROM (SELECT there.key, there.value, false AS fresh"
                + " FROM pg_catalog.jsonb_each_text(COALESCE(" + THERE + column
                + ", '{}')) AS there UNION ALL SELECT more.key, more.value, true FROM pg_catalog.jsonb_each_text(COALESCE("
                + NEW + column + ", '{}')) AS more) AS e GROUP BY e.key) AS s) AS r GROUP BY 1) AS n)";
    }

    private static Part samples(Keeper.RolledMeasure measure, String column) {
        String path = "'$[0 to " + (measure.measure().samples().orElse(MOST_SAMPLES) - 1) + "]'";
        String text = "pg_catalog.\"left\"(" + text(measure) + ", " + SAMPLE_LENGTH + ")";
        return new Part(
                column,
                Keeping.Figure.SAMPLES,
                "pg_catalog.jsonb_path_query_array(pg_catalog.jsonb_agg(" + text + ") FILTER (WHERE " + value(measure)
                        + " IS NOT NULL), " + path + ")",
                "pg_catalog.jsonb_path_query_array(COALESCE(" + THERE + column
                        + ", '[]') OPERATOR(pg_catalog.||) COALESCE(" + NEW + column + ", '[]'), " + path + ")");
    }

    private static String value(Keeper.RolledMeasure measure) {
        return "g." + Identifiers.quote(measure.column());
    }

    private static String text(Keeper.RolledMeasure measure) {
        return "CAST(" + value(measure) + " AS pg_catalog.text)";
    }

    /** Needs the unique index. Groups come in the order of the key, so that two runs wait for each other and do not lock up. */
    SqlFragment upsert(String gone) {
        String sums = gone + "_sums";
        String updates = parts.stream()
                .map(part -> part.column() + " = " + part.merged())
                .collect(Collectors.joining(", "));
        String order =
                IntStream.rangeClosed(1, key.size()).mapToObj(String::valueOf).collect(Collectors.joining(", "));
        return figures(gone, sums)
                .then(
                        "",
                        SqlFragment.of(", " + gone + "_kept AS (INSERT INTO " + table + " AS r (" + columns()
                                + ") OVERRIDING SYSTEM VALUE SELECT " + of(sums + ".") + " FROM " + sums + " ORDER BY "
                                + order + " ON CONFLICT (" + String.join(", ", key) + ") DO UPDATE SET " + updates
                                + ")"));
    }

    /** Needs that nobody else writes. Both parts see the table as it was before the statement. */
    SqlFragment updateAndInsert(String gone) {
        String sums = gone + "_sums";
        String updates = parts.stream()
                .map(part -> part.column() + " = " + part.merged())
                .collect(Collectors.joining(", "));
        String same = key.stream()
                .map(column -> column.equals(key.getFirst())
                        ? THERE + column + " OPERATOR(pg_catalog.=) " + NEW + column
                        : THERE + column + " IS NOT DISTINCT FROM " + NEW + column)
                .collect(Collectors.joining(" AND "));
        return figures(gone, sums)
                .then(
                        "",
                        SqlFragment.of(", " + gone + "_merged AS (UPDATE " + table + " AS r SET " + updates + " FROM "
                                + sums + " AS excluded WHERE " + same + "), " + gone + "_kept AS (INSERT INTO " + table
                                + " (" + columns() + ") OVERRIDING SYSTEM VALUE SELECT " + of(NEW) + " FROM " + sums
                                + " AS excluded WHERE NOT EXISTS (SELECT FROM " + table + " AS r WHERE " + same
                                + "))"));
    }

    private String columns() {
        return Stream.concat(key.stream(), parts.stream().map(Part::column)).collect(Collectors.joining(", "));
    }

    private String of(String prefix) {
        return Stream.concat(key.stream(), parts.stream().map(Part::column))
                .map(column -> prefix + column)
                .collect(Collectors.joining(", "));
    }

    /** The figures of each group, under the names of the roll-up. */
    private SqlFragment figures(String gone, String sums) {
        List<Part> counted = parts.stream()
                .filter(part -> part.kind() == Keeping.Figure.COUNT_BY)
                .toList();
        SqlFragment plain = grouped(
                gone,
                parts.stream()
                        .map(part -> (part.kind() == Keeping.Figure.COUNT_BY
                                        ? "CAST(NULL AS pg_catalog.jsonb)"
                                        : part.figure())
                                + " AS " + part.column())
                        .toList());
        if (counted.isEmpty()) {
            return SqlFragment.of(", " + sums + " AS (").then("", plain).then("", SqlFragment.of(")"));
        }
        SqlFragment all = plain;
        for (Part part : counted) {
            all = all.then(" UNION ALL ", counts(gone, part));
        }
        String together = parts.stream()
                .map(part -> "(pg_catalog.array_agg(s." + part.column() + ") FILTER (WHERE s." + part.column()
                        + " IS NOT NULL))[1] AS " + part.column())
                .collect(Collectors.joining(", "));
        return SqlFragment.of(", " + sums + " AS (SELECT " + keys("s.") + ", " + together + " FROM (")
                .then("", all)
                .then("", SqlFragment.of(") AS s GROUP BY " + ordinals() + ")"));
    }

    /** Rows of each group by one column's value: names that no dimension has. */
    private SqlFragment counts(String gone, Part part) {
        SqlFragment byValue =
                grouped(gone, List.of(part.figure() + " AS " + VALUE, "pg_catalog.count(*) AS " + ROWS), part);
        String others = parts.stream()
                .map(other ->
                        other.equals(part) ? "pg_catalog.jsonb_object_agg(v." + VALUE + ", v." + ROWS + ")" : "NULL")
                .collect(Collectors.joining(", "));
        String ranked = "SELECT " + keys("r.") + ", CASE WHEN r." + TURN + " OPERATOR(pg_catalog.<=) " + MOST_VALUES
                + " THEN r." + VALUE + " ELSE " + OTHERS + " END AS " + VALUE + ", pg_catalog.sum(r." + ROWS + ") AS "
                + ROWS + " FROM (SELECT w.*, pg_catalog.row_number() OVER (PARTITION BY " + keys("w.") + " ORDER BY w."
                + ROWS + " DESC, w." + VALUE + ") AS " + TURN + " FROM (";
        return SqlFragment.of("SELECT " + keys("v.") + ", " + others + " FROM (" + ranked)
                .then("", byValue)
                .then(
                        "",
                        SqlFragment.of(") AS w) AS r GROUP BY " + ordinals() + ", " + (key.size() + 1)
                                + ") AS v GROUP BY " + ordinals()));
    }

    private SqlFragment grouped(String gone, List<String> figures) {
        return selected(figures).then("", SqlFragment.of(" FROM " + gone + " AS g GROUP BY " + ordinals()));
    }

    private SqlFragment grouped(String gone, List<String> figures, Part by) {
        return selected(figures)
                .then(
                        "",
                        SqlFragment.of(" FROM " + gone + " AS g WHERE " + by.figure() + " IS NOT NULL GROUP BY "
                                + ordinals() + ", " + (key.size() + 1)));
    }

    private SqlFragment selected(List<String> figures) {
        SqlFragment bucket = SqlFragment.of("SELECT pg_catalog.date_trunc('"
                        + keeper.bucket().name().toLowerCase(Locale.ROOT) + "', ")
                .then(
                        "",
                        RowTime.of(
                                keeper.time(),
                                "g." + Identifiers.quote(keeper.time().name())))
                .then(", ", SqlFragment.of("CAST(? AS pg_catalog.text)", keeper.zone()))
                .then("", SqlFragment.of(") AS " + key.getFirst()));
        String by = keeper.by().stream()
                .map(column -> ", CAST(g." + Identifiers.quote(column.name()) + " AS " + column.type() + ") AS "
                        + Identifiers.quote(column.name()))
                .collect(Collectors.joining());
        return bucket.then("", SqlFragment.of(by + ", " + String.join(", ", figures)));
    }

    private String keys(String prefix) {
        return key.stream().map(column -> prefix + column).collect(Collectors.joining(", "));
    }

    private String ordinals() {
        return IntStream.rangeClosed(1, key.size()).mapToObj(String::valueOf).collect(Collectors.joining(", "));
    }
}
