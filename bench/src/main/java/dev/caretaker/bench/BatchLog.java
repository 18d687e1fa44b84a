package dev.caretaker.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations of batches as Postgres itself saw them: transactions with a DELETE in them, from the start of BEGIN to the end
 * of COMMIT, read from the server's log. Events tell of one batch a second; this tells of all, to the millisecond.
 */
final class BatchLog {
    private static final Pattern DURATION =
            Pattern.compile("duration: ([0-9.]+) ms  (?:statement|parse|bind|execute)[^:]*: (.*)", Pattern.DOTALL);
    /** In log_timezone, which is set to UTC. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS zzz", Locale.ROOT);

    private final BenchDatabase database;
    private long position;
    private int marks;

    BatchLog(BenchDatabase database) {
        this.database = database;
    }

    /** Durations in milliseconds of all batches since the last call, in the order of their commits. */
    List<Double> read() {
        String mark = "end of part " + ++marks;
        database.markLog(mark);
        Transactions transactions = new Transactions();
        for (String line : linesUntil(mark)) {
            transactions.add(JsonParser.parseString(line).getAsJsonObject());
        }
        return transactions.batches;
    }

    /** The collector writes a little later than the server works. */
    private List<String> linesUntil(String mark) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (System.nanoTime() < deadline) {
            String text = unread(database.log());
            int end = text.lastIndexOf('\n') + 1;
            if (text.substring(0, end).contains(mark)) {
                position += text.substring(0, end).getBytes(StandardCharsets.UTF_8).length;
                return text.substring(0, end).lines().toList();
            }
            pause();
        }
        throw new BenchException("the server's log " + database.log() + " lacks the mark '" + mark + "'");
    }

    private String unread(Path log) {
        if (!Files.exists(log)) {
            return "";
        }
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] bytes = new byte[Math.toIntExact(file.length() - position)];
            file.seek(position);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new BenchException("the server's log cannot be read", e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted");
        }
    }

    /** Puts statements together into transactions, by backend. */
    static final class Transactions {
        private final Map<Integer, Open> open = new HashMap<>();
        private final List<Double> batches = new ArrayList<>();

        List<Double> batches() {
            return batches;
        }

        void add(JsonObject line) {
            Matcher matcher =
                    line.has("message") ? DURATION.matcher(line.get("message").getAsString()) : null;
            if (matcher == null || !matcher.matches()) {
                return;
            }
            int backend = line.get("pid").getAsInt();
            Instant end = LocalDateTime.parse(line.get("timestamp").getAsString(), TIME)
                    .toInstant(ZoneOffset.UTC);
            String sql = matcher.group(2).stripLeading().toUpperCase(Locale.ROOT);
            if (sql.startsWith("BEGIN") && !open.containsKey(backend)) {
                open.put(backend, new Open(end.minusNanos((long) (Double.parseDouble(matcher.group(1)) * 1e6))));
            } else if (sql.contains("DELETE FROM") && !sql.startsWith("EXPLAIN") && open.containsKey(backend)) {
                open.get(backend).deletes = true;
            } else if (sql.startsWith("COMMIT") || sql.startsWith("ROLLBACK")) {
                finish(
                        backend,
                        end,
                        sql.startsWith("COMMIT"),
                        matcher.group(0).contains("execute ")
                                || matcher.group(0).contains("statement:"));
            }
        }

        private void finish(int backend, Instant end, boolean committed, boolean executed) {
            if (!executed) {
                return;
            }
            Open transaction = open.remove(backend);
            if (transaction != null && transaction.deletes && committed) {
                batches.add(Duration.between(transaction.start, end).toNanos() / 1e6);
            }
        }

        private static final class Open {
            private final Instant start;
            private boolean deletes;

            private Open(Instant start) {
                this.start = start;
            }
        }
    }
}
