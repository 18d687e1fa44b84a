package dev.caretaker.server.schedule.hold;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.OneByOne;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.run.StepKind;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.DesiredState;
import dev.caretaker.server.store.HoldRow;
import dev.caretaker.server.store.HoldStore;
import dev.caretaker.server.store.RunKind;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pauses what runs under a hold that asks for it, each run once: who resumes one by hand has it go on. The time of such a run
 * does not count meanwhile. When the hold ends, those that nobody else has paused since go on. Any server does it, so that it
 * does not matter which one was asked.
 */
@Singleton
final class HoldKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(HoldKeeper.class);

    /** What a hold of all work pauses. Routines do nothing themselves: they wait for what they started. */
    private static final Set<RunKind> ALL = EnumSet.complementOf(EnumSet.of(RunKind.ROUTINE));

    private final HoldStore store;
    private final Runs runs;
    /** Steps that a hold of all work lets pass: partitions go on being made. */
    private final List<String> goOn;

    private final OneByOne oneByOne = new OneByOne(LOG);

    HoldKeeper(HoldStore store, Runs runs, Collection<StepKind<?>> kinds) {
        this.store = store;
        this.runs = runs;
        this.goOn = kinds.stream()
                .filter(StepKind::goesOnUnderHold)
                .map(StepKind::name)
                .toList();
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
        pauseRuns();
        List<HoldRow> over = store.over();
        oneByOne.each(over, this::goOn);
        if (!over.isEmpty()) {
            pauseRuns(); // what another hold pauses, too, goes on for no longer than that
        }
    }

    private void pauseRuns() {
        oneByOne.each(store.inForce().stream().filter(HoldRow::pauseRunning).toList(), this::pauseRuns);
    }

    private void pauseRuns(HoldRow hold) {
        List<UUID> running =
                hold.kinds().isEmpty() ? store.running(hold, ALL, goOn) : store.running(hold, hold.kinds(), List.of());
        oneByOne.each(
                running.stream().filter(run -> !hold.pausedRuns().contains(run)).toList(),
                run -> unlessEnded(
                        () -> runs.freeze(run, hold.setBy(), reason(hold), paused -> store.paused(hold.id(), paused))));
    }

    /** It has not ended before all of them go on: one that could not be asked to is asked again. */
    private void goOn(HoldRow hold) {
        oneByOne.each(hold.pausedRuns(), run -> {
            if (isPaused(hold, run)) {
                unlessEnded(() -> runs.resume(run, Actor.ENGINE, "The hold ended."));
            }
        });
        if (hold.pausedRuns().stream().noneMatch(run -> isPaused(hold, run))) {
            store.ended(hold.id());
        }
    }

    /** Whether it is this hold that keeps it from going on. */
    private boolean isPaused(HoldRow hold, UUID run) {
        return runs.find(run)
                .filter(paused -> !paused.state().isTerminal() && paused.desired() == DesiredState.PAUSED)
                .flatMap(RunView::lastRequest)
                .filter(request -> request.reason().equals(reason(hold)))
                .isPresent();
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
