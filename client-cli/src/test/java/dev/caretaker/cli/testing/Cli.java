package dev.caretaker.cli.testing;

import dev.caretaker.cli.Main;
import dev.caretaker.cli.terminal.Environment;
import dev.caretaker.cli.terminal.Interrupts;
import dev.caretaker.cli.terminal.StandardOutput;
import dev.caretaker.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs the client as a user would, with everything around it under control: streams, terminal, Ctrl-C, clock. */
public final class Cli {
    public static final Instant NOW = Instant.parse("2025-06-01T12:00:00Z");

    private final Map<String, String> variables = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Runnable> listeners = new ArrayList<>();
    private boolean interactive;
    private boolean display;
    private int columns = 80;
    private String input = "";
    private PrintStream results = new PrintStream(out, true, StandardCharsets.UTF_8);

    /** What a command left behind. */
    public record Result(int exitCode, String out, String err) {}

    public static Cli to(FakeServer server) {
        return new Cli().with("CARETAKER_SERVER", server.address());
    }

    public Cli with(String variable, String value) {
        variables.put(variable, value);
        return this;
    }

    public Cli onTerminal(int width) {
        interactive = true;
        display = true;
        columns = width;
        return this;
    }

    public Cli typing(String text) {
        input = text;
        return this;
    }

    /** Presses Ctrl-C. */
    public void interrupt() {
        List.copyOf(listeners).forEach(Runnable::run);
    }

    public String outSoFar() {
        return out.toString(StandardCharsets.UTF_8);
    }

    public String errSoFar() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** Results go there instead. */
    public Cli into(OutputStream other) {
        results = new StandardOutput(other);
        return this;
    }

    public Result run(String... args) {
        int exitCode = Main.run(environment(), args);
        return new Result(exitCode, outSoFar(), errSoFar());
    }

    /** What the client sees around it. */
    public Environment environment() {
        Terminal terminal = new Terminal() {
            @Override
            public boolean isInteractive() {
                return interactive;
            }

            @Override
            public boolean isDisplay() {
                return display;
            }

            @Override
            public int columns() {
                return columns;
            }
        };
        Interrupts interrupts = action -> {
            listeners.add(action);
            return () -> listeners.remove(action);
        };
        return new Environment(
                variables,
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                results,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminal,
                interrupts,
                Clock.fixed(NOW, ZoneOffset.UTC),
                "olga");
    }
}
