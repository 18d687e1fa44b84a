package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static dev.caretaker.server.api.BackupCalls.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.backup.tool.Installed;
import dev.caretaker.server.backup.tool.PostgresTools;
import dev.caretaker.server.backup.tool.Script;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.BackupTable;
import dev.caretaker.v1.BackupVerdict;
import dev.caretaker.v1.RunBackupRequest;
import dev.caretaker.v1.RunBackupResponse;
import dev.caretaker.v1.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two backups at once, one of them at least by pg_dump, which waits here before it begins, as long as a file says so. Skipped where there
 * is none.
 */
class PgDumpsAtOnceTest {
    private static final Duration LONG = Duration.ofSeconds(90);

    @TempDir
    private static Path folder;

    private static BackupScene scene;
    private static BackupCalls calls;

    @BeforeAll
    static void start() throws IOException {
        PostgresTools.Tools tools = Installed.assume(15, folder.resolve("installed"));
        Path own = folder.resolve("own");
        Script.in(own, "pg_restore", "exec " + tools.restore() + " \"$@\"");
        Script.in(own, "pg_dump", """
                [ "$1" = --version ] && exec %1$s --version
                touch "%2$s/began-$PGDATABASE"
                while [ -e "%2$s/hold-$PGDATABASE" ]; do sleep 0.1; done
                exec %1$s "$@"
                """.formatted(tools.dump(), folder));
        TestPostgres postgres = TestPostgres.dumped();
        Database main = BackupScene.of(postgres, OneOfEverything.STATEMENTS);
        Database other = BackupScene.of(postgres, OneOfEverything.STATEMENTS);
        other.execute("CREATE TABLE shop.only_here (id int PRIMARY KEY)", "INSERT INTO shop.only_here VALUES (1), (2)");
        scene = BackupScene.start(
                folder,
                Map.of("main", main, "alias", main, "other", other, "empty", BackupScene.of(postgres)),
                Map.of(
                        "caretaker.backups.postgres-bin", own.toString(),
                        "caretaker.data-dir", folder.resolve("data").toString()));
        calls = scene.calls;
    }

    @AfterAll
    static void stop() {
        if (scene != null) {
            scene.close();
        }
    }

    @AfterEach
    void nothing_is_left() {
        await().atMost(LONG).untilAsserted(() -> assertThat(workFolders()).isEmpty());
    }

    private static List<Path> workFolders() throws IOException {
        try (Stream<Path> all = Files.list(scene.spool().resolve("dumps"))) {
            return all.toList();
        }
    }

    private static RunBackupRequest.Builder dump(String target) {
        return backup().setTarget(target).setEngine(BackupEngine.BACKUP_ENGINE_PG_DUMP);
    }

    /** Has pg_dump of that database wait. */
    private static Path held(Database database) throws IOException {
        Files.deleteIfExists(began(database));
        return Files.writeString(folder.resolve("hold-" + database.name()), "");
    }

    private static Path began(Database database) {
        return folder.resolve("began-" + database.name());
    }

    /** A backup that goes on. */
    private record Going(String id, Iterator<RunBackupResponse> stream) {
        static Going of(RunBackupRequest.Builder request) {
            Iterator<RunBackupResponse> stream = scene.server.backups().runBackup(request.build());
            return new Going(stream.next().getEvent().getRunId(), stream);
        }

        void isMade() {
            calls.complete(calls.ended(stream, message -> message.getEvent()));
        }

        void isProven() {
            calls.complete(calls.verified(id));
            assertThat(calls.get(id).getEvidence().getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
            assertThat(calls.get(id).getEvidence().getRows())
                    .isEqualTo(calls.get(id).getRows());
        }
    }

    /** Also where the second one comes by another name of the same database, or by the other engine. */
    @ParameterizedTest
    @CsvSource({"main, BACKUP_ENGINE_PG_DUMP", "alias, BACKUP_ENGINE_PG_DUMP", "main, BACKUP_ENGINE_TABLE_COPY"})
    void the_second_of_a_database_waits_for_the_first_and_each_is_of_its_own_moment(String target, BackupEngine engine)
            throws IOException {
        Database source = scene.database("main");
        Path hold = held(source);
        Going first = Going.of(dump("main"));
        await().atMost(LONG).until(() -> Files.exists(began(source)));
        source.execute("INSERT INTO shop.customer (name) VALUES ('between')");

        Going second = Going.of(dump(target).setEngine(engine));
        await().atMost(LONG).until(() -> calls.runOf(second.id()).getState() == RunState.RUN_STATE_WAITING_LOCK);
        assertThat(calls.runOf(second.id()).getStateReason())
                .startsWith("The whole database is being worked on by caretaker/")
                .contains(first.id());
        assertThat(workFolders()).as("of the first alone").hasSize(1);

        Files.delete(hold);
        first.isMade();
        second.isMade();
        assertThat(calls.get(second.id()).getRows())
                .isEqualTo(calls.get(first.id()).getRows() + 1);
        first.isProven();
        second.isProven();
    }

    @Test
    void those_of_two_databases_of_a_server_go_on_at_once_each_in_its_own_snapshot_and_folder() throws IOException {
        Database one = scene.database("main");
        Database two = scene.database("other");
        Path holdOne = held(one);
        Path holdTwo = held(two);
        Going first = Going.of(dump("main"));
        Going second = Going.of(dump("other"));
        await().atMost(LONG).until(() -> Files.exists(began(one)) && Files.exists(began(two)));
        assertThat(workFolders()).hasSize(2);
        one.execute("INSERT INTO shop.customer (name) VALUES ('too late')");
        two.execute("DELETE FROM shop.only_here WHERE id = 1");

        Files.delete(holdTwo);
        second.isMade();
        Files.delete(holdOne);
        first.isMade();
        assertThat(calls.get(first.id()).getContentsList())
                .extracting(BackupTable::getTable)
                .doesNotContain(table("shop", "only_here"));
        assertThat(calls.get(second.id()).getContentsList())
                .filteredOn(table -> table.getTable().equals(table("shop", "only_here")))
                .singleElement()
                .extracting(BackupTable::getRows)
                .isEqualTo(2L);
        first.isProven();
        second.isProven();
    }
}
