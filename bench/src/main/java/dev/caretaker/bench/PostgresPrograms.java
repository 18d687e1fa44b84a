package dev.caretaker.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs that come with Postgres. */
record PostgresPrograms(Path vacuumdb, Path reindexdb) {
    /** Where Debian has them, beside wrappers on the path that take their time to start. */
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    /** The newest that are installed. */
    static Optional<PostgresPrograms> find() {
        return Stream.concat(debian(), path())
                .map(folder -> new PostgresPrograms(folder.resolve("vacuumdb"), folder.resolve("reindexdb")))
                .filter(programs -> Files.isExecutable(programs.vacuumdb) && Files.isExecutable(programs.reindexdb))
                .findFirst();
    }

    private static Stream<Path> debian() {
        if (!Files.isDirectory(DEBIAN)) {
            return Stream.empty();
        }
        try (Stream<Path> versions = Files.list(DEBIAN)) {
            return versions.sorted(Comparator.reverseOrder()).map(version -> version.resolve("bin")).toList().stream();
        } catch (IOException e) {
            throw new BenchException("cannot list " + DEBIAN, e);
        }
    }

    private static Stream<Path> path() {
        String path = System.getenv("PATH");
        return path == null ? Stream.empty() : Arrays.stream(path.split(":")).map(Path::of);
    }

    /** Runs one and waits; what it says is an error. */
    static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0 || !said.isBlank()) {
                throw new BenchException(command.getFirst() + " ended with " + process.exitValue() + ": " + said);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new BenchException(command.getFirst() + " was interrupted", e);
        }
    }

    /** As it says itself. */
    String version() throws IOException {
        Process process = new ProcessBuilder(vacuumdb.toString(), "--version").start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}
