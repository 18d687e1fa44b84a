package dev.caretaker.server.console.page;

import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupState;
import dev.caretaker.v1.BackupTable;
import java.util.List;

/**
 * One backup.
 *
 * @param contents tables that are shown
 * @param targets on whose servers a scratch database may be made
 */
public record BackupView(Backup backup, ListPart<BackupTable> contents, List<String> targets) {

    public boolean isStored() {
        return backup.getState() == BackupState.BACKUP_STATE_STORED;
    }
}
