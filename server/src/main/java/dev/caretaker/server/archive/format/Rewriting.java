package dev.caretaker.server.archive.format;

import dev.caretaker.server.archive.ArchivedColumn;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Files that no batch can add to: rows lie in the spool in another form, and each part is made such a file when it is full, before it
 * is stored. Whether both say the same is looked at each time.
 */
public interface Rewriting {

    /** The end of an object's name: .parquet. */
    String suffix();

    /** What keeps this server from making and reading them, as a clause; empty if nothing does. */
    Optional<String> obstacle();

    /**
     * Makes the file of a part, and reads it back: it holds just these rows when this returns.
     *
     * @param text rows as they lie in the spool, uncompressed
     * @param compression as the archive's terms name it: what the file uses inside
     * @param file there is none yet; what is there after a failure is of no use
     * @throws DamagedException if {@code text} is no rows of these columns, or the file did not give back what was written to it
     * @throws dev.caretaker.server.error.CaretakerException TOOL_MISSING, TOOL_FAILED
     */
    void write(InputStream text, List<ArchivedColumn> columns, String compression, Path file) throws IOException;

    /**
     * Reads a file, whose bytes are known to be those that were stored.
     *
     * @throws DamagedException if it has other columns
     * @throws dev.caretaker.server.error.CaretakerException TOOL_MISSING, TOOL_FAILED
     */
    Rows read(Path file, List<ArchivedColumn> columns) throws IOException;

    /** Rows of a file. At its end {@link #next} fails with a DamagedException if their text is not the one that was written. */
    interface Rows extends Format.RowReader, Closeable {}
}
