package dev.caretaker.server.schedule;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.caretaker.server.archive.ArchiveVerifyTerms;
import dev.caretaker.server.backup.BackupTerms;
import dev.caretaker.server.backup.VerifyTerms;
import dev.caretaker.server.config.ReportFormat;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.TableName;
import java.time.Duration;
import java.util.List;

/** What a schedule starts. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Action.Routine.class, name = "routine"),
    @JsonSubTypes.Type(value = Action.Cleanup.class, name = "cleanup"),
    @JsonSubTypes.Type(value = Action.Upkeep.class, name = "upkeep"),
    @JsonSubTypes.Type(value = Action.Vacuum.class, name = "vacuum"),
    @JsonSubTypes.Type(value = Action.Reindex.class, name = "reindex"),
    @JsonSubTypes.Type(value = Action.Detection.class, name = "detection"),
    @JsonSubTypes.Type(value = Action.Report.class, name = "report"),
    @JsonSubTypes.Type(value = Action.Backup.class, name = "backup"),
    @JsonSubTypes.Type(value = Action.BackupVerify.class, name = "backup-verify"),
    @JsonSubTypes.Type(value = Action.ArchiveVerify.class, name = "archive-verify")
})
public sealed interface Action {

    /** Kind of the run that it starts. */
    @JsonIgnore
    RunKind kind();

    /** Whether the target is asked before a run begins: what is to be done there is planned, or chosen. */
    default boolean asksTarget() {
        return this instanceof Cleanup || this instanceof Upkeep || this instanceof Vacuum || this instanceof Reindex;
    }

    /** A routine of the configuration. */
    record Routine(String name) implements Action {
        @Override
        public RunKind kind() {
            return RunKind.ROUTINE;
        }
    }

    /** One plan of some policies, or of all of the target, executed if it is within their limits and as large as usual. */
    record Cleanup(List<String> policies) implements Action {
        @Override
        public RunKind kind() {
            return RunKind.CLEANUP;
        }
    }

    /** Upkeep of some partition sets, or of all of the target. */
    record Upkeep(List<String> sets) implements Action {
        @Override
        public RunKind kind() {
            return RunKind.UPKEEP;
        }
    }

    /** VACUUM (ANALYZE) of some tables, or of those that reach a threshold. */
    record Vacuum(List<TableName> tables) implements Action {
        @Override
        public RunKind kind() {
            return RunKind.VACUUM;
        }
    }

    /** Rebuilds bloated indexes, of some tables or of all. */
    record Reindex(List<TableName> tables) implements Action {
        @Override
        public RunKind kind() {
            return RunKind.REINDEX;
        }
    }

    /** Runs all checks, as a routine that has no other part. */
    record Detection() implements Action {
        @Override
        public RunKind kind() {
            return RunKind.ROUTINE;
        }
    }

    /**
     * Copies the database, or a part of it.
     *
     * @param terms what, how and where to
     */
    record Backup(BackupTerms terms) implements Action {
        @Override
        public RunKind kind() {
            return RunKind.BACKUP;
        }
    }

    /** Proves the newest backup by restoring it elsewhere. */
    record BackupVerify(VerifyTerms terms) implements Action {
        @Override
        public RunKind kind() {
            return RunKind.BACKUP_VERIFY;
        }
    }

    /** Looks whether archives are what their manifests say. */
    record ArchiveVerify(ArchiveVerifyTerms terms) implements Action {
        @Override
        public RunKind kind() {
            return RunKind.ARCHIVE_VERIFY;
        }
    }

    /**
     * Writes a report, as a routine that has no other part.
     *
     * @param period how far it looks back
     */
    record Report(Duration period, ReportFormat format) implements Action {
        @Override
        public RunKind kind() {
            return RunKind.ROUTINE;
        }
    }
}
