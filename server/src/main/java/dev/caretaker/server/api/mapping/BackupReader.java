package dev.caretaker.server.api.mapping;

import dev.caretaker.server.backup.BackupOrder;
import dev.caretaker.server.backup.DumpFormat;
import dev.caretaker.server.backup.RestorePart;
import dev.caretaker.server.backup.ReturnOrder;
import dev.caretaker.server.backup.Selection;
import dev.caretaker.server.backup.VerifyOrder;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.TableName;
import dev.caretaker.v1.BackupDumpFormat;
import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.RestoreBackupRequest;
import dev.caretaker.v1.RunBackupRequest;
import dev.caretaker.v1.VerifyBackupRequest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
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

    /**
     * A place in the list.
     *
     * @param created of the backup before
     * @param id of the backup before
     */
    public record Place(Instant created, UUID id) {
        /** Before all. */
        public static final Place BEGIN = new Place(Instant.parse("9999-12-31T00:00:00Z"), new UUID(-1L, -1L));

        /** As a token of the list. */
        public String token() {
            return created + " " + id;
        }
    }

    /** From a token of the list. */
    public static Optional<Place> place(Violations violations, String token) {
        String[] parts = token.split(" ", 2);
        try {
            return Optional.of(new Place(Instant.parse(parts[0]), UUID.fromString(parts[1])));
        } catch (DateTimeException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            violations.add("page_token", "is not a token that this list returned");
            return Optional.empty();
        }
    }

    /** A backup, which lacks only who asks for it. */
    public static Function<Actor, BackupOrder> order(Violations violations, RunBackupRequest request, UUID id) {
        String target = violations.required("target", request.getTarget());
        String destination = violations.required("destination", request.getDestination());
        BackupOrder.Engine engine = engine(violations, request.getEngine());
        Selection selection = selection(violations, request.getSelection());
        int sessions = request.getSessions() == 0 ? BackupOrder.USUAL_SESSIONS : request.getSessions();
        violations.require(
                sessions >= 1 && sessions <= BackupOrder.MOST_SESSIONS,
                "sessions",
                "must be between 1 and " + BackupOrder.MOST_SESSIONS);
        Duration snapshot = request.hasLongestSnapshot()
                ? Times.read(
                        violations,
                        "longest_snapshot",
                        request.getLongestSnapshot(),
                        Duration.ofSeconds(1),
                        LONGEST,
                        RANGE)
                : BackupOrder.USUAL_SNAPSHOT;
        Optional<Duration> limit =
                request.hasDeadline() ? deadline(violations, request.getDeadline()) : Optional.empty();
        String compression = request.getCompression().isEmpty() ? engine.usualCompression() : request.getCompression();
        Optional<DumpFormat> format = dumpFormat(violations, request.getDumpFormat());
        violations.require(
                format.isEmpty() || engine == BackupOrder.Engine.PG_DUMP,
                "dump_format",
                "has a meaning only with the engine PG_DUMP");
        return actor -> new BackupOrder(
                id, target, engine, destination, selection, sessions, snapshot, compression, format, limit, actor);
    }

    private static Optional<Duration> deadline(Violations violations, com.google.protobuf.Duration given) {
        return Optional.ofNullable(Times.read(violations, "deadline", given, Duration.ofSeconds(1), LONGEST, RANGE));
    }

    private static BackupOrder.Engine engine(Violations violations, BackupEngine engine) {
        return switch (engine) {
            case BACKUP_ENGINE_UNSPECIFIED, BACKUP_ENGINE_TABLE_COPY -> BackupOrder.Engine.TABLE_COPY;
            case BACKUP_ENGINE_PG_DUMP -> BackupOrder.Engine.PG_DUMP;
            case UNRECOGNIZED -> {
                violations.add("engine", "is not a known one");
                yield BackupOrder.Engine.TABLE_COPY;
            }
        };
    }

    private static Optional<DumpFormat> dumpFormat(Violations violations, BackupDumpFormat format) {
        return switch (format) {
            case BACKUP_DUMP_FORMAT_UNSPECIFIED -> Optional.empty();
            case BACKUP_DUMP_FORMAT_DIRECTORY -> Optional.of(DumpFormat.DIRECTORY);
            case BACKUP_DUMP_FORMAT_CUSTOM -> Optional.of(DumpFormat.CUSTOM);
            case UNRECOGNIZED -> {
                violations.add("dump_format", "is not a known one");
                yield Optional.empty();
            }
        };
    }

    private static Selection selection(Violations violations, BackupSelection selection) {
        return new Selection(
                schemas(violations, "selection.schemas", selection.getSchemasList()),
                tables(violations, "selection.tables", selection.getTablesList()),
                tables(violations, "selection.without_rows", selection.getWithoutRowsList()));
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
        Optional<Duration> limit =
                request.hasDeadline() ? deadline(violations, request.getDeadline()) : Optional.empty();
        return actor -> new VerifyOrder(backup, scratch, request.getAllowSameServer(), limit, actor);
    }

    /** A restore, which lacks only who asks for it. */
    public static Function<Actor, ReturnOrder> restore(Violations violations, RestoreBackupRequest request) {
        UUID backup = violations.uuid("backup_id", request.getBackupId());
        String target = violations.required("target", request.getTarget());
        RestorePart part = part(violations, request.getSchemasList(), request.getTablesList());
        Optional<Duration> limit =
                request.hasDeadline() ? deadline(violations, request.getDeadline()) : Optional.empty();
        return actor -> new ReturnOrder(backup, target, part, request.getAllowNotEmpty(), limit, actor);
    }

    /** What of a backup is restored. */
    public static RestorePart part(
            Violations violations, List<String> schemas, List<dev.caretaker.v1.TableName> tables) {
        return new RestorePart(schemas(violations, "schemas", schemas), tables(violations, "tables", tables), true);
    }
}
