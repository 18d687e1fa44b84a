package dev.caretaker.server.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The program of Prometheus that checks what is written for it. */
public final class Promtool {
    private Promtool() {}

    /**
     * How it ended.
     *
     * @param said on both of its streams
     */
    public record Result(int code, String said) {}

    /** The test is skipped, and says so, where it is not installed. */
    public static void assumeInstalled() {
        boolean installed = Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "promtool")));
        assumeTrue(installed, "promtool is not installed: what is written for Prometheus was not tried with it");
    }

    /** @param in what it reads, if it reads anything */
    public static Result run(String in, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Process promtool = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (OutputStream to = promtool.getOutputStream()) {
            to.write(in.getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(promtool.waitFor(), said);
    }
}
