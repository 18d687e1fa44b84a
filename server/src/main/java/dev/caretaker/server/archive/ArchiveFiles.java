package dev.caretaker.server.archive;

import dev.caretaker.server.archive.format.Compression;
import dev.caretaker.server.archive.format.DamagedException;
import dev.caretaker.server.archive.format.Format;
import dev.caretaker.server.archive.format.Formats;
import dev.caretaker.server.archive.place.Destinations;
import dev.caretaker.server.archive.place.ObjectStore;
import dev.caretaker.server.archive.spool.SpoolFolder;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.ArchiveRow;
import dev.caretaker.server.store.Sha256;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What stored archives hold, as it is at their destination. Nothing of it is believed that the control store does not confirm. */
@Singleton
public final class ArchiveFiles {
    private static final int MOST_MANIFEST = 64 << 20;

    private final Destinations destinations;
    private final Formats formats;
    private final SpoolFolder spool;

    ArchiveFiles(Destinations destinations, Formats formats, SpoolFolder spool) {
        this.destinations = destinations;
        this.formats = formats;
        this.spool = spool;
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
        Manifest.Part wanted = manifest.parts().get(part);
        Path copy = fetch(archive, wanted);
        boolean opened = false;
        try {
            PartReading reading = PartReading.open(
                    wanted,
                    Files.newInputStream(copy),
                    formats.format(manifest.format()),
                    formats.compression(manifest.compression()),
                    manifest.source().columns());
            StoredRows rows = new StoredRows(part, wanted.object(), copy, reading);
            rows.skipTo(row);
            opened = true;
            return rows;
        } catch (DamagedException e) {
            throw StoredRows.damaged(wanted.object(), e);
        } catch (IOException e) {
            throw spool.failed(e);
        } finally {
            if (!opened) {
                spool.forgetCopy(copy);
            }
        }
    }

    private Path fetch(ArchiveRow archive, Manifest.Part part) {
        Path copy = spool.copy();
        boolean whole = false;
        try (InputStream stored = place(archive).get(archive.location() + part.object());
                OutputStream out = Files.newOutputStream(copy, StandardOpenOption.CREATE_NEW)) {
            Sha256Stream hashed = new Sha256Stream(stored);
            byte[] buffer = new byte[64 << 10];
            for (int read = hashed.read(buffer);
                    read >= 0 && hashed.bytes() <= part.bytes();
                    read = hashed.read(buffer)) {
                write(out, buffer, read);
            }
            if (hashed.bytes() != part.bytes() || !hashed.hex().equals(part.sha256())) {
                throw StoredRows.damaged(
                        part.object(), new DamagedException("what is stored is not what was put there"));
            }
            whole = true;
            return copy;
        } catch (NoSuchFileException e) {
            throw StoredRows.damaged(part.object(), new DamagedException("it is missing", e));
        } catch (IOException e) {
            throw unreachable(archive, e);
        } finally {
            if (!whole) {
                spool.forgetCopy(copy);
            }
        }
    }

    /** What the disk of the spool says is not about the destination. */
    private void write(OutputStream out, byte[] buffer, int length) {
        try {
            out.write(buffer, 0, length);
        } catch (IOException e) {
            throw spool.failed(e);
        }
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
     */
    PartReading open(ArchiveRow archive, Manifest manifest, Manifest.Part part) throws IOException {
        Format format = formats.format(manifest.format());
        Compression compression = formats.compression(manifest.compression());
        InputStream stored;
        try {
            stored = place(archive).get(archive.location() + part.object());
        } catch (NoSuchFileException e) {
            throw new DamagedException("it is missing", e);
        }
        return PartReading.open(
                part, stored, format, compression, manifest.source().columns());
    }

    /** A destination that does not answer, as an error for callers. */
    static CaretakerException unreachable(ArchiveRow archive, IOException e) {
        return CaretakerException.of(
                Reason.DESTINATION_UNREACHABLE, "Destination " + archive.destination() + ": " + e.getMessage() + ".");
    }
}
