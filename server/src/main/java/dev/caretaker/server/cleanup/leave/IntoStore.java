package dev.caretaker.server.cleanup.leave;

import dev.caretaker.server.archive.ArchiveDebt;
import dev.caretaker.server.archive.ArchiveRequest;
import dev.caretaker.server.archive.ArchiveSource;
import dev.caretaker.server.archive.ArchiveSources;
import dev.caretaker.server.archive.ArchivedColumn;
import dev.caretaker.server.archive.Archives;
import dev.caretaker.server.archive.PartMark;
import dev.caretaker.server.archive.PieceSum;
import dev.caretaker.server.archive.RowHash;
import dev.caretaker.server.archive.Sealed;
import dev.caretaker.server.archive.TextSettings;
import dev.caretaker.server.archive.format.Format;
import dev.caretaker.server.archive.spool.Spool;
import dev.caretaker.server.cleanup.step.RowTime;
import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.Totals.Archived;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Rows leave as COPY writes them, straight into a spool, which is durable before the batch is journalled, and is carried to its
 * destination when the last row has left. What was written for a batch that was rolled back is taken back: the cursor says how far
 * the spool counts. The pieces of batches lie in it one behind the other, so batches do not overlap.
 */
final class IntoStore implements Leaving {
    private static final int BUFFER = 64 << 10;

    private final Keeper.Store keeper;
    private final long relation;
    private final StepContext context;
    private final Archives archives;
    private final Format format;
    private Optional<Opened> opened = Optional.empty();
    private PieceSum sum = new PieceSum();
    /** Where the batch began, where its latest piece began, and how far it reaches. */
    private Optional<PartMark> batch = Optional.empty();

    private Optional<PartMark> piece = Optional.empty();
    private Optional<PartMark> reached = Optional.empty();
    private long written;

    IntoStore(Keeper.Store keeper, long relation, StepContext context, Archives archives) {
        this.keeper = keeper;
        this.relation = relation;
        this.context = context;
        this.archives = archives;
        this.format = archives.format(keeper.terms());
    }

    /**
     * An archive that is written to.
     *
     * @param seen columns of the table
     */
    private record Opened(ArchiveRequest request, Spool spool, String seen) {
        List<ArchivedColumn> columns() {
            return request.source().columns();
        }
    }

    @Override
    public void open(Session session) throws SQLException {
        leave();
        ArchiveSource source = ArchiveSources.read(session.connection(), relation)
                .map(found -> found.only(keeper.columns()))
                .filter(found -> found.columns().size() == keeper.columns().size())
                .orElseThrow(() -> CaretakerException.of(
                        Reason.RELATION_CHANGED, "The table whose rows are archived lacks a column by now.", Map.of()));
        ArchiveRequest request = new ArchiveRequest(
                id(),
                context.target(),
                source,
                keeper.policy(),
                context.planId(),
                context.runId(),
                context.startedBy(),
                Optional.of(keeper.cutoff()),
                keeper.predicate(),
                Optional.of(keeper.time().name()),
                keeper.terms());
        context.owe(Archives.debt(request, relation));
        opened = Optional.of(new Opened(request, archives.open(request), signature(session)));
    }

    /** The same at every attempt, and another one for each policy and relation of each run. */
    private UUID id() {
        String name = context.runId() + "/" + keeper.policy() + "/" + relation;
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void resume(Optional<PartMark> mark) {
        batch = mark;
        reached = mark;
    }

    @Override
    public void begin(Session session, Optional<PartMark> mark, boolean more) throws SQLException {
        Spool spool = spool();
        piece = Optional.of(mark.orElseGet(spool::start));
        batch = more ? batch : piece;
        TextSettings.apply(session.connection());
        again();
    }

    /** From where the latest piece began. */
    private void again() {
        sum = new PieceSum();
        try {
            spool().continueAt(piece.orElseThrow());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void undo() {
        again();
    }

    @Override
    public long delete(Session session, SqlFragment delete) throws SQLException {
        SqlFragment rows = delete.then(" RETURNING ", told("t.tableoid")).then(", ", values());
        long before = sum.rows();
        copy(session, rows);
        return sum.rows() - before;
    }

    @Override
    public List<String> columns() {
        return keeper.columns();
    }

    @Override
    public Optional<Map<Long, Long>> stream(Session session, SqlFragment with, String from, String relationColumn)
            throws SQLException {
        SqlFragment rows = SqlFragment.of("WITH ")
                .then("", with)
                .then(" SELECT ", told("t." + relationColumn))
                .then(", ", values())
                .then("", SqlFragment.of(" FROM (" + from + ") AS t"));
        Map<Long, Long> before = sum.byRelation();
        copy(session, rows);
        return Optional.of(sum.byRelation().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue() - before.getOrDefault(entry.getKey(), 0L))));
    }

    /** What {@link PieceSum} reads of a row {@code t}. */
    private SqlFragment told(String oid) {
        SqlFragment time =
                RowTime.of(keeper.time(), "t." + Identifiers.quote(keeper.time().name()));
        return SqlFragment.of(RowHash.row(opened().columns(), "t") + ", CASE WHEN pg_catalog.isfinite(")
                .then("", time)
                .then("", SqlFragment.of(") THEN CAST(EXTRACT(epoch FROM "))
                .then("", time)
                .then(
                        "",
                        SqlFragment.of(") OPERATOR(pg_catalog.*) 1000000 AS pg_catalog.int8) END, CAST(" + oid
                                + " AS pg_catalog.int8)"));
    }

    private SqlFragment values() {
        return SqlFragment.of(format.expressions(opened().columns()));
    }

    /** COPY takes no parameters. What is deferred fires in a statement of its own. */
    private void copy(Session session, SqlFragment rows) throws SQLException {
        String sql = "COPY (" + rows.inlined() + ") TO STDOUT " + format.copyOptions();
        CopyOut copy =
                session.connection().unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
        long before = sum.rows();
        try (OutputStream out = new BufferedOutputStream(spool().out(), BUFFER)) {
            for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
                sum.add(row, out);
            }
        } catch (IOException e) {
            throw failed(e);
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
        if (copy.getHandledRowCount() != sum.rows() - before) {
            throw CaretakerException.of(
                    Reason.INTERNAL,
                    "COPY sent " + (sum.rows() - before) + " rows, and says that it sent " + copy.getHandledRowCount()
                            + ".",
                    Map.of());
        }
        SqlFragment.of(FIRE).statement().update(session.connection());
    }

    @Override
    public Optional<PartMark> end() {
        PartMark from = piece.orElseThrow();
        try {
            PartMark now = spool().mark(sum.piece());
            written = now.bytes() - (now.file().equals(from.file()) ? from.bytes() : 0);
            reached = Optional.of(now);
            return reached;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public Optional<Archived> archived(long rows, long rowBytes) {
        return Optional.of(new Archived(place(), rows, 0));
    }

    @Override
    public Optional<Archived> written() {
        return written == 0 ? Optional.empty() : Optional.of(new Archived(place(), 0, written));
    }

    private String place() {
        return keeper.place() + ", archive " + opened().request().id();
    }

    @Override
    public void discard() {
        opened.ifPresent(now -> now.spool().discard());
        reached = batch;
    }

    /** What is not stored by now is told by the debt that stays. */
    @Override
    public void finish() {
        Opened done = opened();
        done.spool().close();
        Sealed sealed = archives.seal(reached.orElseGet(done.spool()::start));
        if (sealed.stored()) {
            context.strike(ArchiveDebt.NAME, ArchiveDebt.object(done.request()));
        } else {
            context.warn(
                    "ARCHIVE_NOT_STORED",
                    sealed.message(),
                    Map.of("archive_id", done.request().id().toString(), "destination", keeper.place()));
        }
    }

    @Override
    public void leave() {
        opened.ifPresent(now -> now.spool().close());
    }

    @Override
    public boolean outside() {
        return true;
    }

    @Override
    public void requireUnchanged(Session session) throws SQLException {
        if (opened.isPresent() && !signature(session).equals(opened.get().seen())) {
            throw CaretakerException.of(
                    Reason.RELATION_CHANGED,
                    "Columns of the table whose rows are archived were altered in the middle.",
                    Map.of("archive_id", opened.get().request().id().toString()));
        }
    }

    /** That of a table that keeps rows, of which there is none here. */
    private String signature(Session session) throws SQLException {
        return Sql.resource("cleanup/leave/signature", Long.toString(relation), "", "")
                .often()
                .one(session.connection(), row -> row.getString(1));
    }

    private Spool spool() {
        return opened().spool();
    }

    private Opened opened() {
        return opened.orElseThrow(() -> new IllegalStateException("the archive was not opened"));
    }

    private static CaretakerException failed(IOException e) {
        return CaretakerException.of(Reason.SPOOL_FAILED, "The spool takes no rows: " + e.getMessage() + ".");
    }
}
