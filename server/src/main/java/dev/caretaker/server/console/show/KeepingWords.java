package dev.caretaker.server.console.show;

import dev.caretaker.server.report.page.Show;
import dev.caretaker.v1.Archive;
import dev.caretaker.v1.ArchiveState;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.BackupHealthVerdict;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.BackupState;
import dev.caretaker.v1.BackupVerdict;
import dev.caretaker.v1.VerifyLevel;
import java.util.ArrayList;
import java.util.List;

/** Archives and backups and what is proven of them, in words. */
public final class KeepingWords {
    private static final String GOOD = "good";
    private static final String ATTENTION = "attention";
    private static final String CRITICAL = "critical";
    private static final String QUIET = "quiet";

    private KeepingWords() {}

    public static String of(ArchiveState state) {
        return switch (state) {
            case ARCHIVE_STATE_OPEN -> "rows come";
            case ARCHIVE_STATE_SEALED -> "on its way";
            case ARCHIVE_STATE_STORED -> "stored";
            case ARCHIVE_STATE_EMPTY -> "empty";
            case ARCHIVE_STATE_DELETED -> "deleted";
            case ARCHIVE_STATE_UNSPECIFIED, UNRECOGNIZED -> "not known";
        };
    }

    /** What is known of it: damage before all else. */
    public static String proof(Archive archive) {
        if (archive.getState() == ArchiveState.ARCHIVE_STATE_STORED) {
            if (!archive.getFault().isEmpty()) {
                return "damaged";
            }
            return archive.hasVerifyTime() ? "whole, " + of(archive.getVerifyLevel()) : "not verified yet";
        }
        return of(archive.getState());
    }

    public static String tone(Archive archive) {
        if (!archive.getFault().isEmpty()) {
            return CRITICAL;
        }
        return switch (archive.getState()) {
            case ARCHIVE_STATE_STORED -> archive.hasVerifyTime() ? GOOD : ATTENTION;
            case ARCHIVE_STATE_SEALED -> archive.getProblem().isEmpty() ? QUIET : ATTENTION;
            case ARCHIVE_STATE_OPEN,
                    ARCHIVE_STATE_EMPTY,
                    ARCHIVE_STATE_DELETED,
                    ARCHIVE_STATE_UNSPECIFIED,
                    UNRECOGNIZED -> QUIET;
        };
    }

    /** How far somebody looked. */
    public static String of(VerifyLevel level) {
        return switch (level) {
            case VERIFY_LEVEL_STORED -> "by its objects";
            case VERIFY_LEVEL_READ_BACK -> "read back";
            case VERIFY_LEVEL_RESTORED -> "restored and compared";
            case VERIFY_LEVEL_UNSPECIFIED, UNRECOGNIZED -> "as it was stored";
        };
    }

    public static String of(BackupState state) {
        return switch (state) {
            case BACKUP_STATE_OPEN -> "is being made";
            case BACKUP_STATE_STORED -> "stored";
            case BACKUP_STATE_FAILED -> "failed";
            case BACKUP_STATE_DELETED -> "deleted";
            case BACKUP_STATE_DELETING -> "is being deleted";
            case BACKUP_STATE_UNSPECIFIED, UNRECOGNIZED -> "not known";
        };
    }

    public static String of(BackupVerdict verdict) {
        return switch (verdict) {
            case BACKUP_VERDICT_PROVEN -> "proven";
            case BACKUP_VERDICT_PARTIAL -> "proven in part";
            case BACKUP_VERDICT_DAMAGED -> "damaged";
            case BACKUP_VERDICT_UNSPECIFIED, UNRECOGNIZED -> "not known";
        };
    }

    /** What is known of it. */
    public static String proof(Backup backup) {
        if (backup.getState() != BackupState.BACKUP_STATE_STORED) {
            return of(backup.getState());
        }
        return backup.hasEvidence() ? of(backup.getEvidence().getVerdict()) : "not proven yet";
    }

    public static String tone(Backup backup) {
        return switch (backup.getState()) {
            case BACKUP_STATE_FAILED -> CRITICAL;
            case BACKUP_STATE_STORED ->
                backup.hasEvidence() ? tone(backup.getEvidence().getVerdict()) : ATTENTION;
            case BACKUP_STATE_OPEN,
                    BACKUP_STATE_DELETED,
                    BACKUP_STATE_DELETING,
                    BACKUP_STATE_UNSPECIFIED,
                    UNRECOGNIZED -> QUIET;
        };
    }

    private static String tone(BackupVerdict verdict) {
        return switch (verdict) {
            case BACKUP_VERDICT_PROVEN -> GOOD;
            case BACKUP_VERDICT_PARTIAL -> ATTENTION;
            case BACKUP_VERDICT_DAMAGED -> CRITICAL;
            case BACKUP_VERDICT_UNSPECIFIED, UNRECOGNIZED -> QUIET;
        };
    }

    /** How well the backups of a target are. */
    public static String of(BackupHealthVerdict verdict) {
        return switch (verdict) {
            case BACKUP_HEALTH_VERDICT_GOOD -> "new enough, and proven";
            case BACKUP_HEALTH_VERDICT_ATTENTION -> "somebody should look at it";
            case BACKUP_HEALTH_VERDICT_CRITICAL -> "somebody must look at it soon";
            case BACKUP_HEALTH_VERDICT_UNSPECIFIED, UNRECOGNIZED -> "not known";
        };
    }

    public static String tone(BackupHealthVerdict verdict) {
        return switch (verdict) {
            case BACKUP_HEALTH_VERDICT_GOOD -> GOOD;
            case BACKUP_HEALTH_VERDICT_ATTENTION -> ATTENTION;
            case BACKUP_HEALTH_VERDICT_CRITICAL -> CRITICAL;
            case BACKUP_HEALTH_VERDICT_UNSPECIFIED, UNRECOGNIZED -> QUIET;
        };
    }

    public static String of(BackupEngine engine) {
        return engine == BackupEngine.BACKUP_ENGINE_PG_DUMP ? "pg_dump" : "Caretaker, table by table";
    }

    /** What of the database it holds. */
    public static String holds(Backup backup) {
        if (backup.getWhole()) {
            return "the whole database";
        }
        BackupSelection selection = backup.getSelection();
        List<String> parts = new ArrayList<>();
        if (selection.getSchemasCount() > 0) {
            parts.add(Show.count(selection.getSchemasCount(), "schema", "schemas"));
        }
        if (selection.getTablesCount() > 0) {
            parts.add(Show.count(selection.getTablesCount(), "chosen table", "chosen tables"));
        }
        if (selection.getWithoutRowsCount() > 0) {
            parts.add(Show.count(selection.getWithoutRowsCount(), "table", "tables") + " without rows");
        }
        return String.join(", ", parts);
    }
}
