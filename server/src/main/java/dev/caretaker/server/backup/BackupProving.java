package dev.caretaker.server.backup;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.store.BackupRow;
import dev.caretaker.server.store.BackupStore;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Proves backups by restoring them elsewhere and comparing all of it. */
@Singleton
final class BackupProving {
    /** Sentences of a kind that are kept as evidence. */
    private static final int MOST = 100;

    private static final String REFUSED =
            "The login of the scratch database may not make or run all of it: that, and what depends on"
                    + " it, is left out there. A scratch_target whose login is a superuser can prove it, too.";

    private final BackupStore store;
    private final BackupFiles files;
    private final Engines engines;
    private final ScratchPlaces places;
    private final Targets targets;
    private final Clock clock;
    private final Set<String> gone = ConcurrentHashMap.newKeySet();

    BackupProving(
            BackupStore store, BackupFiles files, Engines engines, ScratchPlaces places, Targets targets, Clock clock) {
        this.store = store;
        this.files = files;
        this.engines = engines;
        this.places = places;
        this.targets = targets;
        this.clock = clock;
    }

    /** Whether the scratch database of that work at a target is gone; asked once. */
    boolean isGone(VerifyWork work) {
        return gone.remove(work.database());
    }

    String verify(VerifyWork work, UUID run, Gate gate) throws SQLException, IOException {
        BackupRow backup = store.find(work.backup())
                .orElseThrow(() ->
                        CaretakerException.of(Reason.BACKUP_NOT_FOUND, "There is no backup " + work.backup() + "."));
        Look look = new Look(backup, work, run, gate);
        Evidence evidence = look.run();
        store.evidence(
                backup.id(),
                run,
                Json.write(evidence),
                evidence.verdict() == Evidence.Verdict.PROVEN,
                evidence.ended());
        evidence.notes().forEach(note -> gate.warn("VERIFY_NOTE", note));
        evidence.faults().forEach(fault -> gate.warn("BACKUP_FAULT", fault));
        if (evidence.verdict() == Evidence.Verdict.DAMAGED) {
            throw CaretakerException.of(
                    Reason.BACKUP_DAMAGED,
                    "Backup " + backup.id() + " is not what was copied: "
                            + String.join(" ", Sentences.first(look.faults, 2)));
        }
        String done = "Backup " + backup.id() + " was restored at " + evidence.place() + " in "
                + evidence.restore().toMillis() + " ms; "
                + Amounts.count(evidence.tables(), "table", "tables") + " with "
                + Amounts.count(evidence.rows(), "row", "rows") + " are equal"
                + (evidence.verdict() == Evidence.Verdict.PARTIAL ? ", as far as it could be restored." : ".");
        gate.warn(evidence.verdict() == Evidence.Verdict.PROVEN ? "BACKUP_PROVEN" : "BACKUP_PARTLY_PROVEN", done);
        return done;
    }

    /** One verification. */
    private final class Look {
        private final BackupRow backup;
        private final VerifyWork work;
        private final UUID run;
        private final Gate gate;
        private final Instant began = clock.instant();
        private final List<String> faults = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private List<String> notContained = List.of();
        private Duration restore = Duration.ZERO;
        private Duration compare = Duration.ZERO;
        private Optional<Comparison.Result> result = Optional.empty();
        private Optional<Restored> restored = Optional.empty();
        private final List<Unmade> before = new ArrayList<>();
        private boolean partial;
        private final Map<String, String> tools =
                new TreeMap<>(Map.of(CaretakerVersion.VERIFIED, CaretakerVersion.TEXT));
        private String place = "";
        private String version = "";

        Look(BackupRow backup, VerifyWork work, UUID run, Gate gate) {
            this.backup = backup;
            this.work = work;
            this.run = run;
            this.gate = gate;
        }

        Evidence run() throws SQLException, IOException {
            BackupManifest manifest;
            try {
                manifest = files.manifest(backup);
            } catch (CaretakerException e) {
                if (e.reason() != Reason.BACKUP_DAMAGED) {
                    throw e;
                }
                faults.add(e.getMessage());
                return evidence();
            }
            tools.putAll(manifest.copied().tools());
            notContained = manifest.copied().notContained();
            work.scratchTarget()
                    .ifPresent(name ->
                            ScratchPlaces.require(manifest, targets.get(name), work.allowSameServer(), targets));
            gate.at(0, "making a scratch database");
            try (ScratchPlace scratch = open(manifest)) {
                place = scratch.describe();
                version = scratch.serverVersion();
                notes.addAll(scratch.notes());
                before.addAll(scratch.unmade());
                restoreInto(manifest, scratch);
            }
            if (work.scratchTarget().isPresent()) {
                gone.add(work.database()); // nobody asks after one that went with its server
            }
            return evidence();
        }

        private ScratchPlace open(BackupManifest manifest) throws IOException {
            return work.scratchTarget().isPresent()
                    ? places.onTarget(manifest, work.scratchTarget().get(), work.database())
                    : places.embedded(manifest, work.database());
        }

        private void restoreInto(BackupManifest manifest, ScratchPlace scratch) throws SQLException, IOException {
            long start = System.nanoTime();
            try {
                restored = Optional.of(engines.get(manifest.order().engine())
                        .restore(manifest, RestorePart.ALL, scratch.database(), files.folder(backup), gate));
            } catch (CaretakerException e) {
                if (e.reason() != Reason.ARCHIVE_DAMAGED && e.reason() != Reason.BACKUP_DAMAGED) {
                    throw e;
                }
                faults.add(e.getMessage());
            } catch (SQLException e) {
                if (!PostgresErrors.isAboutData(e) && !PostgresErrors.isRaised(e)) {
                    throw e; // a full disk proves nothing against the backup
                }
                faults.add("Its rows cannot be loaded: " + PostgresErrors.whole(e) + ".");
            }
            restore = Duration.ofNanos(System.nanoTime() - start);
            if (restored.isPresent()) {
                start = System.nanoTime();
                result = Optional.of(new Comparison(
                                manifest, scratch.database(), restored.get().unloaded(), gate)
                        .run());
                compare = Duration.ofNanos(System.nanoTime() - start);
                notes.addAll(CopiedCollation.changed(manifest.copied().collations()));
                notes.addAll(CopiedCollation.differing(manifest.copied().collations(), scratch.database()));
                judge(new LeftOutRows(manifest.copied()));
            }
        }

        /**
         * What is missing where an extension lacks, or where the login may not make something, is no fault of the backup, as long as
         * rows are not against it; nor is a foreign key to rows that were left out as ordered. Whatever else is missing, and whatever
         * lacks without something that is told by name, is one.
         */
        private void judge(LeftOutRows leftOut) {
            Restored made = restored.orElseThrow();
            Comparison.Result compared = result.orElseThrow();
            tools.putAll(made.tools());
            if (made.wasRefused()) {
                notes.add(REFUSED);
            }
            notes.addAll(made.notes());
            notes.addAll(compared.notes());
            partial = made.wasRefused() || !made.lacking().isEmpty() || !before.isEmpty();
            boolean allLoaded = made.unloaded().isEmpty();
            List<Unmade> missing = new ArrayList<>(before);
            missing.addAll(made.missing());
            missing.removeIf(one -> one.why() == Unmade.Why.THERE);
            List<Unmade> undecided = missing.stream()
                    .filter(one -> one.why() == Unmade.Why.UNDECIDED)
                    .filter(one -> !one.isOfLargeObjects() || !compared.largeObjects())
                    .toList();
            List<Unmade> ordered = missing.stream().filter(leftOut::explain).toList();
            for (Unmade one : missing) {
                boolean excused = ordered.contains(one)
                        || one.why() == Unmade.Why.REFUSED_APART
                        || one.why() == Unmade.Why.UNDECIDED
                        || partial && one.isExcused(allLoaded);
                (excused ? notes : faults).add(one.sentence());
            }
            faults.addAll(compared.faults());
            Predicate<Absence> explained = Absence.explained(compared.absent(), missing);
            Predicate<Absence> open = Absence.explained(
                    compared.absent(),
                    Stream.concat(undecided.stream(), ordered.stream()).toList());
            compared.absent()
                    .forEach(one ->
                            (partial && explained.test(one) || open.test(one) ? notes : faults).add(one.sentence()));
            if (faults.isEmpty() && !undecided.isEmpty()) {
                throw CaretakerException.of(
                        Reason.STATEMENT_FAILED,
                        "Nothing can be said of the backup, as this was in the way, which may be no fault of it: "
                                + undecided.getFirst().sentence());
            }
        }

        private Evidence evidence() {
            Evidence.Verdict whole = partial ? Evidence.Verdict.PARTIAL : Evidence.Verdict.PROVEN;
            return new Evidence(
                    backup.id(),
                    backup.target(),
                    backup.manifestSha256(),
                    backup.snapshot().orElseThrow(),
                    run,
                    work.actor(),
                    faults.isEmpty() ? whole : Evidence.Verdict.DAMAGED,
                    began,
                    clock.instant(),
                    restore,
                    compare,
                    place,
                    backup.serverVersion(),
                    version,
                    result.map(Comparison.Result::tables).orElse(0),
                    result.map(Comparison.Result::rows).orElse(0L),
                    Sentences.first(faults, MOST),
                    Sentences.first(notes, MOST),
                    Sentences.first(notContained, MOST),
                    tools);
        }
    }
}
