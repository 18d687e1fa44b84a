package dev.caretaker.server.cleanup.leave;

import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.store.Totals.Archived;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Rows are copied into a table of the same database. As many arrive as are deleted: nothing there changes or keeps a row that is
 * inserted, which {@link KeptTable} sees to.
 */
final class IntoTable implements Leaving {
    private final Keeper.Table keeper;
    private final KeptTables tables;

    IntoTable(Keeper.Table keeper, long relation) {
        this.keeper = keeper;
        this.tables = new KeptTables(keeper, relation);
    }

    @Override
    public void open(Session session) throws SQLException {
        tables.open(session);
    }

    @Override
    public long delete(Session session, SqlFragment delete) throws SQLException {
        return SqlFragment.of("WITH gone AS (")
                .then("", delete)
                .then("", SqlFragment.of(" RETURNING " + of("t") + ") " + insert("gone") + "; " + FIRE))
                .statement()
                .update(session.connection());
    }

    @Override
    public List<String> columns() {
        return keeper.columns();
    }

    @Override
    public SqlFragment keep(Session session, String gone) {
        return SqlFragment.of(", " + gone + "_copied AS (" + insert(gone) + ")");
    }

    private String insert(String gone) {
        String columns = keeper.columns().stream().map(Identifiers::quote).collect(Collectors.joining(", "));
        return "INSERT INTO " + Identifiers.quote(keeper.table()) + " (" + columns + ") OVERRIDING SYSTEM VALUE SELECT "
                + of(gone) + " FROM " + gone;
    }

    private String of(String alias) {
        return keeper.columns().stream()
                .map(column -> alias + "." + Identifiers.quote(column))
                .collect(Collectors.joining(", "));
    }

    @Override
    public void requireUnchanged(Session session) throws SQLException {
        tables.requireUnchanged(session);
    }

    @Override
    public List<Archived> archived(long rows, long rowBytes) {
        return List.of(new Archived(keeper.table().toString(), rows, rows * rowBytes));
    }
}
