package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.config.RetentionConfig.Kept;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.ControlStore;
import dev.caretaker.server.store.retention.Forgetting;
import dev.caretaker.v1.DesiredState;
import dev.caretaker.v1.PauseRunRequest;
import dev.caretaker.v1.PauseRunResponse;
import dev.caretaker.v1.RunServiceGrpc;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers that die in the middle of a mutation. The effect of a mutation is a row in a table of the control store. */
class AtMostOnceTest {
    private static ApiServer server;
    private static RunServiceGrpc.RunServiceBlockingStub stub;
    private static FakeRuns runs;
    private PauseRunRequest request;

    @BeforeAll
    static void start() {
        server = ApiServer.start();
        server.store().execute("CREATE TABLE effect (id int GENERATED ALWAYS AS IDENTITY)");
        stub = RunServiceGrpc.newBlockingStub(server.channel());
        runs = server.bean(FakeRuns.class);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void prepare() {
        server.store().execute("TRUNCATE effect");
        request = PauseRunRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setRunId(runs.add(new Actor("test", true)).id().toString())
                .setReason("why")
                .build();
    }

    @Test
    void a_server_that_died_before_it_acted_leaves_the_request_to_the_next_one() {
        runs.whileSteering = AtMostOnceTest::die;
        ErrorDetails.of(() -> stub.pauseRun(request));
        runs.whileSteering = AtMostOnceTest::effect;
        ErrorDetails refused = ErrorDetails.of(() -> stub.pauseRun(request));
        assertThat(refused.reason()).as("as long as nobody knows that it died").isEqualTo("REQUEST_IN_PROGRESS");
        assertThat(refused.thrown().getStatus().getDescription())
                .matches(".* try again in \\d+ s, when it has ended or may be taken over\\.");
        silence();
        assertThat(stub.pauseRun(request).getRun().getDesiredState()).isEqualTo(DesiredState.DESIRED_STATE_PAUSED);
        assertThat(effects()).isEqualTo(1);
    }

    @Test
    void a_server_that_died_after_it_acted_is_not_repeated() {
        runs.whileSteering = () -> {
            effect();
            die();
        };
        ErrorDetails.of(() -> stub.pauseRun(request));
        assertThat(effects()).isEqualTo(1);
        silence();
        PauseRunResponse answer = stub.pauseRun(request);
        assertThat(answer.getRun().getRunId()).isEqualTo(request.getRunId());
        assertThat(stub.pauseRun(request)).isEqualTo(answer);
        assertThat(effects()).isEqualTo(1);
    }

    @Test
    void an_action_that_failed_after_it_had_acted_is_not_repeated_either() {
        runs.whileSteering = () -> {
            effect();
            throw new IllegalStateException("late");
        };
        assertThat(ErrorDetails.of(() -> stub.pauseRun(request)).code()).isEqualTo("INTERNAL");
        assertThat(stub.pauseRun(request).getRun().getRunId()).isEqualTo(request.getRunId());
        assertThat(effects()).isEqualTo(1);
    }

    @Test
    void a_server_that_slept_while_another_took_over_can_no_longer_act() throws Exception {
        CountDownLatch asleep = new CountDownLatch(1);
        CountDownLatch awake = new CountDownLatch(1);
        AtomicBoolean first = new AtomicBoolean(true);
        runs.whileSteering = () -> {
            if (first.getAndSet(false)) {
                asleep.countDown();
                await(awake);
            }
            effect();
        };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<ErrorDetails> late = threads.submit(() -> ErrorDetails.of(() -> stub.pauseRun(request)));
            await(asleep);
            silence();
            stub.pauseRun(request);
            awake.countDown();
            assertThat(late.get().reason()).isEqualTo("REQUEST_IN_PROGRESS");
        }
        assertThat(effects()).isEqualTo(1);
    }

    @Test
    void requests_are_forgotten_after_seven_days_and_not_before() {
        runs.whileSteering = () -> {};
        stub.pauseRun(request);
        String age = "UPDATE caretaker.request SET created = now() - interval '%s' WHERE request_id = '"
                + request.getRequestId() + "'";
        Forgetting forgetting = server.bean(Forgetting.class);
        server.store().execute(age.formatted("6 days 23 hours"));
        assertThat(forgetting.forget(Kept.REQUESTS)).isZero();
        server.store().execute(age.formatted("7 days 1 hour"));
        assertThat(forgetting.forget(Kept.REQUESTS)).isEqualTo(1);
    }

    private static void effect() {
        server.bean(ControlStore.class).update("test_effect");
    }

    /** Nothing may catch what a dead process leaves undone. */
    private static void die() {
        throw new AssertionError("the server died here");
    }

    /** The attempt has not been heard of for long. */
    private void silence() {
        server.store()
                .execute("UPDATE caretaker.request SET alive = now() - interval '31 seconds' WHERE request_id = '"
                        + request.getRequestId() + "'");
    }

    private static long effects() {
        return server.store().number("SELECT count(*) FROM effect");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
