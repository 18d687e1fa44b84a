package dev.caretaker.server.detect;

import static dev.caretaker.server.detect.FilledTables.ODD;
import static dev.caretaker.server.detect.FilledTables.tables;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.Test;

class HotUpdateChecksTest {
    @Test
    @Finds("hot-update-blockers")
    @Mends("hot-update-blockers")
    void updates_of_an_indexed_column_are_told_from_those_without_room() {
        Scene scene = hot();
        scene.finds(
                "hot-update-blockers",
                List.of("min_updates=1000"),
                "public.plain",
                "public.parted_1",
                "My Schema.Odd \"Table");
        assertThat(scene.on("public.plain", "hot-update-blockers", "min_updates=1000")
                        .message())
                .contains("changed an indexed column");
        assertThat(scene.on("My Schema.Odd \"Table", "hot-update-blockers", "min_updates=1000")
                        .message())
                .contains("no room");
        String odd = "'" + ODD + "'::regclass";
        scene.mend(
                "hot-update-blockers",
                finding -> true,
                () -> scene.plant("SELECT pg_stat_reset_single_table_counters(" + odd + ")"),
                "min_updates=1000");
    }

    @Test
    @Spares("hot-update-blockers")
    void updates_that_leave_the_indexes_alone_are_spared() {
        Scene scene = tables(TestPostgres.newest())
                .plant("ALTER TABLE plain SET (fillfactor = 30)", "VACUUM FULL plain", "UPDATE plain SET a = a + 1");
        Scene.eventually(
                () -> scene.database().number("SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'plain'"),
                2000L);
        scene.spares("hot-update-blockers", "min_updates=1000");
    }

    @Test
    @Spares("hot-update-blockers")
    void a_server_that_does_not_count_them_skips_the_check() {
        CheckResult result = Scene.on(TestPostgres.oldest()).run("hot-update-blockers");
        assertThat(result.status()).isEqualTo(CheckResult.Status.SKIPPED);
        assertThat(result.reason()).contains("needs PostgreSQL 16");
    }

    private static Scene hot() {
        return tables(TestPostgres.newest())
                .plant(
                        "CREATE INDEX ON plain (a)",
                        "CREATE INDEX ON parted (a)",
                        "ALTER TABLE plain SET (fillfactor = 30)",
                        "ALTER TABLE parted_1 SET (fillfactor = 30)",
                        "VACUUM FULL plain",
                        "VACUUM FULL parted_1",
                        "UPDATE plain SET a = a + 1",
                        "UPDATE parted_1 SET a = a + 1",
                        "UPDATE " + ODD + " SET b = b || 'y'");
    }
}
