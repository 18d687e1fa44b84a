package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.RunRequest;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.store.DesiredState;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.StepRow;
import dev.caretaker.server.store.Totals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Runs and steps as ordered, turned into the rows they begin with. */
final class Rows {
    private Rows() {}

    static RunRow run(UUID id, RunRequest request, Instant now) {
        // A child has what is left of its parent's time, which counts already.
        boolean counts = request.parentRunId().isPresent();
        return new RunRow(
                id,
                request.kind(),
                request.target(),
                RunState.QUEUED,
                "",
                now,
                DesiredState.RUNNING,
                Optional.empty(),
                Optional.empty(),
                request.planId(),
                request.parentRunId(),
                request.actor(),
                now,
                Optional.empty(),
                Optional.empty(),
                request.timeLimit().filter(limit -> !counts),
                request.timeLimit().filter(limit -> counts).map(now::plus),
                request.window().map(Json::write),
                Json.write(request.rowLimits()),
                request.tuning(),
                Optional.empty(),
                "",
                0,
                1);
    }

    static List<StepRow> steps(UUID runId, List<StepSpec> specs) {
        List<StepRow> steps = new ArrayList<>();
        for (StepSpec spec : specs) {
            steps.add(step(runId, steps.size() + 1, spec));
        }
        return steps;
    }

    private static StepRow step(UUID runId, int ordinal, StepSpec spec) {
        return new StepRow(
                runId,
                ordinal,
                spec.kind(),
                spec.relation(),
                spec.table(),
                spec.policy(),
                spec.rowsExpected(),
                Json.write(spec.parameters()),
                Optional.empty(),
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                0,
                Totals.NONE,
                Optional.empty());
    }
}
