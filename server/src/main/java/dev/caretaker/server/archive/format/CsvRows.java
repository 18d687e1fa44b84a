package dev.caretaker.server.archive.format;

import java.io.IOException;
import java.io.InputStream;

/** Finds the rows in CSV, whatever encoding it is in: quotes, commas and line breaks are single bytes in all that Postgres knows. */
final class CsvRows implements Format.RowReader {
    private static final int BUFFER = 64 << 10;

    private final InputStream in;
    private final int columns;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;

    CsvRows(InputStream in, int columns) {
        this.in = in;
        this.columns = columns;
    }

    @Override
    public boolean next(Format.RowSink sink) throws IOException {
        if (position == limit && !fill()) {
            return false;
        }
        boolean quoted = false;
        int fields = 1;
        byte[] bytes = buffer;
        int from = position;
        int at = from;
        int end = limit;
        while (true) {
            if (at == end) {
                sink.write(bytes, from, end - from);
                if (!fill()) {
                    throw new DamagedException("it ends in the middle of a row");
                }
                from = 0;
                at = 0;
                end = limit;
            }
            if (quoted) {
                at = Octets.find(bytes, at, end, '"');
                if (at == end) {
                    continue;
                }
            }
            byte octet = bytes[at++];
            if (octet > ',') {
                continue; // most of them; those that mean something are smaller
            }
            if (octet == '"') {
                quoted = !quoted; // a doubled one turns it twice
            } else if (octet == ',') {
                fields++;
            } else if (octet == '\n') {
                break;
            }
        }
        position = at;
        sink.write(bytes, from, at - from);
        // A table without columns has rows without fields.
        if (fields != Math.max(1, columns)) {
            throw new DamagedException("a row has " + fields + " fields, not " + columns);
        }
        return true;
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(0, in.read(buffer));
        return limit > 0;
    }
}
