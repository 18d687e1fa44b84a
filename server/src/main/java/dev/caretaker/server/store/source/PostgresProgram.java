package dev.caretaker.server.store.source;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a program of Postgres to its end. Postgres refuses to run as root; on Linux root then runs it in a user namespace of
 * its own, where it is nobody.
 */
final class PostgresProgram {
    private final PostgresBinaries binaries;
    private final boolean asRoot;

    PostgresProgram(PostgresBinaries binaries) throws IOException {
        this.binaries = binaries;
        this.asRoot = isRoot();
    }

    /**
     * Runs it.
     *
     * @return what it printed
     * @throws CaretakerException if it fails, with the last line that it printed
     */
    String run(String program, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if (asRoot) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(binaries.program(program).toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        Process process = start(builder);
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = await(process);
        if (status != 0) {
            throw failed(program, output);
        }
        return output;
    }

    private Process start(ProcessBuilder builder) throws IOException {
        try {
            return builder.start();
        } catch (IOException e) {
            if (asRoot && e.getMessage().contains("unshare")) {
                throw notAsRoot();
            }
            throw e;
        }
    }

    private static CaretakerException notAsRoot() {
        return unavailable("Postgres refuses to run as root, and this system allows no user namespace to hide that in:"
                + " run Caretaker as an ordinary user, or give it a control store (caretaker.control-store.url).");
    }

    private CaretakerException failed(String program, String output) {
        if (asRoot && output.contains("unshare")) {
            return notAsRoot();
        }
        List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
        return unavailable("The embedded control store failed at " + program
                + (lines.isEmpty() ? "." : ": " + lines.getLast().strip()));
    }

    static CaretakerException unavailable(String sentence) {
        return CaretakerException.of(Reason.CONTROL_STORE_UNREACHABLE, sentence);
    }

    private static int await(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for Postgres", e);
        }
    }

    private static boolean isRoot() throws IOException {
        Path self = Path.of("/proc/self");
        return Files.exists(self) && ((Integer) Files.getAttribute(self, "unix:uid")) == 0;
    }
}
