package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.Api;
import dev.caretaker.v1.GetGrowthRequest;
import dev.caretaker.v1.GetHealthRequest;
import dev.caretaker.v1.Growth;
import dev.caretaker.v1.Health;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How targets were when somebody last looked. A look asks the target itself, with all checks, so no page waits for a hundred of them:
 * what was seen is shown with its time, and what is older than two minutes is looked at again beside, four at a time, as the user who
 * asked. Without anybody who watches nothing is looked at. What could not be looked at is as it was seen last. Every caller of the API
 * may see every target.
 */
@Singleton
final class Looks {
    /** For pages of many: one that comes late is worse than one that says what it does not know yet. */
    static final Duration A_MOMENT = Duration.ofMillis(80);

    private static final long FRESH = TimeUnit.MINUTES.toNanos(2);
    private static final int AT_A_TIME = 4;

    private final Turns turns;
    private final Clock clock;
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> looking = new ConcurrentHashMap<>();
    private final Semaphore places = new Semaphore(AT_A_TIME);
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("console-look-", 0).factory());

    Looks(Turns turns, Clock clock) {
        this.turns = turns;
        this.clock = clock;
    }

    /**
     * What was seen of a target.
     *
     * @param health empty if it could never be looked at
     * @param problem why it could not be looked at since then, a sentence; empty if it could
     * @param taken when that was seen; if nothing ever was, when it could not be
     */
    record Look(Optional<Health> health, Growth growth, String problem, Instant taken) {
        static Look of(Health health, Growth growth, Instant now) {
            return new Look(Optional.of(health), growth, "", now);
        }

        /** After a look that failed. */
        static Look failed(Optional<Look> before, String why, Instant now) {
            return before.filter(known -> known.health().isPresent())
                    .map(known -> new Look(known.health(), known.growth(), why, known.taken()))
                    .orElseGet(() -> new Look(Optional.empty(), Growth.getDefaultInstance(), why, now));
        }
    }

    /** @param tried when it was looked at last, whatever came of it, as System.nanoTime: nobody sets that */
    private record Seen(Look look, long tried) {}

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }

    /**
     * What is known of these targets; those of which nothing is are looked at, and waited for.
     *
     * @param patience how long
     */
    Map<String, Look> of(Api api, Collection<String> targets, Duration patience) {
        targets.stream().filter(this::isOld).forEach(target -> begin(api, target));
        long end = System.nanoTime() + patience.toNanos();
        Map<String, Look> known = new TreeMap<>();
        for (String target : targets) {
            CountDownLatch running = looking.get(target);
            if (!seen.containsKey(target) && running != null) {
                await(running, end - System.nanoTime());
            }
            seen(target).ifPresent(look -> known.put(target, look));
        }
        return known;
    }

    /** Looks at it anew, and waits for that. */
    Optional<Look> again(Api api, String target, Duration patience) {
        await(begin(api, target), patience.toNanos());
        return seen(target);
    }

    private Optional<Look> seen(String target) {
        return Optional.ofNullable(seen.get(target)).map(Seen::look);
    }

    private boolean isOld(String target) {
        Seen last = seen.get(target);
        return last == null || System.nanoTime() - last.tried() > FRESH;
    }

    /** Looks at it anew, beside. */
    CountDownLatch begin(Api api, String target) {
        CountDownLatch mine = new CountDownLatch(1);
        CountDownLatch running = looking.putIfAbsent(target, mine);
        if (running != null) {
            return running;
        }
        threads.execute(() -> {
            try {
                turns.take(target, () -> placed(api, target))
                        .ifPresent(look -> seen.put(target, new Seen(look, System.nanoTime())));
            } finally {
                looking.remove(target);
                mine.countDown();
            }
        });
        return mine;
    }

    /** Empty if the server stops. */
    private Optional<Look> placed(Api api, String target) {
        try {
            places.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        try {
            return Optional.of(look(api, target));
        } finally {
            places.release();
        }
    }

    private Look look(Api api, String target) {
        try {
            Growth growth = api.growth()
                    .getGrowth(GetGrowthRequest.newBuilder().setTarget(target).build())
                    .getGrowth();
            Health health = api.health()
                    .getHealth(GetHealthRequest.newBuilder().setTarget(target).build())
                    .getHealth();
            return Look.of(health, growth, clock.instant());
        } catch (StatusRuntimeException e) {
            return Look.failed(seen(target), why(e), clock.instant());
        }
    }

    private static String why(StatusRuntimeException failure) {
        if (failure.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED) {
            return "It did not answer within 30 seconds.";
        }
        String why = failure.getStatus().getDescription();
        return why == null ? "The server gave no reason." : why;
    }

    private static boolean await(CountDownLatch running, long nanos) {
        try {
            return running.await(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
