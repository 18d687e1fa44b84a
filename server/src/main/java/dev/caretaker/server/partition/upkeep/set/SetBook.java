package dev.caretaker.server.partition.upkeep.set;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.error.Similar;
import dev.caretaker.server.partition.upkeep.set.AppliedSet.Result;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.ControlStore;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.PartitionSetRow;
import dev.caretaker.server.store.PartitionSetStore;
import dev.caretaker.server.store.Sha256;
import dev.caretaker.server.store.TableName;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Partition sets, kept in the control store. */
@Singleton
final class SetBook implements PartitionSets {
    private static final int ETAG_BYTES = 16;
    /** So many names are looked at for one that may have been meant. */
    private static final int MOST_COMPARED = 10_000;

    private final ControlStore control;
    private final PartitionSetStore store;
    private final SetTables tables;
    private final Clock clock;

    SetBook(ControlStore control, PartitionSetStore store, SetTables tables, Clock clock) {
        this.control = control;
        this.store = store;
        this.tables = tables;
        this.clock = clock;
    }

    @Override
    public List<AppliedSet> apply(List<SetChange> changes, Actor actor, boolean validateOnly) {
        List<SetTables.Fitted> fitted =
                tables.fit(changes.stream().map(SetChange::set).toList());
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return control.transaction(() -> {
            store.lock();
            List<AppliedSet> applied = new ArrayList<>();
            for (int i = 0; i < changes.size(); i++) {
                PartitionSet set = fitted.get(i).set();
                requireAlone(set, changes, i);
                applied.add(apply(set, changes.get(i).etag(), fitted.get(i).warnings(), actor, now, validateOnly));
            }
            return applied;
        });
    }

    private AppliedSet apply(
            PartitionSet set,
            Optional<String> etag,
            List<String> warnings,
            Actor actor,
            Instant now,
            boolean validateOnly) {
        Optional<StoredSet> before = store.findByName(set.name()).map(SetBook::read);
        requireEtag(set.name(), before, etag);
        StoredSet after = new StoredSet(set, etag(set), now, actor);
        Result result = before.isEmpty()
                ? Result.CREATED
                : before.get().etag().equals(after.etag()) ? Result.UNCHANGED : Result.UPDATED;
        if (result != Result.UNCHANGED && !validateOnly) {
            store.put(write(after));
        }
        return new AppliedSet(result == Result.UNCHANGED ? before.get() : after, result, warnings);
    }

    /** A table has one set: two would undo each other's work. */
    private void requireAlone(PartitionSet set, List<SetChange> changes, int place) {
        Optional<String> other = ofTarget(set.target()).stream()
                .map(StoredSet::set)
                .filter(stored ->
                        stored.table().equals(set.table()) && !stored.name().equals(set.name()))
                // One that this request moves to another table is in nobody's way.
                .filter(stored ->
                        changes.stream().noneMatch(change -> change.set().name().equals(stored.name())))
                .map(PartitionSet::name)
                .findFirst();
        if (other.isPresent()) {
            throw CaretakerException.invalid(
                    "sets[" + place + "].table", "has the set " + other.get() + " already; a table has one");
        }
    }

    @Override
    public SetPage list(Optional<String> target, int pageSize, Optional<String> pageToken) {
        List<StoredSet> found = store.list(target.orElse(null), pageToken.orElse(""), pageSize + 1).stream()
                .map(SetBook::read)
                .toList();
        if (found.size() <= pageSize) {
            return new SetPage(found, Optional.empty());
        }
        List<StoredSet> page = found.subList(0, pageSize);
        return new SetPage(page, Optional.of(page.getLast().set().name()));
    }

    @Override
    public StoredSet get(String name) {
        return store.findByName(name).map(SetBook::read).orElseThrow(() -> notFound(name));
    }

    @Override
    public StoredSet delete(String name, Optional<String> etag, Actor actor) {
        return control.transaction(() -> {
            store.lock();
            StoredSet set = store.findByName(name).map(SetBook::read).orElseThrow(() -> notFound(name));
            requireEtag(name, Optional.of(set), etag);
            store.deleteByName(name);
            return set;
        });
    }

    @Override
    public Suggested suggest(String target, TableName table, Optional<ZoneId> zone) {
        return tables.suggest(target, table, zone);
    }

    private static void requireEtag(String name, Optional<StoredSet> stored, Optional<String> wanted) {
        boolean matches = wanted.isEmpty()
                || stored.map(set -> set.etag().equals(wanted.get())).orElse(false);
        if (!matches) {
            throw CaretakerException.of(
                    Reason.ETAG_MISMATCH,
                    stored.isPresent()
                            ? "Partition set " + name + " was changed by somebody else."
                            : "Partition set " + name + " does not exist any more.",
                    Map.of("set", name, "etag", stored.map(StoredSet::etag).orElse("")));
        }
    }

    private CaretakerException notFound(String name) {
        String question = Similar.question(
                name,
                store.list(null, "", MOST_COMPARED).stream()
                        .map(PartitionSetRow::name)
                        .toList());
        return CaretakerException.of(
                Reason.PARTITION_SET_NOT_FOUND,
                "No partition set is named \"" + name + "\"" + (question.isEmpty() ? "." : question),
                Map.of("set", name));
    }

    private static StoredSet read(PartitionSetRow row) {
        return new StoredSet(Json.read(row.content(), PartitionSet.class), row.etag(), row.updated(), row.updatedBy());
    }

    private static PartitionSetRow write(StoredSet stored) {
        PartitionSet set = stored.set();
        return new PartitionSetRow(
                set.name(), set.target(), Json.write(set), stored.etag(), stored.updated(), stored.updatedBy());
    }

    private static String etag(PartitionSet set) {
        return Sha256.hex(Sha256.of(Json.write(set)), ETAG_BYTES);
    }
}
