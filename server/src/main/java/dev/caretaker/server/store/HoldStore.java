package dev.caretaker.server.store;

import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What is frozen, in the control store. */
@Singleton
public class HoldStore {
    private final ControlStore store;
    private final OutboxStore outbox;

    HoldStore(ControlStore store, OutboxStore outbox) {
        this.store = store;
        this.outbox = outbox;
    }

    /** Those in force by the clock of the control store, the oldest first. */
    public List<HoldRow> inForce() {
        return store.list("hold_in_force", HoldRow::read);
    }

    /** Those that are over and not yet wound up. */
    public List<HoldRow> over() {
        return store.list("hold_over", HoldRow::read);
    }

    public Optional<HoldRow> find(UUID id) {
        return store.first("hold_find", HoldRow::read, id);
    }

    /** The same, locked until the transaction ends. */
    public Optional<HoldRow> lock(UUID id) {
        return store.first("hold_lock", HoldRow::read, id);
    }

    /** Newest first. */
    public List<HoldRow> list(Optional<String> target, boolean all, Optional<Key> after, int limit) {
        return store.list(
                "hold_list", HoldRow::read, all, target, target, after.map(Key::since), after.map(Key::id), limit);
    }

    /** It is in force from now on. */
    public void insert(
            UUID id,
            Optional<String> target,
            Set<RunKind> kinds,
            String reason,
            Actor actor,
            Optional<Instant> until,
            boolean pauseRunning) {
        store.transaction(() -> {
            int inserted = store.update(
                    "hold_insert",
                    id,
                    target,
                    kinds.isEmpty() ? null : names(kinds),
                    reason,
                    Json.write(actor),
                    until,
                    pauseRunning);
            if (inserted == 1) {
                outbox.holdSet(find(id).orElseThrow());
            }
            return inserted;
        });
    }

    /** It pauses a run: to be written with that, or a run that goes on would count as paused, or one that is paused as not. */
    public void paused(UUID id, UUID runId) {
        store.update("hold_paused", runId, id, runId);
    }

    /** False if it was released before. */
    public boolean release(UUID id, Actor actor) {
        return store.update("hold_release", Json.write(actor), id) == 1;
    }

    /** All that it paused goes on. */
    public void ended(UUID id) {
        store.transaction(() -> {
            int ended = store.update("hold_ended", id);
            if (ended == 1) {
                find(id).ifPresent(outbox::holdEnded);
            }
            return ended;
        });
    }

    /**
     * Runs that go on, of some kinds, where the hold is; and those that a run has started which it has paused.
     *
     * @param goOn kinds of steps: a run that has such a step before it is left out
     */
    public List<UUID> running(HoldRow hold, Set<RunKind> kinds, Collection<String> goOn) {
        return store.list(
                "hold_runs",
                row -> row.getObject("run_id", UUID.class),
                hold.target(),
                names(kinds),
                ScheduleStore.texts(goOn),
                hold.id());
    }

    private static String names(Collection<RunKind> kinds) {
        return ScheduleStore.texts(
                EnumSet.copyOf(kinds).stream().map(Enum::name).toList());
    }

    /** Place in the list. */
    public record Key(Instant since, UUID id) {}
}
