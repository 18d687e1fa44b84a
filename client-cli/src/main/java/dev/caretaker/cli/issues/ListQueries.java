package dev.caretaker.cli.issues;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.ActorOption;
import dev.caretaker.v1.CancelQueriesResponse;
import java.time.Duration;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code caretaker queries list}. */
@Command(
        name = "list",
        description = "List queries that have been running for a second or longer, and which of them 'queries cancel'"
                + " would leave alone.")
public final class ListQueries implements Runnable {
    private static final Duration USUALLY = Duration.ofSeconds(1);

    private final Session session;

    @Mixin
    private QueryOptions queries;

    @Mixin
    private ActorOption actor;

    public ListQueries(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        CancelQueriesResponse answer = session.connection()
                .maintenance()
                .cancelQueries(queries.request(USUALLY)
                        .setRequestId(UUID.randomUUID().toString())
                        .setActor(actor.name(session.environment()))
                        .build());
        session.printer().many(answer, answer.getQueriesList(), page -> QueriesView.show(answer, "WOULD BE", page));
    }
}
