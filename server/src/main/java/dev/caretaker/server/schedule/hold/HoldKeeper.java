package dev.caretaker.server.schedule.hold;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.DesiredState;
import dev.caretaker.server.store.HoldRow;
import dev.caretaker.server.store.HoldStore;
import dev.caretaker.server.store.RunKind;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pauses what runs under a hold that asks for it, each run once: who resumes one by hand has it go on. When the hold ends,
 * those that nobody else has paused since go on. Any server does it, so that it does not matter which one was asked.
 */
@Singleton
final class HoldKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(HoldKeeper.class);

    /** What a hold of all work pauses: routines wait for what they started, and partitions go on being made. */
    private static final Set<RunKind> ALL = EnumSet.of(RunKind.CLEANUP, RunKind.VACUUM, RunKind.REINDEX);

    private final HoldStore store;
    private final Runs runs;

    HoldKeeper(HoldStore store, Runs runs) {
        this.store = store;
        this.runs = runs;
    }

    @Scheduled(fixedDelay = "2s")
    void tick() {
        try {
            keep();
        } catch (CaretakerException e) {
            LOG.debug("holds are kept later: {}", e.getMessage());
        }
    }

    void keep() {
        store.inForce().stream().filter(HoldRow::pauseRunning).forEach(this::pauseRuns);
        store.over().forEach(this::goOn);
    }

    private void pauseRuns(HoldRow hold) {
        for (UUID run : store.running(hold.target(), hold.kinds().isEmpty() ? ALL : hold.kinds())) {
            if (!hold.pausedRuns().contains(run)) {
                store.paused(hold.id(), run);
                unlessEnded(() -> runs.pause(run, hold.setBy(), reason(hold)));
            }
        }
    }

    private void goOn(HoldRow hold) {
        for (UUID run : hold.pausedRuns()) {
            boolean ours = runs.find(run)
                    .filter(paused -> !paused.state().isTerminal() && paused.desired() == DesiredState.PAUSED)
                    .flatMap(RunView::lastRequest)
                    .filter(request -> request.reason().equals(reason(hold)))
                    .isPresent();
            if (ours) {
                unlessEnded(() -> runs.resume(run, Actor.ENGINE, "The hold ended."));
            }
        }
        store.ended(hold.id());
    }

    /** Tells its pauses from those of people. */
    private static String reason(HoldRow hold) {
        return "Hold " + hold.id() + ": " + hold.reason();
    }

    private static void unlessEnded(Runnable steering) {
        try {
            steering.run();
        } catch (CaretakerException e) {
            if (e.reason() != Reason.RUN_ENDED
                    && e.reason() != Reason.RUN_CANCELLING
                    && e.reason() != Reason.RUN_NOT_FOUND) {
                throw e;
            }
        }
    }
}
