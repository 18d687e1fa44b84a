package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.RunState;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.RunServiceGrpc;
import dev.caretaker.v1.WatchRunRequest;
import dev.caretaker.v1.WatchRunResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static ApiServer server;
    private static FakeRuns runs;
    private String runId;

    @BeforeAll
    static void start() {
        server = ApiServer.start();
        runs = server.bean(FakeRuns.class);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void run() {
        await().atMost(SOON).until(() -> runs.watching.get() == 0);
        runId = runs.add(new Actor("test", true)).id().toString();
    }

    @Test
    void events_come_in_order_and_the_stream_ends_with_the_run() {
        runs.story = (from, watcher) -> {
            for (long sequence = from; sequence <= 100; sequence++) {
                assertThat(watcher.event(sequence, Instant.now(), warning("x"))).isTrue();
            }
        };
        List<WatchRunResponse> all = new ArrayList<>();
        watch(41).forEachRemaining(all::add);
        assertThat(all)
                .hasSize(60)
                .first()
                .satisfies(event -> assertThat(event.getEvent().getSequence()).isEqualTo(41));
        assertThat(all)
                .isSortedAccordingTo(java.util.Comparator.comparing(
                        response -> response.getEvent().getSequence()));
    }

    @Test
    void an_idle_stream_carries_heartbeats_with_the_last_number() throws Exception {
        runs.story = (from, watcher) -> {
            while (watcher.heartbeat(7, Instant.now(), RunState.PAUSED)) {
                rest();
            }
        };
        Context.CancellableContext client = Context.current().withCancellation();
        WatchRunResponse heartbeat = client.wrap(() -> watch(1).next()).call();
        client.cancel(null);
        assertThat(heartbeat.getEvent().getHeartbeat().getState())
                .isEqualTo(dev.caretaker.v1.RunState.RUN_STATE_PAUSED);
        assertThat(heartbeat.getEvent().getSequence()).isEqualTo(7);
    }

    @Test
    void a_client_that_does_not_read_holds_back_the_story_instead_of_filling_memory() {
        AtomicLong told = new AtomicLong();
        String kilobyte = "x".repeat(1_000);
        runs.story = (from, watcher) -> {
            while (watcher.event(told.incrementAndGet(), Instant.now(), warning(kilobyte))) {
                if (told.get() == 1_000_000) {
                    return;
                }
            }
        };
        CountDownLatch first = new CountDownLatch(1);
        ClientCall<WatchRunRequest, WatchRunResponse> call =
                server.channel().newCall(RunServiceGrpc.getWatchRunMethod(), CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(WatchRunResponse message) {
                        first.countDown();
                    }
                },
                new Metadata());
        call.sendMessage(WatchRunRequest.newBuilder().setRunId(runId).build());
        call.halfClose();
        call.request(1);
        await().atMost(SOON).until(() -> first.getCount() == 0);
        // Nothing is told any more once the buffers on the way are full.
        AtomicLong before = new AtomicLong(-1);
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> before.getAndSet(told.get()) == told.get());
        assertThat(told.get()).isLessThan(5_000);

        call.cancel("seen enough", null);
        await().atMost(SOON).until(() -> runs.watching.get() == 0);
    }

    @Test
    void a_slow_client_that_reads_on_misses_nothing() {
        runs.story = (from, watcher) -> {
            for (long sequence = 1; sequence <= 3_000; sequence++) {
                assertThat(watcher.event(sequence, Instant.now(), warning("x".repeat(1_000))))
                        .isTrue();
            }
        };
        long expected = 1;
        for (Iterator<WatchRunResponse> stream = watch(1); stream.hasNext(); expected++) {
            assertThat(stream.next().getEvent().getSequence()).isEqualTo(expected);
        }
        assertThat(expected).isEqualTo(3_001);
    }

    @Test
    void a_client_that_leaves_or_runs_out_of_time_stops_only_the_watching() {
        List<Boolean> answers = new CopyOnWriteArrayList<>();
        runs.story = (from, watcher) -> {
            boolean go = watcher.event(1, Instant.now(), warning("x"));
            while (go) {
                rest();
                go = watcher.heartbeat(1, Instant.now(), RunState.RUNNING);
            }
            answers.add(false);
        };
        var impatient = RunServiceGrpc.newBlockingStub(server.channel()).withDeadlineAfter(1, TimeUnit.SECONDS);
        StatusRuntimeException late = org.assertj.core.api.Assertions.catchThrowableOfType(
                StatusRuntimeException.class,
                () -> impatient
                        .watchRun(WatchRunRequest.newBuilder().setRunId(runId).build())
                        .forEachRemaining(event -> {}));
        assertThat(late.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        await().atMost(SOON).until(() -> runs.watching.get() == 0);
        assertThat(answers).containsExactly(false);
        assertThat(runs.steered).isEmpty();
        assertThat(RunServiceGrpc.newBlockingStub(server.channel())
                        .getRun(GetRunRequest.newBuilder().setRunId(runId).build())
                        .getRun()
                        .getState())
                .isEqualTo(dev.caretaker.v1.RunState.RUN_STATE_QUEUED);
    }

    @Test
    void a_story_that_breaks_off_ends_the_stream_with_an_incident() {
        runs.story = (from, watcher) -> {
            watcher.event(1, Instant.now(), warning("x"));
            throw new IllegalStateException("SELECT password FROM vault");
        };
        Iterator<WatchRunResponse> stream = watch(1);
        assertThat(stream.next().getEvent().getSequence()).isEqualTo(1);
        ErrorDetails broken = ErrorDetails.of(stream::next);
        assertThat(broken.code()).isEqualTo("INTERNAL");
        assertThat(broken.info().getMetadataMap()).containsKey("incident");
        assertThat(broken.thrown().toString()).doesNotContain("vault");
    }

    private Iterator<WatchRunResponse> watch(long from) {
        return RunServiceGrpc.newBlockingStub(server.channel())
                .watchRun(WatchRunRequest.newBuilder()
                        .setRunId(runId)
                        .setFromSequence(from)
                        .build());
    }

    /** Heartbeats come from time to time. */
    private static void rest() {
        LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }

    private static RunEvent warning(String message) {
        return new RunEvent.Warning("TEST", message, 0, Map.of());
    }
}
