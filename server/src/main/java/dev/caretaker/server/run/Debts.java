package dev.caretaker.server.run;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The door to what runs have left at targets; works from any server of the control store. */
public interface Debts {

    /** Oldest first, at most 10,000. */
    List<DebtView> list(Filter filter);

    /** Has everything open at a target tried within seconds, because something may have changed there. */
    void hurry(String target);

    /**
     * Which debts to list.
     *
     * @param target empty means all
     * @param runId empty means all
     * @param settled whether settled ones are listed, too
     */
    record Filter(Optional<String> target, Optional<UUID> runId, boolean settled) {
        /** What is open at a target. */
        public static Filter open(String target) {
            return new Filter(Optional.of(target), Optional.empty(), false);
        }
    }
}
