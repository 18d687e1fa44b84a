package dev.caretaker.server.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A run that is locked while a caller's request is decided. */
public final class LockedRun {
    private final ControlStore store;
    private final OutboxStore outbox;
    private final RunRow run;
    private long sequence;

    LockedRun(ControlStore store, OutboxStore outbox, RunRow run) {
        this.store = store;
        this.outbox = outbox;
        this.run = run;
        this.sequence = run.lastSequence();
    }

    public RunRow run() {
        return run;
    }

    public List<StepRow> steps() {
        return store.list("steps_of_runs", StepRow::read, RunStore.array(List.of(run.id())));
    }

    /** Writes desired and observed state, with the events that tell of it. */
    public void write(
            DesiredState desired,
            Optional<String> request,
            RunState state,
            String stateReason,
            Instant now,
            Tuning tuning,
            List<NewEvent> events) {
        Instant since = state == run.state() ? run.stateSince() : now;
        store.update(
                "run_steer", desired, request, state, stateReason, since, Json.write(tuning), append(events), run.id());
    }

    /** Its time does not count from now on; nobody works on it. */
    public void standStill(Instant now) {
        store.update("run_stand_still", now, run.id());
    }

    /**
     * Ends open steps.
     *
     * @param messages by ordinal
     */
    public void endSteps(Outcome outcome, Map<Integer, String> messages, Instant now) {
        List<Object[]> ends = new ArrayList<>();
        messages.forEach((ordinal, message) -> ends.add(new Object[] {outcome, message, now, run.id(), ordinal}));
        store.batch("step_abandon", ends);
    }

    /**
     * Ends the run.
     *
     * @param error JSON
     */
    public void end(Outcome outcome, String reason, Optional<String> error, Instant now, List<NewEvent> events) {
        store.update("run_abandon", reason, now, outcome, error, now, append(events), run.id());
        outbox.runEnded(run.id());
    }

    private long append(List<NewEvent> events) {
        List<Object[]> rows = new ArrayList<>();
        events.forEach(event -> rows.add(RunStore.values(run.id(), ++sequence, event)));
        store.batch("event_insert", rows);
        return sequence;
    }
}
