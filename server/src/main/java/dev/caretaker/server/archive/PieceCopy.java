package dev.caretaker.server.archive;

import dev.caretaker.server.archive.format.Format;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** Copies rows out of a server: each comes with three numbers in front, which {@link PieceSum} adds up and takes away. */
public final class PieceCopy {
    private static final int BUFFER = 64 << 10;

    private PieceCopy() {}

    /**
     * The three numbers of a row, as a list of expressions.
     *
     * @param hash of the row, see {@link RowHashing#expression}
     * @param moment see {@link #moment}, or that of no time
     * @param relation oid of its relation
     */
    public static String numbers(String hash, String moment, String relation) {
        return hash + ", " + moment + ", CAST(" + relation + " AS pg_catalog.int8)";
    }

    /** For rows that nothing dates. */
    public static String noTime() {
        return "CAST(NULL AS pg_catalog.bytea)";
    }

    /** A timestamptz as a server sends it: a third of the work of its epoch, which is made of a numeric. */
    public static String moment(String time) {
        return "pg_catalog.timestamptz_send(" + time + ")";
    }

    /**
     * Copies what a query returns.
     *
     * @param query with values written out, since COPY takes no parameters
     * @param sum of what comes
     * @param out gets the rows without their numbers; not closed
     */
    public static void run(Connection connection, String query, Format format, PieceSum sum, OutputStream out)
            throws SQLException, IOException {
        long before = sum.rows();
        CopyOut copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY (" + query + ") TO STDOUT " + format.copyOptions());
        try {
            OutputStream buffered = new BufferedOutputStream(out, BUFFER);
            for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
                sum.add(row, buffered);
            }
            buffered.flush();
        } catch (IOException | RuntimeException e) {
            drain(copy, e);
            throw e;
        }
        if (copy.getHandledRowCount() != sum.rows() - before) {
            throw CaretakerException.of(
                    Reason.INTERNAL,
                    "COPY sent " + (sum.rows() - before) + " rows, and says that it sent " + copy.getHandledRowCount()
                            + ".");
        }
    }

    /**
     * To the end, though nobody takes the rows: where a copy is cancelled instead, the driver takes the rest of it for other
     * answers.
     */
    private static void drain(CopyOut copy, Exception cause) {
        try {
            boolean more = copy.isActive();
            while (more) {
                more = copy.readFromCopy() != null;
            }
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }
}
