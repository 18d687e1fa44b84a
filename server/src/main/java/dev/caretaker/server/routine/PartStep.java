package dev.caretaker.server.routine;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.routine.PartWork.Begun;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Session;
import java.sql.SQLWarning;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One part of a routine: starts a run that does it, and waits for its end without holding anything. What a part needs is
 * looked at when its turn comes, not when the routine began.
 */
final class PartStep implements StatementStep<PartMemory> {
    /** Stands for no relation: routines of a target begin their parts one after the other. */
    private static final long ROUTINES = 0;

    /** Why a cleanup that its window has closed upon is cancelled: it would keep the other parts waiting. */
    private static final String CLOSED = "The window of its policy closed.";

    private final PartRequest request;
    private final StepContext context;
    private final PartWork work;
    private final Runs runs;

    PartStep(PartRequest request, StepContext context, PartWork work, Runs runs) {
        this.request = request;
        this.context = context;
        this.work = work;
        this.runs = runs;
    }

    @Override
    public long fencedOid() {
        return ROUTINES;
    }

    @Override
    public Class<PartMemory> memoryType() {
        return PartMemory.class;
    }

    @Override
    public PartMemory begin(Session session) {
        return PartMemory.NONE;
    }

    @Override
    public Optional<String> awaits(PartMemory memory) {
        return memory.child()
                .flatMap(runs::find)
                .filter(child -> !child.state().isTerminal() && !waitsForWindow(child))
                .map(PartStep::waitsFor);
    }

    @Override
    public boolean awaitsFrozen(PartMemory memory) {
        return memory.child().filter(runs::isFrozen).isPresent();
    }

    /** One without a policy has the routine's own window, so that the routine waits as well. */
    private boolean waitsForWindow(RunView child) {
        return request.policy().isPresent() && child.state() == RunState.WAITING_WINDOW;
    }

    private static String waitsFor(RunView child) {
        return "Waits for run " + child.id() + ".";
    }

    @Override
    public Next<PartMemory> next(Session session, PartMemory memory) {
        if (memory.child().isPresent()) {
            return follow(memory, unlessClosed(runs.get(memory.child().get())));
        }
        return switch (work.begin(request, context, memory)) {
            case Begun.Planned planned -> new Again<>(memory.planned(planned.plan()));
            case Begun.Started started ->
                new Await<>(memory.started(started.run()), "Waits for run " + started.run() + ".");
            case Begun.Finished finished -> new Done<>(Totals.NONE, finished.summary());
            case Begun.Waits waits -> new OverLimit<>(waits.why());
            case Begun.Needless needless -> new Skip<>(needless.why());
        };
    }

    /** The child, cancelled if its window has closed: what is left is the next routine's. */
    private RunView unlessClosed(RunView child) {
        return waitsForWindow(child) && work.closed(request, context).isPresent()
                ? runs.cancel(child.id(), Actor.ENGINE, CLOSED)
                : child;
    }

    private Next<PartMemory> follow(PartMemory memory, RunView child) {
        if (!child.state().isTerminal()) {
            return new Await<>(memory, waitsFor(child));
        }
        Outcome outcome = child.outcome().orElse(Outcome.FAILED);
        boolean closed = outcome == Outcome.CANCELLED
                && child.lastRequest()
                        .filter(asked -> asked.reason().equals(CLOSED))
                        .isPresent();
        if (outcome == Outcome.FAILED || outcome == Outcome.CANCELLED && !closed) {
            throw failed(child, outcome);
        }
        long steps = child.steps().stream()
                .filter(step -> step.outcome().filter(Outcome.COMPLETE::equals).isPresent())
                .count();
        return new Done<>(
                child.totals(),
                "Run " + child.id() + ": "
                        + (closed
                                ? "stopped when the window of its policy closed"
                                : outcome.name().toLowerCase(Locale.ROOT))
                        + ", " + steps + " of " + child.steps().size() + " steps done.");
    }

    private static CaretakerException failed(RunView child, Outcome outcome) {
        String how = outcome == Outcome.CANCELLED ? " was cancelled: " : " failed: ";
        String why = child.error().map(error -> error.message()).orElse(child.stateReason());
        return CaretakerException.of(
                Reason.PART_FAILED,
                "Run " + child.id() + how + why,
                Map.of(
                        "run_id",
                        child.id().toString(),
                        "reason",
                        child.error().map(error -> error.reason()).orElse("")));
    }

    @Override
    public PartMemory completed(Session session, PartMemory memory, Statement statement, List<SQLWarning> warnings) {
        throw new IllegalStateException("a part of a routine has no statements of its own");
    }

    /** The routine ends: so does what it started. */
    @Override
    public Optional<String> repair(Session session, PartMemory memory) {
        Optional<RunView> child = memory.child().flatMap(runs::find);
        if (child.filter(run -> !run.state().isTerminal()).isPresent()) {
            runs.cancel(child.get().id(), Actor.ENGINE, "The routine that started it ended.");
        }
        return Optional.empty();
    }
}
