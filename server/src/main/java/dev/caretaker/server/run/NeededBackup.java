package dev.caretaker.server.run;

import dev.caretaker.server.store.TableName;
import java.util.List;

/**
 * A backup without which a run does not begin: asked for when the run is ordered, and again when its first step is about to start, which
 * may be hours later.
 *
 * @param by whose demand it is, before a colon; empty: that of whoever ordered the run
 * @param tables each of which a backup must hold
 */
public record NeededBackup(String by, List<TableName> tables, BackupDemand demand) {
    public NeededBackup(List<TableName> tables, BackupDemand demand) {
        this("", tables, demand);
    }
}
