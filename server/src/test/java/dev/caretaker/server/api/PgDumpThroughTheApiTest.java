package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static dev.caretaker.server.api.BackupCalls.restore;
import static dev.caretaker.server.api.BackupCalls.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.archive.place.FakeS3;
import dev.caretaker.server.backup.tool.Installed;
import dev.caretaker.server.backup.tool.PostgresTools;
import dev.caretaker.server.backup.tool.Script;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupDumpFormat;
import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.BackupEvidence;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.BackupState;
import dev.caretaker.v1.BackupVerdict;
import dev.caretaker.v1.CancelRunRequest;
import dev.caretaker.v1.PauseRunRequest;
import dev.caretaker.v1.PreviewRestoreRequest;
import dev.caretaker.v1.PreviewRestoreResponse;
import dev.caretaker.v1.ResumeRunRequest;
import dev.caretaker.v1.RunBackupRequest;
import dev.caretaker.v1.RunBackupResponse;
import dev.caretaker.v1.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Backups by pg_dump, of the servers that Debian's can dump. Skipped where there is none. */
class PgDumpThroughTheApiTest {
    private static final Duration LONG = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    private PostgresTools.Tools tools;

    static Stream<Arguments> servers() {
        return Stream.of(
                Arguments.of(TestPostgres.oldest(), BackupDumpFormat.BACKUP_DUMP_FORMAT_DIRECTORY),
                Arguments.of(TestPostgres.dumped(), BackupDumpFormat.BACKUP_DUMP_FORMAT_CUSTOM));
    }

    @BeforeEach
    void installed() {
        tools = Installed.assume(15, folder.resolve("installed"));
    }

    private WholeServer server(Database source, Database empty, Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(Map.of(
                "caretaker.data-dir", folder.resolve("data").toString(),
                "caretaker.targets.empty.url", empty.url(),
                "caretaker.targets.empty.user", empty.user(),
                "caretaker.targets.empty.password", empty.password(),
                "caretaker.targets.empty.free-disk-space", "10GB",
                "caretaker.archives.spool", folder.resolve("spool").toString()));
        all.putAll(disk());
        all.putAll(more);
        return WholeServer.start(source, all);
    }

    private Map<String, Object> disk() {
        try {
            Path disk = Files.createDirectories(folder.resolve("disk"));
            return Map.of(
                    "caretaker.archives.destinations.disk.type",
                    "directory",
                    "caretaker.archives.destinations.disk.path",
                    disk.toString());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static RunBackupRequest.Builder dump() {
        return backup().setEngine(BackupEngine.BACKUP_ENGINE_PG_DUMP);
    }

    @ParameterizedTest
    @MethodSource("servers")
    void a_database_that_others_write_to_is_dumped_proven_and_restored(TestPostgres postgres, BackupDumpFormat format)
            throws Exception {
        Database source = postgres.database();
        source.execute(BackupsThroughTheApiTest.ONE_OF_EVERYTHING);
        source.execute(
                "CREATE AGGREGATE shop.longest (text) (SFUNC = pg_catalog.text_larger, STYPE = text)",
                "CREATE SEQUENCE shop.free",
                "ALTER TABLE shop.cache ADD CONSTRAINT odd CHECK (v <> 'b') NOT VALID");
        Database empty = postgres.database();
        try (WholeServer server = server(source, empty, Map.of())) {
            BackupCalls calls = new BackupCalls(server);
            String id;
            try (Writer _ = new Writer(source)) {
                id = calls.made(dump().setDumpFormat(format).setSessions(3));
            }
            Backup made = calls.get(id);
            assertThat(made.getEngine()).isEqualTo(BackupEngine.BACKUP_ENGINE_PG_DUMP);
            assertThat(made.getWhole()).isTrue();
            assertThat(made.getNotContainedList()).isEmpty();
            assertThat(made.getRows()).isGreaterThanOrEqualTo(500 + 3000 + 1000 + 1 + 1);

            calls.complete(calls.verified(id));
            BackupEvidence evidence = calls.get(id).getEvidence();
            assertThat(evidence.getFaultsList()).isEmpty();
            assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
            assertThat(evidence.getRows()).isEqualTo(made.getRows());
            assertThat(evidence.getNotesList())
                    .anySatisfy(note -> assertThat(note).contains("Constraint odd of shop.cache is not valid"));
            assertThat(evidence.getToolsList())
                    .hasSize(2)
                    .allSatisfy(tool -> assertThat(tool).matches("pg_(dump|restore) \\(PostgreSQL\\) \\d+.*"));

            calls.complete(calls.restored(restore(id)));
            assertThat(calls.faults(id)).isEmpty();
            assertThat(empty.number("SELECT count(*) FROM pg_largeobject_metadata"))
                    .isEqualTo(1);
            empty.execute("INSERT INTO shop.customer (name) VALUES ('new')");
            assertThatThrownBy(() -> calls.restored(restore(id)))
                    .hasMessageContaining("a backup is restored into an empty one");
            assertNothingIsLeft(source);
        }
    }

    /** Adds, changes and removes rows, and takes values of a sequence, until it is closed. */
    private static final class Writer implements AutoCloseable {
        private final AtomicBoolean goesOn = new AtomicBoolean(true);
        private final Thread thread;

        Writer(Database source) {
            thread = Thread.ofVirtual().start(() -> {
                while (goesOn.get()) {
                    source.execute(
                            "INSERT INTO shop.customer (name) VALUES ('later')",
                            "UPDATE shop.event SET note = note || '?' WHERE id % 7 = 0",
                            "DELETE FROM shop.event WHERE id = (SELECT max(id) FROM shop.event)",
                            "SELECT nextval('shop.free')");
                }
            });
        }

        @Override
        public void close() throws InterruptedException {
            goesOn.set(false);
            thread.join();
        }
    }

    private void assertNothingIsLeft(Database source) throws IOException {
        assertThat(source.number("SELECT count(*) FROM pg_database WHERE datname LIKE 'caretaker_verify_%'"))
                .isZero();
        assertThat(folder.resolve("spool/dumps")).isEmptyDirectory();
        assertThat(folder.resolve("data/children")).isEmptyDirectory();
    }

    @ParameterizedTest
    @MethodSource("servers")
    void a_changed_row_a_missing_table_a_sequence_behind_and_a_flipped_byte_are_each_found(
            TestPostgres postgres, BackupDumpFormat format) throws IOException {
        Database source = postgres.database();
        source.execute(BackupsThroughTheApiTest.ONE_OF_EVERYTHING);
        source.execute("CREATE SEQUENCE shop.free", "SELECT nextval('shop.free') FROM generate_series(1, 9)");
        Database empty = postgres.database();
        try (WholeServer server = server(source, empty, Map.of())) {
            BackupCalls calls = new BackupCalls(server);
            String id = calls.made(dump().setDumpFormat(format));
            calls.complete(calls.restored(restore(id)));
            assertThat(calls.faults(id)).isEmpty();

            empty.execute("UPDATE shop.customer SET name = 'name 77!' WHERE id = 77");
            assertThat(calls.faults(id)).singleElement().asString().startsWith("Table shop.customer has other values");
            empty.execute("UPDATE shop.customer SET name = 'name 77' WHERE id = 77");

            empty.execute("SELECT setval('shop.customer_id_seq', 499)", "SELECT setval('shop.free', 8)");
            assertThat(calls.faults(id))
                    .containsExactly(
                            "Sequence shop.customer_id_seq stands at 499, not at 500.",
                            "Sequence shop.free stands at 8, not at 9.");
            empty.execute("SELECT setval('shop.customer_id_seq', 500)", "SELECT setval('shop.free', 9)");

            empty.execute("SELECT lo_unlink(oid) FROM pg_largeobject_metadata", "DROP TABLE shop.cache");
            assertThat(calls.faults(id)).contains("Missing: 1 of 1 large objects.", "Table shop.cache is missing.");

            calls.complete(calls.verified(id));
            Path file = largest(id);
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            Files.write(file, bytes);
            assertThat(calls.runOf(calls.verified(id)).getError().getReason()).isEqualTo("BACKUP_DAMAGED");
            assertThat(calls.get(id).getEvidence().getFaults(0)).contains("what is stored is not what was put there");
            Files.delete(file);
            assertThat(calls.runOf(calls.verified(id)).getError().getMessage()).contains("it is missing");
        }
    }

    private Path largest(String id) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("disk"))) {
            return files.filter(file -> file.toString().contains(id)
                            && file.getFileName().toString().contains(".d"))
                    .max((one, other) ->
                            Long.compare(one.toFile().length(), other.toFile().length()))
                    .orElseThrow();
        }
    }

    @Test
    void a_table_a_schema_and_a_partition_come_back_alone_and_rows_are_left_out_as_ordered() {
        Database source = TestPostgres.oldest().database();
        source.execute(BackupsThroughTheApiTest.ONE_OF_EVERYTHING);
        source.execute(
                "CREATE SCHEMA \"Other one\"",
                "CREATE TABLE \"Other one\".\"a.b*\" (id int PRIMARY KEY)",
                "INSERT INTO \"Other one\".\"a.b*\" VALUES (1)");
        Database empty = TestPostgres.oldest().database();
        try (WholeServer server = server(source, empty, Map.of())) {
            BackupCalls calls = new BackupCalls(server);
            String id = calls.made(
                    dump().setSelection(BackupSelection.newBuilder().addWithoutRows(table("shop", "Odd \"Orders"))));
            assertThat(calls.get(id).getRows()).isEqualTo(500 + 1000 + 1 + 1 + 1);
            assertThat(calls.get(id).getNotContainedList())
                    .containsExactly("The rows of shop.Odd \"Orders are not in the backup, as ordered.");

            PreviewRestoreResponse preview = server.backups()
                    .previewRestore(PreviewRestoreRequest.newBuilder()
                            .setBackupId(id)
                            .setTarget("empty")
                            .addTables(table("shop", "customer"))
                            .build());
            assertThat(preview.getObstaclesList()).isEmpty();
            assertThat(preview.getRows()).isEqualTo(500);
            assertThat(preview.getBytes()).isLessThan(calls.get(id).getBytes());
            assertThat(preview.getLeftOutList())
                    .containsExactly("Foreign key customer_favourite_fkey of shop.customer could not be made: table"
                            + " shop.Odd \"Orders would not be there.");

            calls.complete(calls.restored(restore(id).addTables(table("shop", "event_1"))));
            assertThat(empty.number("SELECT count(*) FROM shop.event_1"))
                    .isEqualTo(source.number("SELECT count(*) FROM shop.event_1"));
            calls.complete(calls.restored(restore(id).addSchemas("Other one").setAllowNotEmpty(true)));
            assertThat(empty.number("SELECT count(*) FROM \"Other one\".\"a.b*\""))
                    .isEqualTo(1);
            calls.complete(
                    calls.restored(restore(id).addTables(table("shop", "cache")).setAllowNotEmpty(true)));
            assertThat(empty.value("SELECT v FROM shop.cache")).isEqualTo("b");
            assertThat(calls.runOf(calls.restored(restore(id)
                                    .addTables(table("shop", "customer"))
                                    .setAllowNotEmpty(true)))
                            .getError()
                            .getMessage())
                    .contains("1 table with 500 rows were restored", "Foreign key shop.customer_favourite_fkey");
            assertThat(empty.value("SELECT pg_get_serial_sequence('shop.customer', 'id')"))
                    .isEqualTo("shop.customer_id_seq");
            assertThatThrownBy(() -> calls.restored(
                            restore(id).addTables(table("shop", "customer")).setAllowNotEmpty(true)))
                    .hasMessageContaining("shop.customer already");

            String some = calls.made(dump().setSelection(BackupSelection.newBuilder()
                    .addTables(table("shop", "event"))
                    .addTables(table("Other one", "a.b*"))));
            assertThat(calls.get(some).getRows()).isEqualTo(1000 + 1);
            calls.complete(calls.verified(some));
        }
    }

    @Test
    void a_dump_goes_to_a_bucket_and_comes_back_from_it() throws IOException {
        Database source = TestPostgres.oldest().database();
        source.execute("CREATE TABLE t (id int)", "INSERT INTO t SELECT generate_series(1, 1000)");
        Path key = Files.writeString(folder.resolve("key"), "key\n");
        try (FakeS3 s3 = new FakeS3();
                WholeServer server = server(
                        source,
                        TestPostgres.oldest().database(),
                        Map.of(
                                "caretaker.archives.destinations.bucket.type",
                                "s3",
                                "caretaker.archives.destinations.bucket.bucket",
                                "cold",
                                "caretaker.archives.destinations.bucket.endpoint",
                                s3.endpoint().toString(),
                                "caretaker.archives.destinations.bucket.path-style",
                                "true",
                                "caretaker.archives.destinations.bucket.access-key-file",
                                key.toString(),
                                "caretaker.archives.destinations.bucket.secret-key-file",
                                key.toString()))) {
            BackupCalls calls = new BackupCalls(server);
            String id = calls.made(dump().setDestination("bucket"));
            calls.complete(calls.verified(id));
            assertThat(calls.get(id).getEvidence().getRows()).isEqualTo(1000);
        }
    }

    /** Programs of that folder, of which pg_dump waits until nobody holds it any more. */
    private Path held() throws IOException {
        Path own = folder.resolve("own");
        Script.in(own, "pg_restore", "exec " + tools.restore() + " \"$@\"");
        Script.in(
                own,
                "pg_dump",
                "[ \"$1\" = --version ] && exec " + tools.dump() + " --version\n" + "echo $$ > " + folder.resolve("pid")
                        + "\nwhile [ -e " + folder.resolve("hold") + " ]; do sleep 0.1; done\nexec " + tools.dump()
                        + " \"$@\"");
        Files.writeString(folder.resolve("hold"), "");
        return own;
    }

    private ProcessHandle child() {
        Path pid = folder.resolve("pid");
        await().atMost(LONG).until(() -> Files.exists(pid) && Files.size(pid) > 1);
        try {
            long id = Long.parseLong(Files.readString(pid).strip());
            Files.delete(pid);
            return ProcessHandle.of(id).orElseThrow();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_run_that_is_paused_or_cancelled_ends_its_pg_dump_and_leaves_nothing() throws IOException {
        Database source = TestPostgres.oldest().database();
        source.execute("CREATE TABLE t (id int)", "INSERT INTO t SELECT generate_series(1, 1000)");
        try (WholeServer server = server(
                source,
                TestPostgres.oldest().database(),
                Map.of("caretaker.backups.postgres-bin", List.of(held().toString())))) {
            BackupCalls calls = new BackupCalls(server);
            Iterator<RunBackupResponse> stream = server.backups().runBackup(dump().build());
            String id = stream.next().getEvent().getRunId();
            ProcessHandle first = child();
            server.runs()
                    .pauseRun(PauseRunRequest.newBuilder()
                            .setRequestId(UUID.randomUUID().toString())
                            .setRunId(id)
                            .setActor("test")
                            .build());
            await().atMost(LONG).until(() -> calls.runOf(id).getState() == RunState.RUN_STATE_PAUSED);
            await().atMost(LONG).until(() -> !first.isAlive());
            await().atMost(LONG).until(() -> sessions(source) == 0);

            server.runs()
                    .resumeRun(ResumeRunRequest.newBuilder()
                            .setRequestId(UUID.randomUUID().toString())
                            .setRunId(id)
                            .setActor("test")
                            .build());
            ProcessHandle second = child();
            server.runs()
                    .cancelRun(CancelRunRequest.newBuilder()
                            .setRequestId(UUID.randomUUID().toString())
                            .setRunId(id)
                            .setActor("test")
                            .build());
            calls.ended(stream, message -> message.getEvent());
            await().atMost(LONG).until(() -> !second.isAlive());
            await().atMost(LONG).until(() -> sessions(source) == 0);
            await().atMost(LONG).until(() -> calls.get(id).getState() == BackupState.BACKUP_STATE_FAILED);
            await().atMost(LONG).untilAsserted(() -> assertNothingIsLeft(source));
        }
    }

    private static long sessions(Database source) {
        return source.number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND application_name LIKE 'caretaker/backup %' AND backend_xmin IS NOT NULL");
    }

    @Test
    void a_pg_dump_that_fails_or_is_missing_leaves_no_backup_and_is_told_why() throws IOException {
        Database source = TestPostgres.oldest().database();
        source.execute("CREATE TABLE t (id int)");
        Path own = folder.resolve("own");
        Script.in(own, "pg_restore", "exec " + tools.restore() + " \"$@\"");
        Script.in(
                own,
                "pg_dump",
                "[ \"$1\" = --version ] && exec " + tools.dump()
                        + " --version\necho 'pg_dump: error: no luck' >&2; exit 1");
        Database newest = TestPostgres.newest().database();
        try (WholeServer server =
                server(source, newest, Map.of("caretaker.backups.postgres-bin", List.of(own.toString())))) {
            BackupCalls calls = new BackupCalls(server);
            String id = calls.run(dump());
            assertThat(calls.runOf(id).getError().getReason()).isEqualTo("TOOL_FAILED");
            assertThat(calls.runOf(id).getError().getMessage())
                    .isEqualTo("pg_dump ended with code 1: pg_dump: error: no luck");
            await().atMost(LONG).until(() -> calls.get(id).getState() == BackupState.BACKUP_STATE_FAILED);
            assertThatThrownBy(() -> calls.run(dump().setCompression("rar"))).hasMessageContaining("compression");
            if (tools.major() < 18) {
                assertThatThrownBy(() -> calls.run(dump().setTarget("empty")))
                        .hasMessageContaining("pg_dump and pg_restore of version 18 or newer are needed")
                        .hasMessageContaining(own.toString());
            }
            assertNothingIsLeft(source);
        }
    }
}
