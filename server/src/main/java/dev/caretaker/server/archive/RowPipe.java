package dev.caretaker.server.archive;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Feeds rows of an archive to COPY FROM STDIN. */
public final class RowPipe {
    private RowPipe() {}

    /**
     * Runs one COPY. If the source fails, COPY is cancelled, and the transaction with it.
     *
     * @return rows that the server took
     */
    public static long copy(Connection connection, String sql, Feeder feeder) throws SQLException, IOException {
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        try {
            Buffer buffer = new Buffer(copy);
            feeder.feed(buffer);
            buffer.flush();
            return copy.endCopy();
        } catch (SentException e) {
            throw e.getCause();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    /** Writes all rows of one COPY. */
    @FunctionalInterface
    public interface Feeder {
        void feed(Buffer buffer) throws SQLException, IOException;
    }

    /** Collects small pieces: a message a row would cost more than the rows. */
    public static final class Buffer {
        private final CopyIn copy;
        private final byte[] bytes = new byte[64 << 10];
        private int filled;

        Buffer(CopyIn copy) {
            this.copy = copy;
        }

        public void write(byte[] from, int offset, int length) throws IOException {
            try {
                if (filled + length > bytes.length) {
                    flush();
                }
                if (length > bytes.length) {
                    copy.writeToCopy(from, offset, length);
                } else {
                    System.arraycopy(from, offset, bytes, filled, length);
                    filled += length;
                }
            } catch (SQLException e) {
                throw new SentException(e);
            }
        }

        public void flush() throws SQLException {
            if (filled > 0) {
                copy.writeToCopy(bytes, 0, filled);
                filled = 0;
            }
        }
    }

    /** The server refused what was sent. */
    static final class SentException extends IOException {
        private static final long serialVersionUID = 1L;

        SentException(SQLException cause) {
            super(cause.getMessage(), cause);
        }

        @Override
        public synchronized SQLException getCause() {
            return (SQLException) super.getCause();
        }
    }
}
