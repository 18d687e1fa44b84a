package dev.caretaker.server.api.mapping;

import dev.caretaker.server.backup.BackupOrder;
import dev.caretaker.server.backup.BackupTerms;
import dev.caretaker.server.backup.DumpFormat;
import dev.caretaker.server.backup.RestorePart;
import dev.caretaker.server.backup.Retention;
import dev.caretaker.server.backup.ReturnOrder;
import dev.caretaker.server.backup.Selection;
import dev.caretaker.server.backup.VerifyOrder;
import dev.caretaker.server.backup.VerifyTerms;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.TableName;
import dev.caretaker.v1.BackupDumpFormat;
import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.BackupRetention;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.RestoreBackupRequest;
import dev.caretaker.v1.RunBackupRequest;
import dev.caretaker.v1.ScheduledBackup;
import dev.caretaker.v1.ScheduledBackupVerify;
import dev.caretaker.v1.VerifyBackupRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Requests about backups. */
public final class BackupReader {
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final String RANGE = "at least one second and at most 366 days";

    private BackupReader() {}

    /** A backup, which lacks only who asks for it. */
    public static Function<Actor, BackupOrder> order(Violations violations, RunBackupRequest request, UUID id) {
        String target = violations.required("target", request.getTarget());
        ScheduledBackup.Builder what = ScheduledBackup.newBuilder()
                .setDestination(request.getDestination())
                .setEngine(request.getEngine())
                .setSelection(request.getSelection())
                .setSessions(request.getSessions())
                .setCompression(request.getCompression())
                .setDumpFormat(request.getDumpFormat());
        if (request.hasLongestSnapshot()) {
            what.setLongestSnapshot(request.getLongestSnapshot());
        }
        if (request.hasKeep()) {
            what.setKeep(request.getKeep());
        }
        BackupTerms terms = terms(violations, "", what.build());
        Optional<Duration> limit = RunBounds.deadline(violations, request.hasDeadline(), request.getDeadline());
        return actor -> terms.order(id, target, limit, actor);
    }

    /** What is copied, and where to. */
    static BackupTerms terms(Violations violations, String path, ScheduledBackup message) {
        String at = path.isEmpty() ? "" : path + ".";
        int sessions = message.getSessions() == 0 ? BackupOrder.USUAL_SESSIONS : message.getSessions();
        violations.require(
                sessions >= 1 && sessions <= BackupOrder.MOST_SESSIONS,
                at + "sessions",
                "must be between 1 and " + BackupOrder.MOST_SESSIONS);
        BackupOrder.Engine engine = engine(violations, at + "engine", message.getEngine());
        Optional<DumpFormat> format = dumpFormat(violations, at + "dump_format", message.getDumpFormat());
        violations.require(
                format.isEmpty() || engine == BackupOrder.Engine.PG_DUMP,
                at + "dump_format",
                "has a meaning only with the engine PG_DUMP");
        return new BackupTerms(
                engine,
                violations.required(at + "destination", message.getDestination()),
                selection(violations, at + "selection", message.getSelection()),
                sessions,
                message.hasLongestSnapshot()
                        ? Times.read(
                                violations,
                                at + "longest_snapshot",
                                message.getLongestSnapshot(),
                                Duration.ofSeconds(1),
                                LONGEST,
                                RANGE)
                        : BackupOrder.USUAL_SNAPSHOT,
                message.getCompression().isEmpty() ? engine.usualCompression() : message.getCompression(),
                format,
                message.hasKeep() ? keep(violations, at + "keep", message.getKeep()) : Retention.NONE);
    }

    /** Which backup is verified, and where. */
    static VerifyTerms terms(Violations violations, String path, ScheduledBackupVerify message) {
        Optional<String> scratch = text(message.getScratchTarget());
        violations.require(
                !message.getAllowSameServer() || scratch.isPresent(),
                path + ".allow_same_server",
                "has a meaning only with scratch_target");
        return new VerifyTerms(
                text(message.getDestination()), message.getWhole(), scratch, message.getAllowSameServer());
    }

    private static Optional<String> text(String text) {
        return Optional.of(text).filter(given -> !given.isEmpty());
    }

    /** How long a backup is kept. */
    static Retention keep(Violations violations, String path, BackupRetention message) {
        Optional<Duration> age = message.hasAge()
                ? Optional.ofNullable(Times.read(
                        violations,
                        path + ".age",
                        message.getAge(),
                        Retention.SHORTEST,
                        Retention.LONGEST,
                        "at least one minute and at most 36,600 days"))
                : Optional.empty();
        violations.require(
                message.getLast() >= 0 && message.getLast() <= Retention.MOST,
                path + ".last",
                "must be 0 to " + Retention.MOST);
        violations.require(message.hasAge() || message.getLast() != 0, path, "needs an age or a number");
        return new Retention(age, Optional.of(message.getLast()).filter(last -> last > 0));
    }

    private static BackupOrder.Engine engine(Violations violations, String path, BackupEngine engine) {
        return switch (engine) {
            case BACKUP_ENGINE_UNSPECIFIED, BACKUP_ENGINE_TABLE_COPY -> BackupOrder.Engine.TABLE_COPY;
            case BACKUP_ENGINE_PG_DUMP -> BackupOrder.Engine.PG_DUMP;
            case UNRECOGNIZED -> {
                violations.add(path, "is not a known one");
                yield BackupOrder.Engine.TABLE_COPY;
            }
        };
    }

    private static Optional<DumpFormat> dumpFormat(Violations violations, String path, BackupDumpFormat format) {
        return switch (format) {
            case BACKUP_DUMP_FORMAT_UNSPECIFIED -> Optional.empty();
            case BACKUP_DUMP_FORMAT_DIRECTORY -> Optional.of(DumpFormat.DIRECTORY);
            case BACKUP_DUMP_FORMAT_CUSTOM -> Optional.of(DumpFormat.CUSTOM);
            case UNRECOGNIZED -> {
                violations.add(path, "is not a known one");
                yield Optional.empty();
            }
        };
    }

    private static Selection selection(Violations violations, String path, BackupSelection selection) {
        return new Selection(
                schemas(violations, path + ".schemas", selection.getSchemasList()),
                tables(violations, path + ".tables", selection.getTablesList()),
                tables(violations, path + ".without_rows", selection.getWithoutRowsList()));
    }

    private static List<String> schemas(Violations violations, String path, List<String> names) {
        List<String> read = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            read.add(violations.identifier(path + "[" + i + "]", names.get(i)));
        }
        return List.copyOf(read);
    }

    private static List<TableName> tables(Violations violations, String path, List<dev.caretaker.v1.TableName> names) {
        List<TableName> read = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            read.add(Names.read(violations, path + "[" + i + "]", names.get(i)));
        }
        return List.copyOf(read);
    }

    /** A verification, which lacks only who asks for it. */
    public static Function<Actor, VerifyOrder> verify(Violations violations, VerifyBackupRequest request) {
        UUID backup = violations.uuid("backup_id", request.getBackupId());
        Optional<String> scratch = Optional.of(request.getScratchTarget()).filter(name -> !name.isEmpty());
        violations.require(
                !request.getAllowSameServer() || scratch.isPresent(),
                "allow_same_server",
                "has a meaning only with scratch_target");
        Optional<Duration> limit = RunBounds.deadline(violations, request.hasDeadline(), request.getDeadline());
        return actor -> new VerifyOrder(backup, scratch, request.getAllowSameServer(), limit, actor);
    }

    /** A restore, which lacks only who asks for it. */
    public static Function<Actor, ReturnOrder> restore(Violations violations, RestoreBackupRequest request) {
        UUID backup = violations.uuid("backup_id", request.getBackupId());
        String target = violations.required("target", request.getTarget());
        RestorePart part = part(violations, request.getSchemasList(), request.getTablesList());
        Optional<Duration> limit = RunBounds.deadline(violations, request.hasDeadline(), request.getDeadline());
        return actor -> new ReturnOrder(backup, target, part, request.getAllowNotEmpty(), limit, actor);
    }

    /** What of a backup is restored. */
    public static RestorePart part(
            Violations violations, List<String> schemas, List<dev.caretaker.v1.TableName> tables) {
        return new RestorePart(schemas(violations, "schemas", schemas), tables(violations, "tables", tables), true);
    }
}
