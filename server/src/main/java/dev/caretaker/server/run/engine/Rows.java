package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.NeededBackup;
import dev.caretaker.server.run.RunRequest;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.run.TraceParent;
import dev.caretaker.server.run.WorkingHours;
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
import java.util.stream.Stream;

/** Runs and steps as ordered, turned into the rows they begin with. */
final class Rows {
    private Rows() {}

    /**
     * @param hours of whoever starts it
     * @param trace that it belongs to
     */
    static RunRow run(UUID id, RunRequest request, List<WorkingHours> hours, Optional<TraceParent> trace, Instant now) {
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
                hours(request, hours),
                Json.write(request.rowLimits()),
                request.backups().isEmpty() ? Optional.empty() : Optional.of(Json.write(request.backups())),
                request.tuning(),
                Optional.empty(),
                "",
                0,
                1,
                trace.map(TraceParent::toString));
    }

    private static Optional<String> hours(RunRequest request, List<WorkingHours> others) {
        List<WorkingHours> all = Stream.concat(request.window().map(WorkingHours::pausing).stream(), others.stream())
                .distinct()
                .toList();
        return all.isEmpty() ? Optional.empty() : Optional.of(Json.write(all));
    }

    /** When a run may work. */
    static List<WorkingHours> hours(RunRow run) {
        return run.window()
                .map(json -> List.of(Json.read(json, WorkingHours[].class)))
                .orElse(List.of());
    }

    /** Those without which a run does not begin. */
    static List<NeededBackup> backups(RunRow run) {
        return run.neededBackups()
                .map(json -> List.of(Json.read(json, NeededBackup[].class)))
                .orElse(List.of());
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
