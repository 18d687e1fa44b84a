package dev.caretaker.server.run.engine;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.RunRequest;
import dev.caretaker.server.store.HoldRow;
import dev.caretaker.server.store.HoldStore;
import jakarta.inject.Singleton;
import java.util.Map;

/** Lets no run begin that a hold freezes, whoever asks for it. */
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
}
