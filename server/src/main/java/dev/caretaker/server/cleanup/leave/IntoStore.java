package dev.caretaker.server.cleanup.leave;

import dev.caretaker.server.archive.ArchiveDebt;
import dev.caretaker.server.archive.ArchiveRequest;
import dev.caretaker.server.archive.ArchiveSource;
import dev.caretaker.server.archive.ArchiveSources;
import dev.caretaker.server.archive.ArchivedColumn;
import dev.caretaker.server.archive.Archives;
import dev.caretaker.server.archive.PartMark;
import dev.caretaker.server.archive.PieceCopy;
import dev.caretaker.server.archive.PieceSum;
import dev.caretaker.server.archive.RowHashing;
import dev.caretaker.server.archive.Sealed;
import dev.caretaker.server.archive.TextSettings;
import dev.caretaker.server.archive.format.Format;
import dev.caretaker.server.archive.spool.Spool;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.Totals.Archived;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Rows leave as COPY writes them, straight into a spool, which is durable before the batch is journalled, and is carried to its
 * destination when a part is full and when the last row has left. What was written for a batch that was rolled back is taken
 * back: the cursor says how far the spool counts. The pieces of batches lie in it one behind the other. A batch may be worked while
 * the one before it is made durable and committed, unless it begins a part: that closes the part before, which counts as
 * committed then.
 */
final class IntoStore implements Leaving {
    private final Keeper.Store keeper;
    private final long relation;
    private final long through;
    private final StepContext context;
    private final Archives archives;
    private final Format format;
    private Optional<Opened> opened = Optional.empty();
    private PieceSum sum = PieceSum.none();
    /** Where the batch began, where its latest piece began, and how far it reaches. */
    private Optional<PartMark> batch = Optional.empty();

    private Optional<PartMark> piece = Optional.empty();
    private Optional<PartMark> reached = Optional.empty();
    private long written;

    /** @param through relation of the rows with which these go through foreign keys; 0 if they go by themselves */
    IntoStore(Keeper.Store keeper, long relation, long through, StepContext context, Archives archives) {
        this.keeper = keeper;
        this.relation = relation;
        this.through = through;
        this.context = context;
        this.archives = archives;
        this.format = archives.format(keeper.terms());
    }

    /**
     * An archive that is written to.
     *
     * @param seen columns of the table
     */
    private record Opened(ArchiveRequest request, Spool spool, RowHashing hashing, String seen) {
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
                keeper.time().map(TimeColumn::name),
                keeper.terms());
        context.owe(Archives.debt(request, relation));
        RowHashing hashing = RowHashing.of(session.connection(), source.columns(), format);
        opened = Optional.of(new Opened(request, archives.open(request), hashing, signature(session)));
    }

    /** The same at every attempt, and another one for each policy, relation and way there of each run. */
    private UUID id() {
        String name = context.runId() + "/" + keeper.policy() + "/" + relation + (through == 0 ? "" : "/" + through);
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    /** Before the first row the destination is tried: where nothing can be put, nothing is deleted. */
    @Override
    public void resume(List<PartMark> marks) {
        batch = own(marks);
        reached = batch;
        if (batch.isEmpty()) {
            archives.requireWritable(keeper.terms());
        }
    }

    private Optional<PartMark> own(List<PartMark> marks) {
        return marks.stream().filter(mark -> mark.archive().equals(id())).findFirst();
    }

    @Override
    public void begin(Session session, List<PartMark> marks, boolean more) throws SQLException {
        Spool spool = spool();
        piece = Optional.of(own(marks).orElseGet(spool::start));
        batch = more ? batch : piece;
        reached = batch; // one before this, and another one behind it, may have been rolled back together
        if (!more && spool.beginsPart(piece.get())) {
            archives.awaitRoom();
        }
        TextSettings.apply(session.connection());
        again();
    }

    /** From where the latest piece began. */
    private void again() {
        sum = new PieceSum(opened().hashing());
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
        SqlFragment rows = delete.then(" RETURNING ", returned("t.tableoid"));
        long before = sum.rows();
        copy(session, rows);
        return sum.rows() - before;
    }

    @Override
    public List<String> columns() {
        return ReturnedRow.needed(keeper);
    }

    @Override
    public Optional<Map<Long, Long>> stream(Session session, SqlFragment with, String from, String relationColumn)
            throws SQLException {
        SqlFragment rows = SqlFragment.of("WITH ")
                .then("", with)
                .then(" SELECT ", returned("t." + relationColumn))
                .then("", SqlFragment.of(" FROM (" + from + ") AS t"));
        Map<Long, Long> before = sum.byRelation();
        copy(session, rows);
        return Optional.of(sum.byRelation().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue() - before.getOrDefault(entry.getKey(), 0L))));
    }

    private SqlFragment returned(String oid) {
        return new ReturnedRow(keeper, opened().columns(), opened().hashing(), format).from(oid);
    }

    /** What is deferred fires in a statement of its own. */
    private void copy(Session session, SqlFragment rows) throws SQLException {
        try {
            PieceCopy.run(session.connection(), rows.inlined(), format, sum, spool().out());
        } catch (IOException e) {
            throw failed(e);
        }
        SqlFragment.of(FIRE).statement().update(session.connection());
    }

    @Override
    public List<PartMark> end() {
        PartMark from = piece.orElseThrow();
        try {
            PartMark now = spool().mark(sum.piece());
            if (keeper.terms().awaited() && sum.rows() > 0) { // a part of the batch's work, which its size goes by
                spool().makeDurable(now);
                archives.await(now);
            }
            written = now.bytes() - (now.file().equals(from.file()) ? from.bytes() : 0);
            reached = Optional.of(now);
            return List.of(now);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void makeDurable(List<PartMark> marks) {
        Optional<PartMark> end = own(marks);
        if (end.isEmpty()) {
            return;
        }
        try {
            spool().makeDurable(end.get());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public List<Archived> archived(long rows, long rowBytes) {
        return List.of(new Archived(place(), rows, 0));
    }

    @Override
    public List<Archived> written() {
        return written == 0 ? List.of() : List.of(new Archived(place(), 0, written));
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
    public boolean mayOverlap(List<PartMark> marks) {
        return own(marks).filter(spool()::mayOverlap).isPresent();
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
