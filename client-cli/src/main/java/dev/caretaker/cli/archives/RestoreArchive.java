package dev.caretaker.cli.archives;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.IdArgument;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.output.TableNames;
import dev.caretaker.cli.partitions.upkeep.StartOptions;
import dev.caretaker.cli.policies.file.FilterReader;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.cli.units.Instants;
import dev.caretaker.cli.watch.Opening;
import dev.caretaker.v1.RestoreArchiveRequest;
import dev.caretaker.v1.RestoreArchiveResponse;
import dev.caretaker.v1.RestoredPartition;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caretaker archives restore ARCHIVE --into TABLE}. */
@Command(
        name = "restore",
        description = "Load archived rows into a new table, a partition, or the table that they left.",
        footer = {
            "",
            "Ctrl-C leaves and the run goes on.",
            "Exits with 0 complete or detached, 1 failed, 3 refused, 4 not reachable, 5 cancelled."
        })
public final class RestoreArchive implements Callable<Integer> {
    private final Session session;

    @Mixin
    private final IdArgument<?> archive = IdArgument.archive();

    @ArgGroup(multiplicity = "1")
    private Into into;

    @Option(
            names = "--parent",
            paramLabel = "TABLE",
            description = "With --as-partition: the partitioned table. Default: the one it had.")
    private String parent;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Only rows whose time is not before this, such as 2026-05-01T00:00:00Z.")
    private String from;

    @Option(names = "--until", paramLabel = "TIME", description = "Only rows whose time is before this.")
    private String until;

    @Option(
            names = "--where",
            paramLabel = "FILTER",
            description =
                    "Only rows that pass this, written as where in a policy, such as '{status: done, kind: [a, b]}'.")
    private String where;

    @Option(
            names = "--keep",
            paramLabel = "DURATION",
            converter = Durations.Converter.class,
            description = "How long policies leave restored rows alone; 0s for not at all. Default: 7d.")
    private Duration keep;

    @Mixin
    private StartOptions start;

    public RestoreArchive(Session session) {
        this.session = session;
    }

    /** Where the rows go. */
    static final class Into {
        @Option(names = "--into", paramLabel = "TABLE", description = "Make this table and load into it.")
        private String table;

        @Option(
                names = "--as-partition",
                paramLabel = "TABLE",
                description = "Make this table, load into it, and attach it with the bound that the partition had.")
        private String partition;

        @Option(
                names = "--original",
                description = "Load into the table that the rows left; what is there already is left out.")
        private boolean original;
    }

    @Override
    public Integer call() {
        RestoreArchiveRequest.Builder request = RestoreArchiveRequest.newBuilder()
                .setRequestId(start.requestId())
                .setActor(start.actor(session))
                .setArchiveId(archive.id(session));
        if (into.table != null) {
            request.setNewTable(TableNames.parse(into.table));
        } else if (into.partition != null) {
            RestoredPartition.Builder partition =
                    RestoredPartition.newBuilder().setName(TableNames.parse(into.partition));
            if (parent != null) {
                partition.setParent(TableNames.parse(parent));
            }
            request.setPartition(partition);
        } else {
            request.setOriginal(true);
        }
        if (parent != null && into.partition == null) {
            throw CommandFailure.usage("--parent goes with --as-partition");
        }
        if (from != null) {
            request.setFromTime(Instants.toProto(Instants.parse("--from", from)));
        }
        if (until != null) {
            request.setUntilTime(Instants.toProto(Instants.parse("--until", until)));
        }
        if (where != null) {
            request.setFilter(FilterReader.parse("--where", where));
        }
        if (keep != null) {
            request.setKeep(Durations.toProto(keep));
        }
        start.deadline().ifPresent(request::setDeadline);
        return start.run(
                session,
                Opening.of(
                        RestoreArchiveResponse::getEvent,
                        observer -> session.connection().archiveStreams().restoreArchive(request.build(), observer)));
    }
}
