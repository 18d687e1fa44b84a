package dev.caretaker.server.run.engine;

import dev.caretaker.server.store.DebtStore;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for what ended runs left and tries to settle it, target by target: one that is away keeps no other waiting. */
@Singleton
final class DebtSweep {
    private static final Logger LOG = LoggerFactory.getLogger(DebtSweep.class);
    /** Of one attempt. What an old transaction protects for longer is tried again later. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final DebtStore debts;
    private final DebtSettling settling;
    private final Clock clock;

    DebtSweep(DebtStore debts, DebtSettling settling, Clock clock) {
        this.debts = debts;
        this.settling = settling;
        this.clock = clock;
    }

    /** Tries all that are due. */
    void sweep(BooleanSupplier stopping) {
        try (ExecutorService perTarget = Executors.newVirtualThreadPerTaskExecutor()) {
            debts.dueTargets(clock.instant()).forEach(target -> perTarget.submit(() -> target(target, stopping)));
        }
    }

    private void target(String target, BooleanSupplier stopping) {
        try {
            boolean more = true;
            while (more && !stopping.getAsBoolean()) {
                more = settling.settleOneDue(target, LONGEST);
            }
        } catch (RuntimeException e) {
            LOG.warn("what runs left at target {} cannot be settled now: {}", target, e.toString());
        }
    }
}
