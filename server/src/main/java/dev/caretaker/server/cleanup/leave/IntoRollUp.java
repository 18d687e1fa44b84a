package dev.caretaker.server.cleanup.leave;

import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.store.Totals.Archived;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Figures of the rows are merged into a table. Batches touch the same rows of it, so that one waits for the one before and none
 * overlap.
 */
final class IntoRollUp implements Leaving {
    private final Keeper.RollUp keeper;
    private final KeptTables tables;
    private final RollUpText text;

    IntoRollUp(Keeper.RollUp keeper, long relation) {
        this.keeper = keeper;
        this.tables = new KeptTables(keeper, relation);
        this.text = new RollUpText(keeper);
    }

    @Override
    public void open(Session session) throws SQLException {
        tables.open(session);
    }

    @Override
    public long delete(Session session, SqlFragment delete) throws SQLException {
        String returning = String.join(
                ", ",
                columns().stream()
                        .map(column -> "t." + Identifiers.quote(column))
                        .toList());
        SqlFragment merged = SqlFragment.of("WITH gone AS (")
                .then("", delete)
                .then("", SqlFragment.of(" RETURNING " + returning + ")"))
                .then("", keep(session, "gone"))
                .then("", SqlFragment.of(" SELECT pg_catalog.count(*) FROM gone"));
        long rows = merged.statement().one(session.connection(), row -> row.getLong(1));
        SqlFragment.of(FIRE).statement().update(session.connection());
        return rows;
    }

    @Override
    public List<String> columns() {
        return Stream.of(
                        Stream.of(keeper.time().name()),
                        keeper.by().stream().map(Keeper.TypedColumn::name),
                        keeper.measures().stream().flatMap(measure -> measure.measure().column().stream()))
                .flatMap(columns -> columns)
                .distinct()
                .toList();
    }

    /**
     * Where NULLs cannot be told to be equal, no unique index leads to the row of a dimension that is NULL; so nobody else may
     * write while rows are looked for.
     */
    @Override
    public SqlFragment keep(Session session, String gone) throws SQLException {
        if (session.capabilities().canTreatNullsAsEqual()) {
            return text.upsert(gone);
        }
        SqlFragment.of("LOCK TABLE " + Identifiers.quote(keeper.table()) + " IN SHARE ROW EXCLUSIVE MODE")
                .statement()
                .update(session.connection());
        return text.updateAndInsert(gone);
    }

    @Override
    public void requireUnchanged(Session session) throws SQLException {
        tables.requireUnchanged(session);
    }

    @Override
    public List<Archived> archived(long rows, long rowBytes) {
        return List.of(new Archived(keeper.table().toString(), rows, 0));
    }

    @Override
    public boolean overlaps() {
        return false;
    }
}
