package dev.caretaker.server.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** PostgreSQL servers that verifications have started, by the files that they leave. */
final class ScratchPostmasters {
    private ScratchPostmasters() {}

    /** Those that live, of a spool. */
    static List<ProcessHandle> in(Path spool) {
        try (Stream<Path> files = Files.find(spool, 4, (file, _) -> file.endsWith("postmaster.pid"))) {
            return files.flatMap(file -> process(file).stream())
                    .filter(ProcessHandle::isAlive)
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (UncheckedIOException e) {
            return List.of(); // removed while it was looked at
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Optional<ProcessHandle> process(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            return lines.isEmpty()
                    ? Optional.empty()
                    : ProcessHandle.of(Long.parseLong(lines.getFirst().strip()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether a session of one loads rows, as it tells the system. */
    static boolean loads(ProcessHandle postmaster) {
        return postmaster.children().anyMatch(session -> title(session).contains("COPY"));
    }

    private static String title(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
        } catch (IOException e) {
            return "";
        }
    }
}
