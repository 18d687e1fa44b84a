package dev.caretaker.cli.backups;

import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.ShortIds;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupEvidence;
import dev.caretaker.v1.BackupRetention;
import dev.caretaker.v1.BackupTable;
import dev.caretaker.v1.PreviewRestoreResponse;
import java.util.List;
import java.util.stream.Collectors;

/** Backups for people. */
final class BackupText {
    private BackupText() {}

    static void list(List<Backup> backups, ShortIds ids, Page page) {
        Table table = new Table("BACKUP", "TARGET", "STATE", "AS OF", "TABLES", "ROWS", "SIZE", "PROOF", "AT");
        for (Backup backup : backups) {
            table.row(
                    ids.of(backup.getBackupId()),
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
        told(page, "kept", kept(backup.getKeep()));
        page.pair("proof", proof(backup));
        if (backup.hasEvidence()) {
            evidence(backup.getEvidence(), page);
        }
        backup.getEarlierEvidenceList()
                .forEach(earlier -> page.line("before that "
                        + Names.words(earlier.getVerdict(), "BACKUP_VERDICT_") + " "
                        + Human.instant(earlier.getTime())
                        + (earlier.getPlace().isEmpty() ? "" : " at " + earlier.getPlace())));
        if (backup.getEarlierEvidenceLeftOut() > 0) {
            page.line("earlier verifications not shown: " + Human.count(backup.getEarlierEvidenceLeftOut()));
        }
        backup.getNotContainedList().forEach(page::line);
        tables(backup.getContentsList(), page);
    }

    /** Empty if the configuration says it. */
    private static String kept(BackupRetention keep) {
        String age = keep.hasAge() ? "for " + Durations.exact(keep.getAge()) : "";
        String last = keep.getLast() > 0 ? "while it is one of the last " + keep.getLast() : "";
        return age.isEmpty() || last.isEmpty() ? age + last : age + ", or " + last;
    }

    private static void told(Page page, String name, String text) {
        if (!text.isEmpty()) {
            page.pair(name, text);
        }
    }

    private static void evidence(BackupEvidence evidence, Page page) {
        told(page, "proven at", evidence.getPlace());
        page.pair("compared", Human.count(evidence.getRows()) + " rows");
        if (evidence.getToolsCount() > 0) {
            page.pair("programs", String.join(", ", evidence.getToolsList()));
        }
        evidence.getFaultsList().forEach(fault -> page.line(Style.BAD, "  " + fault));
        evidence.getNotesList().forEach(note -> page.line("  " + note));
    }

    static void preview(PreviewRestoreResponse preview, Page page) {
        page.pair("rows", Human.count(preview.getRows()));
        page.pair("to fetch", Human.bytes(preview.getBytes()));
        if (preview.hasLastRestoreDuration()) {
            page.pair("all took", Human.duration(preview.getLastRestoreDuration()));
        }
        page.pair(
                "objects",
                preview.getObjectsList().stream()
                        .map(objects -> Human.count(objects.getCount()) + " × " + objects.getKind())
                        .collect(Collectors.joining(", ")));
        preview.getObstaclesList().forEach(obstacle -> page.line(Style.BAD, "Refused now: " + obstacle));
        preview.getLeftOutList().forEach(page::line);
        tables(preview.getTablesList(), page);
    }

    private static void tables(List<BackupTable> contents, Page page) {
        if (contents.isEmpty()) {
            return;
        }
        Table table = new Table("TABLE", "ROWS", "SIZE");
        for (BackupTable content : contents) {
            table.row(
                    Names.table(content.getTable()),
                    content.getHasRows() ? Human.count(content.getRows()) : "none kept here",
                    Human.bytes(content.getBytes()));
        }
        page.heading("Tables").table(table);
    }
}
