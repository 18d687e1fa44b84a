package dev.caretaker.server.archive;

import dev.caretaker.server.archive.spool.SpoolFolder;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.store.ArchiveRow;
import dev.caretaker.server.store.ArchiveStore;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has archives carried to their destination, each on a thread of its own and a few at a time: sealed ones until that is done,
 * whatever became of the run that wrote them, and full parts of those into which rows still come.
 */
@Singleton
final class ArchiveKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(ArchiveKeeper.class);
    /** A disk and a line to a bucket are not faster with more. */
    private static final int AT_ONCE = 2;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final ArchiveStore store;
    private final Carrier carrier;
    private final SpoolFolder folder;
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final Map<UUID, CompletableFuture<Void>> underway = new ConcurrentHashMap<>();
    private final Map<UUID, Failures> failures = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("archive-", 0).factory());
    private volatile boolean stopping;

    ArchiveKeeper(ArchiveStore store, Carrier carrier, SpoolFolder folder) {
        this.store = store;
        this.folder = folder;
        this.carrier = carrier;
    }

    private record Failures(int count, long notBefore) {}

    @Scheduled(fixedDelay = "2s")
    void tick() {
        try {
            Set<UUID> failed = new HashSet<>(failures.keySet());
            if (!failed.isEmpty()) {
                store.underway(failed).forEach(failed::remove);
                failures.keySet().removeAll(failed);
            }
            store.sealed().forEach(this::due);
            if (folder.isThere()) {
                store.carriable(folder.id()).forEach(this::due);
            }
        } catch (CaretakerException e) {
            LOG.debug("archives are carried later: {}", e.getMessage());
        }
    }

    private static boolean isUnderway(ArchiveRow row) {
        return row.state() == ArchiveRow.State.SEALED || row.state() == ArchiveRow.State.OPEN;
    }

    private void due(ArchiveRow row) {
        Failures failed = failures.get(row.id());
        if (failed == null || System.nanoTime() - failed.notBefore() >= 0) {
            var _ = begin(row);
        }
    }

    /** Has an archive carried now, and waits for that, but not for ever. */
    void carry(ArchiveRow row, Duration longest) {
        long begun = System.nanoTime();
        try {
            begin(row).get(longest.toMillis(), TimeUnit.MILLISECONDS);
            boolean partsAlone = !failures.containsKey(row.id())
                    && store.find(row.id())
                            .filter(found -> found.state() == ArchiveRow.State.SEALED)
                            .isPresent();
            if (partsAlone) { // what was under way had begun before it was sealed
                Duration left = longest.minusNanos(System.nanoTime() - begun);
                begin(row).get(Math.max(0, left.toMillis()), TimeUnit.MILLISECONDS);
            }
        } catch (TimeoutException e) {
            LOG.info("archive {} is still being carried to {}", row.id(), row.destination());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            LOG.debug("archive {} is carried later: {}", row.id(), e.getMessage());
        }
    }

    private CompletableFuture<Void> begin(ArchiveRow row) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> other = underway.putIfAbsent(row.id(), mine);
        if (other != null) {
            return other;
        }
        if (stopping) {
            ended(row.id(), mine);
            return mine;
        }
        threads.execute(() -> {
            try {
                places.acquire();
                try {
                    attempt(row.id());
                } finally {
                    places.release();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                failed(row.id(), e.toString());
            } finally {
                ended(row.id(), mine);
            }
        });
        return mine;
    }

    private void ended(UUID id, CompletableFuture<Void> mine) {
        underway.remove(id, mine);
        mine.complete(null);
    }

    private void attempt(UUID id) {
        Optional<ArchiveRow> row = store.find(id).filter(ArchiveKeeper::isUnderway);
        if (row.isEmpty() || stopping) {
            return;
        }
        boolean whole = row.get().state() == ArchiveRow.State.SEALED;
        Optional<String> problem = whole ? carrier.carry(row.get()) : carrier.carryFull(row.get());
        if (problem.isEmpty()) {
            failures.remove(id);
            if (whole) {
                LOG.info("archive {} is stored at {}", id, row.get().destination());
            }
        } else {
            failed(id, problem.get());
        }
    }

    private void failed(UUID id, String why) {
        Failures before = failures.getOrDefault(id, new Failures(0, 0));
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(before.count(), 10));
        Duration wait = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
        failures.put(id, new Failures(before.count() + 1, System.nanoTime() + wait.toNanos()));
        if (before.count() == 0) {
            LOG.warn("archive {} is not stored yet: {}", id, why);
        } else {
            LOG.debug("archive {} is not stored yet: {}", id, why);
        }
    }

    @PreDestroy
    void stop() {
        stopping = true;
        threads.shutdownNow();
    }
}
