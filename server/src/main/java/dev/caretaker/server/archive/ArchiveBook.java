package dev.caretaker.server.archive;

import dev.caretaker.server.archive.place.ObjectStore;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.ArchivePartRow;
import dev.caretaker.server.store.ArchiveRow;
import dev.caretaker.server.store.ArchiveRow.State;
import dev.caretaker.server.store.ArchiveStore;
import dev.caretaker.server.store.Json;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What archives there are, and the end of those that nobody wants any more. */
@Singleton
public final class ArchiveBook {
    private final ArchiveStore store;
    private final ArchiveFiles files;
    private final Clock clock;

    ArchiveBook(ArchiveStore store, ArchiveFiles files, Clock clock) {
        this.store = store;
        this.files = files;
        this.clock = clock;
    }

    /** Newest first. */
    public List<ArchiveRow> list(ArchiveStore.Filter filter, Optional<ArchiveStore.Key> after, int limit) {
        return store.list(filter, after, limit);
    }

    /** Fails with ARCHIVE_NOT_FOUND. */
    public ArchiveRow get(UUID id) {
        return store.find(id).orElseThrow(() -> Archives.notFound(id));
    }

    /** Whether it was deleted, or is not known any more. */
    boolean isDeleted(UUID id) {
        return store.find(id).filter(row -> row.state() != State.DELETED).isEmpty();
    }

    /** In their order. */
    public List<ArchivePartRow> parts(UUID id) {
        return store.parts(id);
    }

    /** What its step ordered. */
    public static ArchiveRequest request(ArchiveRow row) {
        return Json.read(row.request(), ArchiveRequest.class);
    }

    /**
     * Deletes it: first what is known of it, so that nobody counts on it any more, then the manifest, so that what is left of an
     * attempt that fails is no archive, then the parts. Deleting again goes on with that; so does the daily sweep.
     *
     * @param force even if no newer archive of the same rows is known and verified
     * @throws CaretakerException ARCHIVE_NOT_FOUND, ARCHIVE_NOT_READY, ARCHIVE_IS_ONLY_COPY, DESTINATION_NOT_FOUND,
     *     DESTINATION_UNREACHABLE
     */
    public ArchiveRow delete(UUID id, boolean force, Actor actor) {
        ArchiveRow archive = get(id);
        if (archive.state() == State.EMPTY) {
            return archive;
        }
        if (archive.state() != State.DELETED) {
            Archives.requireStored(archive);
            if (!store.delete(id, force, clock.instant(), actor)) {
                Archives.requireStored(get(id)); // unless somebody else was faster
                throw CaretakerException.of(
                        Reason.ARCHIVE_IS_ONLY_COPY,
                        "Archive " + id + " may be the only copy of its " + Amounts.count(archive.rows(), "row", "rows")
                                + ": no newer archive that was read back since holds them. Force deletes it all the same.");
            }
        }
        try {
            ObjectStore place = files.place(archive);
            place.delete(archive.location() + Manifest.NAME);
            for (ArchivePartRow part : store.parts(id)) {
                place.delete(archive.location() + part.object());
            }
        } catch (IOException e) {
            throw ArchiveFiles.unreachable(archive, e);
        }
        return get(id);
    }
}
