package dev.caretaker.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Postgres started from the programs that this machine has, so that its pg_dump fits. */
final class InstalledPostgres implements Closeable {
    /** Where Debian has them. */
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    private final Path programs;
    private final Path data;
    private final int port;

    private InstalledPostgres(Path programs, Path data, int port) {
        this.programs = programs;
        this.data = data;
        this.port = port;
    }

    /** Folder of the newest that are there as a whole: pg_dump with its server. */
    static Optional<Path> find() {
        if (!Files.isDirectory(DEBIAN)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(DEBIAN)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(InstalledPostgres::isWhole)
                    .max(Comparator.comparing(bin -> Integer.parseInt(
                            bin.getParent().getFileName().toString().replaceAll("\\..*", ""))));
        } catch (IOException e) {
            throw new BenchException("cannot list " + DEBIAN, e);
        }
    }

    private static boolean isWhole(Path bin) {
        return Stream.of("pg_dump", "initdb", "pg_ctl", "postgres")
                .allMatch(program -> Files.isExecutable(bin.resolve(program)));
    }

    /** Starts one with all its files in {@code folder}. */
    static InstalledPostgres start(Path programs, Path folder, Map<String, String> settings) throws IOException {
        Path data = folder.resolve("data");
        int port = CaretakerServer.freePort();
        run(
                programs,
                "initdb",
                "--pgdata=" + data,
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-instructions");
        Path configuration = data.resolve("postgresql.conf");
        Files.writeString(
                configuration,
                Files.readString(configuration) + "\nport = " + port
                        + "\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n"
                        + settings.entrySet().stream()
                                .map(setting -> setting.getKey() + " = '" + setting.getValue() + "'\n")
                                .collect(Collectors.joining()));
        InstalledPostgres postgres = new InstalledPostgres(programs, data, port);
        run(
                programs,
                "pg_ctl",
                "start",
                "--pgdata=" + data,
                "--log=" + folder.resolve("log"),
                "--wait",
                "--timeout=60");
        return postgres;
    }

    int port() {
        return port;
    }

    /** Runs one of its programs and waits; Postgres refuses to run as root, which is hidden from it. */
    private static void run(Path programs, String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new BenchException(program + " ended with " + process.exitValue() + ": " + said);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new BenchException(program + " was interrupted", e);
        }
    }

    @Override
    public void close() throws IOException {
        run(programs, "pg_ctl", "stop", "--pgdata=" + data, "--mode=immediate", "--wait", "--timeout=60");
    }
}
