package dev.caretaker.cli.backups;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.output.TableNames;
import dev.caretaker.cli.partitions.upkeep.StartOptions;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.cli.watch.Opening;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.RunBackupRequest;
import dev.caretaker.v1.RunBackupResponse;
import java.time.Duration;
import java.util.List;
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

    @Option(names = "--schema", paramLabel = "NAME", description = "Only this schema; may be repeated.")
    private List<String> schemas = List.of();

    @Option(
            names = "--table",
            paramLabel = "TABLE",
            description = "Only this table, with its partitions; may be repeated.")
    private List<String> tables = List.of();

    @Option(
            names = "--without-rows",
            paramLabel = "TABLE",
            description = "Only the definition of this table and its partitions; may be repeated.")
    private List<String> withoutRows = List.of();

    @Option(names = "--sessions", paramLabel = "N", description = "Sessions that read at once, 1 to 16; default 2.")
    private int sessions;

    @Option(
            names = "--longest-snapshot",
            paramLabel = "DURATION",
            converter = Durations.Converter.class,
            description = "Oldest its snapshot may become, since it holds VACUUM back. Default: 1d.")
    private Duration longestSnapshot;

    @Mixin
    private StartOptions start;

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
                .setSessions(sessions)
                .setSelection(BackupSelection.newBuilder()
                        .addAllSchemas(schemas)
                        .addAllTables(tables.stream().map(TableNames::parse).toList())
                        .addAllWithoutRows(
                                withoutRows.stream().map(TableNames::parse).toList()));
        if (longestSnapshot != null) {
            request.setLongestSnapshot(Durations.toProto(longestSnapshot));
        }
        start.deadline().ifPresent(request::setDeadline);
        return start.run(
                session,
                Opening.of(
                        RunBackupResponse::getEvent,
                        observer -> session.connection().backupStreams().runBackup(request.build(), observer)));
    }
}
