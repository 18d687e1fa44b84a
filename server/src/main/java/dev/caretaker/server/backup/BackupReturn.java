package dev.caretaker.server.backup;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.store.BackupRow;
import dev.caretaker.server.store.BackupStore;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Restores backups into databases of targets. Nothing that is there is replaced. */
@Singleton
final class BackupReturn {
    private final BackupStore store;
    private final BackupFiles files;
    private final Engines engines;
    private final Targets targets;

    BackupReturn(BackupStore store, BackupFiles files, Engines engines, Targets targets) {
        this.store = store;
        this.files = files;
        this.engines = engines;
        this.targets = targets;
    }

    /**
     * Whether a server can hold what another one had: an older one may not know statements that it reads.
     *
     * @throws CaretakerException UNSUPPORTED_SERVER if it is of an older major version than the one that the backup was taken from
     */
    static void requireAsNew(BackupManifest manifest, Target into) {
        int source = manifest.copied().source().major();
        int here = into.withPrimary(
                connection -> Sql.of("SELECT CAST(pg_catalog.current_setting('server_version_num') AS int) / 10000")
                        .one(connection, row -> row.getInt(1)));
        if (here < source) {
            throw CaretakerException.of(
                    Reason.UNSUPPORTED_SERVER,
                    "The backup was taken from PostgreSQL " + source + "; target " + into.name() + " runs " + here
                            + ", which is older.",
                    Map.of("target", into.name()));
        }
    }

    /**
     * Whether nothing that the database has is in its way.
     *
     * @return what is changed there all the same, one sentence each
     * @throws CaretakerException DATABASE_NOT_EMPTY, INVALID_FIELD for a table that is not in the backup
     */
    static List<String> require(BackupManifest manifest, RestorePart part, Target into, boolean allowNotEmpty) {
        Set<TableName> known =
                manifest.copied().tables().stream().map(CopiedTable::table).collect(Collectors.toSet());
        for (int i = 0; i < part.tables().size(); i++) {
            if (!known.contains(part.tables().get(i))) {
                throw CaretakerException.invalid(
                        "tables[" + i + "]",
                        "the backup has no table " + part.tables().get(i));
            }
        }
        Occupied here = Occupied.of(into);
        if (!allowNotEmpty) {
            here.requireNothing();
        }
        here.requireNoneOf(manifest, part);
        return here.changed(manifest, part);
    }

    String restore(RestoreBackupWork work, String target, Gate gate) throws SQLException, IOException {
        BackupRow backup = store.find(work.backup())
                .orElseThrow(() ->
                        CaretakerException.of(Reason.BACKUP_NOT_FOUND, "There is no backup " + work.backup() + "."));
        BackupManifest manifest = files.manifest(backup);
        Target into = targets.get(target);
        requireAsNew(manifest, into);
        require(manifest, work.part(), into, work.allowNotEmpty())
                .forEach(sentence -> gate.warn("RESTORE_NOTE", sentence));
        manifest.copied().notContained().forEach(sentence -> gate.warn("NOT_IN_BACKUP", sentence));
        Restored restored =
                engines.get(manifest.order().engine()).restore(manifest, work.part(), into, files.folder(backup), gate);
        restored.notes().forEach(note -> gate.warn("RESTORE_NOTE", note));
        CopiedCollation.changed(manifest.copied().collations()).forEach(note -> gate.warn("RESTORE_NOTE", note));
        CopiedCollation.differing(manifest.copied().collations(), into)
                .forEach(note -> gate.warn("RESTORE_NOTE", note));
        restored.missing().forEach(one -> gate.warn("NOT_RESTORED", one.sentence()));
        LeftOutRows leftOut = new LeftOutRows(manifest.copied());
        List<Unmade> failed =
                restored.missing().stream().filter(one -> !leftOut.explain(one)).toList();
        String done = Amounts.count(restored.tables(), "table", "tables") + " with "
                + Amounts.count(restored.rows(), "row", "rows") + " were restored from backup " + backup.id()
                + " into target " + target + ".";
        if (!failed.isEmpty()) {
            throw CaretakerException.of(
                    Reason.STATEMENT_FAILED,
                    done + " But " + Amounts.count(failed.size(), "object", "objects")
                            + " could not be made: "
                            + failed.getFirst().sentence());
        }
        gate.warn("BACKUP_RESTORED", done);
        return done;
    }
}
