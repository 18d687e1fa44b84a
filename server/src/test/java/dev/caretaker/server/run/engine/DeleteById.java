package dev.caretaker.server.run.engine;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.Batch;
import dev.caretaker.server.run.BatchSizing;
import dev.caretaker.server.run.BatchStep;
import dev.caretaker.server.run.Step;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.run.StepKind;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** Deletes the rows of a table {@code (id, old)} that are old, in order of id: the simplest step there can be. */
record DeleteById(Parameters parameters) implements BatchStep<DeleteById.Cursor> {

    /**
     * @param oid of the table
     * @param table name, trusted
     * @param least size of the smallest batch
     * @param first size of the first batch
     * @param most size of the largest batch
     * @param sleepMillis how long each batch sleeps
     * @param planningMillis what it tells of the server's planning
     */
    record Parameters(long oid, String table, long least, long first, long most, int sleepMillis, int planningMillis) {
        Parameters(long oid, String table, long least, long first, long most, int sleepMillis) {
            this(oid, table, least, first, most, sleepMillis, 0);
        }
    }

    /** Everything up to this id is done. */
    record Cursor(long id) {}

    @Singleton
    @Requires(property = "test.engine")
    static final class Kind implements StepKind<Parameters> {
        @Override
        public String name() {
            return "test-delete";
        }

        @Override
        public Class<Parameters> parameterType() {
            return Parameters.class;
        }

        @Override
        public Step open(Parameters parameters, StepContext context) {
            return new DeleteById(parameters);
        }
    }

    @Override
    public long fencedOid() {
        return parameters.oid();
    }

    @Override
    public Class<Cursor> cursorType() {
        return Cursor.class;
    }

    @Override
    public Cursor prepare(Session session, Optional<Cursor> stored) throws SQLException {
        Optional<Long> oid = Sql.of("SELECT to_regclass(?)::oid::bigint", parameters.table())
                .first(session.connection(), row -> row.getObject(1, Long.class));
        if (!oid.equals(Optional.of(parameters.oid()))) {
            throw CaretakerException.of(Reason.RELATION_CHANGED, parameters.table() + " is not what it was");
        }
        return stored.orElse(new Cursor(0));
    }

    @Override
    public BatchSizing sizing() {
        return new BatchSizing(parameters.first(), parameters.least(), parameters.most());
    }

    @Override
    public Batch<Cursor> next(Session session, Cursor from, long size) throws SQLException {
        Optional<Long> to = Sql.of(
                        "SELECT max(id) FROM (SELECT id FROM " + parameters.table()
                                + " WHERE old AND id > ? ORDER BY id LIMIT ?) AS batch",
                        from.id(),
                        size)
                .first(session.connection(), row -> row.getObject(1, Long.class));
        if (to.isEmpty()) {
            return new Batch<>(from, true, Totals.NONE, 0, 1, "pass 1");
        }
        long rows = Sql.of(
                        "DELETE FROM " + parameters.table() + " WHERE old AND id > ? AND id <= ?", from.id(), to.get())
                .update(session.connection());
        if (parameters.sleepMillis() > 0) {
            Sql.of("SELECT pg_sleep(? / 1000.0)::text", parameters.sleepMillis())
                    .one(session.connection(), row -> row.getString(1));
        }
        return new Batch<>(
                new Cursor(to.get()), false, Totals.ofRows(rows, rows * 40), (double) rows / size, -1, "pass 1");
    }

    @Override
    public Duration planning(Session session) {
        return Duration.ofMillis(parameters.planningMillis());
    }

    @Override
    public boolean overlaps() {
        return true;
    }

    @Override
    public boolean divides() {
        return true;
    }

    @Override
    public long remaining(Session session, Cursor from, Cursor to) throws SQLException {
        return Sql.of(
                        "SELECT count(*) FROM " + parameters.table() + " WHERE old AND id > ? AND id <= ?",
                        from.id(),
                        to.id())
                .one(session.connection(), row -> row.getLong(1));
    }

    @Override
    public boolean undone(Session session, Cursor from, Cursor to, String since) throws SQLException {
        return Sql.of(
                        "SELECT count(*) > 0 FROM " + parameters.table()
                                + " WHERE old AND id > ? AND id <= ? AND age(xmin) > age(CAST(CAST(? AS xid8) AS xid))",
                        from.id(),
                        to.id(),
                        since)
                .one(session.connection(), row -> row.getBoolean(1));
    }

    @Override
    public Totals finish(Session session) throws SQLException {
        long left = Sql.of("SELECT count(*) FROM " + parameters.table() + " WHERE old")
                .one(session.connection(), row -> row.getLong(1));
        return Totals.leftovers(left, 0, java.util.List.of());
    }
}
