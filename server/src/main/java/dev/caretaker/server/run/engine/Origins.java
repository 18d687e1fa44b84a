package dev.caretaker.server.run.engine;

import dev.caretaker.server.config.TracingConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.run.Origin;
import dev.caretaker.server.run.RunRequest;
import dev.caretaker.server.run.SpanIds;
import dev.caretaker.server.run.TraceParent;
import dev.caretaker.server.run.WorkingHours;
import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.RunStore;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Gives a new run what follows from where it comes: a run that another one starts works in the hours of that one and in its trace. */
@Singleton
final class Origins {
    private final RunStore runs;
    private final TracingConfig tracing;

    Origins(RunStore runs, TracingConfig tracing) {
        this.runs = runs;
        this.tracing = tracing;
    }

    /** The run as it begins. Fails with INVALID_FIELD if its windows are never open together. */
    RunRow of(UUID id, RunRequest request, Instant now) {
        Optional<RunRow> parent = request.parentRunId().flatMap(runs::find);
        Origin origin = Origin.current();
        List<WorkingHours> hours = Stream.concat(
                        origin.hours().stream(), parent.stream().flatMap(run -> Rows.hours(run).stream()))
                .toList();
        RunRow run = Rows.run(id, request, hours, trace(parent, origin), now);
        List<WorkingHours> all = Rows.hours(run);
        if (all.size() > 1 && WorkingHours.nextOpening(all, now).isEmpty()) {
            throw CaretakerException.invalid(
                    "window", "is never open together with the others: " + WorkingHours.closed(all, now));
        }
        return run;
    }

    private Optional<TraceParent> trace(Optional<RunRow> parent, Origin origin) {
        return parent.flatMap(
                        run -> run.traceParent().map(TraceParent::stored).map(trace -> trace.at(SpanIds.of(run.id()))))
                .or(origin::trace)
                .or(() -> tracing.endpoint().map(endpoint -> TraceParent.begin()));
    }
}
