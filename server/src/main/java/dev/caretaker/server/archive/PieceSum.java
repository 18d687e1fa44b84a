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
 * one message, and each begins with three numbers: its hash (nothing if it is made here), its time as servers send it, in
 * microseconds since 2000 and hexadecimal digits (nothing if it has none), and the oid of its relation. So count, hash and times
 * are those of exactly the rows that leave, made by the statement that reads or deletes them and read in one pass: a second
 * statement would read other rows, and an aggregate beside the rows would have the server keep them all until the last is
 * deleted.
 */
public final class PieceSum {
    private static final Instant YEAR_2000 = Instant.parse("2000-01-01T00:00:00Z");
    private static final int DIGITS = 16;

    private final Map<Long, Long> byRelation = new HashMap<>();
    private final RowSum hash = new RowSum();
    private final Optional<LineHash> lines;
    private long rows;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;
    /** That of the latest rows, and how many of them are not yet in {@link #byRelation}: most come from the same as before. */
    private long relation;

    private long ofRelation;
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
        moment(message);
        long from = number(message);
        if (nothing) {
            throw new IOException("COPY sent a row without its relation");
        }
        count(from);
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

    /** The next time, and goes on behind the byte that follows it. The extremes are infinite, and no time of a row. */
    private void moment(byte[] message) throws IOException {
        byte separator = message[at - 1];
        if (at + 1 < message.length && message[at] == '\\' && message[at + 1] == 'x') {
            long micros = digits(message, at + 2);
            at += 2 + DIGITS;
            if (micros != Long.MIN_VALUE && micros != Long.MAX_VALUE) {
                first = Math.min(first, micros);
                last = Math.max(last, micros);
            }
        }
        if (at >= message.length || message[at] != separator) {
            throw new IOException("COPY sent no time in front of a row");
        }
        at++;
    }

    private static long digits(byte[] message, int from) throws IOException {
        long value = 0;
        for (int i = from; i < from + DIGITS; i++) {
            int digit = i < message.length ? Character.digit(message[i], 16) : -1;
            if (digit < 0) {
                throw new IOException("COPY sent a time in front of a row that has not " + DIGITS + " digits");
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private void count(long from) {
        if (from != relation) {
            addLatest();
            relation = from;
        }
        ofRelation++;
    }

    private void addLatest() {
        if (ofRelation > 0) {
            byRelation.merge(relation, ofRelation, Long::sum);
            ofRelation = 0;
        }
    }

    public long rows() {
        return rows;
    }

    public Map<Long, Long> byRelation() {
        addLatest();
        return Map.copyOf(byRelation);
    }

    public Piece piece() {
        boolean dated = first <= last;
        return new Piece(
                rows,
                hash.value(),
                dated ? Optional.of(instant(first)) : Optional.empty(),
                dated ? Optional.of(instant(last)) : Optional.empty());
    }

    private static Instant instant(long micros) {
        return YEAR_2000.plus(micros, ChronoUnit.MICROS);
    }
}
