package dev.caretaker.server.archive.format;

import dev.caretaker.server.archive.ArchivedColumn;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** How rows are written. One bean of this type is all that a new format needs. */
public interface Format {

    /** As policies and manifests name it: csv. */
    String name();

    /** What COPY writes: a list of expressions over columns of the table, or of a row of that name. */
    String expressions(List<ArchivedColumn> columns);

    /** Options of COPY … TO STDOUT, in parentheses; it writes no header. */
    String copyOptions();

    /** Whether a row is a line of CSV with one field for each column, which holds the text of its value; NULL is nothing. */
    default boolean fieldsOfCsv() {
        return false;
    }

    /** What every part begins with, before its first row. */
    byte[] header(List<ArchivedColumn> columns);

    /** The end of the name of a part in the spool. */
    default String spoolSuffix(Compression compression) {
        return "." + name() + compression.suffix();
    }

    /** How a part is stored that is not stored as it lies in the spool; empty if it is. */
    default Optional<Rewriting> rewriting() {
        return Optional.empty();
    }

    /**
     * Reads the rows of a part as it lies in the spool.
     *
     * @param in the part, uncompressed
     * @param columns as the manifest names them
     * @throws DamagedException at once if its header is another one
     */
    RowReader read(InputStream in, List<ArchivedColumn> columns) throws IOException;

    /** Row after row as lines of CSV, which COPY … FROM STDIN (FORMAT csv) takes as they are. */
    interface RowReader {
        /**
         * Hands over the next row.
         *
         * @return false if there is none
         * @throws DamagedException if what comes is no row
         */
        boolean next(RowSink sink) throws IOException;
    }

    /** Takes the bytes of one row, in one call or more. */
    @FunctionalInterface
    interface RowSink {
        void write(byte[] bytes, int offset, int length) throws IOException;

        /** Takes none: rows are only counted. */
        RowSink NOWHERE = (_, _, _) -> {};
    }
}
