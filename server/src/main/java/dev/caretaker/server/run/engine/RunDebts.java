package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.Debt;
import dev.caretaker.server.run.DebtView;
import dev.caretaker.server.store.DebtRow;
import dev.caretaker.server.store.DebtStore;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.TableName;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** What the steps of one run owe, while it works. */
final class RunDebts {
    private final DebtStore store;
    private final RunRow run;
    private final Lease lease;
    private final Clock clock;
    /** Struck by the run: those whose strike waits for the next write are still in the store. */
    private final Set<Struck> struck = ConcurrentHashMap.newKeySet();

    RunDebts(DebtStore store, RunRow run, Lease lease, Clock clock) {
        this.store = store;
        this.run = run;
        this.lease = lease;
        this.clock = clock;
    }

    private record Struck(int step, String kind, TableName object) {}

    /** Written when this returns. */
    void owe(int step, Debt debt) {
        lease.flush();
        write(step, debt);
    }

    /** Written with what the run writes next, and before it. */
    void oweForNext(int step, Debt debt) {
        lease.withNext(() -> write(step, debt));
    }

    /** Written with what the run writes next. */
    void strike(int step, String kind, TableName object) {
        struck.add(new Struck(step, kind, object));
        lease.withNext(() -> store.strike(run.id(), step, kind, object, run.epoch()));
    }

    /** Open ones of a table that others owe: other runs, or other steps of this one. */
    List<DebtView> ofOthers(int step, TableName table) {
        return store.open(Optional.of(run.target())).stream()
                .filter(debt -> debt.table().equals(table))
                .filter(debt -> !debt.runId().equals(run.id()) || debt.step() != step && !isStruck(debt))
                .map(DebtsService::view)
                .toList();
    }

    private boolean isStruck(DebtRow debt) {
        return struck.contains(new Struck(debt.step(), debt.kind(), debt.object()));
    }

    private void write(int step, Debt debt) {
        struck.remove(new Struck(step, debt.kind(), debt.object()));
        Instant now = clock.instant();
        DebtRow row = new DebtRow(
                UUID.randomUUID(),
                debt.kind(),
                run.target(),
                run.id(),
                step,
                debt.object(),
                debt.table(),
                debt.fencedOid(),
                debt.message(),
                Json.write(debt.details()),
                now,
                0,
                now,
                "",
                Optional.empty());
        if (!store.owe(row, run.epoch())) {
            throw new LeaseLost();
        }
    }
}
