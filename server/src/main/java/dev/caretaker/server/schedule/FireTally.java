package dev.caretaker.server.schedule;

import dev.caretaker.server.store.FireOutcome;
import dev.caretaker.server.store.FireRow;
import java.util.ArrayList;
import java.util.List;

/** What is decided of nominal times in a transaction: whoever counts it hears of it when that is over. */
public final class FireTally {
    private final List<Decided> decided = new ArrayList<>();

    private record Decided(String schedule, FireOutcome outcome, long times) {}

    /** Rows that were written. */
    public void add(List<FireRow> rows) {
        rows.forEach(row -> decided.add(new Decided(row.schedule(), row.outcome(), row.times())));
    }

    /** Fires that waited for a server when their schedule, or its line at a target, went. */
    public void closed(String schedule, int fires) {
        if (fires > 0) {
            decided.add(new Decided(schedule, FireOutcome.REFUSED, fires));
        }
    }

    /** The transaction is over. */
    public void tell(FireListener listener) {
        decided.forEach(one -> listener.decided(one.schedule(), one.outcome(), one.times()));
    }
}
