package dev.caretaker.server.backup.external;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a tool has of a target.
 *
 * @param backups the newest last, at most {@value #MOST}
 * @param problem what the tool says is wrong with all of it, a clause; empty if nothing
 * @param systemIdentifier of the target's cluster when it was last asked; empty if it never answered
 */
public record SeenBackups(List<SeenBackup> backups, String problem, String systemIdentifier) {
    static final int MOST = 1_000;

    /** The newest that counts. */
    public Optional<SeenBackup> newest() {
        return backups.stream()
                .filter(SeenBackup::counts)
                .max(Comparator.comparing(backup -> backup.finished().orElseThrow()));
    }

    /** The same; those that another cluster made do not count. */
    SeenBackups of(String cluster) {
        return new SeenBackups(
                backups.stream()
                        .map(backup -> isForeign(backup, cluster)
                                ? backup.because("was made of another cluster, " + backup.systemIdentifier())
                                : backup)
                        .toList(),
                problem,
                cluster);
    }

    private static boolean isForeign(SeenBackup backup, String cluster) {
        return !cluster.isEmpty()
                && !backup.systemIdentifier().isEmpty()
                && !backup.systemIdentifier().equals(cluster);
    }
}
