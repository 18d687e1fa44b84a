package dev.caretaker.server.console.page;

import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import io.grpc.Status;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Plans of cleanups that were asked for here. To count rows exactly may take minutes, for which neither a proxy nor a person waits
 * without a sign: the plan is made beside, as the user who asked, and pages tell how long that has taken. A plan that is made is in the
 * control store and in the audit; what is forgotten here, after an hour, when the server stops or for the sake of newer ones, is found
 * there.
 */
@Singleton
final class PlansInMaking {
    /** Plans that are remembered, made or not: those that ended longest ago give way to new ones. */
    static final int MOST = 200;

    private static final long KEPT = TimeUnit.HOURS.toNanos(1);

    private final Clock clock;
    private final LongSupplier nanos;
    private final Map<String, Making> makings = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("console-plan-", 0).factory());

    @Inject
    PlansInMaking(Clock clock) {
        this(clock, System::nanoTime);
    }

    /**
     * Remembers none yet.
     *
     * @param clock for what people see
     * @param nanos as System.nanoTime, which nobody sets
     */
    PlansInMaking(Clock clock, LongSupplier nanos) {
        this.clock = clock;
        this.nanos = nanos;
    }

    /**
     * A plan that is being made or was.
     *
     * @param since when it was asked for
     * @param plan what becomes of it; fails with what the API says
     * @param ended when that was, as System.nanoTime; empty while it is being made
     */
    record Making(
            PlanCleanupRequest request,
            Instant since,
            CompletableFuture<Plan> plan,
            AtomicReference<OptionalLong> ended) {
        boolean isOver() {
            return ended.get().isPresent();
        }

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
     * Makes it, beside; the same request that is sent twice makes one. Fails with RESOURCE_EXHAUSTED while {@value #MOST} are being made.
     *
     * @param make asks the API for it
     */
    synchronized Making begin(PlanCleanupRequest request, Function<PlanCleanupRequest, Plan> make) {
        Making before = makings.get(request.getRequestId());
        if (before != null && before.request().equals(request) && !before.plan().isCompletedExceptionally()) {
            return before;
        }
        if (before == null) {
            makeRoom();
        }
        Making mine = new Making(
                request, clock.instant(), new CompletableFuture<>(), new AtomicReference<>(OptionalLong.empty()));
        makings.put(request.getRequestId(), mine);
        threads.execute(() -> make(mine, make));
        return mine;
    }

    private void makeRoom() {
        long now = nanos.getAsLong();
        List<Making> over = makings.values().stream()
                .filter(Making::isOver)
                .sorted(Comparator.comparingLong((Making making) -> now - ended(making))
                        .reversed())
                .toList();
        long tooMany = makings.size() - MOST + 1L;
        for (int i = 0; i < over.size() && (i < tooMany || now - ended(over.get(i)) > KEPT); i++) {
            makings.remove(over.get(i).request().getRequestId());
        }
        if (makings.size() >= MOST) {
            throw Status.RESOURCE_EXHAUSTED
                    .withDescription(MOST + " plans are being made here: wait until some are there.")
                    .asRuntimeException();
        }
    }

    private static long ended(Making making) {
        return making.ended().get().orElseThrow();
    }

    private void make(Making making, Function<PlanCleanupRequest, Plan> make) {
        try {
            Plan plan = make.apply(making.request());
            making.ended().set(OptionalLong.of(nanos.getAsLong()));
            making.plan().complete(plan);
        } catch (RuntimeException | Error e) {
            making.ended().set(OptionalLong.of(nanos.getAsLong()));
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
