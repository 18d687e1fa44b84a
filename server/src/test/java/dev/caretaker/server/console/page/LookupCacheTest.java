package dev.caretaker.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LookupCacheTest {
    @Test
    void who_asks_while_somebody_finds_out_waits_for_what_he_finds() throws Exception {
        LookupCache<Integer> cache = new LookupCache<>();
        AtomicInteger found = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> first = threads.submit(() -> cache.again("main", () -> {
                begun.countDown();
                await(go);
                return found.incrementAndGet();
            }));
            await(begun);
            List<Thread> waiting = new ArrayList<>();
            List<Future<Integer>> others = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                others.add(threads.submit(() -> {
                    synchronized (waiting) {
                        waiting.add(Thread.currentThread());
                    }
                    return cache.again("main", found::incrementAndGet);
                }));
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (parked(waiting) < 10 && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            go.countDown();

            assertThat(first.get()).isEqualTo(1);
            for (Future<Integer> other : others) {
                assertThat(other.get()).isEqualTo(1);
            }
        }
        assertThat(cache.again("main", found::incrementAndGet)).isEqualTo(2);
    }

    private static long parked(List<Thread> waiting) {
        synchronized (waiting) {
            return waiting.stream()
                    .filter(thread -> thread.getState() == Thread.State.WAITING)
                    .count();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Test
    void what_was_found_is_fresh_for_two_minutes_unless_it_is_spoilt() {
        long[] now = {Long.MAX_VALUE - 1}; // it may begin anywhere, and goes on with the least number
        LookupCache<String> cache = new LookupCache<>(() -> now[0]);
        cache.again("main", () -> "first");

        now[0] += TimeUnit.MINUTES.toNanos(2);
        assertThat(cache.fresh("main")).contains("first");
        now[0] += 1;
        assertThat(cache.fresh("main")).isEmpty();
        assertThat(cache.last("main")).contains("first");
        cache.again("main", () -> "second");
        cache.spoil("main");
        assertThat(cache.fresh("main")).isEmpty();
        assertThat(cache.last("main")).contains("second");
    }

    @Test
    void what_cannot_be_found_out_is_thrown_and_what_was_known_stays() {
        LookupCache<String> cache = new LookupCache<>();
        cache.again("main", () -> "known");

        assertThatThrownBy(() -> cache.again("main", () -> {
                    throw new IllegalStateException("away");
                }))
                .hasMessage("away");
        assertThat(cache.last("main")).contains("known");
        assertThat(cache.again("main", () -> "back")).isEqualTo("back");
    }
}
