package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.cleanup.leave.Keeper;
import dev.caretaker.server.cleanup.step.RelationState;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.testing.CrashableServer;
import dev.caretaker.server.testing.EmbeddedServer;
import dev.caretaker.server.testing.Kills;
import dev.caretaker.server.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A postmaster dies at random commits: each row is in its table or in its archive, and each is counted once. */
class KeepingAtCrashesTest {
    private final Random random = new Random(Kills.SEED);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource("dev.caretaker.server.testing.EmbeddedServer#tried")
    void no_row_is_lost_and_none_is_kept_twice(EmbeddedServer version) throws Exception {
        try (CrashableServer server = new CrashableServer(version);
                TestEngine engine =
                        TestEngine.start(TestPostgres.controlStore().url(), server.url(), KeptRows.settings(folder))) {
            for (Keeper keeper : List.of(KeptRows.table(), KeptRows.store())) {
                for (String kind : Kills.some(random, KeptRows.KINDS)) {
                    crashed(server, engine, keeper, kind);
                }
            }
        }
    }

    private void crashed(CrashableServer server, TestEngine engine, Keeper keeper, String kind) throws Exception {
        server.execute(KeptRows.made());
        server.execute("CHECKPOINT");
        AtomicInteger commits = new AtomicInteger();
        int first = 2 + random.nextInt(2);
        engine.gate().act(runId -> {
            int commit = commits.incrementAndGet();
            if (commit == first || commit == first + 6) {
                crash(server);
            }
        });
        RunView run;
        try (Connection connection = server.connect()) {
            long oid = server.number("SELECT 't'::regclass::oid::bigint");
            UUID runId = engine.start(
                    KeptRows.removal(kind, RelationState.read(connection, oid).orElseThrow(), keeper));
            run = engine.awaitLateEnd(runId);
        }
        String because = "seed " + Kills.SEED + ", " + kind + ": " + run;
        TestEngine.assertComplete(run, KeptRows.OLD);
        assertThat(commits.get()).as(because).isGreaterThan(first);
        Totals.Archived archived = run.totals().archived().getFirst();
        assertThat(archived.rows()).as(because).isEqualTo(KeptRows.OLD);
        if (keeper instanceof Keeper.Table) {
            assertThat(server.number(KeptRows.BY_ID)).as(because).isEqualTo(KeptRows.ALL);
            assertThat(server.number("SELECT count(*) FROM kept")).as(because).isEqualTo(KeptRows.OLD);
        } else {
            assertThat(server.number("SELECT count(*) FROM t")).as(because).isEqualTo(KeptRows.ALL - KeptRows.OLD);
            assertThat(archived.bytes()).as(because).isPositive();
            KeptRows.assertArchived(folder, because);
            KeptRows.forget(folder);
        }
    }

    private static void crash(CrashableServer server) {
        try {
            server.kill();
            server.start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
