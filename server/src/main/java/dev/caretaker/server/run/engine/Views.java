package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.DebtView;
import dev.caretaker.server.run.RunError;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunEvent.TableTotals;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.StepView;
import dev.caretaker.server.run.TraceParent;
import dev.caretaker.server.store.DebtRow;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.StepRow;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs and steps as stored, turned into what people and clients see. */
final class Views {
    private Views() {}

    static RunView run(RunRow run, List<StepRow> steps, List<DebtRow> debts) {
        return run(
                run, steps.stream().map(Views::step).toList(), tables(steps), total(steps), DebtsService.views(debts));
    }

    /** For lists: the sums of the steps, but not the steps. */
    static RunView withoutSteps(RunRow run, List<StepRow> steps) {
        return run(run, List.of(), List.of(), total(steps), List.of());
    }

    private static RunView run(
            RunRow run, List<StepView> steps, List<TableTotals> tables, Totals totals, List<DebtView> debts) {
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
                run.ended().isPresent() ? Optional.empty() : run.timeLeft(),
                run.deadline(),
                steps,
                tables,
                totals,
                run.tuning(),
                run.error().map(json -> Json.read(json, RunError.class)),
                debts,
                run.server(),
                run.traceParent().map(TraceParent::stored).map(TraceParent::traceId),
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

    /**
     * Last event of a run: sums over all, and by table and policy.
     *
     * @param debts of the run; the open ones are told
     */
    static RunEvent.Finished finished(
            Outcome outcome, List<StepRow> steps, Optional<RunError> error, List<DebtRow> debts) {
        List<DebtRow> open =
                debts.stream().filter(debt -> debt.settled().isEmpty()).toList();
        return new RunEvent.Finished(outcome, total(steps), tables(steps), error, DebtsService.views(open));
    }

    /** Follow-ups serve no policy of their own: they count for the one of their table, or apart if it has several. */
    private static List<TableTotals> tables(List<StepRow> steps) {
        Map<TableName, Map<String, Totals>> sums = new LinkedHashMap<>();
        steps.forEach(step -> sums.computeIfAbsent(step.table(), table -> new LinkedHashMap<>())
                .merge(step.policy(), step.totals(), Totals::plus));
        List<TableTotals> tables = new ArrayList<>();
        sums.forEach((table, policies) -> {
            Totals followUps = policies.get("");
            if (followUps != null && policies.size() == 2) {
                policies.remove("");
                policies.replaceAll((policy, totals) -> totals.plus(followUps));
            }
            policies.forEach((policy, totals) -> tables.add(new TableTotals(policy, table, totals)));
        });
        return tables;
    }
}
