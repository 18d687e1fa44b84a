package dev.caretaker.server.store;

import dev.caretaker.server.store.ConditionStore.Lost;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** Whether targets answer, as whichever server looked last saw it. */
@Singleton
public class ContactStore {
    private final ControlStore store;

    ContactStore(ControlStore store) {
        this.store = store;
    }

    /** Those of some targets that nobody has looked at for so long, and that no other server looks at now. */
    public List<String> claim(Collection<String> targets, Duration every) {
        return store
                .list("contact_due", row -> row.getString("target"), DeliveryStore.array(targets), every.toMillis())
                .stream()
                .filter(target -> store.update("contact_claim", target, every.toMillis()) == 1)
                .toList();
    }

    /** A target can be worked on. */
    public void had(String target) {
        store.update("contact_had", target);
    }

    /** A target cannot be worked on. */
    public void lost(String target, String reason) {
        store.update("contact_lost", reason, target);
    }

    /** Targets that could not be worked on for longer than that. */
    public List<Lost> lost(Duration longer) {
        return store.list(
                "condition_lost",
                row -> new Lost(row.getString("target"), ControlStore.instant(row, "since"), row.getString("reason")),
                longer.toMillis());
    }
}
