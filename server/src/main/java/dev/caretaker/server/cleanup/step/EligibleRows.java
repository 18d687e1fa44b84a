package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.util.function.BooleanSupplier;

/** The SQL of batches: every statement names its table with ONLY, or else pins it, and repeats the whole predicate. */
final class EligibleRows {
    private final Eligibility eligible;
    private final String table;
    private String deleteFrom;

    EligibleRows(Eligibility eligible) {
        this.eligible = eligible;
        this.table = " FROM ONLY " + Identifiers.quote(eligible.table()) + " AS t WHERE ";
        this.deleteFrom = table;
    }

    /** From here on rows are deleted in the name of the table on top. */
    void by(ByRoot root, Session session) throws SQLException {
        deleteFrom = root.deleteFrom(session, eligible);
    }

    /** Rows in this table, eligible or not, that satisfy the condition. */
    SqlFragment select(String what, SqlFragment condition) {
        return SqlFragment.of("SELECT " + what + table).then("", condition);
    }

    SqlFragment selectEligible(String what, SqlFragment where) {
        return select(what, where.then(" AND ", eligible.inBatch()));
    }

    /** All eligible rows, in one snapshot. */
    long count(Session session) throws SQLException {
        return counted().statement().one(session.connection(), row -> row.getLong(1));
    }

    /** The query of {@link #count}. */
    SqlFragment counted() {
        return select("pg_catalog.count(*)", eligible.predicate());
    }

    /**
     * Addresses of all eligible rows in one snapshot, a stretch of the heap after the other, with a NULL at the end of each. The
     * table is as long as it is when the query runs, which is after its snapshot was taken.
     *
     * @param blocks in a stretch
     */
    SqlFragment stretches(int blocks) {
        String query = Sql.resource("cleanup/step/stretches").text();
        SqlFragment stretches = SqlFragment.of(query, Integer.toString(blocks), Long.toString(eligible.oid()));
        SqlFragment within = SqlFragment.of(
                "t.ctid OPERATOR(pg_catalog.>=) stretch.address AND t.ctid OPERATOR(pg_catalog.<) stretch.behind");
        return SqlFragment.of("SELECT part.address FROM (")
                .then("", stretches)
                .then(") AS stretch CROSS JOIN LATERAL (", selectEligible("t.ctid", within))
                .then("", SqlFragment.of(" UNION ALL SELECT CAST(NULL AS pg_catalog.tid)) AS part (address)"));
    }

    /** Eligible rows that satisfy the condition. */
    long countEligible(Session session, SqlFragment where) throws SQLException {
        return selectEligible("pg_catalog.count(*)", where)
                .statement()
                .one(session.connection(), row -> row.getLong(1));
    }

    /** Addresses of eligible rows in one snapshot, at most {@code limit} of them. */
    long[] list(Session session, long limit) throws SQLException {
        return addresses(session, limit(select("t.ctid", eligible.predicate()), limit));
    }

    SqlFragment delete(SqlFragment where) {
        return SqlFragment.of("DELETE" + deleteFrom).then("", where).then(" AND ", eligible.inBatch());
    }

    SqlFragment deleteAll() {
        return SqlFragment.of("DELETE" + deleteFrom).then("", eligible.predicate());
    }

    /** Gets what lies at these addresses into the server's memory. */
    void readAhead(Session idle, long[] addresses, BooleanSupplier wanted) throws SQLException {
        PlannerSettings.byAddress(idle);
        ReadAhead.read(idle, select("t.ctid", among(addresses)), wanted);
    }

    /** Addresses that a query of one ctid column returns. */
    static long[] addresses(Session session, SqlFragment query) throws SQLException {
        return query.statement().list(session.connection(), row -> RowAddress.parse(row.getString(1))).stream()
                .mapToLong(Long::longValue)
                .toArray();
    }

    static SqlFragment among(long[] addresses) {
        return SqlFragment.of(
                "t.ctid OPERATOR(pg_catalog.=) ANY (CAST(? AS pg_catalog.tid[]))", RowAddress.array(addresses));
    }

    static SqlFragment limit(SqlFragment query, long limit) {
        return query.then(" ", SqlFragment.of("LIMIT CAST(? AS bigint)", Long.toString(limit)));
    }
}
