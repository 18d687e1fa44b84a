package dev.caretaker.cli.issues;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.v1.CancelQueriesResponse;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code caretaker queries cancel}. */
@Command(
        name = "cancel",
        description = "List queries that have been running for long (10m by default) and, with --yes, cancel them.",
        footer = {
            "",
            "Left alone are replication, autovacuum, dumps, VACUUM and its like, index builds, and Caretaker's own."
        })
public final class CancelQueries implements Runnable {
    private static final Duration USUALLY = Duration.ofMinutes(10);

    private final Session session;

    @Mixin
    private QueryOptions queries;

    @Option(names = "--yes", description = "Really cancel; otherwise the queries are only listed.")
    private boolean yes;

    @Mixin
    private MutationOptions mutation;

    public CancelQueries(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        CancelQueriesResponse answer = session.connection()
                .maintenance()
                .cancelQueries(queries.request(USUALLY)
                        .setRequestId(mutation.requestId())
                        .setActor(mutation.actor(session.environment()))
                        .setCancel(yes)
                        .build());
        session.printer().many(answer, answer.getQueriesList(), page -> view(answer, page));
    }

    private void view(CancelQueriesResponse answer, Page page) {
        QueriesView.show(answer, yes ? "RESULT" : "WOULD BE", page);
        if (!yes && answer.getQueriesCount() > 0) {
            page.line(Style.DIM, "Nothing was cancelled; --yes does it.");
        }
    }
}
