package dev.caretaker.server.run.engine;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.BatchStep;
import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.run.Step;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.target.ApplicationPath;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works on one step: opens a session, takes the fence, settles what is in doubt, and lets the loop of its kind run. When the
 * connection is lost it does all of that again.
 */
final class StepRunner {
    private static final Logger LOG = LoggerFactory.getLogger(StepRunner.class);

    private final StepScope scope;
    private final Step step;
    private final StepJournal journal;
    private final StepDoubt doubt;
    private final Retries retries;
    private boolean resumed;
    /** The start of the step waits for what is written next. */
    private boolean untold;

    StepRunner(StepScope scope, Step step) {
        this.scope = scope;
        this.step = step;
        this.journal = scope.journal();
        this.doubt = new StepDoubt(scope, step);
        this.retries = scope.retries();
        this.resumed = scope.step().started().isPresent();
    }

    /** @throws CaretakerException CONTROL_STORE_UNREACHABLE: nothing is held any more, all of it may be tried again */
    StepResult run() {
        StepResult result = work();
        if (untold) {
            scope.lease().flush();
        }
        return result;
    }

    private StepResult work() {
        Optional<String> awaited = awaited();
        if (awaited.isPresent()) {
            return stuck(new StepResult.Waiting(awaited.get(), Optional.empty(), awaitsFrozen()));
        }
        while (true) {
            long batches = journal.totals().batches();
            try (SessionKeeper.Loan loan = scope.sessions().take(scope.target(), scope.sessionName())) {
                StepResult result = attempt(loan.session());
                if (endedWell(result)) {
                    loan.giveBack(step instanceof StatementStep<?>);
                }
                return result;
            } catch (SQLException | CaretakerException e) {
                if (journal.totals().batches() > batches) {
                    retries.reset();
                }
                Optional<StepResult> result = failed(e);
                if (result.isPresent()) {
                    return result.get();
                }
            } catch (LeaseLost e) {
                throw e;
            } catch (RuntimeException e) {
                LOG.error("run {}: step {} failed unexpectedly", scope.run().id(), journal.ordinal(), e);
                return fail(scope.failure(e).error());
            }
        }
    }

    /**
     * The run stops between two looks at a step that waits. What stands in the target for its sake goes; where the target is away
     * a run that ends leaves it as a debt, and one that is to be paused tries again before it is.
     */
    StepResult leave(Halt halt) {
        Optional<String> left = Optional.empty();
        try {
            if (step instanceof StatementStep<?> statements) {
                left = takeBack(statements);
            }
        } catch (SQLException | CaretakerException e) {
            Failure failure = scope.failure(e);
            if (failure.kind() == Failure.Kind.STORE) {
                throw failure.error();
            }
            if (!halt.isFinal()) {
                return new StepResult.Waiting(failure.error().getMessage(), Optional.empty());
            }
            LOG.warn("run {}: step {} is left as it stands: {}", scope.run().id(), journal.ordinal(), e.getMessage());
        }
        return new StepResult.Halted(halt, left);
    }

    private <M extends Record> Optional<String> takeBack(StatementStep<M> statements) throws SQLException {
        Optional<M> memory = journal.position(statements.memoryType()).filter(statements::guarded);
        if (memory.isEmpty()) {
            return Optional.empty();
        }
        try (Session fresh = scope.target().openRepair(scope.sessionName())) {
            scope.target().actForOwner(fresh, step.fencedOid());
            return statements.repair(fresh, memory.get());
        }
    }

    /** A statement that was cancelled or failed may have left anything; batches leave much, which spoils no look. */
    private static boolean endedWell(StepResult result) {
        return result instanceof StepResult.Ended ended
                && (ended.outcome() == Outcome.COMPLETE || ended.outcome() == Outcome.SKIPPED);
    }

    private StepResult attempt(Session session) throws SQLException {
        scope.signals().get().ifPresent(scope.control()::update);
        scope.control().requireLease();
        Optional<String> holder = new Fence(session, scope.sessionName()).take(step.fencedOid());
        if (holder.isPresent()) {
            return stuck(new StepResult.Waiting(holder.get(), Optional.empty()));
        }
        scope.looks().begin(session);
        boolean failedOver = scope.lineage().changedUnder(journal, session);
        return switch (step) {
            case BatchStep<?> batches -> batches(session, batches, failedOver);
            case StatementStep<?> statements -> {
                start(statements);
                yield new StatementLoop<>(scope, statements, session).run();
            }
        };
    }

    /** What comes first takes next to no time, or the start is told before. */
    private void start(StatementStep<?> statements) {
        if (statements.startsAtOnce()) {
            untold = true;
            scope.lease().withNext(this::tellStart);
        } else {
            tellStart();
        }
    }

    private void tellStart() {
        String because = resumed ? "Goes on from where it stood." : "Works.";
        scope.lease()
                .startStep(
                        Views.step(scope.step()),
                        resumed,
                        because,
                        journal.lineage().orElseThrow());
        resumed = true;
        untold = false;
    }

    private <C extends Record> StepResult batches(Session session, BatchStep<C> batches, boolean failedOver)
            throws SQLException {
        try (SessionPair sessions = new SessionPair(scope, batches, session)) {
            sessions.share();
            ApplicationPath.enter(session.connection());
            if (failedOver) {
                doubt.startOver(session, batches);
            }
            tellStart();
            C from = doubt.prepare(session, batches);
            return new BatchLoop<>(scope, batches, sessions).run(from);
        } finally {
            batches.leave();
        }
    }

    /** Decides what a failure outside of the loop, or a lost connection, means; empty to open another session. */
    private Optional<StepResult> failed(Exception exception) {
        Failure failure = scope.failure(exception);
        boolean away = failure.error().reason() == Reason.TARGET_UNREACHABLE && exception instanceof CaretakerException;
        return switch (failure.kind()) {
            case STORE -> throw failure.error();
            case FATAL -> Optional.of(fail(failure.error()));
            case CONNECTION, RETRY ->
                away
                        ? Optional.of(stuck(
                                new StepResult.Waiting(failure.error().getMessage(), Optional.of(failure.error()))))
                        : again(failure);
        };
    }

    private Optional<StepResult> again(Failure failure) {
        Optional<Duration> backoff = retries.next();
        if (backoff.isEmpty()) {
            return Optional.of(fail(failure.error()));
        }
        journal.retried();
        scope.warn(
                failure.kind() == Failure.Kind.CONNECTION ? "CONNECTION_LOST" : "STEP_RETRIED",
                "The step goes on with another session: " + failure.error().getMessage(),
                Map.of("attempt", Integer.toString(retries.failures())));
        Waits.sleep(backoff.get());
        return Optional.empty();
    }

    private StepResult fail(CaretakerException error) {
        doubt.forget();
        journal.settle();
        return StepResult.Ended.failed(error, journal.totals());
    }

    /** It cannot go on now. A run that is to end does not wait, unless leaving would leave a mess. */
    private StepResult stuck(StepResult.Waiting waiting) {
        Optional<Halt> halt = scope.atBoundary().filter(Halt::isFinal);
        if (halt.isPresent() && !mustFinish()) {
            doubt.forget();
            journal.settle();
            return new StepResult.Halted(halt.get());
        }
        journal.settle();
        return waiting;
    }

    private Optional<String> awaited() {
        return switch (step) {
            case BatchStep<?> ignored -> Optional.empty();
            case StatementStep<?> statements -> awaited(statements);
        };
    }

    private <M extends Record> Optional<String> awaited(StatementStep<M> statements) {
        return journal.position(statements.memoryType()).flatMap(statements::awaits);
    }

    private boolean awaitsFrozen() {
        return step instanceof StatementStep<?> statements && awaitsFrozen(statements);
    }

    private <M extends Record> boolean awaitsFrozen(StatementStep<M> statements) {
        return journal.position(statements.memoryType())
                .map(statements::awaitsFrozen)
                .orElse(false);
    }

    private boolean mustFinish() {
        return switch (step) {
            case BatchStep<?> ignored -> false;
            case StatementStep<?> statements -> mustFinish(statements);
        };
    }

    private <M extends Record> boolean mustFinish(StatementStep<M> statements) {
        return journal.position(statements.memoryType())
                .map(statements::mustFinish)
                .orElse(false);
    }
}
