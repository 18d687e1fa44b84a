package dev.caretaker.server.store;

import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Set;

/**
 * What there is to tell of findings: what is new, worse and gone since it was last told. All is to be called in the
 * transaction that stores what a detection found.
 */
@Singleton
public class FindingOutbox {
    private final ControlStore store;

    FindingOutbox(ControlStore store) {
        this.store = store;
    }

    /**
     * Waits until no other detection of a target is being stored.
     *
     * @return whether anything was ever found there
     */
    public boolean begin(String target) {
        store.list("finding_lock", row -> target, target);
        return store.first("finding_known", row -> row.getBoolean("known"), target)
                .orElse(false);
    }

    /**
     * Writes what a detection found, which is stored by now.
     *
     * @param silent checks whose findings are told by a later detection, if they are still there
     * @param named checks whose messages may hold rows: of their findings only the names are told
     * @param first whether nothing was ever found at the target before: it is told as one
     * @param time of the detection
     */
    public void found(String target, Set<String> silent, Set<String> named, boolean first, Instant time) {
        String batch = "findings/" + target + "/" + time;
        store.update(
                "outbox_findings",
                target,
                time,
                DeliveryStore.array(silent),
                time,
                target,
                DeliveryStore.array(named),
                batch,
                first);
        store.update("outbox_findings_gone", target, time, target, batch);
    }
}
