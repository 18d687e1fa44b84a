package dev.caretaker.server.api;

import dev.caretaker.server.cleanup.plan.kept.Estimate;
import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.DesiredState;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.store.Tuning;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Records to test with. */
final class Samples {
    private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05Z");

    private Samples() {}

    static RunView run(UUID id, Actor actor) {
        return new RunView(
                id,
                RunKind.CLEANUP,
                "main",
                RunState.QUEUED,
                DesiredState.RUNNING,
                Optional.empty(),
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                actor,
                CREATED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                Totals.NONE,
                Tuning.DEFAULT,
                Optional.empty(),
                List.of(),
                "",
                Optional.empty(),
                1,
                1);
    }

    static RunView steered(RunView run, DesiredState desired, Actor actor, String reason) {
        return with(run, desired, Optional.of(new RunView.StateRequest(actor, reason, CREATED, false)), run.tuning());
    }

    static RunView tuned(RunView run, Tuning tuning) {
        return with(run, run.desired(), run.lastRequest(), tuning);
    }

    private static RunView with(
            RunView run, DesiredState desired, Optional<RunView.StateRequest> request, Tuning tuning) {
        return new RunView(
                run.id(),
                run.kind(),
                run.target(),
                run.state(),
                desired,
                run.outcome(),
                run.stateReason(),
                request,
                run.planId(),
                run.parentRunId(),
                run.createdBy(),
                run.created(),
                run.started(),
                run.ended(),
                run.timeLeft(),
                run.deadline(),
                run.steps(),
                run.tables(),
                run.totals(),
                tuning,
                run.error(),
                run.debts(),
                run.server(),
                run.traceId(),
                run.epoch(),
                run.lastSequence());
    }

    static Plan plan(Actor actor) {
        return new Plan(
                UUID.randomUUID(),
                "etag-1",
                "main",
                List.of(),
                List.of(),
                List.of(),
                Estimate.NONE,
                CREATED,
                CREATED.plusSeconds(3_600),
                actor,
                Optional.empty(),
                Optional.empty());
    }

    static Plan executed(Plan plan, UUID runId) {
        return new Plan(
                plan.id(),
                plan.etag(),
                plan.target(),
                plan.policies(),
                plan.steps(),
                plan.warnings(),
                plan.total(),
                plan.created(),
                plan.expires(),
                plan.createdBy(),
                plan.backup(),
                Optional.of(runId));
    }
}
