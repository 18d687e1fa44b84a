package dev.caretaker.server.backup.tool;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.target.PostgresErrors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A program that runs. Closing ends it with all that it started, and removes what was made for it; that is safe at any time. */
public final class Child implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Child.class);
    /** What it said last is what it ended of. */
    private static final int LAST_WORDS = 2_000;
    /** Of what it said that is kept: a verbose pg_restore names every object, and says what it could not make among that. */
    private static final int MOST_WORDS = 16 << 20;

    private static final int CHUNK = 8_192;
    private static final Duration POLITE = Duration.ofSeconds(3);
    /**
     * What it wrote has been read soon after its end. If a program that it started holds on to its output, no end of it comes, and
     * nothing is missing: whether Java hears of that is chance, so it decides nothing.
     */
    private static final Duration CLOSING = Duration.ofSeconds(5);
    /** One that a signal ended has a greater code than this, by the number of the signal. */
    private static final int SIGNALLED = 128;

    private final Process process;
    private final ChildFolder folder;
    private final ToolCommand command;
    private final End ended;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final StringBuilder words = new StringBuilder();
    private final Thread outputReader;
    private final Thread wordsReader;
    /** Whether words are not kept; guarded by these. */
    private boolean cut;

    private volatile boolean tooMuch;
    private volatile boolean held;

    Child(Process process, ChildFolder folder, ToolCommand command, End ended) {
        this.process = process;
        this.folder = folder;
        this.command = command;
        this.ended = ended;
        this.outputReader = Thread.ofVirtual().start(() -> {
            if (command.mostOutput() != ToolCommand.STREAMED) {
                read(process.getInputStream(), this::keep);
            }
        });
        this.wordsReader = Thread.ofVirtual().start(() -> read(process.getErrorStream(), this::hear));
    }

    /** Hears that a child is gone. */
    interface End {
        void of(Child child, boolean cut);
    }

    /**
     * How it ended.
     *
     * @param code 0: well
     * @param output what it wrote
     * @param words what it said beside that, for people; the end of it, if that is more than 16 megabytes
     * @param cut whether it said more than these
     */
    public record Exit(int code, String output, String words, boolean cut) {}

    ToolCommand command() {
        return command;
    }

    /** Id of the process. */
    public long pid() {
        return process.pid();
    }

    /** What it writes, of one that was started to be read; it waits as long as nobody does. */
    public InputStream output() {
        return process.getInputStream();
    }

    /** When it started, which tells it from a later process with its id. */
    Instant start() {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }

    /** Waits until it has ended, for so long at most. */
    public Optional<Exit> await(Duration longest) throws InterruptedException {
        if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            return Optional.empty();
        }
        if (!outputReader.join(CLOSING) || !wordsReader.join(CLOSING)) {
            LOG.warn("{} left something running that keeps its output open", command.name());
        }
        if (tooMuch) {
            throw failed("wrote more than " + command.mostOutput() + " bytes, and was ended");
        }
        synchronized (words) {
            return Optional.of(new Exit(
                    process.exitValue(),
                    output.toString(StandardCharsets.UTF_8),
                    words.toString().strip(),
                    cut));
        }
    }

    /**
     * Waits until it has ended well, and returns what it wrote.
     *
     * @throws CaretakerException TOOL_FAILED if it did not, or not in time
     */
    public String result(Duration longest) {
        return new String(resultBytes(longest), StandardCharsets.UTF_8);
    }

    /** The same, of a program that does not write in UTF-8. */
    public byte[] resultBytes(Duration longest) {
        try {
            Exit exit = await(longest).orElseThrow(() -> failed("did not end within " + longest.toSeconds() + " s"));
            if (exit.code() != 0) {
                throw failed(ending(exit));
            }
            return output.toByteArray();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("was not waited for, because the server stops");
        }
    }

    /** How it ended, a clause. */
    public static String ending(Exit exit) {
        String words = exit.words();
        String last = words.length() <= LAST_WORDS ? words : "… " + words.substring(words.length() - LAST_WORDS);
        return "ended with code " + exit.code() + (last.isEmpty() ? "" : ": " + last);
    }

    /** An error of this program. */
    public CaretakerException failed(String clause) {
        return CaretakerException.of(Reason.TOOL_FAILED, command.name() + " " + clause, details());
    }

    /** An error of a program that has lost its connection: the same again may work, as with one of Caretaker's own. */
    public CaretakerException lost(String clause) {
        String said = command.name() + " " + clause;
        return CaretakerException.of(
                Reason.TOOL_FAILED, said, details(), new SQLException(said, PostgresErrors.CONNECTION_FAILURE));
    }

    private Map<String, String> details() {
        return Map.of("program", command.program().toString());
    }

    /** Has it, and all that it started, stand still until it {@linkplain #goOn goes on}. Its connections stay open. */
    public void hold() {
        held = true;
        signal("STOP");
    }

    /** See {@link #hold}. */
    public void goOn() {
        signal("CONT");
        held = false;
    }

    /** Java knows no such signals. What is gone needs none. */
    private void signal(String name) {
        List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", "kill -s \"$0\" \"$@\"", name));
        line.add(Long.toString(process.pid()));
        process.descendants().forEach(handle -> line.add(Long.toString(handle.pid())));
        try {
            new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            LOG.debug("{} was not told {}: {}", command.name(), name, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(InputStream stream, Sink sink) {
        byte[] chunk = new byte[CHUNK];
        try (stream) {
            for (int read = stream.read(chunk); read >= 0; read = stream.read(chunk)) {
                sink.take(chunk, read);
            }
        } catch (IOException e) {
            LOG.debug("{} was not heard to the end: {}", command.name(), e.getMessage());
        }
    }

    private void keep(byte[] chunk, int length) {
        if (output.size() + (long) length > command.mostOutput()) {
            tooMuch = true;
            process.destroyForcibly();
        } else {
            output.write(chunk, 0, length);
        }
    }

    private void hear(byte[] chunk, int length) {
        synchronized (words) {
            words.append(new String(chunk, 0, length, StandardCharsets.UTF_8));
            if (words.length() > MOST_WORDS) {
                words.delete(0, words.length() - MOST_WORDS);
                cut = true;
            }
        }
    }

    /** Takes what was read. */
    private interface Sink {
        void take(byte[] chunk, int length);
    }

    @Override
    public void close() {
        boolean cut = process.isAlive() || process.exitValue() > SIGNALLED;
        try {
            List<ProcessHandle> brood = process.descendants().toList();
            if (process.isAlive()) {
                process.destroy();
                brood.forEach(ProcessHandle::destroy);
                if (held) {
                    goOn(); // it hears nothing as long as it stands still
                }
                if (!process.waitFor(POLITE.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                }
            }
            brood.forEach(ProcessHandle::destroyForcibly);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } finally {
            folder.remove();
            ended.of(this, cut);
        }
    }
}
