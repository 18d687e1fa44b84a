package dev.caretaker.cli.backups;

import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupEvidence;
import dev.caretaker.v1.BackupTable;
import java.util.List;

/** Backups for people. */
final class BackupText {
    private BackupText() {}

    static void list(List<Backup> backups, Page page) {
        Table table = new Table("BACKUP", "TARGET", "STATE", "AS OF", "TABLES", "ROWS", "SIZE", "PROOF", "AT");
        for (Backup backup : backups) {
            table.row(
                    backup.getBackupId(),
                    backup.getTarget(),
                    state(backup),
                    backup.hasSnapshotTime() ? Human.instant(backup.getSnapshotTime()) : "",
                    Human.count(backup.getTables()),
                    Human.count(backup.getRows()),
                    Human.bytes(backup.getBytes()),
                    proof(backup),
                    backup.getDestination());
        }
        if (table.isEmpty()) {
            page.line("There are no backups.");
        } else {
            page.table(table);
        }
    }

    private static String state(Backup backup) {
        return Names.words(backup.getState(), "BACKUP_STATE_") + (backup.hasPinnedBy() ? ", pinned" : "");
    }

    private static String proof(Backup backup) {
        return backup.hasEvidence()
                ? Names.words(backup.getEvidence().getVerdict(), "BACKUP_VERDICT_") + " "
                        + Human.instant(backup.getEvidence().getTime())
                : "never looked at";
    }

    static void show(Backup backup, Page page) {
        page.pair("backup", backup.getBackupId());
        page.pair("target", backup.getTarget() + (backup.getWhole() ? ", whole" : ", a part"));
        page.pair("state", state(backup));
        told(page, "pinned because", backup.getPinReason());
        told(page, "problem", backup.getProblem());
        page.pair("made by", Names.words(backup.getEngine(), "BACKUP_ENGINE_"));
        if (backup.hasSnapshotTime()) {
            page.pair("as of", Human.instant(backup.getSnapshotTime()));
        }
        told(page, "server", backup.getServerVersion());
        page.pair("rows", Human.count(backup.getRows()));
        page.pair("size", Human.bytes(backup.getBytes()));
        page.pair("at", backup.getDestination() + ", " + backup.getLocation());
        page.pair("asked for", Human.instant(backup.getCreateTime()) + " by " + Names.actor(backup.getCreatedBy()));
        page.pair("proof", proof(backup));
        if (backup.hasEvidence()) {
            evidence(backup.getEvidence(), page);
        }
        backup.getNotContainedList().forEach(page::line);
        tables(backup, page);
    }

    private static void told(Page page, String name, String text) {
        if (!text.isEmpty()) {
            page.pair(name, text);
        }
    }

    private static void evidence(BackupEvidence evidence, Page page) {
        told(page, "proven at", evidence.getPlace());
        page.pair("rows compared", Human.count(evidence.getRows()));
        evidence.getFaultsList().forEach(fault -> page.line(Style.BAD, "  " + fault));
        evidence.getNotesList().forEach(note -> page.line("  " + note));
    }

    private static void tables(Backup backup, Page page) {
        if (backup.getContentsCount() == 0) {
            return;
        }
        Table table = new Table("TABLE", "ROWS", "SIZE");
        for (BackupTable content : backup.getContentsList()) {
            table.row(
                    Names.table(content.getTable()),
                    content.getHasRows() ? Human.count(content.getRows()) : "none kept here",
                    Human.bytes(content.getBytes()));
        }
        page.heading("Tables").table(table);
    }
}
