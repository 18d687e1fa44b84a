package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.archive.ArchiveBook;
import dev.caretaker.server.archive.ArchiveDebt;
import dev.caretaker.server.archive.ArchiveRequest;
import dev.caretaker.server.archive.ArchiveSource;
import dev.caretaker.server.archive.ArchiveSources;
import dev.caretaker.server.archive.Archives;
import dev.caretaker.server.archive.PartMark;
import dev.caretaker.server.archive.RowHashing;
import dev.caretaker.server.archive.Sealed;
import dev.caretaker.server.archive.format.Format;
import dev.caretaker.server.archive.spool.Spool;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.Batch;
import dev.caretaker.server.run.BatchSizing;
import dev.caretaker.server.run.BatchStep;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.ArchiveRow;
import dev.caretaker.server.store.RetiredRow;
import dev.caretaker.server.store.RetiredStore;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Session;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Copies a held partition into an archive, some blocks at a time, and has the archive carried to its destination. Nothing leaves
 * the partition: a batch that is done again writes the same rows behind an older mark. Pieces see what is there when each is
 * copied, so a partition that is written meanwhile has an archive that no moment's rows are equal to; the drop compares both.
 *
 * <p>Only an archive of all rows is noted with the partition. What is left of a copy that was broken off is an archive of rows that
 * are still in the partition.
 */
final class RetiredArchiveStep implements BatchStep<RetiredArchiveCursor> {
    private final RetiredArchive order;
    private final StepContext context;
    private final RetiredStore retired;
    private final Archives archives;
    private final ArchiveBook book;
    private Optional<Opened> opened = Optional.empty();
    /** What has been copied before, so that nothing is to be copied now. */
    private Optional<UUID> copied = Optional.empty();

    private PartMark reached;

    RetiredArchiveStep(
            RetiredArchive order, StepContext context, RetiredStore retired, Archives archives, ArchiveBook book) {
        this.order = order;
        this.context = context;
        this.retired = retired;
        this.archives = archives;
        this.book = book;
        this.reached = PartMark.start(ownArchive());
    }

    /** An archive that is written to. */
    private record Opened(ArchiveRequest request, Spool spool, PartitionCopy copy) {}

    @Override
    public long fencedOid() {
        return order.oid();
    }

    @Override
    public Class<RetiredArchiveCursor> cursorType() {
        return RetiredArchiveCursor.class;
    }

    @Override
    public RetiredArchiveCursor prepare(Session session, Optional<RetiredArchiveCursor> stored) throws SQLException {
        leave();
        if (session.identity().systemIdentifier() != order.systemId()) {
            throw changed("was detached in another cluster: a table with its oid here is another one");
        }
        Optional<RetiredRow> held = retired.find(context.target(), order.systemId(), order.oid());
        Optional<PartitionState> state = PartitionState.read(session, order.oid());
        if (held.isEmpty() || state.isEmpty() || state.get().isAttached()) {
            return RetiredArchiveCursor.nothingToCopy(ownArchive()); // the drop says what became of it
        }
        if (!state.get().name().equals(order.partition())) {
            throw changed("is called " + state.get().name() + " now");
        }
        copied = earlier(held.get());
        if (copied.isEmpty() && stored.isPresent()) {
            copied = sealed(stored.get().archive());
        }
        if (copied.isPresent()) {
            return RetiredArchiveCursor.nothingToCopy(copied.get());
        }
        if (stored.filter(RetiredArchiveCursor::over).isPresent()) {
            return stored.get();
        }
        DropQuestions questions = new DropQuestions(session, order.oid(), order.partition());
        questions.requireNoObstacles();
        questions.requireNotRefused();
        open(session);
        RetiredArchiveCursor cursor = stored.orElseGet(() -> RetiredArchiveCursor.begin(ownArchive()));
        reached = cursor.mark();
        return cursor;
    }

    /** One that an earlier run made of all rows, and that is stored or on its way. The drop tells whether it still is equal. */
    private Optional<UUID> earlier(RetiredRow held) {
        return held.archive().flatMap(this::sealed);
    }

    /** Whoever sealed this run's own had copied all: the server that had the run before may have died right after. */
    private Optional<UUID> sealed(UUID id) {
        return Optional.of(book.get(id))
                .filter(archive -> archive.destination().equals(order.terms().destination()))
                .filter(archive -> archive.state() != ArchiveRow.State.OPEN
                        && archive.state() != ArchiveRow.State.DELETED
                        && archive.fault().isEmpty())
                .map(ArchiveRow::id);
    }

    private void open(Session session) throws SQLException {
        PartitionCopy.requireReadable(session, order);
        ArchiveSource source = ArchiveSources.read(session.connection(), order.oid())
                .orElseThrow(() -> changed("was dropped since it was planned"));
        ArchiveRequest request = new ArchiveRequest(
                ownArchive(),
                context.target(),
                PartitionCopy.asPartition(source, order),
                order.set(),
                context.planId(),
                context.runId(),
                context.startedBy(),
                Optional.empty(),
                "all rows of a partition that was detached and is to be dropped",
                PartitionCopy.timeColumn(source, order),
                order.terms());
        context.owe(Archives.debt(request, order.oid()));
        Spool spool = archives.open(request);
        Format format = archives.format(order.terms());
        RowHashing hashing = RowHashing.of(session.connection(), source.columns(), format);
        opened = Optional.of(new Opened(request, spool, new PartitionCopy(request, spool, format, hashing)));
    }

    /** The same at every attempt of a run, and another one for each run. */
    private UUID ownArchive() {
        String name = context.runId() + "/" + order.oid();
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public BatchSizing sizing() {
        return PartitionCopy.SIZING;
    }

    @Override
    public Batch<RetiredArchiveCursor> next(Session session, RetiredArchiveCursor from, long size) throws SQLException {
        if (from.over()) {
            return new Batch<>(from, true, Totals.NONE, 1, 1, "");
        }
        PartitionCopy copy = opened().copy();
        if (opened().spool().beginsPart(from.mark())) {
            archives.awaitRoom();
        }
        try {
            long blocks = PartitionCopy.blocks(session, order.oid());
            boolean last = from.block() + size >= blocks;
            PartMark mark = copy.copy(
                    session, from.block(), last ? Optional.empty() : Optional.of(from.block() + size), from.mark());
            reached = mark;
            RetiredArchiveCursor next = from.at(last ? Math.max(blocks, from.block()) : from.block() + size, mark);
            return new Batch<>(
                    next,
                    last,
                    Totals.ofArchived(List.of(new Totals.Archived(place(), copy.rows(), copy.written()))),
                    1,
                    last ? 1 : (double) next.block() / blocks,
                    "copying");
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static CaretakerException failed(IOException e) {
        return CaretakerException.of(Reason.SPOOL_FAILED, "The spool takes no rows: " + e.getMessage() + ".");
    }

    @Override
    public void makeDurable(RetiredArchiveCursor at) {
        if (opened.isEmpty()) {
            return;
        }
        try {
            opened().spool().makeDurable(at.mark());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void discard() {
        opened.ifPresent(now -> now.spool().discard());
    }

    /** All of them: nothing leaves, so a batch in doubt is done again. */
    @Override
    public long remaining(Session session, RetiredArchiveCursor from, RetiredArchiveCursor to) {
        return 1;
    }

    @Override
    public Totals finish(Session session) {
        if (opened.isPresent()) {
            opened().spool().close();
            sealed(reached);
        } else if (copied.isPresent()) {
            sealed(PartMark.start(copied.get())); // no more than to wait for it
        }
        return Totals.NONE;
    }

    private void sealed(PartMark end) {
        UUID id = end.archive();
        Sealed sealed = archives.seal(end);
        retired.archived(context.target(), order.systemId(), order.oid(), id);
        if (sealed.stored()) {
            context.strike(ArchiveDebt.NAME, new TableName(order.terms().destination(), id.toString()));
        } else {
            warn(id, sealed);
        }
    }

    private void warn(UUID id, Sealed sealed) {
        context.warn(
                "ARCHIVE_NOT_STORED",
                sealed.message(),
                Map.of("archive_id", id.toString(), "destination", order.terms().destination()));
    }

    @Override
    public void leave() {
        opened.ifPresent(now -> now.spool().close());
        opened = Optional.empty();
        copied = Optional.empty();
    }

    private String place() {
        return order.terms().destination() + ", archive " + ownArchive();
    }

    private Opened opened() {
        return opened.orElseThrow(() -> new IllegalStateException("the archive was not opened"));
    }

    private CaretakerException changed(String what) {
        return CaretakerException.of(
                Reason.RELATION_CHANGED,
                "Partition " + order.partition() + " " + what + ".",
                Map.of("table", order.partition().toString()));
    }
}
