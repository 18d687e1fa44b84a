package dev.caretaker.server.demo;

import dev.caretaker.server.demo.SampleData.Content;
import dev.caretaker.server.demo.SampleData.TableCount;
import dev.caretaker.server.store.TableName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The server's side of {@code caretaker demo}: a Postgres with sample data and Caretaker beside it, in one process that
 * lives as long as whoever started it keeps standard input open; with {@code --keep}, until it is terminated. All files are
 * in a temporary folder that goes with it, and so does the file that {@code --log=FILE} names, where the parent sends
 * standard error.
 *
 * <p>It tells its parent on standard output, in lines of words separated by tabs:
 *
 * <pre>
 * step      what it does now, for people
 * folder    the temporary folder
 * database  URL of the sample database, for psql
 * policies  file with the policies of the demo
 * sets      file with its partition sets
 * schedules file with its schedules
 * convert   a plain table to which an application writes, see below
 * archived  a table of which its policies archive rows
 * watched   a policy for a run that one can watch, see below
 * paused    a policy for a run that is to be paused
 * server    host:port of Caretaker
 * console   URL of its console
 * ready
 * </pre>
 *
 * After that it answers lines on standard input, the last line of each answer being {@code end}. {@code count} brings lines
 * {@code table SCHEMA NAME ROWS PARTITIONS}, counted exactly. {@code content SCHEMA NAME}, again separated by tabs, brings {@code content ROWS HASH}: how many rows the
 * table has, and the sum of a hash of each row's text. After {@code write} an application writes to the table of
 * {@code convert}, until {@code rest} stops it and brings {@code written ROWS WRONG}: how many rows it inserted, changed and in
 * part deleted, and how many of them are not as it left them. {@code live} makes up a past and brings rows for the policies of
 * {@code watched} and {@code paused}. What goes wrong is on standard error, and the exit code is 1.
 */
public final class Demo {
    private static final String LOG = "--log=";

    private final PrintStream out;
    private final DemoResources resources;

    private Demo(PrintStream out, DemoResources resources) {
        this.out = out;
        this.resources = resources;
    }

    /** Runs the demo; ends the process. */
    public static void main(String... arguments) {
        boolean keep = List.of(arguments).contains("--keep");
        DemoResources resources = new DemoResources();
        Runtime.getRuntime().addShutdownHook(new Thread(resources::close, "demo-clean-up"));
        try {
            for (String argument : arguments) {
                if (argument.startsWith(LOG)) {
                    Path log = Path.of(argument.substring(LOG.length()));
                    resources.add(() -> Files.deleteIfExists(log));
                }
            }
            new Demo(System.out, resources).run(System.in);
            if (keep) {
                Thread.currentThread().join();
            }
            System.exit(0);
        } catch (IOException | SQLException | RuntimeException e) {
            System.err.println(sentence(e));
            System.exit(1);
        } catch (InterruptedException e) {
            System.exit(1);
        }
    }

    private void run(InputStream in) throws IOException, SQLException {
        Path folder = resources.createFolder();
        tell("folder", folder.toString());
        tell("step", "Starting a Postgres of its own");
        DemoDatabase database = resources.add(DemoDatabase.start(folder));
        tell("database", database.samplePsqlUrl());
        tell("step", "Making sample data like that of five systems");
        SampleData data = new SampleData(database.sample());
        data.load();
        tell("policies", write(folder, "policies.yml").toString());
        tell("sets", write(folder, "sets.yml").toString());
        tell("schedules", write(folder, "schedules.yml").toString());
        tell("convert", "milvaion.JobOccurrences");
        tell("archived", "runbook.workflows");
        tell("watched", "cryoprotect-sessions");
        tell("paused", "cryoprotect-audit-logs");
        tell("step", "Starting Caretaker");
        DemoServer server = resources.add(DemoServer.start(database, folder));
        tell("server", server.address());
        tell("console", server.console());
        tell("ready");
        answer(in, data, database, server);
    }

    private void answer(InputStream in, SampleData data, DemoDatabase database, DemoServer server)
            throws IOException, SQLException {
        Optional<DemoWriter> writer = Optional.empty();
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split("\t");
            switch (words[0]) {
                case "count" -> count(data);
                case "content" -> {
                    Content content = data.content(new TableName(words[1], words[2]));
                    tell("content", Long.toString(content.rows()), content.hash());
                }
                case "write" -> writer = Optional.of(DemoWriter.start(database.sample()));
                case "rest" -> {
                    DemoWriter.Written written = writer.orElseThrow().stop();
                    tell("written", Integer.toString(written.rows()), Long.toString(written.wrong()));
                }
                case "live" -> {
                    DemoHistory history = new DemoHistory(database);
                    history.begin();
                    server.sample();
                    history.make();
                }
                default -> throw new IOException("the demo was asked for '" + line + "', which it does not know");
            }
            tell("end");
        }
    }

    private void count(SampleData data) throws SQLException {
        for (TableCount count : data.count()) {
            tell(
                    "table",
                    count.table().schema(),
                    count.table().name(),
                    Long.toString(count.rows()),
                    Integer.toString(count.partitions()));
        }
    }

    private static Path write(Path folder, String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream content = Demo.class.getResourceAsStream("/demo/" + name)) {
            Files.copy(content, file);
        }
        return file;
    }

    private void tell(String... words) {
        out.println(String.join("\t", words));
        out.flush();
    }

    /** The message of the innermost cause, which is the one that names the thing. */
    private static String sentence(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return failure.getMessage() == null || failure.getMessage().contains(message)
                ? message
                : failure.getMessage() + ": " + message;
    }
}
