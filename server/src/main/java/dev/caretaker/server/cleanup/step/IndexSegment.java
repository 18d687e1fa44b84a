package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.cleanup.policy.Constant;
import dev.caretaker.server.cleanup.step.Eligibility.Values;
import dev.caretaker.server.target.Operators;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The SQL of INDEX_RANGE: one stretch of an index after the other, each along the time column. */
final class IndexSegment {
    private static final SqlFragment TRUE = SqlFragment.of("TRUE");

    private final Eligibility eligible;
    private final EligibleRows rows;
    private final List<Map<String, Constant>> prefixes;
    private final String order;

    /**
     * @param nullsFirst where the index, read in ascending order, has its NULLs: a query must want the same to use it
     */
    IndexSegment(Eligibility eligible, List<Map<String, Constant>> prefixes, boolean nullsFirst) {
        this.eligible = eligible;
        this.rows = new EligibleRows(eligible);
        this.prefixes = prefixes;
        this.order = "ORDER BY " + eligible.time() + (nullsFirst ? " NULLS FIRST" : " NULLS LAST");
    }

    int count() {
        return prefixes.size();
    }

    /** Smallest value that can be eligible. */
    SqlFragment first(int range) {
        return EligibleRows.limit(rows.select(text(), open(range)).then(" ", SqlFragment.of(order)), 1);
    }

    /** First value after a tie. */
    SqlFragment after(int range, String value) {
        SqlFragment condition = open(range).then(" AND ", compare(">", value));
        return EligibleRows.limit(rows.select(text(), condition).then(" ", SqlFragment.of(order)), 1);
    }

    /**
     * The value {@code size} rows further on, and whether it is still the same. It is made text outside of what walks the
     * index, which would do that for every row that it steps over.
     */
    SqlFragment boundary(int range, String from, long size) {
        SqlFragment condition = open(range).then(" AND ", compare(">=", from));
        SqlFragment ahead = rows.select(eligible.time() + " AS ahead", condition)
                .then(" ", SqlFragment.of(order + " OFFSET CAST(? AS bigint) LIMIT 1", Long.toString(size)));
        return SqlFragment.of(
                        "SELECT CAST(ahead AS pg_catalog.text) AS value, ahead OPERATOR(pg_catalog.=) CAST(? AS "
                                + eligible.timeType() + ") AS tie FROM (",
                        from)
                .then("", ahead)
                .then("", SqlFragment.of(") AS probe"));
    }

    /** Half-open: from a value to another one, or to the end. */
    SqlFragment between(int range, String from, String to) {
        return prefix(range).then("", compare(">=", from)).then(" AND ", compare("<", to));
    }

    SqlFragment toEnd(int range, String from) {
        return prefix(range).then("", compare(">=", from));
    }

    /** Addresses of rows with exactly this value, in heap order. */
    SqlFragment tie(int range, String value, String after, long limit) {
        SqlFragment condition = prefix(range)
                .then("", is(value))
                .then(" AND ", SqlFragment.of("t.ctid OPERATOR(pg_catalog.>) CAST(? AS pg_catalog.tid)", after));
        return EligibleRows.limit(
                rows.selectEligible("t.ctid", condition).then(" ", SqlFragment.of("ORDER BY t.ctid")), limit);
    }

    /** Condition on what lies between two positions, or behind the first one. */
    SqlFragment between(Position from, Optional<Position> to) {
        Position end = to.orElse(Position.atRange(count(), Optional.empty()));
        List<SqlFragment> parts = new ArrayList<>();
        for (int range = from.range(); range <= end.range() && range < count(); range++) {
            SqlFragment part = prefix(range).then("", range == from.range() ? reached(from, false) : TRUE);
            if (range < end.range()) {
                parts.add(part);
            } else if (end.from().isPresent()) {
                parts.add(part.then(" AND ", reached(end, true)));
            }
        }
        return parts.stream()
                .map(IndexSegment::enclosed)
                .reduce((left, right) -> left.then(" OR ", right))
                .map(IndexSegment::enclosed)
                .orElse(SqlFragment.of("FALSE"));
    }

    /** Rows before a position within its range, or from it on. */
    private SqlFragment reached(Position position, boolean before) {
        if (position.from().isEmpty()) {
            return TRUE;
        }
        String value = position.from().get();
        if (position.after().isEmpty()) {
            return compare(before ? "<" : ">=", value);
        }
        String row = position.after().get();
        return SqlFragment.of("(")
                .then("", compare(before ? "<" : ">", value))
                .then(" OR ", is(value))
                .then(
                        " AND ",
                        SqlFragment.of(
                                "t.ctid " + Operators.catalog(before ? "<=" : ">") + " CAST(? AS pg_catalog.tid))",
                                row));
    }

    /** What of a range can be eligible by its time. */
    private SqlFragment open(int range) {
        return prefix(range).then("", eligible.older(Values.HIDDEN));
    }

    private SqlFragment prefix(int range) {
        SqlFragment prefix = SqlFragment.of("");
        for (Map.Entry<String, Constant> column : prefixes.get(range).entrySet()) {
            prefix = prefix.then(
                    "",
                    SqlFragment.of(
                            eligible.equality(column.getKey()) + " AND ",
                            column.getValue().text()));
        }
        return prefix;
    }

    private SqlFragment compare(String operator, String value) {
        return SqlFragment.of(
                eligible.time() + " " + Operators.catalog(operator) + " " + Values.HIDDEN.of(eligible.timeType()),
                value);
    }

    private SqlFragment is(String value) {
        return SqlFragment.of(
                eligible.time() + " " + Operators.catalog("=") + " " + Values.SHOWN.of(eligible.timeType()), value);
    }

    private static SqlFragment enclosed(SqlFragment sql) {
        return SqlFragment.of("(").then("", sql).then("", SqlFragment.of(")"));
    }

    private String text() {
        return "CAST(" + eligible.time() + " AS pg_catalog.text) AS value";
    }
}
