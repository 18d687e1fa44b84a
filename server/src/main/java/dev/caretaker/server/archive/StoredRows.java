package dev.caretaker.server.archive;

import dev.caretaker.server.archive.format.DamagedException;
import dev.caretaker.server.archive.format.Format;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of one part, from a copy on this server whose SHA-256 is the one of the manifest: nothing is loaded of a part that is
 * damaged.
 */
public final class StoredRows implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoredRows.class);

    private final int part;
    private final String name;
    private final Path copy;
    private final PartReading reading;
    private boolean done;

    StoredRows(int part, String name, Path copy, PartReading reading) {
        this.part = part;
        this.name = name;
        this.copy = copy;
        this.reading = reading;
    }

    /** Whether the next row is that of a part. */
    public boolean isAt(int wantedPart, long row) {
        return part == wantedPart && reading.read() == row;
    }

    /** Whether it is known that no row comes any more. */
    public boolean isDone() {
        return done;
    }

    /**
     * Hands over the next row, as a line of CSV.
     *
     * @return false if there is none
     * @throws CaretakerException ARCHIVE_DAMAGED
     * @throws IOException if {@code sink} threw it
     */
    public boolean next(Format.RowSink sink) throws IOException {
        try {
            boolean more = reading.next(sink);
            done = !more;
            return more;
        } catch (DamagedException e) {
            throw damaged(name, e);
        }
    }

    void skipTo(long row) throws IOException {
        boolean more = true;
        while (more && reading.read() < row) {
            more = next(Format.RowSink.NOWHERE);
        }
    }

    static CaretakerException damaged(String part, DamagedException e) {
        return CaretakerException.of(Reason.ARCHIVE_DAMAGED, "Part " + part + ": " + e.getMessage() + ".");
    }

    @Override
    public void close() {
        try {
            reading.close();
            Files.deleteIfExists(copy);
        } catch (IOException e) {
            LOG.info("the copy {} of a part is left: {}", copy, e.toString());
        }
    }
}
