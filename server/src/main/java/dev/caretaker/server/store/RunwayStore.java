package dev.caretaker.server.store;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Whose turn it is to look how far ahead partitions exist. Fails with CONTROL_STORE_UNREACHABLE. */
@Singleton
public class RunwayStore {
    private final ControlStore store;

    RunwayStore(ControlStore store) {
        this.store = store;
    }

    private record Due(String target, Optional<Instant> looked) {}

    /**
     * Those of some targets that have partition sets and are to be looked at, and that no other server looks at now.
     *
     * @param every how often, at least; more often where upkeep has ended or a set was changed
     */
    public List<String> claim(Collection<String> targets, Duration every) {
        return store
                .list(
                        "runway_due",
                        row -> new Due(
                                row.getString("target"), Optional.ofNullable(ControlStore.instant(row, "looked"))),
                        DeliveryStore.array(targets),
                        every.toMillis())
                .stream()
                .filter(due -> store.update("runway_claim", due.target(), due.looked()) == 1)
                .map(Due::target)
                .toList();
    }
}
