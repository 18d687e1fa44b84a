package dev.caretaker.server.run;

import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.DesiredState;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.store.Tuning;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A run as shown to people and clients.
 *
 * @param state observed
 * @param desired asked for; differs from {@code state} until the engine has reacted
 * @param stateReason one sentence about {@code state}
 * @param lastRequest who asked for {@code desired} last, and why
 * @param timeLeft of its time, while that does not count: before it works, while it waits for its window, and while a hold
 *     freezes it
 * @param deadline when its time is up; empty while that does not count, or if it has no limit
 * @param tables {@code totals} by table and policy; empty in lists, as the steps
 * @param debts what it has made that must not stay, settled or not; empty in lists
 * @param server process that works on it now; empty if none
 * @param traceId trace that it belongs to, 32 hexadecimal digits; empty if it is not traced
 * @param epoch times it was started, resumed or taken over
 */
public record RunView(
        UUID id,
        RunKind kind,
        String target,
        RunState state,
        DesiredState desired,
        Optional<Outcome> outcome,
        String stateReason,
        Optional<StateRequest> lastRequest,
        Optional<UUID> planId,
        Optional<UUID> parentRunId,
        Actor createdBy,
        Instant created,
        Optional<Instant> started,
        Optional<Instant> ended,
        Optional<Duration> timeLeft,
        Optional<Instant> deadline,
        List<StepView> steps,
        List<RunEvent.TableTotals> tables,
        Totals totals,
        Tuning tuning,
        Optional<RunError> error,
        List<DebtView> debts,
        String server,
        Optional<String> traceId,
        long epoch,
        long lastSequence) {

    /** The same with so many steps and tables at most: the first. */
    public RunView upTo(int most) {
        return new RunView(
                id,
                kind,
                target,
                state,
                desired,
                outcome,
                stateReason,
                lastRequest,
                planId,
                parentRunId,
                createdBy,
                created,
                started,
                ended,
                timeLeft,
                deadline,
                steps.stream().limit(most).toList(),
                tables.stream().limit(most).toList(),
                totals,
                tuning,
                error,
                debts,
                server,
                traceId,
                epoch,
                lastSequence);
    }

    /**
     * A request to pause, resume or cancel.
     *
     * @param frozen whether it is the pause of a hold, during which the run's time does not count
     */
    public record StateRequest(Actor actor, String reason, Instant at, boolean frozen) {

        /**
         * Who asked for it, and why.
         *
         * @param done such as "Paused"
         */
        public String sentence(String done) {
            return done + " by " + actor.name() + (reason.isEmpty() ? "." : ": " + reason);
        }
    }
}
