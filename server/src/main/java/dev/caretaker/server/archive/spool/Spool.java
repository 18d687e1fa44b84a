package dev.caretaker.server.archive.spool;

import dev.caretaker.server.archive.PartMark;
import dev.caretaker.server.archive.Piece;
import dev.caretaker.server.archive.format.Compression;
import dev.caretaker.server.archive.format.Format;
import dev.caretaker.server.archive.format.Rewriting;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the rows of an archive, batch after batch, and keeps them on disk until they are stored. Used by one thread at a time,
 * but for {@link #makeDurable}.
 *
 * <p>Each batch begins with {@link #continueAt} the mark of its cursor, writes its rows to {@link #out}, and ends with
 * {@link #mark}, whose answer is part of its next cursor, and which is {@linkplain #makeDurable made durable} before the batch is
 * journalled. So nothing has to be told of what became of a batch: if it was rolled back, or was never committed, the next one
 * begins at an older mark, and what was written behind that does not count. What was marked is never changed: where a batch has to
 * go on before it, it begins another part.
 */
public final class Spool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);

    private final UUID archive;
    private final SpoolFolder folder;
    private final Parts parts;
    private final Compression compression;
    private final byte[] header;
    private final String suffix;
    private final String objectSuffix;
    private final long partBytes;
    /** Whether a part that is put again has another object: what was put for a batch that was rolled back is in nobody's way. */
    private final boolean objectsOfTheirOwn;

    private PartMark at;
    /** What its part began behind: as long as nothing of the part is durable, it serves for that mark, too. */
    private PartMark behind;

    private Optional<PartFile> file = Optional.empty();
    /** The file, or the one before, which is closed. */
    private volatile Optional<PartFile> latest = Optional.empty();
    /** Whether {@link #continueAt} has to be told before anything is written. */
    private boolean adrift = true;
    /** Whether the file can no longer be trusted beyond what is durable. */
    private volatile boolean broken;

    /**
     * @param parts where parts are written down
     * @param header what every part begins with
     * @param awaited whether each batch is a part of its own, which is put before the batch is committed
     */
    public Spool(
            UUID archive,
            SpoolFolder folder,
            Parts parts,
            Format format,
            Compression compression,
            byte[] header,
            long partBytes,
            boolean awaited) {
        this.archive = archive;
        this.folder = folder;
        this.parts = parts;
        this.compression = compression;
        this.header = header;
        this.suffix = format.spoolSuffix(compression);
        this.objectSuffix = format.rewriting().map(Rewriting::suffix).orElse(suffix);
        this.partBytes = awaited ? 1 : partBytes;
        this.objectsOfTheirOwn = awaited;
        this.at = PartMark.start(archive);
        this.behind = at;
    }

    /** Writes parts down in the control store. */
    public interface Parts {
        /**
         * A new part is about to be written, behind a mark: the part of the mark is closed there, and those behind it are
         * forgotten. Durable when it returns.
         *
         * @throws CaretakerException RELATION_CHANGED if somebody else has opened the archive, or sealed it
         */
        void begin(PartMark behind, int part, String file, String object);
    }

    public UUID archive() {
        return archive;
    }

    /** The mark of an archive into which nothing was written. */
    public PartMark start() {
        return PartMark.start(archive);
    }

    /**
     * Where the next rows go. What was written behind that mark does not count any more.
     *
     * @throws CaretakerException INTERNAL if the mark belongs to another archive
     */
    public void continueAt(PartMark mark) throws IOException {
        if (!mark.archive().equals(archive)) {
            throw CaretakerException.of(
                    Reason.INTERNAL, "A mark of archive " + mark.archive() + " is none of " + archive + ".");
        }
        if (file.isPresent() && !broken && mark.bytes() < partBytes && isHere(mark)) {
            file.get().takeBack();
        } else {
            closeFile();
            at = mark;
        }
        adrift = false;
    }

    private boolean isHere(PartMark mark) {
        return file.get().bytes() == 0
                ? mark.equals(behind)
                : mark.file().equals(at.file()) && mark.bytes() == file.get().bytes();
    }

    /** Whether the next row behind that mark begins a part. */
    public boolean beginsPart(PartMark mark) {
        return mark.part() == 0 || mark.bytes() >= partBytes;
    }

    /**
     * Whether a batch may go on behind that mark before the mark is durable and its batch committed: not if it begins a part, since
     * the part before it, if there is one, is closed then, and carried.
     */
    public boolean mayOverlap(PartMark mark) {
        return mark.part() == 0 || !beginsPart(mark);
    }

    /**
     * Takes the bytes that COPY sends, as they come. Closing it does nothing.
     */
    public OutputStream out() {
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (adrift) {
                    throw new IllegalStateException("nobody said where to go on");
                }
                if (length > 0) {
                    file().write(bytes, offset, length);
                }
            }
        };
    }

    private PartFile file() throws IOException {
        if (file.isEmpty()) {
            int part = at.part() + 1;
            String object = String.format("part-%05d", part);
            String own = object + "." + UUID.randomUUID().toString().substring(0, 8);
            String name = own + suffix;
            parts.begin(at, part, name, (objectsOfTheirOwn ? own : object) + objectSuffix);
            Path path = folder.make(archive).resolve(name);
            file = Optional.of(PartFile.create(path, compression, header));
            latest = file;
            broken = false;
            behind = at;
            at = PartMark.begin(archive, part, name);
        }
        return file.get();
    }

    /**
     * Ends what was written: the compressed frame is completed.
     *
     * @param piece what was written since the last mark, or since {@link #continueAt}
     * @return what the next batch goes on from
     * @throws IOException if the disk is full or broken: nothing of it counts, and the next batch goes on from an older mark
     */
    public PartMark mark(Piece piece) throws IOException {
        if (file.isEmpty()) {
            if (piece.rows() > 0) {
                throw new IllegalStateException(piece.rows() + " rows without a byte");
            }
            return at;
        }
        PartFile open = file.get();
        if (piece.rows() == 0) {
            open.takeBack();
            return open.bytes() == 0 ? behind : at;
        }
        try {
            open.endFrame();
        } catch (IOException e) {
            broken = true;
            throw e;
        }
        at = at.plus(piece, open.bytes(), open.rawBytes());
        return at;
    }

    /**
     * Makes all durable that lies before a mark. Another thread may write behind it meanwhile.
     *
     * @param mark the latest one, or the one before
     * @throws IOException if the disk is full or broken: what is not durable does not count
     */
    public void makeDurable(PartMark mark) throws IOException {
        Optional<PartFile> written = latest;
        if (written.isEmpty() || !isOf(written.get(), mark)) {
            return; // an earlier part, of which all was made durable before another one was begun
        }
        try {
            written.get().makeDurable(mark.bytes());
        } catch (IOException e) {
            broken = true; // after a failed fsync nobody knows what is on the disk
            throw e;
        }
    }

    private static boolean isOf(PartFile file, PartMark mark) {
        return file.path().getFileName().toString().equals(mark.file());
    }

    /** The batch was rolled back: what it wrote does not count. Only {@link #continueAt} goes on from here. */
    public void discard() {
        adrift = true;
    }

    /** What is durable is so whether its file closes or not. */
    private void closeFile() {
        if (file.isPresent()) {
            PartFile closing = file.get();
            file = Optional.empty();
            try {
                closing.close();
                if (!broken) {
                    folder.settle(closing.path());
                }
            } catch (IOException e) {
                LOG.info("archive {}: a part of the spool did not close: {}", archive, e.toString());
            }
        }
    }

    /** Lets go of the file. What was made durable stays. */
    @Override
    public void close() {
        adrift = true;
        closeFile();
    }
}
