package dev.caretaker.server.backup.health;

import dev.caretaker.server.backup.BackupOrder;
import dev.caretaker.server.backup.Evidence;
import dev.caretaker.server.backup.Selection;
import dev.caretaker.server.backup.external.ExternalLooks;
import dev.caretaker.server.run.BackupProof;
import dev.caretaker.server.run.BackupProof.Extent;
import dev.caretaker.server.run.BackupWitness;
import dev.caretaker.server.store.BackupRow;
import dev.caretaker.server.store.BackupStore;
import dev.caretaker.server.store.ExternalBackupStore;
import dev.caretaker.server.store.ExternalBackupStore.ExternalBackup;
import dev.caretaker.server.store.Json;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All backups of a target that count: Caretaker's own that are stored and whose latest verification did not find them damaged,
 * those that other tools have, and those that were recorded.
 */
@Singleton
class KnownBackups implements BackupWitness {
    private static final Instant EVER = Instant.parse("9999-01-01T00:00:00Z");
    private static final UUID LAST = new UUID(-1, -1);
    /** Older ones change nothing, but for the newest verified one. */
    private static final int MOST = 100;

    private static final String CARETAKER = "caretaker";

    private final BackupStore store;
    private final ExternalLooks looks;
    private final ExternalBackupStore recorded;
    private final Clock clock;

    KnownBackups(BackupStore store, ExternalLooks looks, ExternalBackupStore recorded, Clock clock) {
        this.store = store;
        this.looks = looks;
        this.recorded = recorded;
        this.clock = clock;
    }

    @Override
    public List<BackupProof> of(String target) {
        return of(target, rows(target));
    }

    @Override
    public List<String> look(String target) {
        return looks.again(target, ExternalLooks.FRESH).stream()
                .flatMap(known -> known.unknown().stream())
                .toList();
    }

    /** Targets of which there may be any. */
    Set<String> mentioned() {
        return store.mentioned();
    }

    /** @param own what {@link #rows} says of the target */
    List<BackupProof> of(String target, List<BackupRow> own) {
        Instant now = clock.instant();
        Stream<BackupProof> seen = looks.known(target).stream()
                .flatMap(known -> known.newest(now).stream()
                        .map(backup -> new BackupProof(
                                known.source().tool().program(),
                                backup.id(),
                                backup.finished().orElseThrow(),
                                Optional.empty(),
                                backup.bytes(),
                                Extent.ALL)));
        return Stream.of(
                        own.stream().filter(row -> !Evidence.isDamaged(row)).map(row -> proof(row, now)),
                        seen,
                        recorded.of(target, MOST).stream().map(KnownBackups::proof))
                .flatMap(some -> some)
                .filter(proof ->
                        !proof.time().isAfter(now.plus(BackupRow.AHEAD))) // a date that is yet to come proves nothing
                .sorted(Comparator.comparing(BackupProof::time).reversed())
                .toList();
    }

    /** Caretaker's own that are stored: the newest, and the newest that hold all and that are verified. */
    List<BackupRow> rows(String target) {
        List<BackupRow> newest = store.list(target, false, EVER, LAST, MOST);
        return Stream.concat(newest.stream(), store.newest(target, clock.instant()).stream())
                .collect(Collectors.toMap(BackupRow::id, row -> row, (one, same) -> one, LinkedHashMap::new))
                .values()
                .stream()
                .toList();
    }

    private static BackupProof proof(BackupRow row, Instant now) {
        return new BackupProof(
                CARETAKER,
                row.id().toString(),
                row.taken(now),
                row.verified(),
                OptionalLong.of(row.bytes()),
                row.whole() ? Extent.ALL : extent(row));
    }

    private static Extent extent(BackupRow row) {
        BackupOrder order = Json.read(row.request(), BackupOrder.class);
        Selection selection = order.selection();
        return new Extent(
                selection.schemas(),
                selection.tables(),
                Stream.concat(selection.withoutRows().stream(), order.lacking().stream())
                        .toList());
    }

    private static BackupProof proof(ExternalBackup backup) {
        return new BackupProof(
                backup.source().toLowerCase(Locale.ROOT),
                backup.reference(),
                backup.taken(),
                backup.verified(),
                backup.bytes(),
                Extent.ALL);
    }
}
