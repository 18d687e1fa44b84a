package dev.caretaker.server.console.page;

import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Plans of cleanups that were asked for here. To count rows exactly may take minutes, for which neither a proxy nor a person waits
 * without a sign: the plan is made beside, as the user who asked, and pages tell how long that has taken. A plan that is made is in the
 * control store and in the audit; what is forgotten here, after an hour or when the server stops, is found there.
 */
@Singleton
final class PlansInMaking {
    private static final Duration KEPT = Duration.ofHours(1);

    private final Clock clock;
    private final Map<String, Making> makings = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("console-plan-", 0).factory());

    PlansInMaking(Clock clock) {
        this.clock = clock;
    }

    /**
     * A plan that is being made or was.
     *
     * @param since when it was asked for
     * @param plan what becomes of it; fails with what the API says
     */
    record Making(PlanCleanupRequest request, Instant since, CompletableFuture<Plan> plan) {
        /** The plan, if it is there by then; throws what the API says if it will not be. */
        Optional<Plan> within(Duration patience) {
            try {
                return Optional.of(plan.get(patience.toMillis(), TimeUnit.MILLISECONDS));
            } catch (TimeoutException e) {
                return Optional.empty();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException same ? same : new CompletionException(e.getCause());
            }
        }
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }

    /**
     * Makes it, beside; the same request that is sent twice makes one.
     *
     * @param make asks the API for it
     */
    Making begin(PlanCleanupRequest request, Function<PlanCleanupRequest, Plan> make) {
        Instant now = clock.instant();
        makings.values()
                .removeIf(known -> known.plan().isDone() && known.since().isBefore(now.minus(KEPT)));
        Making mine = new Making(request, now, new CompletableFuture<>());
        Making known = makings.merge(
                request.getRequestId(),
                mine,
                (before, asked) ->
                        before.request().equals(request) && !before.plan().isCompletedExceptionally() ? before : asked);
        if (known == mine) {
            threads.execute(() -> make(mine, make));
        }
        return known;
    }

    private static void make(Making making, Function<PlanCleanupRequest, Plan> make) {
        try {
            making.plan().complete(make.apply(making.request()));
        } catch (RuntimeException | Error e) {
            making.plan().completeExceptionally(e);
        }
    }

    /** What became of a request so far; empty if this server does not know. */
    Optional<Making> of(String requestId) {
        return Optional.ofNullable(makings.get(requestId));
    }

    /** Those that are not made yet, the latest first. */
    List<Making> open() {
        return makings.values().stream()
                .filter(making -> !making.plan().isDone())
                .sorted(Comparator.comparing(Making::since).reversed())
                .toList();
    }
}
