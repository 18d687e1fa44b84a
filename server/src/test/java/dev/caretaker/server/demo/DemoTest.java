package dev.caretaker.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.caretaker.v1.ApplySchedulesRequest;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.FireOutcome;
import dev.caretaker.v1.GetGrowthRequest;
import dev.caretaker.v1.Growth;
import dev.caretaker.v1.GrowthServiceGrpc;
import dev.caretaker.v1.ListFiresRequest;
import dev.caretaker.v1.ListTargetsRequest;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.ScheduleServiceGrpc;
import dev.caretaker.v1.ScheduledVacuum;
import dev.caretaker.v1.ScheduledWork;
import dev.caretaker.v1.Target;
import dev.caretaker.v1.TargetServiceGrpc;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** Speaks with the demo's process as the client does: with one, from its beginning to its end. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DemoTest {
    private static final Map<String, String> FACTS = new HashMap<>();
    private static Process process;
    private static BufferedReader answers;

    @BeforeAll
    static void start() throws IOException {
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
            FACTS.put(words[0], words[1]);
        }
    }

    @AfterAll
    static void end() {
        process.destroy();
    }

    @Test
    @Order(1)
    void serves_its_sample_database_and_an_application_that_writes_to_it() throws Exception {
        ManagedChannel channel = Grpc.newChannelBuilder(FACTS.get("server"), InsecureChannelCredentials.create())
                .build();
        assertThat(TargetServiceGrpc.newBlockingStub(channel)
                        .listTargets(ListTargetsRequest.getDefaultInstance())
                        .getTargetsList())
                .extracting(Target::getName)
                .containsExactly("demo");
        channel.shutdownNow();
        HttpResponse<String> console = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()
                .send(HttpRequest.newBuilder(URI.create(FACTS.get("console"))).build(), BodyHandlers.ofString());
        assertThat(console.statusCode()).isEqualTo(200);
        assertThat(console.body()).contains("<h1>Overview</h1>", "/console/targets/demo");

        assertThat(count())
                .containsEntry("milvaion.JobOccurrences", 120_000L)
                .containsEntry("meshhook.workflow_events", 119_999L);
        process.outputWriter().append("content\trunbook\tworkflows\n").flush();
        assertThat(answer()).startsWith("content", "15000").hasSize(3);
        assertThat(answer()).containsExactly("end");
        assertThat(FACTS).containsEntry("archived", "runbook.workflows");

        assertThat(Path.of(FACTS.get("policies"))).isRegularFile();
        assertThat(Path.of(FACTS.get("schedules"))).isRegularFile();

        process.outputWriter().append("write\n").flush();
        assertThat(answer()).containsExactly("end");
        process.outputWriter().append("rest\n").flush();
        assertThat(answer()).startsWith("written").endsWith("0");
        assertThat(answer()).containsExactly("end");
    }

    @Test
    @Order(3)
    void leaves_nothing_when_its_input_ends() throws Exception {
        process.outputWriter().close();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(Path.of(FACTS.get("folder"))).doesNotExist();
    }

    @Test
    @Order(2)
    void a_demo_that_stays_has_a_past_and_rows_for_runs_that_go_on() throws Exception {
        ManagedChannel channel = Grpc.newChannelBuilder(FACTS.get("server"), InsecureChannelCredentials.create())
                .build();
        var schedules = ScheduleServiceGrpc.newBlockingStub(channel);
        schedules.applySchedules(ApplySchedulesRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .addSchedules(Schedule.newBuilder()
                        .setName("orchestry-two-in-the-morning")
                        .setTarget("demo")
                        .setCron("0 2 * * *")
                        .setZone("UTC")
                        .setWork(ScheduledWork.newBuilder().setVacuum(ScheduledVacuum.getDefaultInstance())))
                .build());

        process.outputWriter().append("live\n").flush();
        assertThat(answer()).containsExactly("end");

        Growth growth = GrowthServiceGrpc.newBlockingStub(channel)
                .getGrowth(GetGrowthRequest.newBuilder()
                        .setTarget("demo")
                        .setWindow(Duration.newBuilder().setSeconds(40 * 86_400))
                        .build())
                .getGrowth();
        assertThat(growth.getSamples()).isEqualTo(36);
        assertThat(growth.getDatabase().getSeries().getTrend().getPerDay()).isPositive();
        List<Fire> fires = schedules
                .listFires(ListFiresRequest.newBuilder()
                        .setSchedule("orchestry-two-in-the-morning")
                        .build())
                .getFiresList();
        assertThat(fires)
                .hasSize(7)
                .allSatisfy(fire -> assertThat(fire.getMessage()).endsWith("Made up by the demo."));
        assertThat(fires.getFirst().getOutcome()).isEqualTo(FireOutcome.FIRE_OUTCOME_MISSED);
        channel.shutdownNow();

        assertThat(count())
                .containsEntry("cryoprotect.sessions", 80_000L)
                .containsEntry("cryoprotect.audit_logs", 50_000L);
        assertThat(FACTS)
                .containsEntry("watched", "cryoprotect-sessions")
                .containsEntry("paused", "cryoprotect-audit-logs");
    }

    private static Map<String, Long> count() throws IOException {
        process.outputWriter().append("count\n").flush();
        Map<String, Long> rows = new HashMap<>();
        for (String[] words = answer(); !words[0].equals("end"); words = answer()) {
            rows.put(words[1] + "." + words[2], Long.parseLong(words[3]));
        }
        return rows;
    }

    private static String[] answer() throws IOException {
        String line = answers.readLine();
        assertThat(line).as("the demo goes on").isNotNull();
        return line.split("\t");
    }
}
