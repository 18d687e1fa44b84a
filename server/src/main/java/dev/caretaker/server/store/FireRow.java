package dev.caretaker.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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
        return new FireRow(
                line.schedule(),
                line.target(),
                nominal,
                outcome,
                reason,
                message,
                1,
                nominal,
                now,
                Optional.empty(),
                0,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The same with others after it that came to nothing in the same way. */
    public FireRow upTo(Instant last, long count) {
        return new FireRow(
                schedule,
                target,
                nominal,
                outcome,
                reason,
                message,
                count,
                last,
                decided,
                retryAt,
                attempts,
                runId,
                earlierRuns,
                planId,
                runOutcome,
                trigger);
    }

    /** The same, decided otherwise. */
    public FireRow decided(FireOutcome now, String why, String sentence, Instant at, Optional<UUID> plan) {
        return new FireRow(
                schedule,
                target,
                nominal,
                now,
                why,
                sentence,
                times,
                lastNominal,
                at,
                Optional.empty(),
                attempts,
                runId,
                earlierRuns,
                plan,
                runOutcome,
                trigger);
    }

    /** The same, to be tried again. */
    public FireRow retriedAt(Instant at) {
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
                Optional.of(at),
                attempts,
                runId,
                earlierRuns,
                planId,
                runOutcome,
                trigger);
    }

    /** The same for somebody who asked for it out of turn. */
    public FireRow triggeredBy(FireTrigger who) {
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
                Optional.of(who));
    }

    /** The same with a run that was started for it. */
    public FireRow started(FireOutcome how, String sentence, UUID run, Optional<UUID> plan, Instant at) {
        List<UUID> before = runId.map(failed ->
                        Stream.concat(earlierRuns.stream(), Stream.of(failed)).toList())
                .orElse(earlierRuns);
        return new FireRow(
                schedule,
                target,
                nominal,
                how,
                "",
                sentence,
                times,
                lastNominal,
                at,
                Optional.empty(),
                attempts + 1,
                Optional.of(run),
                before,
                plan,
                Optional.empty(),
                trigger);
    }

    static FireRow read(ResultSet row) throws SQLException {
        return new FireRow(
                row.getString("schedule"),
                row.getString("target"),
                ControlStore.instant(row, "nominal"),
                FireOutcome.valueOf(row.getString("outcome")),
                row.getString("reason"),
                row.getString("message"),
                row.getLong("times"),
                ControlStore.instant(row, "last_nominal"),
                ControlStore.instant(row, "decided"),
                Optional.ofNullable(ControlStore.instant(row, "retry_at")),
                row.getInt("attempts"),
                Optional.ofNullable(row.getObject("run_id", UUID.class)),
                Arrays.asList((UUID[]) row.getArray("earlier_runs").getArray()),
                Optional.ofNullable(row.getObject("plan_id", UUID.class)),
                Optional.ofNullable(row.getString("run_outcome")).map(Outcome::valueOf),
                Optional.ofNullable(row.getString("trigger")).map(text -> Json.read(text, FireTrigger.class)));
    }
}
