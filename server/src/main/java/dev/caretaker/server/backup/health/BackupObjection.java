package dev.caretaker.server.backup.health;

import dev.caretaker.server.backup.external.ExternalLooks.Known;
import dev.caretaker.server.backup.external.SeenBackups;
import dev.caretaker.server.run.BackupGate;
import dev.caretaker.server.store.BackupRow;
import dev.caretaker.server.store.Moments;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Something that stands against the backups of a target.
 *
 * @param critical whether somebody must look at it soon
 * @param message a sentence
 */
public record BackupObjection(boolean critical, String message) {

    static List<BackupObjection> to(BackupHealth health) {
        List<BackupObjection> all = new ArrayList<>();
        age(health).ifPresent(all::add);
        for (BackupRow row : health.damaged()) {
            all.add(new BackupObjection(true, "Backup " + row.id() + " was found damaged when it was restored."));
        }
        health.archiver()
                .filter(Archiver::fails)
                .ifPresent(archiver -> all.add(new BackupObjection(
                        true,
                        "The server cannot archive its write-ahead log: " + archiver.lastFailedFile() + " failed at "
                                + Moments.second(archiver.lastFailed().orElseThrow())
                                + " and nothing was archived since.")));
        proof(health).ifPresent(all::add);
        health.tools().forEach(known -> tool(known).ifPresent(all::add));
        if (!health.problem().isEmpty()) {
            all.add(new BackupObjection(false, "The archiver's state is unknown. " + health.problem()));
        }
        all.sort(Comparator.comparing(objection -> !objection.critical()));
        return all;
    }

    private static Optional<BackupObjection> age(BackupHealth health) {
        if (!health.isOverdue()) {
            return Optional.empty();
        }
        return Optional.of(health.newest()
                .map(proof -> new BackupObjection(
                        health.age(proof).compareTo(health.within().multipliedBy(2)) > 0,
                        "The newest backup is " + BackupGate.words(health.age(proof)) + " old; "
                                + BackupGate.words(health.within()) + " are expected."))
                .orElseGet(() -> new BackupObjection(
                        health.expected(), "No backup of the whole database is known to Caretaker.")));
    }

    private static Optional<BackupObjection> proof(BackupHealth health) {
        if (!health.isUnverified() || health.newest().isEmpty()) {
            return Optional.empty();
        }
        String said = health.newestVerified()
                .map(proof ->
                        "The newest backup that was proven by restoring it is " + BackupGate.words(health.age(proof))
                                + " old; " + BackupGate.words(health.verifiedWithin()) + " are expected.")
                .orElse("No backup was ever proven by restoring it.");
        return Optional.of(new BackupObjection(false, said));
    }

    private static Optional<BackupObjection> tool(Known known) {
        return known.unknown()
                .or(() -> known.seen()
                        .map(SeenBackups::problem)
                        .filter(problem -> !problem.isEmpty())
                        .map(problem -> known.source().tool().program() + " " + problem + "."))
                .map(why -> new BackupObjection(false, why));
    }
}
