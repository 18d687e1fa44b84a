package dev.caretaker.server.backup.health;

import dev.caretaker.server.backup.external.ExternalLooks.Known;
import dev.caretaker.server.run.BackupProof;
import dev.caretaker.server.store.BackupRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How the backups of a target are.
 *
 * @param newest of those that hold the whole database
 * @param newestVerified the newest of those that were proven by restoring them
 * @param within oldest that the newest may be
 * @param verifiedWithin oldest that the newest verified one may be
 * @param expected whether anything says that there should be backups: the configuration, or that there were some
 * @param tools what other tools have
 * @param damaged Caretaker's own whose latest verification found them damaged
 * @param archiver empty if the target does not tell
 * @param problem why it does not, a sentence
 */
public record BackupHealth(
        String target,
        Instant now,
        Optional<BackupProof> newest,
        Optional<BackupProof> newestVerified,
        Duration within,
        Duration verifiedWithin,
        boolean expected,
        List<Known> tools,
        List<BackupRow> damaged,
        Optional<Archiver> archiver,
        String problem) {

    /** How old a backup is. */
    public Duration age(BackupProof proof) {
        Duration age = Duration.between(proof.time(), now);
        return age.isNegative() ? Duration.ZERO : age;
    }

    public boolean isOverdue() {
        return newest.filter(proof -> age(proof).compareTo(within) <= 0).isEmpty();
    }

    public boolean isUnverified() {
        return newestVerified
                .filter(proof -> age(proof).compareTo(verifiedWithin) <= 0)
                .isEmpty();
    }

    /** What stands against it, gravest first. */
    public List<BackupObjection> objections() {
        return BackupObjection.to(this);
    }
}
