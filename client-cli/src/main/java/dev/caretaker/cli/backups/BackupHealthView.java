package dev.caretaker.cli.backups;

import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.output.Table.Cell;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.ArchiverState;
import dev.caretaker.v1.BackupHealth;
import dev.caretaker.v1.BackupHealthVerdict;
import dev.caretaker.v1.BackupProof;
import dev.caretaker.v1.BackupToolState;
import dev.caretaker.v1.ToolBackup;

/** The verdict and why, then what there is. */
final class BackupHealthView {
    private static final int BACKUPS = 5;

    private final BackupHealth health;
    private final Page page;

    BackupHealthView(BackupHealth health, Page page) {
        this.health = health;
        this.page = page;
    }

    void show() {
        page.pair("target", health.getTarget());
        page.pair("verdict", Names.words(health.getVerdict(), "BACKUP_HEALTH_VERDICT_"), style(health.getVerdict()));
        page.pair(
                "newest",
                (health.hasNewest() ? words(health.getNewest()) : "none known") + "; expected within "
                        + Human.duration(health.getExpectedWithin()));
        page.pair(
                "proven",
                (health.hasNewestVerified() ? words(health.getNewestVerified()) : "none ever") + "; expected within "
                        + Human.duration(health.getExpectedVerifiedWithin()));
        page.pair("archiver", archiver());
        if (health.getReasonsCount() > 0) {
            page.heading("Why");
            health.getReasonsList().forEach(reason -> page.line("  " + reason));
        }
        health.getToolsList().forEach(this::tool);
    }

    /** A backup in half a sentence. */
    static String words(BackupProof proof) {
        return Human.duration(proof.getAge()) + " old, by " + proof.getMaker() + " (" + proof.getId() + ")";
    }

    private String archiver() {
        if (!health.hasArchiver()) {
            return "not told";
        }
        ArchiverState state = health.getArchiver();
        if (!state.getEnabled()) {
            return "archive_mode is off";
        }
        String last = state.hasLastArchiveTime()
                ? "the latest file at " + Human.instant(state.getLastArchiveTime())
                : "no file yet";
        return (state.getFailing() ? "failing; " : "")
                + last
                + (state.getFailed() == 0 ? "" : "; " + Human.count(state.getFailed()) + " attempts failed");
    }

    private void tool(BackupToolState tool) {
        page.heading(tool.getTool() + (tool.getName().isEmpty() ? "" : " " + tool.getName()));
        if (!tool.getError().isEmpty()) {
            page.line("  " + tool.getError());
        }
        if (tool.getBackupsCount() == 0) {
            page.line("  no backups");
            return;
        }
        Table table = new Table("BACKUP", "KIND", "COMPLETE", ">SIZE", "?NOTE");
        tool.getBackupsList().stream().limit(BACKUPS).forEach(backup -> row(table, backup));
        page.table(table, "  ");
        if (tool.getBackupsCount() > BACKUPS) {
            page.line("  and older ones");
        }
    }

    private static void row(Table table, ToolBackup backup) {
        table.row(
                backup.getId(),
                backup.getKind(),
                backup.hasFinishTime() ? Human.instant(backup.getFinishTime()) : "no",
                backup.getBytes() == 0 ? "" : Human.bytes(backup.getBytes()),
                new Cell(backup.getProblem(), Style.BAD));
    }

    private static Style style(BackupHealthVerdict verdict) {
        return switch (verdict) {
            case BACKUP_HEALTH_VERDICT_GOOD -> Style.GOOD;
            case BACKUP_HEALTH_VERDICT_ATTENTION -> Style.CAREFUL;
            default -> Style.BAD;
        };
    }
}
