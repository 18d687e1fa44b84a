package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.DebtView;
import dev.caretaker.server.run.Debts;
import dev.caretaker.server.store.DebtRow;
import dev.caretaker.server.store.DebtStore;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;

/** Shows what runs have left. */
@Singleton
final class DebtsService implements Debts {
    private final DebtStore store;
    private final Clock clock;

    DebtsService(DebtStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public List<DebtView> list(Filter filter) {
        return store.list(filter.target(), filter.runId(), filter.settled()).stream()
                .map(DebtsService::view)
                .toList();
    }

    @Override
    public void hurry(String target) {
        store.hurry(target, clock.instant());
    }

    static List<DebtView> views(List<DebtRow> debts) {
        return debts.stream().map(DebtsService::view).toList();
    }

    static DebtView view(DebtRow debt) {
        return new DebtView(
                debt.id(),
                debt.kind(),
                debt.target(),
                debt.runId(),
                debt.step(),
                debt.object(),
                debt.table(),
                debt.message(),
                debt.incurred(),
                debt.attempts(),
                debt.answer(),
                debt.nextTry(),
                debt.settled());
    }
}
