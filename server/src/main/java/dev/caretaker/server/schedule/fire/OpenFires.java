package dev.caretaker.server.schedule.fire;

import dev.caretaker.server.schedule.Gate.Barrier;
import dev.caretaker.server.schedule.Overlap;
import dev.caretaker.server.store.FireOutcome;
import dev.caretaker.server.store.FireRow;
import java.util.Optional;

/** Tries fires again that are open. */
final class OpenFires {
    private final Turn turn;
    private final Attempt attempt;
    private final FrozenRuns frozen;

    OpenFires(Turn turn, Attempt attempt, FrozenRuns frozen) {
        this.turn = turn;
        this.attempt = attempt;
        this.frozen = frozen;
    }

    /** What stands in the way of one now. */
    Optional<Barrier> barrier(FireRow fire) {
        return fire.trigger()
                .map(trigger -> turn.gate().outOfTurn(turn.now(), trigger.ignoreWindow()))
                .orElseGet(() -> turn.gate().at(fire.nominal(), turn.now()));
    }

    static boolean waitsForRun(FireRow fire) {
        return fire.outcome() == FireOutcome.WAITING && fire.reason().equals(Attempt.RUN_GOES_ON);
    }

    /**
     * Starts it, has it wait, or gives it up.
     *
     * @param barrier what stands in its way
     * @param running whether a run of the schedule goes on
     * @return whether one does then
     */
    boolean again(FireRow fire, Optional<Barrier> barrier, boolean running) {
        if (barrier.isPresent()) {
            attempt.giveUp(fire, barrier.get());
        } else if (!running) {
            return attempt.start(fire, how(fire), Optional.empty());
        } else if (fire.attempts() == 0 && (waitsForRun(fire) || waits(true))) {
            attempt.waitForRun(fire);
        } else {
            attempt.giveUp(fire, attempt.overlap());
        }
        return running;
    }

    /** Whether one waits for the end of the run that goes on, instead of being skipped. */
    boolean waits(boolean running) {
        return running && frozen.giveWay(turn) || turn.schedule().overlap() == Overlap.QUEUE_ONE;
    }

    private static FireOutcome how(FireRow fire) {
        return fire.outcome() == FireOutcome.WAITING ? FireOutcome.STARTED : fire.outcome();
    }
}
