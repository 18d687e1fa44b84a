package dev.caretaker.server.backup;

import dev.caretaker.server.archive.Manifest;
import dev.caretaker.server.archive.StoredParts;
import dev.caretaker.server.archive.StoredRows;
import dev.caretaker.server.archive.format.Compression;
import dev.caretaker.server.archive.format.Format;
import dev.caretaker.server.archive.format.Formats;
import dev.caretaker.server.archive.spool.PartFile;
import dev.caretaker.server.archive.spool.SpoolFolder;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The folder of one backup at its destination, for one attempt to write it or to read it. Names of objects are never used twice:
 * an attempt that was cut short leaves objects that no manifest names. May be used by many threads.
 */
public final class BackupFolder {
    private final String destination;
    private final String location;
    private final StoredParts parts;
    private final Formats formats;
    private final SpoolFolder spool;
    private final String attempt = Long.toHexString(UUID.randomUUID().getMostSignificantBits() >>> 32);
    private final AtomicInteger names = new AtomicInteger();

    BackupFolder(String destination, String location, StoredParts parts, Formats formats, SpoolFolder spool) {
        this.destination = destination;
        this.location = location;
        this.parts = parts;
        this.formats = formats;
        this.spool = spool;
    }

    /** An open file that rows are written to, on this server's disk until it is {@linkplain #put put}. */
    public record Draft(String object, Path path, PartFile file) {}

    /**
     * Begins an object of rows.
     *
     * @throws dev.caretaker.server.error.CaretakerException SPOOL_FAILED
     */
    public Draft begin(Format format, Compression compression, byte[] header) {
        String object =
                String.format("%s-%05d.%s%s", attempt, names.incrementAndGet(), format.name(), compression.suffix());
        Path path = spool.copy();
        try {
            return new Draft(object, path, PartFile.create(path, compression, header));
        } catch (IOException e) {
            spool.forgetCopy(path);
            throw spool.failed(e);
        }
    }

    /**
     * Adds to it.
     *
     * @throws dev.caretaker.server.error.CaretakerException SPOOL_FAILED
     */
    public void write(Draft draft, byte[] bytes, int from, int length) {
        try {
            draft.file().write(bytes, from, length);
        } catch (IOException e) {
            throw spool.failed(e);
        }
    }

    /**
     * Completes it, and brings it to its place.
     *
     * @throws dev.caretaker.server.error.CaretakerException SPOOL_FAILED, DESTINATION_UNREACHABLE, …
     */
    public Manifest.Part put(Draft draft, long rows, BigDecimal hash) {
        try {
            try (PartFile file = draft.file()) {
                file.endFrame();
                file.makeDurable(file.bytes());
            }
            long raw = draft.file().rawBytes();
            return parts.put(destination, location, draft.object(), draft.path(), raw, rows, hash);
        } catch (IOException e) {
            throw spool.failed(e);
        } finally {
            spool.forgetCopy(draft.path());
        }
    }

    /** It is not wanted. */
    public void drop(Draft draft) {
        try {
            draft.file().close();
        } catch (IOException e) {
            throw spool.failed(e);
        } finally {
            spool.forgetCopy(draft.path());
        }
    }

    /**
     * Brings a file that some program has written under the name that it has; the file stays where it is. All of one attempt are in
     * one folder, so that the program can read them there again.
     *
     * @param name such as "toc.dat"
     * @param rawBytes as many as it may be before compression
     * @param rows in it
     * @param hash sum of the hashes of these rows
     * @throws dev.caretaker.server.error.CaretakerException SPOOL_FAILED, DESTINATION_UNREACHABLE, …
     */
    public Manifest.Part put(String name, Path file, long rawBytes, long rows, BigDecimal hash) {
        return parts.put(destination, location, attempt + "/" + name, file, rawBytes, rows, hash);
    }

    /** Name of an object that such a {@linkplain #put(String, Path, long, long, BigDecimal) file} has. */
    public static String nameOf(Manifest.Part part) {
        return part.object().substring(part.object().lastIndexOf('/') + 1);
    }

    /**
     * Removes an object that was put and that no manifest will name.
     *
     * @throws dev.caretaker.server.error.CaretakerException DESTINATION_UNREACHABLE
     */
    public void takeBack(Manifest.Part part) {
        parts.remove(destination, location, part.object());
    }

    /**
     * A copy of an object that is what the manifest says; the caller deletes it.
     *
     * @throws dev.caretaker.server.error.CaretakerException ARCHIVE_DAMAGED, DESTINATION_UNREACHABLE, SPOOL_FAILED
     */
    public Path fetch(Manifest.Part part) {
        return parts.fetch(destination, location, part);
    }

    /** Rows of an object, likewise. */
    public StoredRows rows(BackupManifest manifest, CopiedTable table, Manifest.Part part) {
        return parts.rows(
                destination,
                location,
                part,
                new StoredParts.Layout(manifest.format(), manifest.order().compression(), table.columns()),
                0,
                0);
    }

    /** The format in which rows are written. */
    public Format format() {
        return formats.format("csv");
    }

    public Compression compression(BackupOrder order) {
        return formats.compression(order.compression());
    }
}
