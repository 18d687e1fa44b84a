package dev.caretaker.server.run.engine;

import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.Debt;
import dev.caretaker.server.run.DebtView;
import dev.caretaker.server.run.RunError;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What one step of a run is told of it.
 *
 * @param ordinal of the step, from 1
 */
record RunContext(RunRow run, RunSteps steps, int ordinal, Lease lease, Control control, RunDebts debts, Clock clock)
        implements StepContext {

    @Override
    public UUID runId() {
        return run.id();
    }

    @Override
    public Optional<UUID> planId() {
        return run.planId();
    }

    @Override
    public Actor startedBy() {
        return run.createdBy();
    }

    @Override
    public String target() {
        return run.target();
    }

    @Override
    public Optional<Instant> deadline() {
        return control.limit().deadline();
    }

    @Override
    public TableName table() {
        return steps.get(ordinal).table();
    }

    @Override
    public long epoch() {
        return run.epoch();
    }

    @Override
    public Map<TableName, Totals> doneSoFar() {
        return steps.doneBefore(ordinal);
    }

    @Override
    public long rowsLeft() {
        String policy = steps.get(ordinal).policy();
        return control.rowsLeft(policy, steps.rowsDeleted(policy));
    }

    @Override
    public void owe(Debt debt) {
        debts.owe(ordinal, debt);
    }

    @Override
    public void oweForNext(Debt debt) {
        debts.oweForNext(ordinal, debt);
    }

    @Override
    public void strike(String kind, TableName object) {
        debts.strike(ordinal, kind, object);
    }

    @Override
    public boolean failedBefore(Reason reason) {
        return steps.all().stream()
                .filter(step -> step.ordinal() != ordinal && step.table().equals(table()))
                .flatMap(step -> step.error().stream())
                .anyMatch(json -> Json.read(json, RunError.class).reason().equals(reason.name()));
    }

    @Override
    public List<DebtView> debtsOfOthers() {
        return debts.ofOthers(ordinal, table());
    }

    @Override
    public void warn(String code, String message, Map<String, String> metadata) {
        lease.event(new RunEvent.Warning(code, message, ordinal, metadata));
    }
}
