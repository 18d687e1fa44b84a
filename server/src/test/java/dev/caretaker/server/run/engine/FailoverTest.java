package dev.caretaker.server.run.engine;

import static dev.caretaker.server.run.engine.TestEngine.slowDelete;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.run.RunView;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.testing.CrashableServer;
import dev.caretaker.server.testing.EmbeddedServer;
import dev.caretaker.server.testing.Standby;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The primary dies, and a standby that had not heard of its latest commits takes over. */
class FailoverTest {

    @Test
    void commits_that_the_new_primary_never_heard_of_are_made_again_and_make_the_count_inexact() throws Exception {
        try (CrashableServer primary = new CrashableServer(EmbeddedServer.NEWEST)) {
            Database target = TestPostgres.embeddedAt(primary.port()).postgres();
            TestEngine.table(target, "first", 1_000);
            TestEngine.table(target, "second", 3_000);
            try (Standby standby = Standby.of(primary);
                    TestEngine engine = TestEngine.start(
                            TestPostgres.controlStore().url(),
                            "jdbc:postgresql://localhost:" + primary.port() + ",localhost:" + standby.port()
                                    + "/postgres",
                            Map.of())) {
                AtomicInteger commits = new AtomicInteger();
                engine.gate().act(runId -> {
                    switch (commits.incrementAndGet()) {
                        case 2 -> standby.stopsFollowing();
                        case 8 -> failOver(primary, standby);
                        default -> {}
                    }
                });

                UUID runId = engine.start(slowDelete(target, "first", 300, 0), slowDelete(target, "second", 300, 0));
                RunView run = engine.awaitEnd(runId);

                assertThat(run.outcome()).as(run.stateReason()).contains(Outcome.COMPLETE);
                Database now = standby.database();
                assertThat(now.number("SELECT count(*) FROM second WHERE old")).isZero();
                assertThat(engine.warnings(runId))
                        .filteredOn("COMMITS_LOST"::equals)
                        .hasSize(2);
                assertThat(run.steps())
                        .allSatisfy(
                                step -> assertThat(step.totals().rowsExact()).isFalse());
                assertThat(run.steps().getLast().totals().rowsDeleted()).isGreaterThanOrEqualTo(2_700);
            }
        }
    }

    private static void failOver(CrashableServer primary, Standby standby) {
        try {
            primary.kill();
            standby.promote();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
