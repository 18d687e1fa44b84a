package dev.caretaker.server.run.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class JobRunTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final AtomicBoolean goesOn = new AtomicBoolean(true);
    private final AtomicLong passed = new AtomicLong();

    private JobRun passing() {
        return JobRun.begin(
                gate -> {
                    while (true) {
                        gate.pass();
                        passed.incrementAndGet();
                    }
                },
                "test",
                goesOn::get);
    }

    @Test
    void a_job_stands_still_while_nobody_lets_it_go_on_and_goes_on_when_somebody_does() {
        JobRun run = passing();
        AtomicLong seen = new AtomicLong(-1);
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> seen.getAndSet(passed.get()) == passed.get());
        run.open();
        await().atMost(LONG).until(() -> passed.get() > seen.get());
        goesOn.set(false);
        assertThatThrownBy(() -> run.await(LONG)).isInstanceOf(Gate.EndedException.class);
    }

    @Test
    void what_waits_in_a_statement_is_ended_with_its_run() throws Exception {
        CountDownLatch statement = new CountDownLatch(1);
        JobRun run = JobRun.begin(
                gate -> {
                    try (Gate.Registration _ = gate.onEnd(statement::countDown)) {
                        statement.await();
                        return "ended";
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                },
                "test",
                goesOn::get);
        assertThat(run.await(Duration.ofMillis(50))).isEmpty();
        goesOn.set(false);
        assertThat(run.await(LONG)).isEqualTo(Optional.of("ended"));
    }

    @Test
    void what_is_watched_ends_a_job_that_stands_still_and_one_in_a_statement() throws Exception {
        AtomicBoolean old = new AtomicBoolean();
        CountDownLatch statement = new CountDownLatch(1);
        JobRun run = JobRun.begin(
                gate -> {
                    try (Gate.Registration _ = gate.watch(() -> {
                                if (old.get()) {
                                    throw new IllegalStateException("too old");
                                }
                            });
                            Gate.Registration _ = gate.onEnd(statement::countDown)) {
                        statement.await();
                        throw new SQLException("canceled", "57014");
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                },
                "test",
                goesOn::get);
        assertThat(run.await(Duration.ofMillis(50))).isEmpty();
        old.set(true);
        assertThatThrownBy(() -> run.await(LONG)).hasMessage("too old");

        old.set(false);
        JobRun standing = JobRun.begin(
                gate -> {
                    try (Gate.Registration _ = gate.watch(() -> {
                        if (old.get()) {
                            throw new IllegalStateException("too old");
                        }
                    })) {
                        while (true) {
                            gate.pass();
                        }
                    }
                },
                "test",
                goesOn::get);
        old.set(true);
        assertThatThrownBy(() -> standing.await(LONG)).hasMessage("too old");
    }

    @Test
    void what_a_job_fails_with_is_what_its_step_sees() {
        JobRun run = JobRun.begin(
                gate -> {
                    throw new SQLException("no", "57P01");
                },
                "test",
                goesOn::get);
        assertThatThrownBy(() -> run.await(LONG)).isInstanceOf(SQLException.class);
    }
}
