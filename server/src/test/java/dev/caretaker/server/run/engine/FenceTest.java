package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.target.Session;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FenceTest {
    private static final String SERVERS = "dev.caretaker.server.testing.TestPostgres#both";
    private static final long OID = 4_000_000_000L;

    @ParameterizedTest
    @MethodSource(SERVERS)
    void a_holder_is_named_although_its_session_is_another_role_s(TestPostgres server) throws SQLException {
        Database database = server.database();
        try (Session holder = TestTargets.of("shop", database).openSession("caretaker/other");
                Session late = TestTargets.of("shop", database.role("worker")).openSession("caretaker/late")) {
            assertThat(holder.tryFence(OID)).isTrue();

            assertThat(new Fence(late, "caretaker/late").take(OID))
                    .hasValueSatisfying(sentence -> assertThat(sentence)
                            .contains(
                                    "being worked on by caretaker/other",
                                    "pid " + holder.identity().pid()));
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void a_session_that_the_run_left_behind_is_ended(TestPostgres server) throws SQLException {
        Database database = server.database();
        try (Session orphan = TestTargets.of("shop", database).openSession("caretaker/run");
                Session successor = TestTargets.of("shop", database).openSession("caretaker/run")) {
            assertThat(orphan.tryFence(OID)).isTrue();

            assertThat(new Fence(successor, "caretaker/run").take(OID)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void a_fence_that_is_shared_is_closed_to_others_until_all_have_left(TestPostgres server) throws SQLException {
        Database database = server.database();
        try (Session late = TestTargets.of("shop", database).openSession("caretaker/late")) {
            try (Session helper = TestTargets.of("shop", database).openSession("caretaker/run")) {
                try (Session first = TestTargets.of("shop", database).openSession("caretaker/run")) {
                    assertThat(helper.joinFence(OID)).isTrue();
                    assertThat(first.tryFence(OID)).isFalse();
                }
                assertThat(new Fence(late, "caretaker/late").take(OID)).isPresent();
            }
            // A backend whose session was closed needs a moment to go.
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> new Fence(late, "caretaker/late").take(OID).isEmpty());
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void only_a_fence_that_is_shared_can_be_joined(TestPostgres server) throws SQLException {
        Database database = server.database();
        try (Session first = TestTargets.of("shop", database).openSession("caretaker/run");
                Session helper = TestTargets.of("shop", database).openSession("caretaker/run");
                Session successor = TestTargets.of("shop", database).openSession("caretaker/run")) {
            assertThat(first.tryFence(OID)).isTrue();
            assertThat(helper.joinFence(OID)).isFalse();
            first.shareFence(OID);
            assertThat(helper.joinFence(OID)).isTrue();
            assertThat(successor.tryFence(OID)).isFalse();

            assertThat(new Fence(successor, "caretaker/run").take(OID)).isEmpty();
        }
    }
}
