package dev.caretaker.server.schedule.hold;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.ControlStore;
import dev.caretaker.server.store.HoldRow;
import dev.caretaker.server.store.HoldStore;
import dev.caretaker.server.store.Moments;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Freezes work, and lets it go on. All methods throw {@link CaretakerException}. */
@Singleton
public class Holds {
    /** Holds on one page, at most. */
    public static final int LARGEST_PAGE = 1_000;

    private final ControlStore control;
    private final HoldStore store;
    private final HoldKeeper keeper;
    private final Targets targets;

    Holds(ControlStore control, HoldStore store, HoldKeeper keeper, Targets targets) {
        this.control = control;
        this.store = store;
        this.keeper = keeper;
        this.targets = targets;
    }

    /**
     * What to freeze.
     *
     * @param target empty: all targets
     * @param kinds empty: all work but the creation of partitions
     * @param until empty: until it is released
     * @param pauseRunning whether what runs is paused at its next batch or statement, and goes on when the hold ends
     */
    public record Order(
            Optional<String> target,
            Set<RunKind> kinds,
            String reason,
            Optional<Instant> until,
            boolean pauseRunning,
            Actor actor) {}

    /** Sets a hold, at once. Fails with TARGET_NOT_FOUND, INVALID_FIELD for an end that is past. */
    public HoldRow set(UUID id, Order order) {
        order.target().ifPresent(targets::get);
        Instant now = control.now();
        if (order.until().filter(end -> !end.isAfter(now)).isPresent()) {
            throw CaretakerException.invalid(
                    "end_time", "is past: it is " + Moments.second(now) + " by the clock of the control store");
        }
        store.insert(
                id, order.target(), order.kinds(), order.reason(), order.actor(), order.until(), order.pauseRunning());
        keeper.keep();
        return get(id);
    }

    /** The hold of that id. Fails with HOLD_NOT_FOUND. */
    public HoldRow get(UUID id) {
        return find(id).orElseThrow(() -> CaretakerException.of(
                Reason.HOLD_NOT_FOUND, "There is no hold " + id + ".", Map.of("hold_id", id.toString())));
    }

    public Optional<HoldRow> find(UUID id) {
        return store.find(id);
    }

    /** Newest first; of those that freeze something at {@code target}, if that is given. */
    public List<HoldRow> list(Optional<String> target, boolean all, Optional<HoldStore.Key> after, int limit) {
        return store.list(target, all, after, limit);
    }

    /** Ends a hold now; what it paused goes on. Releasing twice is no error. Fails with HOLD_NOT_FOUND. */
    public HoldRow release(UUID id, Actor actor) {
        control.transaction(() -> {
            get(id);
            return store.release(id, actor);
        });
        keeper.keep();
        return get(id);
    }
}
