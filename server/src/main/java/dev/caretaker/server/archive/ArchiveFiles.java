package dev.caretaker.server.archive;

import dev.caretaker.server.archive.format.DamagedException;
import dev.caretaker.server.archive.place.Destinations;
import dev.caretaker.server.archive.place.ObjectStore;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.ArchiveRow;
import dev.caretaker.server.store.Sha256;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;

/** What stored archives hold, as it is at their destination. Nothing of it is believed that the control store does not confirm. */
@Singleton
public final class ArchiveFiles {
    private static final int MOST_MANIFEST = 64 << 20;

    private final Destinations destinations;
    private final StoredParts parts;

    ArchiveFiles(Destinations destinations, StoredParts parts) {
        this.destinations = destinations;
        this.parts = parts;
    }

    /**
     * The manifest of an archive that is to be read.
     *
     * @throws CaretakerException ARCHIVE_NOT_READY, ARCHIVE_DAMAGED, DESTINATION_NOT_FOUND, DESTINATION_UNREACHABLE
     */
    public Manifest require(ArchiveRow archive) {
        Archives.requireStored(archive);
        try {
            return manifest(archive);
        } catch (DamagedException e) {
            throw CaretakerException.of(
                    Reason.ARCHIVE_DAMAGED, "Archive " + archive.id() + ": " + e.getMessage() + ".");
        } catch (IOException e) {
            throw unreachable(archive, e);
        }
    }

    /**
     * Rows of a part, from a copy that is made in the spool.
     *
     * @param part number, from 0
     * @param row rows to leave out
     * @throws CaretakerException ARCHIVE_DAMAGED, DESTINATION_UNREACHABLE, SPOOL_FAILED
     */
    public StoredRows rows(ArchiveRow archive, Manifest manifest, int part, long row) {
        return parts.rows(
                archive.destination(),
                archive.location(),
                manifest.parts().get(part),
                StoredParts.Layout.of(manifest),
                part,
                row);
    }

    /**
     * The manifest, which is the one that was written.
     *
     * @throws CaretakerException DESTINATION_NOT_FOUND
     * @throws DamagedException if it is missing or another one
     * @throws IOException if the destination does not answer
     */
    Manifest manifest(ArchiveRow archive) throws IOException {
        byte[] text;
        try (InputStream in = destinations.store(archive.destination()).get(archive.location() + Manifest.NAME)) {
            text = in.readNBytes(MOST_MANIFEST);
        } catch (NoSuchFileException e) {
            throw new DamagedException("the manifest is missing", e);
        }
        if (!Sha256.hex(Sha256.of(text), 32).equals(archive.manifestSha256())) {
            throw new DamagedException("the manifest is not the one that was written");
        }
        return Manifest.read(new ByteArrayInputStream(text));
    }

    /** Where an archive is. */
    ObjectStore place(ArchiveRow archive) {
        return destinations.store(archive.destination());
    }

    /**
     * Begins to read a part.
     *
     * @throws DamagedException if it is missing, or does not begin as it should
     * @throws CaretakerException as {@link StoredParts#open}
     */
    PartReading open(ArchiveRow archive, Manifest manifest, Manifest.Part part) throws IOException {
        return parts.open(archive.destination(), archive.location(), part, StoredParts.Layout.of(manifest));
    }

    /** A destination that does not answer, as an error for callers. */
    static CaretakerException unreachable(ArchiveRow archive, IOException e) {
        return StoredParts.unreachable(archive.destination(), e);
    }
}
