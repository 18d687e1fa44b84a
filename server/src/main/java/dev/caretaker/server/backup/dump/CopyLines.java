package dev.caretaker.server.backup.dump;

import dev.caretaker.server.archive.RowPipe;
import dev.caretaker.server.run.job.Gate;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.postgresql.core.Encoding;

/** Rows of one table as pg_restore writes them: a COPY statement, and behind it a line for each row in its text format. */
final class CopyLines {
    private static final String COPY = "COPY ";
    private static final String FROM = " FROM stdin;";
    private static final int FIRST = 64 << 10;

    private final InputStream from;
    private final String encoding;
    private final Gate gate;
    private byte[] bytes = new byte[FIRST];
    private int length;

    /** @param encoding of the archive, as PostgreSQL calls it */
    CopyLines(InputStream from, String encoding, Gate gate) {
        this.from = from;
        this.encoding = encoding;
        this.gate = gate;
    }

    /** The statement that takes the rows; empty if there is none. */
    Optional<String> copy() throws IOException {
        StringBuilder statement = new StringBuilder();
        while (read()) {
            String text = Encoding.getDatabaseEncoding(encoding).decode(bytes, 0, length);
            if (!statement.isEmpty() || text.startsWith(COPY)) {
                statement.append(text); // a name may have lines
                if (text.endsWith(FROM + "\n")) {
                    return Optional.of(
                            statement.substring(0, statement.length() - 2) + " WITH (ENCODING '" + encoding + "')");
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Hands on the rows.
     *
     * @return false if they end before their last one
     */
    boolean feed(RowPipe.Buffer buffer) throws IOException {
        int rows = 0;
        while (read()) {
            if (isLast()) {
                return true;
            }
            buffer.write(bytes, 0, length);
            if (++rows % 1_000 == 0) {
                gate.pass();
            }
        }
        return false;
    }

    /** A line with its end; of rows none holds another one. */
    private boolean read() throws IOException {
        length = 0;
        for (int next = from.read(); next >= 0; next = from.read()) {
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * length);
            }
            bytes[length++] = (byte) next;
            if (next == '\n') {
                return true;
            }
        }
        return length > 0;
    }

    private boolean isLast() {
        return length == 3 && bytes[0] == '\\' && bytes[1] == '.';
    }
}
