package dev.caretaker.server.console.page;

import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupHealth;
import java.util.List;
import java.util.Optional;

/**
 * A page of backups.
 *
 * @param targets that may be chosen
 * @param health how the backups of the chosen target are, whoever makes them; empty if none is chosen
 * @param unknown why it is not known how they are, sentences; empty if it is
 * @param next where the next page begins; empty on the last
 */
public record BackupsView(
        KeptFilter filter,
        List<String> targets,
        Optional<BackupHealth> health,
        String unknown,
        List<Backup> backups,
        String next) {}
