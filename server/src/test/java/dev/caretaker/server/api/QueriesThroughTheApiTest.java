package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import dev.caretaker.server.testing.BusySession;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.CancelQueriesRequest;
import dev.caretaker.v1.LongQuery;
import dev.caretaker.v1.MaintenanceServiceGrpc;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Queries that run for long as callers see and cancel them, on the whole server as it is. */
class QueriesThroughTheApiTest {
    private static TestPostgres.Database target;
    private static WholeServer server;
    private static MaintenanceServiceGrpc.MaintenanceServiceBlockingStub maintenance;

    @BeforeAll
    static void start() {
        target = TestPostgres.newest().database();
        target.execute("CREATE TABLE jobs (id int PRIMARY KEY, ended timestamptz)");
        server = WholeServer.start(target, Map.of());
        maintenance = server.maintenance();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }

    @Test
    void long_queries_are_listed_by_default_and_cancelled_on_request() throws Exception {
        try (Connection blocker = vacuumWaitsForIt();
                BusySession victim = BusySession.named(target, "victim", "SELECT pg_sleep(60)");
                BusySession spared = BusySession.named(target, "spared", "SELECT pg_sleep(60)");
                BusySession dump = BusySession.named(target, "pg_dump", "SELECT pg_sleep(60)");
                BusySession vacuum =
                        BusySession.named(target, "night job", "/* a -- comment */ -- and one\n vacuum jobs");
                // Waits for the lock that the vacuum waits for.
                BusySession builder = BusySession.named(target, "deploy", "CREATE INDEX later ON jobs (ended)")) {
            CancelQueriesRequest.Builder request = CancelQueriesRequest.newBuilder()
                    .setTarget("main")
                    .setOlderThan(Duration.newBuilder().setSeconds(1))
                    .addExcludeApplications("spared");
            await().untilAsserted(() -> assertThat(cancelled(request)).hasSize(5));
            Map<Integer, LongQuery> listed = cancelled(request);
            assertThat(listed.values()).noneMatch(LongQuery::getCancelled);
            assertThat(listed.get(victim.pid()).getReason()).isEmpty();
            assertThat(listed.get(spared.pid()).getReason()).contains("application is excluded");
            assertThat(listed.get(dump.pid()).getReason()).contains("dump");
            assertThat(listed.get(vacuum.pid()).getReason()).contains("VACUUM");
            assertThat(listed.get(builder.pid()).getReason()).contains("builds an index");
            assertThat(cancelled(request.clone().addExcludeUsers(target.user()))
                            .get(victim.pid())
                            .getReason())
                    .contains("user is excluded");

            Map<Integer, LongQuery> done = cancelled(request.setCancel(true));
            assertThat(done.get(victim.pid()).getCancelled()).isTrue();
            assertThat(done.get(spared.pid()).getCancelled()).isFalse();
            victim.awaitEnd();
            assertThat(cancelled(request).keySet())
                    .containsExactlyInAnyOrder(spared.pid(), dump.pid(), vacuum.pid(), builder.pid());
        }
        assertThat(ErrorDetails.of(() -> maintenance.cancelQueries(CancelQueriesRequest.newBuilder()
                                .setRequestId(id())
                                .setTarget("main")
                                .setOlderThan(Duration.newBuilder().setNanos(1))
                                .build()))
                        .toString())
                .contains("older_than");
    }

    /** Holds a lock that a VACUUM of the table needs, so that it runs as long as we want. */
    private static Connection vacuumWaitsForIt() throws SQLException {
        Connection blocker = target.connect();
        blocker.setAutoCommit(false);
        blocker.createStatement().execute("LOCK TABLE jobs IN SHARE UPDATE EXCLUSIVE MODE");
        return blocker;
    }

    private static Map<Integer, LongQuery> cancelled(CancelQueriesRequest.Builder request) {
        Map<Integer, LongQuery> byPid = new HashMap<>();
        maintenance
                .cancelQueries(request.setRequestId(id()).build())
                .getQueriesList()
                .forEach(query -> byPid.put(query.getPid(), query));
        return byPid;
    }
}
