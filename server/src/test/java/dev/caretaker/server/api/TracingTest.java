package dev.caretaker.server.api;

import static dev.caretaker.server.api.ScheduleScene.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.run.SpanIds;
import dev.caretaker.server.testing.OtlpReceiver;
import dev.caretaker.server.testing.OtlpReceiver.Span;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.ExecuteCleanupResponse;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.ListRunsRequest;
import dev.caretaker.v1.MaintenanceServiceGrpc.MaintenanceServiceBlockingStub;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunRoutineRequest;
import dev.caretaker.v1.RunRoutineResponse;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Traces of real runs, taken by a receiver of OTLP. */
class TracingTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";

    private final OtlpReceiver receiver = new OtlpReceiver();
    private final Database target = TestPostgres.newest().database();
    private WholeServer server;

    @AfterEach
    void stop() {
        server.close();
        receiver.close();
    }

    private void start(Map<String, Object> more) {
        target.execute(
                "CREATE TABLE jobs (id int PRIMARY KEY, ended timestamptz)",
                "CREATE INDEX ON jobs (ended)",
                "INSERT INTO jobs SELECT g, now() - interval '30 days' FROM generate_series(1, 5000) g",
                "CREATE TABLE pinned (id int PRIMARY KEY, ended timestamptz)",
                "CREATE TABLE pins (pinned int PRIMARY KEY REFERENCES pinned)",
                "INSERT INTO pinned VALUES (1, now() - interval '30 days')",
                "INSERT INTO pins VALUES (1)",
                "ANALYZE");
        server = WholeServer.start(target, more);
        server.policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies(ScheduleScene.policy("jobs", "main", "jobs"))
                        .addPolicies(ScheduleScene.policy("pinned", "main", "pinned"))
                        .build());
    }

    private void startTraced(Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(more);
        all.put("caretaker.tracing.otlp-endpoint", receiver.url());
        start(all);
    }

    @Test
    void a_run_is_a_tree_of_spans_in_the_trace_of_the_call_that_started_it() {
        startTraced(Map.of("caretaker.tracing.batch-ratio", 1));
        List<RunEvent> events = cleanUp("jobs", "00-" + TRACE + "-" + CALLER + "-01");
        String runId = events.getFirst().getRunId();
        assertThat(events).allMatch(event -> event.getTraceId().equals(TRACE));
        assertThat(run(runId).getTraceId()).isEqualTo(TRACE);

        Span run = span("run cleanup");
        assertThat(run.trace()).isEqualTo(TRACE);
        assertThat(run.parent()).isEqualTo(CALLER);
        assertThat(run.id()).isEqualTo(runId.replace("-", "").substring(16));
        assertThat(run.error()).isEmpty();
        assertThat(run.attributes())
                .containsEntry("caretaker.run", runId)
                .containsEntry("caretaker.target", "main")
                .containsEntry("caretaker.outcome", "COMPLETE")
                .containsEntry("caretaker.rows", "5000");
        Span step = receiver.spans().stream()
                .filter(span -> span.name().startsWith("step "))
                .findFirst()
                .orElseThrow();
        assertThat(step.parent()).isEqualTo(run.id());
        assertThat(step.attributes())
                .containsEntry("caretaker.policy", "jobs")
                .containsEntry("db.collection.name", "public.jobs");
        assertThat(step.startNanos()).isBetween(run.startNanos(), step.endNanos());
        assertThat(step.endNanos()).isLessThanOrEqualTo(run.endNanos());
        assertThat(receiver.spans())
                .filteredOn(span -> span.name().equals("batch"))
                .isNotEmpty()
                .allSatisfy(batch -> {
                    assertThat(batch.trace()).isEqualTo(TRACE);
                    assertThat(batch.parent()).isEqualTo(step.id());
                })
                .extracting(batch -> Long.parseLong(batch.attributes().get("caretaker.rows")))
                .satisfies(rows -> assertThat(
                                rows.stream().mapToLong(Long::longValue).sum())
                        .isEqualTo(5_000));
    }

    @Test
    void what_fails_is_told_with_its_reason_and_without_the_words_of_the_database() {
        startTraced(Map.of("caretaker.tracing.batch-ratio", 0));
        List<RunEvent> events = cleanUp("pinned", "");
        assertThat(events.getLast().getFinished().getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_FAILED);

        Span run = span("run cleanup");
        assertThat(run.parent()).as("it begins a trace").isEmpty();
        assertThat(run.trace()).isEqualTo(events.getFirst().getTraceId()).hasSize(32);
        assertThat(run.error()).isEqualTo("PINNED_BY_FOREIGN_KEY");
        assertThat(receiver.spans())
                .filteredOn(span -> span.name().equals("batch"))
                .as("failed batches are told whatever the ratio")
                .isNotEmpty()
                .allSatisfy(batch -> assertThat(batch.error()).isEqualTo("PINNED_BY_FOREIGN_KEY"));
        assertThat(receiver.spans().toString()).doesNotContain("violates");
    }

    @Test
    void a_slow_batch_is_told_whatever_the_ratio_is_and_only_slow_ones_are_then() {
        startTraced(Map.of("caretaker.tracing.batch-ratio", 0));
        target.execute(
                "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN PERFORM pg_sleep(0.6); RETURN NULL; END'",
                "CREATE TRIGGER dawdle AFTER DELETE ON jobs FOR EACH STATEMENT EXECUTE FUNCTION dawdle()");
        List<RunEvent> events = cleanUp("jobs", "");
        assertThat(events.getLast().getFinished().getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        await("the slow ones")
                .atMost(20, TimeUnit.SECONDS)
                .until(() -> !batches().isEmpty());
        assertThat(batches()).allSatisfy(batch -> {
            assertThat(batch.attributes())
                    .containsEntry("caretaker.slow", "true")
                    .containsEntry("caretaker.run", events.getFirst().getRunId());
            assertThat(batch.endNanos() - batch.startNanos())
                    .isGreaterThan(Duration.ofMillis(600).toNanos());
        });
    }

    /** Those that did what they should. */
    private List<Span> batches() {
        return receiver.spans().stream()
                .filter(span -> span.name().equals("batch") && span.error().isEmpty())
                .toList();
    }

    @Test
    void a_run_that_another_one_starts_is_beneath_it() {
        startTraced(Map.of("caretaker.routines.mine.parts", List.of("cleanup", "detect")));
        List<RunEvent> events = events(
                server.maintenance()
                        .runRoutine(RunRoutineRequest.newBuilder()
                                .setRequestId(id())
                                .setTarget("main")
                                .setRoutine("mine")
                                .build()),
                RunRoutineResponse::getEvent);
        String routine = events.getFirst().getRunId();
        Span run = span("run routine");
        assertThat(run.trace()).isEqualTo(events.getFirst().getTraceId());
        List<Run> children =
                server
                        .runs()
                        .listRuns(ListRunsRequest.newBuilder().setTarget("main").build())
                        .getRunsList()
                        .stream()
                        .filter(child -> child.getParentRunId().equals(routine))
                        .toList();
        assertThat(children).hasSize(2).allMatch(child -> child.getTraceId().equals(run.trace()));
        await().atMost(20, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(receiver.spans())
                        .filteredOn(span -> span.name().equals("run cleanup"))
                        .extracting(Span::id)
                        .containsExactlyInAnyOrderElementsOf(children.stream()
                                .map(child -> SpanIds.of(UUID.fromString(child.getRunId())))
                                .toList()));
        assertThat(receiver.spans())
                .filteredOn(span -> span.name().equals("run cleanup"))
                .allMatch(span -> span.parent().equals(run.id()));
    }

    @Test
    void a_caller_that_does_not_record_its_trace_is_taken_at_its_word() {
        startTraced(Map.of());
        List<RunEvent> unrecorded = cleanUp("jobs", "00-" + TRACE + "-" + CALLER + "-00");
        assertThat(unrecorded).allMatch(event -> event.getTraceId().equals(TRACE));
        target.execute("INSERT INTO jobs SELECT g, now() - interval '30 days' FROM generate_series(1, 10) g");
        cleanUp("jobs", "");
        span("run cleanup");
        assertThat(receiver.spans()).noneMatch(span -> span.trace().equals(TRACE));
    }

    @Test
    void without_an_endpoint_nothing_is_traced_but_a_trace_of_the_caller_is_kept() {
        start(Map.of());
        assertThat(cleanUp("jobs", "00-" + TRACE + "-" + CALLER + "-01"))
                .allMatch(event -> event.getTraceId().equals(TRACE));
        target.execute("INSERT INTO jobs SELECT g, now() - interval '30 days' FROM generate_series(1, 10) g");
        assertThat(cleanUp("jobs", "")).allMatch(event -> event.getTraceId().isEmpty());
        assertThat(receiver.requests()).isZero();
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void a_receiver_that_never_answers_holds_up_neither_runs_nor_the_end_of_the_server() {
        startTraced(Map.of("caretaker.tracing.batch-ratio", 1));
        receiver.answer(exchange -> {
            Thread.sleep(Duration.ofMinutes(10));
            return 200;
        });
        assertThat(cleanUp("jobs", "").getLast().getFinished().getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        await().atMost(30, TimeUnit.SECONDS).until(() -> receiver.requests() > 0);
        server.close(); // the timeout of the test is a fifth of the receiver's
    }

    private Span span(String name) {
        return await(name)
                .atMost(20, TimeUnit.SECONDS)
                .until(
                        () -> receiver.spans().stream()
                                .filter(span -> span.name().equals(name))
                                .toList(),
                        spans -> !spans.isEmpty())
                .getFirst();
    }

    /** @param traceparent of the call; empty if it has none */
    private List<RunEvent> cleanUp(String policy, String traceparent) {
        String plan = server.maintenance()
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .addPolicies(policy)
                        .build())
                .getPlan()
                .getPlanId();
        MaintenanceServiceBlockingStub maintenance = server.maintenance();
        if (!traceparent.isEmpty()) {
            Metadata headers = new Metadata();
            headers.put(Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER), traceparent);
            maintenance = maintenance.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
        }
        return events(
                maintenance.executeCleanup(ExecuteCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .setPlanId(plan)
                        .build()),
                ExecuteCleanupResponse::getEvent);
    }

    private Run run(String id) {
        return server.runs()
                .getRun(GetRunRequest.newBuilder().setRunId(id).build())
                .getRun();
    }

    private static <A> List<RunEvent> events(Iterator<A> answers, Function<A, RunEvent> event) {
        List<RunEvent> events = new ArrayList<>();
        answers.forEachRemaining(answer -> events.add(event.apply(answer)));
        return events;
    }
}
