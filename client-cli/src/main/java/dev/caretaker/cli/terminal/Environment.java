package dev.caretaker.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that the client knows of the process around it.
 *
 * @param variables environment variables
 * @param in standard input
 * @param out standard output: results
 * @param err standard error: errors, questions, hints
 * @param terminal what the streams are attached to
 * @param interrupts how Ctrl-C arrives
 * @param clock tells how long ago things were
 * @param userName name of the operating system's user
 */
public record Environment(
        Map<String, String> variables,
        InputStream in,
        PrintStream out,
        PrintStream err,
        Terminal terminal,
        Interrupts interrupts,
        Clock clock,
        String userName) {

    /** The real process. Output is always UTF-8: names of tables are, whatever the locale says. */
    public static Environment ofProcess() {
        return new Environment(
                System.getenv(),
                System.in,
                new StandardOutput(new FileOutputStream(FileDescriptor.out)),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                new ProcessTerminal(),
                Interrupts.ofProcess(),
                Clock.systemUTC(),
                System.getProperty("user.name", "unknown"));
    }

    /** A variable that is set and not empty. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
    }

    /** Colours only on a terminal that has them, and never against the will of NO_COLOR (https://no-color.org). */
    public boolean colours() {
        return terminal.isDisplay()
                && variable("NO_COLOR").isEmpty()
                && !variable("TERM").orElse("").equals("dumb");
    }

    /**
     * Whether drawings may use more than ASCII: unless the locale names another character set. Terminals of today speak
     * UTF-8 where no locale is set at all, as in containers.
     */
    public boolean unicode() {
        String locale = Stream.of("LC_ALL", "LC_CTYPE", "LANG")
                .map(this::variable)
                .flatMap(Optional::stream)
                .findFirst()
                .orElse("UTF-8")
                .toUpperCase(Locale.ROOT);
        return locale.contains("UTF-8") || locale.contains("UTF8");
    }

    public PrintWriter outWriter() {
        return new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), true);
    }

    public PrintWriter errWriter() {
        return new PrintWriter(new OutputStreamWriter(err, StandardCharsets.UTF_8), true);
    }

    /** Why results could not be written, if that is so. */
    public Optional<String> loss() {
        return out instanceof StandardOutput results ? results.loss() : Optional.empty();
    }

    public void flush() {
        out.flush();
        err.flush();
    }
}
