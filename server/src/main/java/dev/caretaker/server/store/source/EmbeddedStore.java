package dev.caretaker.server.store.source;

import dev.caretaker.server.error.CaretakerException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A small Postgres that Caretaker carries along and keeps in its data folder across restarts. It listens on loopback only
 * and asks for a password that only the folder's owner can read. Its data are bound to the major version that made them,
 * since it cannot upgrade itself. All failures are CONTROL_STORE_UNREACHABLE or an {@link IOException}.
 */
final class EmbeddedStore implements AutoCloseable {
    static final String USER = "caretaker";
    private static final int ATTEMPTS = 3;
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final String START_SECONDS = "60";
    private static final String STOP_SECONDS = "30";
    private static final long LARGE_LOG = 10L << 20;
    private static final Map<String, String> SETTINGS = new TreeMap<>(Map.ofEntries(
            Map.entry("listen_addresses", "127.0.0.1"),
            Map.entry("unix_socket_directories", ""),
            Map.entry("max_connections", "40"),
            Map.entry("shared_buffers", "32MB"),
            Map.entry("max_wal_size", "256MB"),
            Map.entry("min_wal_size", "32MB"),
            Map.entry("wal_level", "minimal"),
            Map.entry("max_wal_senders", "0"),
            Map.entry("jit", "off"),
            Map.entry("log_checkpoints", "off"),
            Map.entry("timezone", "UTC"),
            Map.entry("log_timezone", "UTC")));

    /** Modes of pg_ctl: with a checkpoint, which needs room on the disk, and without one. */
    private static final String FAST = "fast";

    private static final String IMMEDIATE = "immediate";

    private final DataFolder folder;
    private final PostgresProgram program;
    private final int port;
    private final int major;

    private EmbeddedStore(DataFolder folder, PostgresProgram program, int port, int major) {
        this.folder = folder;
        this.program = program;
        this.port = port;
        this.major = major;
    }

    /** Starts it, on a free port; makes its data if there are none. */
    static EmbeddedStore start(Path dataDir) throws IOException {
        return start(dataDir, USER, Map.of(), Optional.empty());
    }

    /**
     * The same.
     *
     * @param user superuser of the data if they are made now
     * @param further settings beside the usual ones
     * @param programs folder of the programs; empty for those that Caretaker carries
     */
    static EmbeddedStore start(Path dataDir, String user, Map<String, String> further, Optional<Path> programs)
            throws IOException {
        DataFolder folder = DataFolder.take(dataDir);
        try {
            PostgresProgram program = new PostgresProgram(
                    programs.isPresent()
                            ? PostgresBinaries.in(programs.get())
                            : PostgresBinaries.unpack(folder.path()));
            int major = major(program);
            requireSameMajor(folder, major);
            stopLeftover(folder, program, FAST);
            if (!Files.exists(folder.cluster())) {
                create(folder, program, user);
            }
            rotate(folder.log());
            return new EmbeddedStore(folder, program, startServer(folder, program, further), major);
        } catch (IOException | RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    /**
     * Stops one whose folder nobody holds, and whose data nobody wants.
     *
     * @return false if somebody holds it
     */
    static boolean stopAbandoned(Path dataDir) throws IOException {
        DataFolder folder;
        try {
            folder = DataFolder.take(dataDir);
        } catch (CaretakerException e) {
            return false;
        }
        try (folder) {
            if (Files.exists(folder.cluster().resolve("postmaster.pid"))) {
                stopLeftover(folder, new PostgresProgram(PostgresBinaries.unpack(folder.path())), IMMEDIATE);
            }
            return true;
        }
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    String password() throws IOException {
        return Files.readString(folder.password());
    }

    @Override
    public String toString() {
        return "embedded PostgreSQL " + major + " in " + folder.path();
    }

    /** Stops it without waiting for its clients; what they committed is kept. */
    @Override
    public void close() throws IOException {
        try (folder) {
            stop(folder, program, FAST);
        }
    }

    /** Stops it at once, also where its disk is full: nobody wants its data. */
    void discard() throws IOException {
        try (folder) {
            stop(folder, program, IMMEDIATE);
        }
    }

    /** Lets go of the folder and leaves Postgres running, as a killed process does. */
    void abandon() throws IOException {
        folder.close();
    }

    private static int major(PostgresProgram program) throws IOException {
        // pg_ctl (PostgreSQL) 18.6
        String version = program.run("pg_ctl", List.of("--version")).strip();
        return Integer.parseInt(version.replaceAll(".*\\) (\\d+).*", "$1"));
    }

    private static void requireSameMajor(DataFolder folder, int major) throws IOException {
        Path file = folder.cluster().resolve("PG_VERSION");
        if (!Files.exists(file)) {
            return;
        }
        String made = Files.readString(file).strip();
        if (!made.equals(Integer.toString(major))) {
            throw PostgresProgram.unavailable(
                    "The control store in " + folder.path() + " was made by PostgreSQL " + made
                            + ", this Caretaker carries " + major
                            + ", and it cannot upgrade data: use the Caretaker that made it,"
                            + " or move the data with pg_dump to a Postgres of your own (caretaker.control-store.url).");
        }
    }

    /** A server that was killed leaves its Postgres running, or a note of one that is long gone. */
    private static void stopLeftover(DataFolder folder, PostgresProgram program, String mode) throws IOException {
        Path note = folder.cluster().resolve("postmaster.pid");
        if (!Files.exists(note)) {
            return;
        }
        boolean running;
        try (Stream<String> lines = Files.lines(note)) {
            running = lines.findFirst()
                    .filter(line -> line.matches("\\d+"))
                    .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)))
                    .filter(process -> isPostgresOn(folder.cluster(), process.info()))
                    .isPresent();
        }
        if (running) {
            stop(folder, program, mode);
        } else {
            // The pid may by now be some other program's, for which Postgres would refuse to start. The folder is ours.
            Files.deleteIfExists(note);
        }
    }

    /**
     * Whether a process is the postmaster of these data. The note's pid may by now be that of any other Postgres on this
     * machine, such as a target's, and stopping means stopping that pid.
     */
    private static boolean isPostgresOn(Path cluster, ProcessHandle.Info process) {
        boolean postgres = process.command()
                .filter(command -> command.endsWith("/bin/postgres"))
                .isPresent();
        return postgres
                && process.arguments()
                        .filter(given -> List.of(given).contains(cluster.toString()))
                        .isPresent();
    }

    /** Makes the data beside their place and moves them there when complete, so that half-made ones are never used. */
    private static void create(DataFolder folder, PostgresProgram program, String user) throws IOException {
        Path draft = folder.path().resolve("control-store.new");
        PostgresBinaries.remove(draft);
        program.run(
                "initdb",
                List.of(
                        "--pgdata=" + draft,
                        "--username=" + user,
                        "--pwfile=" + folder.password(),
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--no-instructions"));
        Path configuration = draft.resolve("postgresql.conf");
        Files.writeString(configuration, Files.readString(configuration) + "\ninclude 'caretaker.conf'\n");
        Files.move(draft, folder.cluster(), StandardCopyOption.ATOMIC_MOVE);
    }

    private static int startServer(DataFolder folder, PostgresProgram program, Map<String, String> further)
            throws IOException {
        for (int attempt = 1; ; attempt++) {
            int port = freePort();
            Files.writeString(folder.cluster().resolve("caretaker.conf"), settings(port, further));
            long logged = Files.exists(folder.log()) ? Files.size(folder.log()) : 0;
            try {
                program.run(
                        "pg_ctl",
                        List.of(
                                "start",
                                "--pgdata=" + folder.cluster(),
                                "--log=" + folder.log(),
                                "--wait",
                                "--timeout=" + START_SECONDS));
                return port;
            } catch (CaretakerException e) {
                String log = tail(folder.log(), logged);
                // Somebody else took the port in the moment between, or the last backends of a killed server still end.
                boolean passing = log.contains("could not bind") || log.contains("is still in use");
                if (attempt == ATTEMPTS || !passing) {
                    throw log.isEmpty() ? e : PostgresProgram.unavailable(fatal(log, folder.log()));
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private static String fatal(String log, Path file) {
        return "The embedded control store does not start: "
                + log.lines()
                        .filter(line -> line.contains("FATAL") || line.contains("PANIC"))
                        .findFirst()
                        // Before it can log, it says what is wrong without a level.
                        .or(() -> log.lines().filter(line -> !line.isBlank()).reduce((first, last) -> last))
                        .map(line -> line.replaceAll(".*(FATAL|PANIC): +", "").replaceAll("^postgres: ", ""))
                        .orElse("no reason was given")
                + " (" + file + ").";
    }

    private static String tail(Path file, long from) throws IOException {
        if (!Files.exists(file)) {
            return "";
        }
        try (var in = Files.newInputStream(file)) {
            in.skipNBytes(Math.min(from, Files.size(file)));
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void stop(DataFolder folder, PostgresProgram program, String mode) throws IOException {
        program.run(
                "pg_ctl",
                List.of(
                        "stop",
                        "--pgdata=" + folder.cluster(),
                        "--mode=" + mode,
                        "--wait",
                        "--timeout=" + STOP_SECONDS));
    }

    private static String settings(int port, Map<String, String> further) {
        Map<String, String> all = new TreeMap<>(SETTINGS);
        all.putAll(further);
        return "# Written at every start.\nport = " + port + "\n"
                + all.entrySet().stream()
                        .map(setting -> setting.getKey() + " = '" + setting.getValue() + "'\n")
                        .collect(Collectors.joining());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void rotate(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > LARGE_LOG) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
