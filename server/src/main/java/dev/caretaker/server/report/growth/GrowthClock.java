package dev.caretaker.server.report.growth;

import dev.caretaker.server.config.GrowthConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.report.growth.GrowthStore.Turn;
import dev.caretaker.server.target.Targets;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes samples of targets when they are due: once a day, and after routines. Any server of the control store does, and no other at
 * the same time; what is due is told by the clock of the control store.
 */
@Singleton
public class GrowthClock {
    private static final Logger LOG = LoggerFactory.getLogger(GrowthClock.class);
    private static final int AT_ONCE = 4;
    /** Longer than a look may take: the catalog, all counts, and waiting for connections. */
    private static final Duration LEASE = Duration.ofMinutes(15);

    private static final Duration TRY_AGAIN = Duration.ofMinutes(15);

    private final GrowthStore store;
    private final Sampling sampling;
    private final Targets targets;
    private final GrowthConfig config;

    GrowthClock(GrowthStore store, Sampling sampling, Targets targets, GrowthConfig config) {
        this.store = store;
        this.sampling = sampling;
        this.targets = targets;
        this.config = config;
    }

    @Scheduled(fixedDelay = "20s", initialDelay = "2m")
    void tick() {
        if (!config.enabled() || targets.names().isEmpty()) {
            return;
        }
        try {
            sample();
        } catch (CaretakerException e) {
            LOG.debug("samples are taken later: {}", e.getMessage());
        }
    }

    /** Takes all samples that are due and that nobody else takes, and returns when they are kept. */
    public void sample() {
        store.meet(targets.names());
        List<Turn> turns;
        do {
            turns = store.claim(targets.names(), AT_ONCE, LEASE);
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                turns.forEach(turn -> executor.execute(() -> take(turn)));
            }
        } while (!turns.isEmpty());
    }

    private void take(Turn turn) {
        try {
            boolean kept = store.keep(turn, sampling.look(turn.target(), turn.now()));
            LOG.debug("a sample of target {} was {}", turn.target(), kept ? "kept" : "taken too late");
        } catch (CaretakerException e) {
            if (e.reason() == Reason.CONTROL_STORE_UNREACHABLE) {
                LOG.debug("the sample of target {} is taken later: {}", turn.target(), e.getMessage());
            } else {
                failed(turn, e.getMessage());
            }
        } catch (RuntimeException e) {
            LOG.warn("no sample of target {} could be taken", turn.target(), e);
            failed(turn, "A fault of Caretaker's own: " + e);
        }
    }

    private void failed(Turn turn, String error) {
        try {
            store.failed(turn, error, TRY_AGAIN);
        } catch (CaretakerException e) {
            LOG.debug("the sample of target {} is taken once its lease is over: {}", turn.target(), e.getMessage());
        }
    }
}
