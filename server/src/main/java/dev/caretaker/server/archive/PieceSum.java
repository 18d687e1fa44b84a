package dev.caretaker.server.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Adds up what the server says of each row in front of it, and passes the row itself on, byte for byte. COPY sends each row as
 * one message, and each begins with three numbers: its hash (nothing if it is made here), its time in microseconds since 1970
 * (nothing if it has none), and the oid of its relation. So count, hash and times are those of exactly the rows that leave, made
 * by the statement that reads or deletes them and read in one pass: a second statement would read other rows, and an aggregate
 * beside the rows would have the server keep them all until the last is deleted.
 */
public final class PieceSum {
    private final Map<Long, Long> byRelation = new HashMap<>();
    private final RowSum hash = new RowSum();
    private final Optional<LineHash> lines;
    private long rows;
    private Optional<Long> first = Optional.empty();
    private Optional<Long> last = Optional.empty();
    private int at;
    private boolean nothing;

    /** @param hashing where hashes are made */
    public PieceSum(RowHashing hashing) {
        this(hashing.lines());
    }

    PieceSum(Optional<LineHash> lines) {
        this.lines = lines;
    }

    /** Of no rows. */
    public static PieceSum none() {
        return new PieceSum(Optional.empty());
    }

    /** Passes on what follows the numbers. */
    public void add(byte[] message, OutputStream out) throws IOException {
        at = 0;
        long told = number(message);
        if (nothing == lines.isEmpty()) {
            throw new IOException("COPY sent a row without its hash, or with one that nobody asked for");
        }
        long micros = number(message);
        if (!nothing) {
            first = Optional.of(first.isPresent() ? Math.min(first.get(), micros) : micros);
            last = Optional.of(last.isPresent() ? Math.max(last.get(), micros) : micros);
        }
        byRelation.merge(number(message), 1L, Long::sum);
        hash.add(lines.isPresent() ? lines.get().of(message, at) : told);
        rows++;
        out.write(message, at, message.length - at);
    }

    /** The next number, and goes on behind the byte that follows it. */
    private long number(byte[] message) throws IOException {
        int begin = at;
        boolean negative = at < message.length && message[at] == '-';
        if (negative) {
            at++;
        }
        long value = 0;
        for (; at < message.length && message[at] >= '0' && message[at] <= '9'; at++) {
            value = value * 10 - (message[at] - '0'); // the negative numbers reach farther
        }
        nothing = at == begin;
        at++;
        if (at >= message.length || negative && at - begin < 3) {
            throw new IOException("COPY sent no number in front of a row");
        }
        return negative ? value : -value;
    }

    public long rows() {
        return rows;
    }

    public Map<Long, Long> byRelation() {
        return Map.copyOf(byRelation);
    }

    public Piece piece() {
        return new Piece(rows, hash.value(), first.map(PieceSum::instant), last.map(PieceSum::instant));
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
