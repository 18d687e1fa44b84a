package dev.caretaker.server.archive;

import dev.caretaker.server.archive.format.Compression;
import dev.caretaker.server.archive.format.Format;
import dev.caretaker.server.archive.format.Formats;
import dev.caretaker.server.archive.place.Destinations;
import dev.caretaker.server.archive.spool.Spool;
import dev.caretaker.server.archive.spool.SpoolFolder;
import dev.caretaker.server.config.ArchivesConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.Debt;
import dev.caretaker.server.store.ArchiveRow;
import dev.caretaker.server.store.ArchiveRow.State;
import dev.caretaker.server.store.ArchiveStore;
import dev.caretaker.server.store.Json;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * The door for steps whose rows leave: they open an archive, write to its spool, and seal it. All of it may be repeated, on any
 * server: what counts is in the control store and in the mark that the step has journalled.
 */
@Singleton
public final class Archives {
    /** How long a batch waits for room in the spool before it is tried again. */
    private static final Duration ROOM = Duration.ofSeconds(10);

    private static final Duration LOOK = Duration.ofMillis(100);

    private final ArchiveStore store;
    private final SpoolFolder folder;
    private final Formats formats;
    private final Destinations destinations;
    private final Carrier carrier;
    private final ArchiveKeeper keeper;
    private final ArchivesConfig config;
    private final Clock clock;

    Archives(
            ArchiveStore store,
            SpoolFolder folder,
            Formats formats,
            Destinations destinations,
            Carrier carrier,
            ArchiveKeeper keeper,
            ArchivesConfig config,
            Clock clock) {
        this.store = store;
        this.folder = folder;
        this.formats = formats;
        this.destinations = destinations;
        this.carrier = carrier;
        this.keeper = keeper;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Something can be put at the destination now: asked before the first row leaves, so that a slip of the pen does not show when
     * all of them lie in the spool.
     *
     * @throws CaretakerException DESTINATION_NOT_FOUND, DESTINATION_UNREACHABLE
     */
    public void requireWritable(ArchiveTerms terms) {
        destinations.unwritable(terms.destination()).ifPresent(why -> {
            throw CaretakerException.of(
                    Reason.DESTINATION_UNREACHABLE,
                    "Destination " + terms.destination() + " takes nothing now: " + why + ".");
        });
    }

    /**
     * The format that terms name: what COPY is to write.
     *
     * @throws CaretakerException INVALID_FIELD if there is none of that name; TOOL_MISSING if this server cannot write it
     */
    public Format format(ArchiveTerms terms) {
        formats.obstacle(terms.format()).ifPresent(why -> {
            throw CaretakerException.of(Reason.TOOL_MISSING, "This server cannot archive so: " + why + ".");
        });
        return formats.format(terms.format());
    }

    /**
     * Opens an archive for writing, or opens it again: whoever had it open before can no longer write. Nothing is written yet, and
     * nothing is made on disk before the first row. The first batch says where to {@linkplain Spool#continueAt go on}, which may be
     * a mark in the spool of another server: then this one begins a part of its own, and that one brings what it has.
     *
     * @throws CaretakerException INVALID_FIELD, CONTROL_STORE_UNREACHABLE
     */
    public Spool open(ArchiveRequest request) {
        Format format = formats.format(request.terms().format());
        Compression compression = formats.compression(request.terms().compression());
        UUID opener = UUID.randomUUID();
        ArchiveRow row = store.open(
                request.id(),
                request.target(),
                request.source().table(),
                request.policy(),
                request.run(),
                request.terms().destination(),
                Locations.of(request, clock.instant()),
                Json.write(request),
                opener,
                clock.instant());
        ArchiveRequest kept = Json.read(row.request(), ArchiveRequest.class);
        return new Spool(
                kept.id(),
                folder,
                (behind, part, file, object) -> begin(behind, part, file, object, opener),
                format,
                compression,
                format.header(kept.source().columns()),
                kept.terms().partBytes(),
                kept.terms().awaited());
    }

    /**
     * Puts the part that ends with a mark at its destination, and verifies it there: before the batch that wrote it is committed.
     *
     * @throws CaretakerException DESTINATION_UNREACHABLE, DESTINATION_NOT_FOUND, ARCHIVE_DAMAGED, SPOOL_FAILED
     */
    public void await(PartMark mark) {
        carrier.put(store.find(mark.archive()).orElseThrow(() -> notFound(mark.archive())), mark);
    }

    /**
     * The spool may take another part. Where as many bytes lie in it as it may hold, this waits a while until some are carried.
     *
     * @throws CaretakerException SPOOL_FAILED if none are
     */
    public void awaitRoom() {
        UUID spool = folder.id();
        long begun = System.nanoTime();
        long waiting = store.waitingBytes(spool);
        while (waiting > config.spoolLimit()) {
            if (System.nanoTime() - begun > ROOM.toNanos()) {
                throw CaretakerException.of(
                        Reason.SPOOL_FAILED,
                        "The spool " + folder.place() + " holds " + waiting + " bytes that wait for their destinations,"
                                + " and may hold " + config.spoolLimit() + " (caretaker.archives.spool-limit).");
            }
            LockSupport.parkNanos(LOOK.toNanos());
            if (Thread.currentThread().isInterrupted()) { // it would not park again
                throw CaretakerException.of(
                        Reason.SPOOL_FAILED, "The server stops, and the spool " + folder.place() + " still is full.");
            }
            waiting = store.waitingBytes(spool);
        }
    }

    /**
     * What a step owes once it opens an archive, to be written down before: whatever becomes of the run, what was committed is sealed
     * and stored.
     *
     * @param fencedOid relation that the step has fenced
     */
    public static Debt debt(ArchiveRequest request, long fencedOid) {
        return ArchiveDebt.of(request, fencedOid);
    }

    private void begin(PartMark behind, int part, String file, String object, UUID opener) {
        UUID spool = folder.id();
        store.transaction(() -> {
            if (store.lock(behind.archive(), opener).isEmpty()) {
                throw CaretakerException.of(
                        Reason.ARCHIVE_NOT_READY,
                        "Archive " + behind.archive() + " takes no rows from here: it is sealed, or another server"
                                + " goes on with it.");
            }
            close(behind);
            store.dropParts(behind.archive(), behind.part());
            store.addPart(behind.archive(), part, spool, folder.place(), file, object);
            return null;
        });
    }

    private void close(PartMark mark) {
        if (mark.part() == 0) {
            return;
        }
        boolean closed = store.closePart(
                mark.archive(),
                mark.part(),
                mark.file(),
                mark.bytes(),
                mark.rawBytes(),
                mark.rows(),
                mark.hash(),
                mark.first(),
                mark.last());
        if (!closed) {
            throw CaretakerException.of(
                    Reason.INTERNAL,
                    "Part " + mark.part() + " of archive " + mark.archive() + " is not the one that was journalled.");
        }
    }

    /**
     * No more rows come: all that was committed lies before this mark. What lies behind it is forgotten. Then the archive is carried
     * to its destination, for which this waits a while (caretaker.archives.seal-wait): what takes longer, or fails, goes on in the
     * background until it is done. Repeatable; it is sealed once.
     *
     * @return where it stands now; not stored means that all of it is durable in a spool, and that the run owes it
     *
     * @throws CaretakerException ARCHIVE_NOT_FOUND, CONTROL_STORE_UNREACHABLE
     */
    public Sealed seal(PartMark mark) {
        return seal(mark, 0, config.sealWait());
    }

    /**
     * The same.
     *
     * @param inDoubt rows before the mark of which nobody knows whether they left their table
     * @param longest how long to wait for it to be stored
     */
    Sealed seal(PartMark mark, long inDoubt, Duration longest) {
        ArchiveRow row = store.transaction(() -> {
            ArchiveRow found = store.lock(mark.archive()).orElseThrow(() -> notFound(mark.archive()));
            if (found.state() != State.OPEN) {
                return found;
            }
            close(mark);
            store.dropParts(mark.archive(), mark.part());
            store.seal(mark.archive(), inDoubt, clock.instant());
            return store.find(mark.archive()).orElseThrow();
        });
        if (row.state() == State.SEALED) {
            keeper.carry(row, longest);
        }
        return standing(mark.archive());
    }

    /**
     * Where an archive stands.
     *
     * @throws CaretakerException ARCHIVE_NOT_FOUND, CONTROL_STORE_UNREACHABLE
     */
    public Sealed standing(UUID id) {
        return sealed(store.find(id).orElseThrow(() -> notFound(id)));
    }

    /** Goes on carrying a sealed archive. */
    void carry(ArchiveRow row, Duration longest) {
        keeper.carry(row, longest);
    }

    private Sealed sealed(ArchiveRow row) {
        int parts = store.parts(row.id()).size();
        String message = switch (row.state()) {
            case EMPTY -> "No row was archived.";
            case OPEN, SEALED ->
                "Archive " + row.id() + " lies in the spool " + folder.place() + " until it is stored at "
                        + row.destination() + "."
                        + (row.problem().isEmpty() ? "" : " " + row.problem());
            case STORED -> "Archive " + row.id() + " is at " + row.destination() + ", " + row.location() + ".";
            case DELETED -> "Archive " + row.id() + " was deleted.";
        };
        boolean stored = row.state() != State.OPEN && row.state() != State.SEALED;
        return new Sealed(stored, row.rows(), row.bytes(), row.rawBytes(), parts, message);
    }

    static CaretakerException notFound(UUID id) {
        return CaretakerException.of(Reason.ARCHIVE_NOT_FOUND, "There is no archive " + id + ".");
    }

    /** Fails with ARCHIVE_NOT_READY unless it is at its destination. */
    static void requireStored(ArchiveRow row) {
        String why = switch (row.state()) {
            case STORED -> "";
            case OPEN -> "rows still come";
            case SEALED ->
                "some of its parts are not at their destination yet"
                        + (row.problem().isEmpty() ? "" : " (" + row.problem() + ")");
            case EMPTY -> "no row came, so there is nothing";
            case DELETED -> "it was deleted";
        };
        if (!why.isEmpty()) {
            throw CaretakerException.of(Reason.ARCHIVE_NOT_READY, "Archive " + row.id() + ": " + why + ".");
        }
    }
}
