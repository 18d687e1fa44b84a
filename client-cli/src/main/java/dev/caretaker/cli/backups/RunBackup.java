package dev.caretaker.cli.backups;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.partitions.upkeep.StartOptions;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.cli.watch.Opening;
import dev.caretaker.v1.BackupDumpFormat;
import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.BackupRetention;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.RunBackupRequest;
import dev.caretaker.v1.RunBackupResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker backups run TARGET --to DESTINATION}. */
@Command(
        name = "run",
        description = "Copy a target's database, or some of its tables, to a destination.",
        footer = {
            "",
            "Ctrl-C leaves and the run goes on. The backup has the id of the run.",
            "Exits with 0 complete or detached, 1 failed, 3 refused, 4 not reachable, 5 cancelled."
        })
public final class RunBackup implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "TARGET", description = "Name of the target.")
    private String target;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "DESTINATION",
            description = "Destination of the server's configuration.")
    private String destination;

    @Mixin
    private PartOptions part;

    @Option(
            names = "--without-rows",
            paramLabel = "TABLE",
            description = "Only the definition of this table and its partitions; may be repeated.")
    private List<String> withoutRows = List.of();

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            description = "table-copy, built in (default), or pg_dump, which must be installed beside the server.")
    private Engine engine = Engine.TABLE_COPY;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "With pg_dump: directory (default), written by several sessions, or custom, one file by one session.")
    private Format format;

    @Option(
            names = "--compression",
            paramLabel = "NAME",
            description =
                    "table-copy: zstd (default), gzip or none; pg_dump: gzip (default) or none, since version 16 also zstd"
                            + " and lz4.")
    private String compression = "";

    @Option(names = "--sessions", paramLabel = "N", description = "Sessions that read at once, 1 to 16; default 2.")
    private int sessions;

    @Option(
            names = "--longest-snapshot",
            paramLabel = "DURATION",
            converter = Durations.Converter.class,
            description = "Oldest its snapshot may become, since it holds VACUUM back. Default: 1d.")
    private Duration longestSnapshot;

    @Option(
            names = "--keep",
            paramLabel = "DURATION",
            converter = Durations.Converter.class,
            description = "Delete it when it is older. Default: as the server's configuration says for the target.")
    private Duration keep;

    @Option(
            names = "--keep-last",
            paramLabel = "N",
            description = "Keep it as long as there are fewer newer ones of the same at the same destination.")
    private int keepLast;

    @Mixin
    private StartOptions start;

    /** What makes it, as it is written here. */
    enum Engine {
        TABLE_COPY("table-copy", BackupEngine.BACKUP_ENGINE_TABLE_COPY),
        PG_DUMP("pg_dump", BackupEngine.BACKUP_ENGINE_PG_DUMP);

        private final String text;
        private final BackupEngine sent;

        Engine(String text, BackupEngine sent) {
            this.text = text;
            this.sent = sent;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Form of pg_dump's archive, as it is written here. */
    enum Format {
        DIRECTORY(BackupDumpFormat.BACKUP_DUMP_FORMAT_DIRECTORY),
        CUSTOM(BackupDumpFormat.BACKUP_DUMP_FORMAT_CUSTOM);

        private final BackupDumpFormat sent;

        Format(BackupDumpFormat sent) {
            this.sent = sent;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public RunBackup(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        RunBackupRequest.Builder request = RunBackupRequest.newBuilder()
                .setRequestId(start.requestId())
                .setActor(start.actor(session))
                .setTarget(target)
                .setDestination(destination)
                .setEngine(engine.sent)
                .setCompression(compression)
                .setSessions(sessions)
                .setSelection(BackupSelection.newBuilder()
                        .addAllSchemas(part.schemas())
                        .addAllTables(part.tables())
                        .addAllWithoutRows(PartOptions.names(withoutRows)));
        if (format != null) {
            request.setDumpFormat(format.sent);
        }
        if (longestSnapshot != null) {
            request.setLongestSnapshot(Durations.toProto(longestSnapshot));
        }
        if (keep != null || keepLast != 0) {
            BackupRetention.Builder retention = BackupRetention.newBuilder().setLast(keepLast);
            request.setKeep(keep == null ? retention : retention.setAge(Durations.toProto(keep)));
        }
        start.deadline().ifPresent(request::setDeadline);
        return start.run(
                session,
                Opening.of(
                        RunBackupResponse::getEvent,
                        observer -> session.connection().backupStreams().runBackup(request.build(), observer)));
    }
}
