package dev.caretaker.server.run.engine;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.RunRequest;
import dev.caretaker.server.store.HoldRow;
import dev.caretaker.server.store.HoldStore;
import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.StepRow;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lets no run begin that a hold freezes, whoever asks for it, and no step behind those that a hold lets pass. */
@Singleton
final class HeldWork {
    private final HoldStore holds;
    private final StepKinds kinds;

    HeldWork(HoldStore holds, StepKinds kinds) {
        this.holds = holds;
        this.kinds = kinds;
    }

    /** Fails with HELD. */
    void require(RunRequest request) {
        boolean goesOn = request.steps().stream().allMatch(step -> kinds.goesOnUnderHold(step.kind()));
        for (HoldRow hold : holds.inForce()) {
            if (hold.covers(request.target(), request.kind()) && !(goesOn && !hold.names(request.kind()))) {
                throw CaretakerException.of(
                        Reason.HELD,
                        hold.sentence(),
                        Map.of("hold_id", hold.id().toString(), "target", request.target()));
            }
        }
    }

    /**
     * What keeps a run from going on with a step of a kind although it was not paused while it did what goes on under a hold; a
     * sentence. Whoever resumed it by hand since has it go on.
     */
    Optional<String> between(RunRow run, String stepKind, List<StepRow> steps) {
        boolean passed = steps.stream().anyMatch(step -> kinds.goesOnUnderHold(step.kind()));
        if (!passed || kinds.goesOnUnderHold(stepKind)) {
            return Optional.empty();
        }
        return holds.inForce().stream()
                .filter(hold -> hold.pauseRunning() && hold.covers(run.target(), run.kind()))
                .filter(hold -> !hold.pausedRuns().contains(run.id()))
                .findFirst()
                .map(HoldRow::sentence);
    }
}
