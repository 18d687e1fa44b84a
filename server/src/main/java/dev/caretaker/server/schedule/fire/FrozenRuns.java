package dev.caretaker.server.schedule.fire;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.schedule.Gates;
import dev.caretaker.server.store.Actor;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;

/**
 * Has a run that a hold has frozen give way to the next one of its schedule, where that makes partitions and the hold lets it
 * pass: a freeze that lasts must not leave rows without a partition. What was frozen is planned anew once the hold is over.
 */
@Singleton
final class FrozenRuns {
    private static final String NEXT =
            "A hold freezes it, and the next time of its schedule has come: partitions are to be made.";

    private final Gates gates;
    private final Runs runs;

    FrozenRuns(Gates gates, Runs runs) {
        this.gates = gates;
        this.runs = runs;
    }

    /** Whether the run before gives way: it has ended, or will soon. */
    boolean giveWay(Turn turn) {
        Optional<UUID> frozen = turn.line()
                .runId()
                .filter(run -> gates.makesPartitions(turn.schedule().action()))
                .filter(runs::isFrozen);
        frozen.ifPresent(this::cancel);
        return frozen.isPresent();
    }

    private void cancel(UUID run) {
        try {
            runs.cancel(run, Actor.ENGINE, NEXT);
        } catch (CaretakerException e) {
            if (e.reason() != Reason.RUN_ENDED) {
                throw e;
            }
        }
    }
}
