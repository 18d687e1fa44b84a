package dev.caretaker.server.schedule.fire;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Category;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.schedule.FireListener;
import dev.caretaker.server.schedule.Gate.Barrier;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.FireOutcome;
import dev.caretaker.server.store.FireRow;
import dev.caretaker.server.store.FireStore;
import dev.caretaker.server.store.FireTrigger;
import dev.caretaker.server.target.Targets;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the run of a fire, or writes down why it was not started. */
final class Attempt {
    /** Reason of a fire that waits for the end of the run before it. */
    static final String RUN_GOES_ON = "RUN_GOES_ON";

    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(2);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final FireStore fires;
    private final Starting starting;
    private final Targets targets;
    private final SilentServers silent;
    private final Turn turn;
    private final FireListener listener;

    Attempt(
            FireStore fires,
            Starting starting,
            Targets targets,
            SilentServers silent,
            Turn turn,
            FireListener listener) {
        this.fires = fires;
        this.starting = starting;
        this.targets = targets;
        this.silent = silent;
        this.turn = turn;
        this.listener = listener;
    }

    /**
     * Starts its run.
     *
     * @param how STARTED or CAUGHT_UP
     * @param settled its nominal time, if it is not settled yet
     * @return whether a run was started
     */
    boolean start(FireRow fire, FireOutcome how, Optional<Instant> settled) {
        Actor actor = fire.trigger()
                .map(FireTrigger::actor)
                .orElseGet(() -> new Actor("schedule " + turn.schedule().name(), true));
        UUID runId = runId(fire);
        boolean ignoreWindow = fire.trigger().filter(FireTrigger::ignoreWindow).isPresent();
        Starting.Order order = new Starting.Order(
                turn.schedule().name(),
                turn.schedule().action(),
                turn.line().target(),
                runId,
                turn.schedule().deadline(),
                ignoreWindow ? List.of() : turn.schedule().hours(),
                ignoreWindow,
                actor);
        try {
            unlessSilent(
                    order,
                    () -> starting.start(order, plan -> {
                        if (!fires.start(turn.line(), fire.started(how, "", runId, plan, turn.now()), settled)) {
                            throw new FireTaken();
                        }
                    }));
            tell(fire, how);
            return true;
        } catch (CaretakerException e) {
            if (e.reason() == Reason.CONTROL_STORE_UNREACHABLE) {
                throw e; // what became of it is seen by the next look
            }
            refused(fire, e);
            return false;
        } catch (FireTaken e) {
            if (settled.isEmpty()) {
                throw e;
            }
            return false; // it was decided before, and only not settled
        } catch (RuntimeException e) {
            LOG.warn("{} could not be started", turn.line(), e);
            write(fire.decided(outcome(fire), Reason.INTERNAL.name(), e.toString(), turn.now(), fire.planId()), fire);
            return false;
        }
    }

    private void unlessSilent(Starting.Order order, Runnable start) {
        if (order.action().asksTarget()) {
            silent.ask(targets.get(order.target()).server(), start);
        } else {
            start.run();
        }
    }

    private static UUID runId(FireRow fire) {
        String name = "run " + (fire.attempts() + 1) + " of schedule " + fire.schedule() + " at " + fire.target()
                + " for " + fire.nominal();
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    private void refused(FireRow fire, CaretakerException e) {
        if (e.reason() == Reason.HELD) {
            giveUp(fire, new Barrier(FireOutcome.SKIPPED_HOLD, e.getMessage()));
            return;
        }
        Optional<UUID> plan = Optional.ofNullable(e.metadata().get("plan_id")).map(UUID::fromString);
        FireRow row = fire.decided(outcome(fire), e.reason().name(), e.getMessage(), turn.now(), plan);
        Optional<Instant> again = e.reason().category() == Category.UNAVAILABLE ? nextTry(fire) : Optional.empty();
        write(
                again.map(at -> row.decided(waiting(fire), row.reason(), row.message(), turn.now(), plan)
                                .retriedAt(at))
                        .orElse(row),
                fire);
    }

    /** One that had a run was started, whatever becomes of the next attempt. */
    private static FireOutcome outcome(FireRow fire) {
        return fire.attempts() > 0 ? fire.outcome() : FireOutcome.REFUSED;
    }

    private static FireOutcome waiting(FireRow fire) {
        return fire.attempts() > 0 ? fire.outcome() : FireOutcome.WAITING;
    }

    /** Within the span in which it is caught up, in steps that grow with the time waited. */
    private Optional<Instant> nextTry(FireRow fire) {
        Duration waited = Duration.between(fire.nominal(), turn.now());
        Duration wait = waited.dividedBy(2);
        wait = wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait;
        wait = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
        return waited.plus(wait).compareTo(turn.schedule().catchUp()) <= 0
                ? Optional.of(turn.now().plus(wait))
                : Optional.empty();
    }

    /** It is not started because of something in the way. */
    void giveUp(FireRow fire, Barrier barrier) {
        write(
                fire.attempts() > 0
                        ? fire.decided(
                                fire.outcome(),
                                fire.reason(),
                                fire.message() + " It was not tried again. " + barrier.message(),
                                turn.now(),
                                fire.planId())
                        : fire.decided(
                                barrier.outcome(), barrier.reason(), barrier.message(), turn.now(), fire.planId()),
                fire);
    }

    Barrier overlap() {
        return new Barrier(
                FireOutcome.SKIPPED_OVERLAP,
                turn.line()
                        .runId()
                        .map(run -> "Run " + run + " was still going.")
                        .orElse("The run before was still going."));
    }

    /** It is started when the run before it has ended. */
    void waitForRun(FireRow fire) {
        write(
                fire.decided(
                                FireOutcome.WAITING,
                                RUN_GOES_ON,
                                "Waits for the end of the run before it.",
                                turn.now(),
                                Optional.empty())
                        .retriedAt(turn.now().plus(LONGEST_WAIT)),
                fire);
    }

    /** It was to be tried again, and the next nominal time has come. */
    void supersede(FireRow fire) {
        write(
                fire.decided(
                        outcome(fire),
                        fire.reason(),
                        fire.message() + " It was tried until the next time came.",
                        turn.now(),
                        fire.planId()),
                fire);
    }

    /** One that is new may have been decided before, and only not settled. */
    private void write(FireRow row, FireRow seen) {
        boolean ours = fires.put(row, seen.attempts());
        if (!ours && seen.retryAt().isPresent()) {
            throw new FireTaken();
        }
        if (ours && row.retryAt().isEmpty()) {
            tell(seen, row.outcome());
        }
    }

    /** Once a fire. */
    private void tell(FireRow before, FireOutcome outcome) {
        if (before.attempts() == 0) {
            listener.decided(before.schedule(), outcome, 1);
        }
    }
}
