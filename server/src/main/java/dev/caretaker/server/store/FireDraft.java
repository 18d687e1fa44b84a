package dev.caretaker.server.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A fire that is being written: the one place in which its many parts are put in a row. See {@link FireRow} for what they mean. */
final class FireDraft {
    private final String schedule;
    private final String target;
    private final Instant nominal;
    private FireOutcome outcome;
    private String reason;
    private String message;
    private Instant decided;
    long times = 1;
    Instant lastNominal;
    Optional<Instant> retryAt = Optional.empty();
    int attempts;
    Optional<UUID> runId = Optional.empty();
    List<UUID> earlierRuns = List.of();
    Optional<UUID> planId = Optional.empty();
    Optional<Outcome> runOutcome = Optional.empty();
    Optional<FireTrigger> trigger = Optional.empty();

    FireDraft(
            String schedule,
            String target,
            Instant nominal,
            FireOutcome outcome,
            String reason,
            String message,
            Instant decided) {
        this.schedule = schedule;
        this.target = target;
        this.nominal = nominal;
        this.outcome = outcome;
        this.reason = reason;
        this.message = message;
        this.decided = decided;
        this.lastNominal = nominal;
    }

    FireDraft(FireRow row) {
        this(row.schedule(), row.target(), row.nominal(), row.outcome(), row.reason(), row.message(), row.decided());
        this.times = row.times();
        this.lastNominal = row.lastNominal();
        this.retryAt = row.retryAt();
        this.attempts = row.attempts();
        this.runId = row.runId();
        this.earlierRuns = row.earlierRuns();
        this.planId = row.planId();
        this.runOutcome = row.runOutcome();
        this.trigger = row.trigger();
    }

    /** Another outcome, which stands unless it is to be tried again. */
    void decide(FireOutcome now, String why, String sentence, Instant at) {
        outcome = now;
        reason = why;
        message = sentence;
        decided = at;
        retryAt = Optional.empty();
    }

    FireRow row() {
        return new FireRow(
                schedule,
                target,
                nominal,
                outcome,
                reason,
                message,
                times,
                lastNominal,
                decided,
                retryAt,
                attempts,
                runId,
                earlierRuns,
                planId,
                runOutcome,
                trigger);
    }
}
