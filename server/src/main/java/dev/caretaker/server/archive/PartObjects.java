package dev.caretaker.server.archive;

import dev.caretaker.server.archive.format.DamagedException;
import dev.caretaker.server.archive.format.Format;
import dev.caretaker.server.archive.format.Formats;
import dev.caretaker.server.archive.format.Rewriting;
import dev.caretaker.server.archive.spool.SpoolFolder;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.ArchivePartRow;
import jakarta.inject.Singleton;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is put of a part that lies in the spool: the bytes of it that count, or a file that is made of them. Such a file is kept until
 * it is stored, so that every attempt puts the same bytes.
 */
@Singleton
final class PartObjects {
    private final SpoolFolder folder;
    private final Formats formats;

    PartObjects(SpoolFolder folder, Formats formats) {
        this.folder = folder;
        this.formats = formats;
    }

    /**
     * What is to be put.
     *
     * @param file whose first bytes these are
     * @param sha256 of these bytes, hexadecimal
     * @param whole whether the file has no more than these bytes, and never will have
     */
    record PartObject(Path file, long bytes, String sha256, boolean whole) {}

    /**
     * Makes it, if it is not made yet.
     *
     * @throws CaretakerException SPOOL_FAILED if the spool has lost the part or some of it; TOOL_MISSING, TOOL_FAILED
     */
    PartObject of(ArchiveRequest request, ArchivePartRow row) throws IOException {
        Format format = formats.format(request.terms().format());
        Path file = folder.file(row.archive(), row.file());
        if (format.rewriting().isEmpty()) {
            return measured(file, row.bytes());
        }
        Path made = made(row, format.rewriting().get());
        if (!Files.exists(made)) {
            make(request, row, format.rewriting().get());
        }
        return measured(made, Files.size(made));
    }

    /** It is put: neither the part nor what was made of it is needed in the spool. */
    void forget(ArchiveRequest request, ArchivePartRow row) throws IOException {
        Optional<Rewriting> rewriting = formats.format(request.terms().format()).rewriting();
        if (rewriting.isPresent()) {
            folder.delete(
                    row.archive(), made(row, rewriting.get()).getFileName().toString());
        }
        folder.delete(row.archive(), row.file());
    }

    /** How far the part counts belongs to the name: after a failover it may be less. */
    private Path made(ArchivePartRow row, Rewriting rewriting) {
        return folder.file(row.archive(), row.file() + "." + row.bytes() + rewriting.suffix());
    }

    private void make(ArchiveRequest request, ArchivePartRow row, Rewriting rewriting) throws IOException {
        Path copy = folder.copy();
        try (InputStream in = Files.newInputStream(folder.file(row.archive(), row.file()));
                InputStream text = formats.compression(request.terms().compression())
                        .expand(new BufferedInputStream(new Bounded(in, row.bytes())))) {
            rewriting.write(text, request.source().columns(), request.terms().compression(), copy);
            folder.keep(copy, row.archive(), made(row, rewriting).getFileName().toString());
        } catch (NoSuchFileException e) {
            throw lost(folder.file(row.archive(), row.file()));
        } catch (DamagedException e) {
            throw CaretakerException.of(
                    Reason.SPOOL_FAILED,
                    "What the spool holds as " + row.file() + " cannot be stored: " + e.getMessage() + ".");
        } catch (IOException e) {
            throw folder.failed(e);
        } finally {
            folder.forgetCopy(copy);
        }
    }

    /** Of the bytes that count. */
    private PartObject measured(Path file, long bytes) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            Sha256Stream hashed = new Sha256Stream(new Bounded(in, bytes));
            hashed.transferTo(OutputStream.nullOutputStream());
            if (hashed.bytes() < bytes) {
                throw CaretakerException.of(
                        Reason.SPOOL_FAILED,
                        "The spool has lost bytes: " + file + " holds " + hashed.bytes() + " of " + bytes + ".");
            }
            boolean whole = folder.isSettled(file) && Files.size(file) == bytes;
            return new PartObject(file, bytes, hashed.hex(), whole);
        } catch (NoSuchFileException e) {
            throw lost(file);
        }
    }

    private static CaretakerException lost(Path file) {
        return CaretakerException.of(Reason.SPOOL_FAILED, "The spool has lost a part: " + file + " is not there.");
    }
}
