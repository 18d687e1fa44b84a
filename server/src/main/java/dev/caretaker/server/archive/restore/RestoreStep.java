package dev.caretaker.server.archive.restore;

import dev.caretaker.server.archive.ArchiveFiles;
import dev.caretaker.server.archive.Manifest;
import dev.caretaker.server.archive.StoredRows;
import dev.caretaker.server.archive.TextSettings;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.run.Batch;
import dev.caretaker.server.run.BatchSizing;
import dev.caretaker.server.run.BatchStep;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.ArchiveRow;
import dev.caretaker.server.store.ArchiveStore;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/**
 * Loads rows part after part, some thousand a transaction. Where it makes the table, rows go straight into it; else they go through
 * a temporary one, from which only those in the wanted time and with a new key are taken.
 */
final class RestoreStep implements BatchStep<RestoreCursor> {
    private static final long FIRST_ROWS = 2_000;
    private static final long LEAST_ROWS = 100;
    private static final long MOST_ROWS = 1_000_000;

    private final RestoreWork work;
    private final StepContext context;
    private final ArchiveStore store;
    private final ArchiveFiles files;
    private final RestoredTable table;
    private Optional<StoredRows> rows = Optional.empty();
    private Optional<Manifest> manifest = Optional.empty();
    private RestoreCursor latest = RestoreCursor.begin(0);

    RestoreStep(RestoreWork work, StepContext context, ArchiveStore store, ArchiveFiles files) {
        this.work = work;
        this.context = context;
        this.store = store;
        this.files = files;
        this.table = new RestoredTable(work);
    }

    @Override
    public long fencedOid() {
        return work.fencedOid();
    }

    @Override
    public Class<RestoreCursor> cursorType() {
        return RestoreCursor.class;
    }

    @Override
    public RestoreCursor prepare(Session session, Optional<RestoreCursor> stored) throws SQLException {
        RestoreCursor cursor = stored.orElseGet(() -> RestoreCursor.begin(work.oid()));
        if (work.makesTable()) {
            cursor = made(session.connection(), cursor);
        } else {
            table.requireUnchanged(session.connection(), cursor.oid());
        }
        latest = cursor;
        return cursor;
    }

    /**
     * Where its table may not be made yet, the batch that makes it says so if somebody else has one of that name: the batch may be in
     * doubt now. One that was to begin again, because a failover may have taken what it held, is made again if it is gone.
     */
    private RestoreCursor made(Connection connection, RestoreCursor cursor) throws SQLException {
        if (cursor.oid() == 0) {
            return cursor;
        }
        boolean again = cursor.part() == 0 && cursor.row() == 0 && cursor.read() == 0;
        if (again && table.find(connection).isEmpty()) {
            return RestoreCursor.begin(0);
        }
        table.requireUnchanged(connection, cursor.oid());
        if (again && table.rows(connection, cursor.oid()) > 0) {
            throw table.changed("holds rows of which a failover may have lost some: drop it, and restore again");
        }
        return cursor;
    }

    @Override
    public void requireUnchanged(Session session) throws SQLException {
        if (!work.makesTable()) {
            table.requireUnchanged(session.connection(), work.oid());
        }
    }

    @Override
    public BatchSizing sizing() {
        return new BatchSizing(FIRST_ROWS, LEAST_ROWS, MOST_ROWS);
    }

    /** Rows that are there must not come again. */
    @Override
    public boolean goesOnBehind() {
        return true;
    }

    /** After a failover the table may have less than it had: it is looked at, and made again if it is gone. */
    @Override
    public Optional<RestoreCursor> startedOver(RestoreCursor cursor) {
        return work.makesTable() && cursor.oid() != 0
                ? Optional.of(RestoreCursor.begin(cursor.oid()))
                : Optional.empty();
    }

    @Override
    public Batch<RestoreCursor> next(Session session, RestoreCursor from, long size) throws SQLException {
        Connection connection = session.connection();
        Manifest told = manifest();
        RestoreCursor at = from;
        if (at.oid() == 0) {
            at = at.made(table.make(connection, told));
        }
        if (at.part() == told.parts().size()) {
            return batch(told, at, true, Totals.NONE);
        }
        Totals done;
        TextSettings.apply(connection);
        StoredRows open = rows(told, at);
        try {
            RestoredTable.Loaded loaded = table.load(connection, told, open, size);
            at = at.loaded(loaded.read(), loaded.taken());
            done = Totals.ofRestored(loaded.taken(), loaded.read() - loaded.taken());
            if (open.isDone()) {
                closeRows();
                at = at.nextPart();
            }
        } catch (SQLException | RuntimeException e) {
            closeRows();
            throw e;
        }
        return batch(told, at, at.part() == told.parts().size(), done);
    }

    private Batch<RestoreCursor> batch(Manifest told, RestoreCursor at, boolean last, Totals done) {
        latest = at;
        double fraction = told.rows() == 0 ? 1 : (double) at.read() / told.rows();
        String phase = "part " + Math.min(at.part() + 1, told.parts().size()) + " of "
                + told.parts().size() + ", " + Amounts.count(at.restored(), "row", "rows") + " restored";
        return new Batch<>(at, last, done, 1, fraction, phase);
    }

    private Manifest manifest() {
        if (manifest.isEmpty()) {
            manifest = Optional.of(files.require(archive()));
        }
        return manifest.get();
    }

    private ArchiveRow archive() {
        return store.find(work.archive())
                .orElseThrow(() ->
                        CaretakerException.of(Reason.ARCHIVE_NOT_FOUND, "There is no archive " + work.archive() + "."));
    }

    /** Those of a part, from where the cursor is: as they lie open from the batch before, or read anew. */
    private StoredRows rows(Manifest told, RestoreCursor at) {
        if (rows.filter(open -> open.isAt(at.part(), at.row())).isEmpty()) {
            closeRows();
            rows = Optional.of(files.rows(archive(), told, at.part(), at.row()));
        }
        return rows.get();
    }

    @Override
    public void discard() {
        closeRows();
    }

    private void closeRows() {
        rows.ifPresent(StoredRows::close);
        rows = Optional.empty();
    }

    @Override
    public long remaining(Session session, RestoreCursor from, RestoreCursor to) throws SQLException {
        return 0;
    }

    /**
     * A table that only this step fills tells by its rows whether a batch is there. In any other the batch is done again: rows that
     * are there have their keys already and do not come twice, while those of a batch that is skipped would never come. The batch
     * that makes the table is there if the table is.
     */
    @Override
    public boolean undone(Session session, RestoreCursor from, RestoreCursor to, String since) throws SQLException {
        if (!work.makesTable()) {
            return true;
        }
        return from.oid() == 0
                ? !table.find(session.connection()).equals(Optional.of(to.oid()))
                : table.rows(session.connection(), to.oid()) == from.restored();
    }

    @Override
    public Totals finish(Session session) throws SQLException {
        closeRows();
        long left = latest.read() - latest.restored();
        if (left > 0) {
            context.warn(
                    "ROWS_LEFT_OUT",
                    Amounts.count(left, "row", "rows") + " of the archive " + (left == 1 ? "was" : "were")
                            + " left out: " + why() + ".",
                    Map.of("restored", Long.toString(latest.restored()), "left_out", Long.toString(left)));
        }
        return Totals.NONE;
    }

    private String why() {
        String unwanted = work.condition()
                .map(condition -> "not wanted (" + condition.words() + ")")
                .orElse("outside of the wanted time");
        String there = "with a key that is there already";
        if (work.makesTable()) {
            return unwanted;
        }
        return work.takesAll() ? there : unwanted + ", or " + there;
    }
}
