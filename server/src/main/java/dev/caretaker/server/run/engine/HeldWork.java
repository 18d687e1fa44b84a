package dev.caretaker.server.run.engine;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.RunRequest;
import dev.caretaker.server.store.HoldRow;
import dev.caretaker.server.store.HoldStore;
import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.StepRow;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lets no run be accepted, or begin later, that a hold freezes, whoever asks for it, and no step behind those that a hold lets pass. */
@Singleton
final class HeldWork {
    /** A run that begins as soon as it is accepted is not looked at twice. */
    private static final Duration SOON = Duration.ofSeconds(1);

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
     * What keeps a run from beginning a step; a sentence. That is a hold that was set before the run began to work, which it may have
     * waited to do; and one that pauses what runs, behind steps that it lets pass. Whoever resumed the run by hand since has it go on.
     */
    Optional<String> before(RunRow run, StepRow next, List<StepRow> steps, Instant now) {
        Optional<Instant> began =
                steps.stream().flatMap(step -> step.started().stream()).min(Comparator.naturalOrder());
        boolean passed = steps.stream().anyMatch(step -> kinds.goesOnUnderHold(step.kind()));
        boolean atOnce = run.stateSince().equals(run.created())
                && now.isBefore(run.created().plus(SOON));
        if (began.isEmpty() && atOnce || began.isPresent() && !passed) {
            return Optional.empty();
        }
        boolean passes = kinds.goesOnUnderHold(next.kind());
        return holds.inForce().stream()
                .filter(hold -> hold.covers(run.target(), run.kind()))
                .filter(hold -> !passes || hold.names(run.kind()))
                .filter(hold -> !hold.pausedRuns().contains(run.id()))
                .filter(hold -> hold.pauseRunning()
                        || began.filter(at -> at.isBefore(hold.since())).isEmpty())
                .findFirst()
                .map(HoldRow::sentence);
    }
}
