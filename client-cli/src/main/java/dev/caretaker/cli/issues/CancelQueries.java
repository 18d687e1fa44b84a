package dev.caretaker.cli.issues;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.CancelQueriesRequest;
import dev.caretaker.v1.CancelQueriesResponse;
import dev.caretaker.v1.LongQuery;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caretaker queries cancel}. */
@Command(
        name = "cancel",
        description = "List queries that have been running for long and, with --yes, cancel them.",
        footer = {
            "",
            "Left alone are replication, autovacuum, dumps, VACUUM and its like, index builds, and Caretaker's own."
        })
public final class CancelQueries implements Runnable {
    private final Session session;

    @Option(names = "--target", paramLabel = "NAME", required = true, description = "The target to look at.")
    private String target;

    @Option(
            names = "--older-than",
            paramLabel = "DURATION",
            converter = Durations.Converter.class,
            description = "Shortest run time, at least 1s. Default: 10m.")
    private Duration olderThan;

    @Option(
            names = "--exclude-user",
            paramLabel = "NAME",
            split = ",",
            description = "Leave queries of this user alone. May be given several times.")
    private List<String> users = List.of();

    @Option(
            names = "--exclude-application",
            paramLabel = "NAME",
            split = ",",
            description = "Leave queries of this application alone. May be given several times.")
    private List<String> applications = List.of();

    @Option(names = "--yes", description = "Really cancel; otherwise the queries are only listed.")
    private boolean yes;

    @Mixin
    private MutationOptions mutation;

    public CancelQueries(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        CancelQueriesRequest.Builder request = CancelQueriesRequest.newBuilder()
                .setRequestId(mutation.requestId())
                .setActor(mutation.actor(session.environment()))
                .setTarget(target)
                .setCancel(yes)
                .addAllExcludeUsers(users)
                .addAllExcludeApplications(applications);
        if (olderThan != null) {
            request.setOlderThan(Durations.toProto(olderThan));
        }
        CancelQueriesResponse answer = session.connection().maintenance().cancelQueries(request.build());
        session.printer().many(answer, answer.getQueriesList(), page -> view(answer, page));
    }

    private void view(CancelQueriesResponse answer, Page page) {
        if (answer.getQueriesCount() == 0) {
            page.line("No query has been running for so long.");
            return;
        }
        Table table = new Table(">PID", ">RUNS FOR", "USER", "APPLICATION", yes ? "RESULT" : "WOULD BE", "QUERY");
        for (LongQuery query : answer.getQueriesList()) {
            table.row(
                    Integer.toString(query.getPid()),
                    Human.duration(query.getAge()),
                    query.getUser(),
                    query.getApplication(),
                    query.getReason().isEmpty()
                            ? new Table.Cell("cancelled", Style.CAREFUL)
                            : new Table.Cell("left alone: " + query.getReason(), Style.DIM),
                    query.getQuery().replaceAll("\\s+", " "));
        }
        page.table(table);
        if (!yes) {
            page.line(Style.DIM, "Nothing was cancelled; --yes does it.");
        }
    }
}
