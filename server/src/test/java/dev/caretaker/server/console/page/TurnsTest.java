package dev.caretaker.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final Turns turns = new Turns();

    @Test
    void two_looks_at_one_target_come_one_after_the_other_and_those_at_others_beside() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger looked = new AtomicInteger();
        AtomicReference<Thread> second = new AtomicReference<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> first = threads.submit(() -> turns.take("main", () -> {
                begun.countDown();
                await(go);
                return looked.incrementAndGet();
            }));
            await(begun);
            Future<Integer> next = threads.submit(() -> {
                second.set(Thread.currentThread());
                return turns.take("main", looked::incrementAndGet);
            });
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while ((second.get() == null || second.get().getState() != Thread.State.WAITING)
                    && System.nanoTime() < end) {
                Thread.onSpinWait();
            }

            assertThat(turns.take("other", () -> "beside")).isEqualTo("beside");
            assertThat(looked).hasValue(0);
            go.countDown();
            assertThat(first.get()).isEqualTo(1);
            assertThat(next.get()).isEqualTo(2);
        }
    }

    @Test
    void a_look_that_fails_leaves_its_turn_to_the_next() {
        assertThatThrownBy(() -> turns.take("main", () -> {
                    throw new IllegalStateException("away");
                }))
                .hasMessage("away");

        assertThat(turns.take("main", () -> 1)).isEqualTo(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
