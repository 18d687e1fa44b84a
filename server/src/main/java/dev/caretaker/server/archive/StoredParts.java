package dev.caretaker.server.archive;

import dev.caretaker.server.archive.PartObjects.PartObject;
import dev.caretaker.server.archive.format.DamagedException;
import dev.caretaker.server.archive.format.Format;
import dev.caretaker.server.archive.format.Formats;
import dev.caretaker.server.archive.place.Destinations;
import dev.caretaker.server.archive.place.ObjectStore;
import dev.caretaker.server.archive.spool.SpoolFolder;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/** Objects of a destination, one by one: put and looked at there, and fetched and compared before a byte of them is used. */
@Singleton
public final class StoredParts {
    private static final int BUFFER = 64 << 10;

    private final Destinations destinations;
    private final Formats formats;
    private final SpoolFolder spool;

    StoredParts(Destinations destinations, Formats formats, SpoolFolder spool) {
        this.destinations = destinations;
        this.formats = formats;
        this.spool = spool;
    }

    /** How rows lie in an object. */
    public record Layout(String format, String compression, List<ArchivedColumn> columns) {
        static Layout of(ArchiveRequest request) {
            return new Layout(
                    request.terms().format(),
                    request.terms().compression(),
                    request.source().columns());
        }

        static Layout of(Manifest manifest) {
            return new Layout(
                    manifest.format(), manifest.compression(), manifest.source().columns());
        }
    }

    /**
     * Puts a whole file to which nobody writes any more, and looks that it is there.
     *
     * @param location folder at the destination, with a slash at its end
     * @param object name in it; nothing has it yet but an earlier attempt to put the same
     * @param rawBytes before compression
     * @throws CaretakerException DESTINATION_NOT_FOUND, DESTINATION_UNREACHABLE, OBJECT_EXISTS, ARCHIVE_DAMAGED, SPOOL_FAILED
     */
    public Manifest.Part put(
            String destination, String location, String object, Path file, long rawBytes, long rows, BigDecimal hash) {
        Manifest.Part part = measured(object, file, rawBytes, rows, hash);
        String key = location + object;
        ObjectStore place = destinations.store(destination);
        try {
            PutOnce.put(place, key, new PartObject(file, part.bytes(), part.sha256(), true), part);
            return part;
        } catch (IOException e) {
            throw unreachable(destination, e);
        }
    }

    private Manifest.Part measured(String object, Path file, long rawBytes, long rows, BigDecimal hash) {
        try (InputStream in = Files.newInputStream(file)) {
            Sha256Stream hashed = new Sha256Stream(in);
            hashed.transferTo(OutputStream.nullOutputStream());
            return new Manifest.Part(
                    object, hashed.bytes(), rawBytes, rows, hash, Optional.empty(), Optional.empty(), hashed.hex());
        } catch (IOException e) {
            throw spool.failed(e);
        }
    }

    /**
     * Begins to read an object: as a stream, or from a copy in the spool where its format cannot be read as one.
     *
     * @throws DamagedException if it is missing, or does not begin as it should
     * @throws CaretakerException ARCHIVE_DAMAGED, DESTINATION_NOT_FOUND, DESTINATION_UNREACHABLE, SPOOL_FAILED, TOOL_MISSING,
     *     TOOL_FAILED
     */
    PartReading open(String destination, String location, Manifest.Part part, Layout layout) throws IOException {
        Format format = formats.format(layout.format());
        if (format.rewriting().isPresent()) {
            Path copy = fetch(destination, location, part);
            return open(part, copy, layout, () -> spool.forgetCopy(copy));
        }
        InputStream stored;
        try {
            stored = destinations.store(destination).get(location + part.object());
        } catch (NoSuchFileException e) {
            throw new DamagedException("it is missing", e);
        }
        return PartReading.open(part, stored, format, formats.compression(layout.compression()), layout.columns());
    }

    /** @param done called when the reading is closed, or cannot be begun */
    private PartReading open(Manifest.Part part, Path copy, Layout layout, Runnable done) throws IOException {
        Format format = formats.format(layout.format());
        boolean opened = false;
        try {
            PartReading reading = format.rewriting().isPresent()
                    ? PartReading.open(part, format.rewriting().get().read(copy, layout.columns()), done)
                    : PartReading.open(
                            part,
                            Files.newInputStream(copy),
                            format,
                            formats.compression(layout.compression()),
                            layout.columns());
            opened = true;
            return reading;
        } finally {
            if (!opened) {
                done.run();
            }
        }
    }

    /**
     * Rows of an object, from a copy that is made in the spool.
     *
     * @param number of the part, for {@link StoredRows#isAt}
     * @param row rows to leave out
     * @throws CaretakerException ARCHIVE_DAMAGED, DESTINATION_NOT_FOUND, DESTINATION_UNREACHABLE, SPOOL_FAILED, TOOL_MISSING,
     *     TOOL_FAILED
     */
    public StoredRows rows(
            String destination, String location, Manifest.Part part, Layout layout, int number, long row) {
        Path copy = fetch(destination, location, part);
        boolean opened = false;
        try {
            PartReading reading = open(part, copy, layout, () -> {});
            StoredRows rows = new StoredRows(number, part.object(), copy, reading);
            rows.skipTo(row);
            opened = true;
            return rows;
        } catch (DamagedException e) {
            throw StoredRows.damaged(part.object(), e);
        } catch (IOException e) {
            throw spool.failed(e);
        } finally {
            if (!opened) {
                spool.forgetCopy(copy);
            }
        }
    }

    /**
     * A copy of an object in the spool, which is the one that was put; the caller {@linkplain SpoolFolder#forgetCopy forgets} it.
     *
     * @throws CaretakerException ARCHIVE_DAMAGED, DESTINATION_NOT_FOUND, DESTINATION_UNREACHABLE, SPOOL_FAILED
     */
    public Path fetch(String destination, String location, Manifest.Part part) {
        Path copy = spool.copy();
        boolean whole = false;
        try (InputStream stored = destinations.store(destination).get(location + part.object());
                OutputStream out = Files.newOutputStream(copy, StandardOpenOption.CREATE_NEW)) {
            Sha256Stream hashed = new Sha256Stream(stored);
            byte[] buffer = new byte[BUFFER];
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
            throw unreachable(destination, e);
        } finally {
            if (!whole) {
                spool.forgetCopy(copy);
            }
        }
    }

    /**
     * Removes an object; nothing happens if there is none.
     *
     * @throws CaretakerException DESTINATION_NOT_FOUND, DESTINATION_UNREACHABLE
     */
    public void remove(String destination, String location, String object) {
        try {
            destinations.store(destination).delete(location + object);
        } catch (IOException e) {
            throw unreachable(destination, e);
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

    /** A destination that does not answer, as an error for callers. */
    public static CaretakerException unreachable(String destination, IOException e) {
        return CaretakerException.of(
                Reason.DESTINATION_UNREACHABLE, "Destination " + destination + ": " + e.getMessage() + ".");
    }
}
