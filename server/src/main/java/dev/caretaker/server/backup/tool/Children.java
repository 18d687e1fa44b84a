package dev.caretaker.server.backup.tool;

import dev.caretaker.server.backup.tool.ChildFolder.Note;
import dev.caretaker.server.backup.tool.ToolCommand.Sessions;
import dev.caretaker.server.config.CaretakerConfig;
import dev.caretaker.server.config.Reading;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs programs. They get no shell, and of the server's environment only where programs, the home folder and temporary files are.
 * They end with the server; what one that died has left is ended by the next on the same data folder.
 */
@Singleton
public class Children {
    private static final Logger LOG = LoggerFactory.getLogger(Children.class);
    private static final Set<String> PASSED_ON = Set.of("PATH", "HOME", "TMPDIR", "USER", "LOGNAME");
    /** In that time a folder is made and its child noted. */
    private static final Duration MAKING = Duration.ofMinutes(5);

    private final Path root;
    private final SessionEnder ender;
    private final Set<Child> running = ConcurrentHashMap.newKeySet();

    @Inject
    Children(CaretakerConfig config, SessionEnder ender) {
        this(config.dataDir(), ender);
    }

    /** @param dataDir folder of the server, in which each child has one of its own */
    Children(Path dataDir, SessionEnder ender) {
        this.root = dataDir.toAbsolutePath().resolve("children");
        this.ender = ender;
    }

    /**
     * Starts a program.
     *
     * @throws CaretakerException TOOL_FAILED if that does not go
     */
    public Child start(ToolCommand command) {
        ChildFolder folder;
        try {
            folder = ChildFolder.make(root);
        } catch (IOException e) {
            throw notStarted(command, e);
        }
        try {
            return registered(new Child(process(command, folder), folder, command, this::ended), command, folder);
        } catch (IOException e) {
            folder.remove();
            throw notStarted(command, e);
        }
    }

    /**
     * Ends sessions that an attempt on another server may have left, which nothing else ends as long as that one's machine is away.
     *
     * @return true if none is left; false if some were there just now, or nobody knows
     */
    public boolean endSessions(String target, String applicationName) {
        return ender.end(new Sessions(target, applicationName, ""));
    }

    private Child registered(Child child, ToolCommand command, ChildFolder folder) throws IOException {
        running.add(child);
        try {
            ProcessHandle self = ProcessHandle.current();
            folder.note(new Note(
                    host(),
                    self.pid(),
                    started(self),
                    child.pid(),
                    child.start(),
                    command.name(),
                    command.sessions().map(Sessions::target).orElse(""),
                    command.sessions().map(Sessions::applicationName).orElse("")));
            return child;
        } catch (IOException e) {
            child.close();
            throw e;
        }
    }

    private static Process process(ToolCommand command, ChildFolder folder) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command.line());
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(PASSED_ON);
        environment.put("LC_ALL", "C.UTF-8");
        environment.putAll(command.environment());
        Optional<String> password = command.sessions().map(Sessions::password).filter(text -> !text.isEmpty());
        if (password.isPresent()) {
            environment.put("PGPASSFILE", folder.passwords(password.get()).toString());
        }
        return builder.start();
    }

    private static CaretakerException notStarted(ToolCommand command, IOException e) {
        String why = e.getMessage() == null ? Reading.why(e) : e.getMessage();
        return CaretakerException.of(
                Reason.TOOL_FAILED,
                command.name() + " could not be started: " + why,
                Map.of("program", command.program().toString()));
    }

    /** Processes of another machine, or another container, cannot be seen from here. */
    static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    private static Instant started(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }

    /** Not only at the start: a target may not be reached then. */
    @Scheduled(fixedDelay = "1m", initialDelay = "1s")
    void tick() {
        sweep();
    }

    /**
     * A child is gone.
     *
     * @param cut whether it was ended before its end, by whomever; what it, or a program that it started, does at a target goes on then
     */
    private void ended(Child child, boolean cut) {
        running.remove(child);
        if (cut) {
            child.command().sessions().ifPresent(ender::end);
        }
    }

    /** Ends what servers that died have left, and removes their passwords. Returns how many processes were ended. */
    int sweep() {
        int ended = 0;
        try {
            for (ChildFolder folder : ChildFolder.all(root)) {
                Optional<Note> note = folder.note();
                if (note.isPresent()
                        && note.get().host().equals(host())
                        && !lives(note.get().owner(), note.get().ownerStart())) {
                    ended += end(note.get());
                    folder.removePasswords();
                    if (hasNoSessions(note.get())) {
                        folder.remove();
                    }
                } else if (note.isEmpty() && folder.made().plus(MAKING).isBefore(Instant.now())) {
                    folder.remove();
                }
            }
        } catch (IOException e) {
            LOG.warn("what an earlier server may have left in {} is not known: {}", root, Reading.why(e));
        }
        return ended;
    }

    private static int end(Note note) {
        if (!lives(note.pid(), note.start())) {
            return 0;
        }
        LOG.info("ending {} (process {}) of a server that is gone", note.program(), note.pid());
        ProcessHandle.of(note.pid()).ifPresent(process -> {
            List<ProcessHandle> brood = process.descendants().toList();
            process.destroyForcibly();
            brood.forEach(ProcessHandle::destroyForcibly);
        });
        return 1;
    }

    private boolean hasNoSessions(Note note) {
        return note.target().isEmpty() || ender.end(new Sessions(note.target(), note.applicationName(), ""));
    }

    private static boolean lives(long pid, Instant start) {
        return ProcessHandle.of(pid)
                .filter(process -> started(process).equals(start))
                .isPresent();
    }

    /** The server stops. */
    @PreDestroy
    void close() {
        running.forEach(Child::close);
    }
}
