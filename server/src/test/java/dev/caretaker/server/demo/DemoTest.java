package dev.caretaker.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.v1.ListTargetsRequest;
import dev.caretaker.v1.Target;
import dev.caretaker.v1.TargetServiceGrpc;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Speaks with the demo's process as the client does. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class DemoTest {
    private final Map<String, String> facts = new HashMap<>();
    private Process process;
    private BufferedReader answers;

    @BeforeEach
    void start() throws IOException {
        process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "dev.caretaker.server.Main",
                        "demo")
                .redirectError(Redirect.INHERIT)
                .start();
        answers = process.inputReader(StandardCharsets.UTF_8);
        for (String[] words = answer(); !words[0].equals("ready"); words = answer()) {
            facts.put(words[0], words[1]);
        }
    }

    @AfterEach
    void end() {
        process.destroy();
    }

    @Test
    void serves_its_sample_database_and_leaves_nothing_when_its_input_ends() throws Exception {
        ManagedChannel channel = Grpc.newChannelBuilder(facts.get("server"), InsecureChannelCredentials.create())
                .build();
        assertThat(TargetServiceGrpc.newBlockingStub(channel)
                        .listTargets(ListTargetsRequest.getDefaultInstance())
                        .getTargetsList())
                .extracting(Target::getName)
                .containsExactly("demo");
        channel.shutdownNow();

        process.outputWriter().append("count\n").flush();
        Map<String, Long> rows = new HashMap<>();
        for (String[] words = answer(); !words[0].equals("end"); words = answer()) {
            rows.put(words[1] + "." + words[2], Long.parseLong(words[3]));
        }
        assertThat(rows)
                .containsEntry("milvaion.JobOccurrences", 120_000L)
                .containsEntry("meshhook.workflow_events", 119_999L);
        process.outputWriter().append("content\trunbook\tworkflows\n").flush();
        assertThat(answer()).startsWith("content", "15000").hasSize(3);
        assertThat(answer()).containsExactly("end");
        assertThat(facts).containsEntry("archived", "runbook.workflows");

        assertThat(Path.of(facts.get("policies"))).isRegularFile();
        assertThat(Path.of(facts.get("schedules"))).isRegularFile();

        process.outputWriter().append("write\n").flush();
        assertThat(answer()).containsExactly("end");
        process.outputWriter().append("rest\n").flush();
        assertThat(answer()).startsWith("written").endsWith("0");
        assertThat(answer()).containsExactly("end");

        process.outputWriter().close();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(Path.of(facts.get("folder"))).doesNotExist();
    }

    private String[] answer() throws IOException {
        String line = answers.readLine();
        assertThat(line).as("the demo goes on").isNotNull();
        return line.split("\t");
    }
}
