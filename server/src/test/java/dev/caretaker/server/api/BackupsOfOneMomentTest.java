package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static dev.caretaker.server.api.BackupCalls.restore;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several sessions of a table copy see one state of the database, whatever others do meanwhile. */
class BackupsOfOneMomentTest {
    private static final int ROWS = 20_000;
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static BackupScene scene;

    @BeforeAll
    static void start() throws IOException {
        Map<String, Database> databases = new HashMap<>();
        TestPostgres.all().forEach((major, postgres) -> {
            databases.put(
                    "moving-" + major,
                    BackupScene.of(
                            postgres,
                            "CREATE TABLE one AS SELECT n, repeat('x', 100) AS v FROM generate_series(1, " + ROWS
                                    + ") n",
                            "CREATE TABLE two (LIKE one)",
                            "CREATE TABLE three (LIKE one)"));
            databases.put("empty-" + major, BackupScene.of(postgres));
        });
        databases.put("main", databases.get("moving-18"));
        scene = BackupScene.start(folder, databases);
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void rows_that_move_between_tables_while_these_are_copied_are_there_once(int major) throws InterruptedException {
        Database source = scene.database("moving-" + major);
        String id;
        try (Mover mover = new Mover(source)) {
            await().atMost(LONG).until(() -> mover.moves() > 2);
            int before = mover.moves();
            id = scene.calls.made(backup().setTarget("moving-" + major).setSessions(3));
            assertThat(mover.moves()).as("moves meanwhile").isGreaterThan(before);
        }
        assertThat(scene.calls.get(id).getRows()).isEqualTo(ROWS);
        scene.calls.complete(scene.calls.restored(restore(id).setTarget("empty-" + major)));
        assertThat(scene.database("empty-" + major)
                        .number("SELECT count(DISTINCT n) FROM (SELECT n FROM one UNION ALL SELECT n FROM two"
                                + " UNION ALL SELECT n FROM three) rows"))
                .isEqualTo(ROWS);
    }

    /** Moves a tenth of the rows on by one table at a time, in one statement, until it is closed. */
    private static final class Mover implements AutoCloseable {
        private static final String[] TABLES = {"one", "two", "three"};

        private final AtomicBoolean goesOn = new AtomicBoolean(true);
        private final AtomicInteger moves = new AtomicInteger();
        private final Thread thread;

        Mover(Database source) {
            thread = Thread.ofVirtual().start(() -> {
                while (goesOn.get()) {
                    int tenth = moves.get() % 10;
                    int from = moves.get() / 10 % 3;
                    source.execute("WITH gone AS (DELETE FROM " + TABLES[from] + " WHERE n % 10 = " + tenth
                            + " RETURNING *) INSERT INTO " + TABLES[(from + 1) % 3] + " SELECT * FROM gone");
                    moves.incrementAndGet();
                }
            });
        }

        int moves() {
            return moves.get();
        }

        @Override
        public void close() throws InterruptedException {
            goesOn.set(false);
            thread.join();
        }
    }
}
