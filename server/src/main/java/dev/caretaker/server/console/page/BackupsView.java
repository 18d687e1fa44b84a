package dev.caretaker.server.console.page;

import dev.caretaker.v1.Backup;
import java.util.List;

/**
 * A page of backups.
 *
 * @param targets that may be chosen
 * @param next where the next page begins; empty on the last
 */
public record BackupsView(KeptFilter filter, List<String> targets, List<Backup> backups, String next) {}
