package dev.caretaker.cli.demo;

import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.v1.TableName;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The process that holds the demo's Postgres and its Caretaker. It speaks in lines of words separated by tabs, as the
 * server's own description of its demo says, and ends when its standard input does, unless it is to be kept.
 */
final class DemoProcess implements AutoCloseable {
    private final Process process;
    private final Path log;
    private final boolean kept;
    private final BufferedReader answers;
    private final Writer questions;
    private final Map<String, String> facts = new HashMap<>();

    private DemoProcess(Process process, Path log, boolean kept) {
        this.process = process;
        this.log = log;
        this.kept = kept;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.questions = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    }

    /**
     * Starts it and waits until it is ready.
     *
     * @param launcher the script at the root of the checkout
     * @param keep whether it stays when this process ends
     * @param steps gets a sentence for each thing it does
     */
    static DemoProcess start(Path launcher, boolean keep, Consumer<String> steps) {
        try {
            Path log = Files.createTempFile("caretaker-demo-", ".log");
            List<String> command = new ArrayList<>(List.of(launcher.toString(), "demo-server", "--log=" + log));
            if (keep) {
                command.add("--keep");
            }
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().put("CARETAKER_NO_BUILD", "1");
            builder.redirectError(new File(log.toString()));
            DemoProcess demo = new DemoProcess(builder.start(), log, keep);
            try {
                demo.awaitReady(steps);
            } catch (RuntimeException e) {
                demo.process.destroy();
                demo.close();
                throw e;
            }
            return demo;
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "the demo's server cannot be started: " + e.getMessage(), e);
        }
    }

    /** host:port of Caretaker. */
    String server() {
        return facts.get("server");
    }

    /** URL of the sample database, for psql. */
    String database() {
        return facts.get("database");
    }

    /** File with the demo's policies. */
    String policies() {
        return facts.get("policies");
    }

    /** File with the demo's partition sets; empty if it has none. */
    Optional<String> sets() {
        return Optional.ofNullable(facts.get("sets"));
    }

    /** File with the demo's schedules; empty if it has none. */
    Optional<String> schedules() {
        return Optional.ofNullable(facts.get("schedules"));
    }

    /** A plain table that can be converted while an application writes to it; empty if it has none. */
    Optional<String> convertible() {
        return Optional.ofNullable(facts.get("convert"));
    }

    /** A table of which policies archive rows; empty if there is none. */
    Optional<String> archived() {
        return Optional.ofNullable(facts.get("archived"));
    }

    /** Policy for a run that one can watch; empty if it has none. */
    Optional<String> watched() {
        return Optional.ofNullable(facts.get("watched"));
    }

    /** Policy for a run that is paused; empty if it has none. */
    Optional<String> paused() {
        return Optional.ofNullable(facts.get("paused"));
    }

    /** It makes up a past, and gets rows for these policies. */
    void live() {
        ask("live");
    }

    /** URL of the console; empty if it has none. */
    Optional<String> console() {
        return Optional.ofNullable(facts.get("console"));
    }

    /** Where it writes what goes wrong. */
    Path log() {
        return log;
    }

    long pid() {
        return process.pid();
    }

    /**
     * How much there is in a table now.
     *
     * @param rows counted
     * @param partitions 0 for a plain table
     */
    record TableCount(TableName table, long rows, int partitions) {}

    /** Exact counts of all tables, by schema and name. */
    List<TableCount> count() {
        List<TableCount> counts = new ArrayList<>();
        for (String[] words : ask("count")) {
            counts.add(new TableCount(
                    TableName.newBuilder().setSchema(words[1]).setName(words[2]).build(),
                    Long.parseLong(words[3]),
                    Integer.parseInt(words[4])));
        }
        return counts;
    }

    /**
     * All rows of a table.
     *
     * @param rows counted
     * @param hash the sum of a hash of each row's text, which no order changes
     */
    record Content(long rows, BigInteger hash) {
        Content plus(Content other) {
            return new Content(rows + other.rows, hash.add(other.hash));
        }
    }

    /** What is in a table now. */
    Content content(TableName table) {
        String[] words =
                ask("content\t" + table.getSchema() + "\t" + table.getName()).get(0);
        return new Content(Long.parseLong(words[1]), new BigInteger(words[2]));
    }

    /** From now on an application writes to the table that can be converted. */
    void write() {
        ask("write");
    }

    /**
     * What the application wrote.
     *
     * @param rows inserted, changed, and in part deleted
     * @param wrong rows that are not as it left them
     */
    record Written(long rows, long wrong) {}

    /** The application stops. */
    Written rest() {
        String[] words = ask("rest").get(0);
        return new Written(Long.parseLong(words[1]), Long.parseLong(words[2]));
    }

    private List<String[]> ask(String question) {
        try {
            questions.write(question + "\n");
            questions.flush();
        } catch (IOException e) {
            throw ended();
        }
        List<String[]> lines = new ArrayList<>();
        for (String[] words = answer(); !words[0].equals("end"); words = answer()) {
            lines.add(words);
        }
        return lines;
    }

    /** Ends it, unless it is to be kept, and waits until its files are gone. */
    @Override
    public void close() {
        if (kept && process.isAlive()) {
            return;
        }
        try (questions) {
            // Closing is all: the process ends when its standard input does.
        } catch (IOException e) {
            // The process has ended before.
            process.destroy();
        }
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(log);
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot remove " + log + ": " + e.getMessage(), e);
        }
    }

    private void awaitReady(Consumer<String> steps) {
        for (String[] words = answer(); !words[0].equals("ready"); words = answer()) {
            if (words[0].equals("step")) {
                steps.accept(words[1]);
            } else {
                facts.put(words[0], words[1]);
            }
        }
    }

    private String[] answer() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw ended();
            }
            return line.split("\t", -1);
        } catch (IOException e) {
            throw ended();
        }
    }

    private CommandFailure ended() {
        String said;
        try {
            process.waitFor(10, TimeUnit.SECONDS);
            said = Files.readString(log).strip();
        } catch (IOException e) {
            said = "its log " + log + " cannot be read: " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            said = "";
        }
        return new CommandFailure(ExitCode.FAILED, "the demo's server ended" + (said.isEmpty() ? "" : ": " + said));
    }
}
