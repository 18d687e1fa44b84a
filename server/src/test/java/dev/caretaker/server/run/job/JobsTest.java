package dev.caretaker.server.run.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.run.job.Jobs.Standing;
import dev.caretaker.server.store.RunState;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long a job goes on whose run another lease has, or that does not go on. */
class JobsTest {
    private final AtomicReference<Optional<Standing>> standing = new AtomicReference<>(running(1));
    private final AtomicLong now = new AtomicLong();
    private final CountDownLatch end = new CountDownLatch(1);
    private final UUID run = UUID.randomUUID();
    private final Jobs jobs = new Jobs(id -> standing.get(), now::get, 10);

    @AfterEach
    void end() {
        end.countDown();
    }

    private static Optional<Standing> running(long epoch) {
        return Optional.of(new Standing(RunState.RUNNING, epoch));
    }

    private JobRun begin(boolean waits) {
        return jobs.findOrBegin(
                run,
                1,
                gate -> {
                    try {
                        end.await();
                        return "ended";
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                },
                waits);
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void it_goes_on_for_thirty_seconds_after_another_server_got_the_lease_and_no_longer() {
        begin(false);
        assertThat(jobs.goesOn(run)).isTrue();
        standing.set(running(2));
        assertThat(jobs.goesOn(run)).isTrue();
        pass(Duration.ofMillis(29_999));
        assertThat(jobs.goesOn(run)).isTrue();
        pass(Duration.ofMillis(1));
        assertThat(jobs.goesOn(run)).isFalse();
        assertThat(jobs.find(run, 2)).as("whoever comes later begins anew").isEmpty();
    }

    @Test
    void it_goes_on_where_the_newer_lease_is_ours_too() {
        JobRun job = begin(false);
        standing.set(running(2));
        assertThat(jobs.goesOn(run)).isTrue();
        pass(Duration.ofSeconds(29));
        assertThat(jobs.find(run, 2)).contains(job);
        pass(Duration.ofHours(1));
        assertThat(jobs.goesOn(run)).isTrue();

        standing.set(running(3));
        assertThat(jobs.goesOn(run)).as("thirty seconds anew").isTrue();
        pass(Duration.ofSeconds(30));
        assertThat(jobs.goesOn(run)).isFalse();
    }

    @Test
    void it_ends_when_its_run_is_paused_and_can_begin_again_and_waits_where_it_cannot() {
        begin(false);
        standing.set(Optional.of(new Standing(RunState.PAUSED, 1)));
        assertThat(jobs.goesOn(run)).isFalse();
        begin(true);
        assertThat(jobs.goesOn(run)).isTrue();
        standing.set(Optional.of(new Standing(RunState.CANCELLING, 1)));
        assertThat(jobs.goesOn(run)).isFalse();
    }

    @Test
    void it_ends_when_its_run_is_not_known_any_more() {
        begin(true);
        standing.set(Optional.empty());
        assertThat(jobs.goesOn(run)).isFalse();
        assertThat(jobs.goesOn(UUID.randomUUID())).isFalse();
    }
}
