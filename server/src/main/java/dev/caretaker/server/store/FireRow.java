package dev.caretaker.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What became of one nominal time of a schedule at a target.
 *
 * @param reason stable name of what stood in the way; empty if nothing did
 * @param message the same as a sentence
 * @param times nominal times that it stands for: more than one where many came to nothing in the same way
 * @param lastNominal the last of them
 * @param decided when the outcome was written
 * @param retryAt when it is tried again; empty if it is not
 * @param attempts runs that were started
 * @param runId the latest of them
 * @param earlierRuns those before, oldest first; they failed
 * @param planId plan that the run executes, or that waits for a person
 * @param runOutcome how the run ended
 * @param trigger who asked for it out of turn
 */
public record FireRow(
        String schedule,
        String target,
        Instant nominal,
        FireOutcome outcome,
        String reason,
        String message,
        long times,
        Instant lastNominal,
        Instant decided,
        Optional<Instant> retryAt,
        int attempts,
        Optional<UUID> runId,
        List<UUID> earlierRuns,
        Optional<UUID> planId,
        Optional<Outcome> runOutcome,
        Optional<FireTrigger> trigger) {

    /** One that is decided, without a run. */
    public static FireRow of(
            ScheduleLine line, Instant nominal, FireOutcome outcome, String reason, String message, Instant now) {
        return new FireDraft(line.schedule(), line.target(), nominal, outcome, reason, message, now).row();
    }

    /** The same with others after it that came to nothing in the same way. */
    public FireRow upTo(Instant last, long count) {
        return but(draft -> {
            draft.lastNominal = last;
            draft.times = count;
        });
    }

    /** The same, decided otherwise. */
    public FireRow decided(FireOutcome now, String why, String sentence, Instant at, Optional<UUID> plan) {
        return but(draft -> {
            draft.decide(now, why, sentence, at);
            draft.planId = plan;
        });
    }

    /** The same, to be tried again. */
    public FireRow retriedAt(Instant at) {
        return but(draft -> draft.retryAt = Optional.of(at));
    }

    /** The same for somebody who asked for it out of turn. */
    public FireRow triggeredBy(FireTrigger who) {
        return but(draft -> draft.trigger = Optional.of(who));
    }

    /** The same with a run that was started for it. */
    public FireRow started(FireOutcome how, String sentence, UUID run, Optional<UUID> plan, Instant at) {
        return but(draft -> {
            draft.decide(how, "", sentence, at);
            draft.earlierRuns =
                    Stream.concat(earlierRuns.stream(), runId.stream()).toList();
            draft.runId = Optional.of(run);
            draft.runOutcome = Optional.empty();
            draft.attempts = attempts + 1;
            draft.planId = plan;
        });
    }

    private FireRow but(Consumer<FireDraft> change) {
        FireDraft draft = new FireDraft(this);
        change.accept(draft);
        return draft.row();
    }

    static FireRow read(ResultSet row) throws SQLException {
        FireDraft draft = new FireDraft(
                row.getString("schedule"),
                row.getString("target"),
                ControlStore.instant(row, "nominal"),
                FireOutcome.valueOf(row.getString("outcome")),
                row.getString("reason"),
                row.getString("message"),
                ControlStore.instant(row, "decided"));
        draft.times = row.getLong("times");
        draft.lastNominal = ControlStore.instant(row, "last_nominal");
        draft.retryAt = Optional.ofNullable(ControlStore.instant(row, "retry_at"));
        draft.attempts = row.getInt("attempts");
        draft.runId = Optional.ofNullable(row.getObject("run_id", UUID.class));
        draft.earlierRuns = Arrays.asList((UUID[]) row.getArray("earlier_runs").getArray());
        draft.planId = Optional.ofNullable(row.getObject("plan_id", UUID.class));
        draft.runOutcome = Optional.ofNullable(row.getString("run_outcome")).map(Outcome::valueOf);
        draft.trigger = Optional.ofNullable(row.getString("trigger")).map(text -> Json.read(text, FireTrigger.class));
        return draft.row();
    }
}
