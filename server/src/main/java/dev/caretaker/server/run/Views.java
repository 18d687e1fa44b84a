package dev.caretaker.server.run;

import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.StepRow;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs and steps as stored, turned into what people and clients see. */
final class Views {
    private Views() {}

    static RunView run(RunRow run, List<StepRow> steps) {
        return run(run, steps.stream().map(Views::step).toList(), total(steps));
    }

    /** For lists: the sums of the steps, but not the steps. */
    static RunView withoutSteps(RunRow run, List<StepRow> steps) {
        return run(run, List.of(), total(steps));
    }

    private static RunView run(RunRow run, List<StepView> steps, Totals totals) {
        return new RunView(
                run.id(),
                run.kind(),
                run.target(),
                run.state(),
                run.desired(),
                run.outcome(),
                run.stateReason(),
                run.request().map(json -> Json.read(json, RunView.StateRequest.class)),
                run.planId(),
                run.parentRunId(),
                run.createdBy(),
                run.created(),
                run.started(),
                run.ended(),
                run.deadline(),
                steps,
                totals,
                run.tuning(),
                run.error().map(json -> Json.read(json, RunError.class)),
                run.server(),
                run.epoch(),
                run.lastSequence());
    }

    static StepView step(StepRow step) {
        return new StepView(
                step.ordinal(),
                step.kind(),
                step.relation(),
                step.policy(),
                step.outcome(),
                step.rowsExpected(),
                step.totals(),
                step.message(),
                step.started(),
                step.ended());
    }

    static StepView ended(StepRow step, StepResult.Ended ended, Instant at) {
        return new StepView(
                step.ordinal(),
                step.kind(),
                step.relation(),
                step.policy(),
                Optional.of(ended.outcome()),
                step.rowsExpected(),
                ended.totals(),
                ended.message(),
                step.started(),
                Optional.of(at));
    }

    static Totals total(List<StepRow> steps) {
        return steps.stream().map(StepRow::totals).reduce(Totals.NONE, Totals::plus);
    }

    /** Last event of a run: sums over all, and by policy and table. */
    static RunEvent.Finished finished(Outcome outcome, List<StepRow> steps, Optional<RunError> error) {
        record Key(String policy, TableName table) {}
        Map<Key, Totals> sums = new LinkedHashMap<>();
        steps.forEach(step -> sums.merge(new Key(step.policy(), step.relation()), step.totals(), Totals::plus));
        List<RunEvent.TableTotals> tables = sums.entrySet().stream()
                .map(sum -> new RunEvent.TableTotals(
                        sum.getKey().policy(), sum.getKey().table(), sum.getValue()))
                .toList();
        return new RunEvent.Finished(outcome, total(steps), tables, error);
    }
}
