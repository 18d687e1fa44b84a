package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.backup.Backups;
import dev.caretaker.server.backup.Compared;
import dev.caretaker.server.target.Targets;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupEvidence;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.BackupState;
import dev.caretaker.v1.BackupTable;
import dev.caretaker.v1.BackupVerdict;
import dev.caretaker.v1.CancelRunRequest;
import dev.caretaker.v1.DeleteBackupRequest;
import dev.caretaker.v1.GetBackupRequest;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.ListBackupsRequest;
import dev.caretaker.v1.PauseRunRequest;
import dev.caretaker.v1.PinBackupRequest;
import dev.caretaker.v1.RestoreBackupRequest;
import dev.caretaker.v1.ResumeRunRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunBackupRequest;
import dev.caretaker.v1.RunBackupResponse;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.VerifyBackupRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Table copies of a database with one of everything, on the oldest and the newest server. */
class BackupsThroughTheApiTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    static final String[] ONE_OF_EVERYTHING = {
        "CREATE SCHEMA shop",
        "CREATE TYPE shop.mood AS ENUM ('good', 'so so', 'bad')",
        "CREATE DOMAIN shop.price AS numeric(12, 2) CHECK (VALUE >= 0)",
        "CREATE FUNCTION shop.twice(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2'",
        "REVOKE ALL ON FUNCTION shop.twice(int) FROM PUBLIC",
        "CREATE TABLE shop.customer (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL,"
                + " mood shop.mood DEFAULT 'good', doubled int GENERATED ALWAYS AS (shop.twice(4)) STORED, favourite bigint)",
        "CREATE TABLE shop.\"Odd \"\"Orders\" (id serial PRIMARY KEY, customer bigint REFERENCES shop.customer DEFERRABLE"
                + " INITIALLY DEFERRED, price shop.price, at timestamptz, days int4range, raw bytea, doc jsonb, tags text[],"
                + " ratio double precision, took interval, CHECK (id > 0))",
        "ALTER TABLE shop.customer ADD FOREIGN KEY (favourite) REFERENCES shop.\"Odd \"\"Orders\"",
        "CREATE INDEX ON shop.\"Odd \"\"Orders\" (at) WHERE price > 5",
        "CREATE TABLE shop.event (id bigint, at date, note text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
        "CREATE TABLE shop.event_1 PARTITION OF shop.event FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
        "CREATE TABLE shop.event_2 PARTITION OF shop.event FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')",
        "CREATE TABLE shop.event_d PARTITION OF shop.event DEFAULT",
        "CREATE INDEX event_note ON shop.event (note)",
        "CREATE UNLOGGED TABLE shop.cache (k text PRIMARY KEY, v text)",
        "CREATE TABLE shop.nothing ()",
        "CREATE VIEW shop.good AS SELECT id, name FROM shop.customer WHERE mood = 'good'",
        "CREATE MATERIALIZED VIEW shop.totals AS SELECT customer, sum(price) AS total FROM shop.\"Odd \"\"Orders\""
                + " GROUP BY customer",
        "CREATE UNIQUE INDEX ON shop.totals (customer)",
        "CREATE FUNCTION shop.stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := NEW.note || '!';"
                + " RETURN NEW; END $$",
        "CREATE TRIGGER stamp BEFORE INSERT ON shop.event FOR EACH ROW EXECUTE FUNCTION shop.stamp()",
        "COMMENT ON TABLE shop.customer IS 'who''s who'",
        "COMMENT ON COLUMN shop.customer.mood IS 'today'",
        "INSERT INTO shop.customer (name, mood) SELECT 'name ' || n, 'bad' FROM generate_series(1, 500) n",
        "INSERT INTO shop.\"Odd \"\"Orders\" (customer, price, at, days, raw, doc, tags, ratio, took)"
                + " SELECT 1 + n % 500, n / 7.0, '2026-01-01'::timestamptz + n * interval '1 h 1 s', int4range(n, n + 5),"
                + " CASE WHEN n % 3 = 0 THEN NULL ELSE sha256(n::text::bytea) END, jsonb_build_object('n', n, 'x', NULL),"
                + " ARRAY['a', NULL, '', 'c,\"d', E'line\\nbreak'], n / 3.0::float8, n * interval '1 day 1 s'"
                + " FROM generate_series(1, 3000) n",
        "UPDATE shop.customer SET favourite = id",
        "INSERT INTO shop.event SELECT n, '2026-01-15'::date + n % 60, CASE WHEN n % 2 = 0 THEN '' END"
                + " FROM generate_series(1, 1000) n",
        "INSERT INTO shop.cache VALUES ('a', 'b')",
        "INSERT INTO shop.nothing DEFAULT VALUES",
        "REFRESH MATERIALIZED VIEW shop.totals",
        "SELECT lo_from_bytea(0, 'large')",
    };

    @TempDir
    Path folder;

    /** A server with a source, an empty database beside it, and a place for backups. */
    private WholeServer server(Database source, Database empty) {
        return WholeServer.start(
                source,
                Map.of(
                        "caretaker.targets.empty.url", empty.url(),
                        "caretaker.targets.empty.user", empty.user(),
                        "caretaker.targets.empty.password", empty.password(),
                        "caretaker.targets.empty.free-disk-space", "10GB",
                        "caretaker.targets.main.lock-timeout", "60s",
                        "caretaker.archives.spool", folder.resolve("spool").toString(),
                        "caretaker.archives.destinations.disk.type", "directory",
                        "caretaker.archives.destinations.disk.path", disk().toString()));
    }

    private Path disk() {
        try {
            return Files.createDirectories(folder.resolve("disk"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static RunBackupRequest.Builder backup() {
        return RunBackupRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setTarget("main")
                .setDestination("disk")
                .setActor("test");
    }

    private static String run(WholeServer server, RunBackupRequest request) {
        return ended(server, server.backups().runBackup(request), message -> message.getEvent());
    }

    private static <T> String ended(WholeServer server, Iterator<T> stream, Function<T, RunEvent> event) {
        List<RunEvent> events = new ArrayList<>();
        stream.forEachRemaining(message -> events.add(event.apply(message)));
        return events.getLast().getRunId();
    }

    private static Run runOf(WholeServer server, String id) {
        return server.runs()
                .getRun(GetRunRequest.newBuilder().setRunId(id).build())
                .getRun();
    }

    private static String complete(WholeServer server, String id) {
        Run run = runOf(server, id);
        assertThat(run.getOutcome()).as(run.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        return id;
    }

    private static Backup get(WholeServer server, String id) {
        return server.backups()
                .getBackup(GetBackupRequest.newBuilder().setBackupId(id).build())
                .getBackup();
    }

    private static VerifyBackupRequest.Builder verify(String id) {
        return VerifyBackupRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setBackupId(id)
                .setActor("test");
    }

    private static String verified(WholeServer server, String id) {
        return ended(
                server,
                server.backups()
                        .verifyBackup(verify(id)
                                .setScratchTarget("empty")
                                .setAllowSameServer(true)
                                .build()),
                message -> message.getEvent());
    }

    private static RestoreBackupRequest.Builder restore(String id) {
        return RestoreBackupRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setBackupId(id)
                .setTarget("empty")
                .setActor("test");
    }

    private static String restored(WholeServer server, RestoreBackupRequest request) {
        return ended(server, server.backups().restoreBackup(request), message -> message.getEvent());
    }

    private static TableName table(String name) {
        return TableName.newBuilder().setSchema("shop").setName(name).build();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_database_with_one_of_everything_is_copied_proven_and_restored(TestPostgres postgres) {
        Database source = postgres.database();
        source.execute(ONE_OF_EVERYTHING);
        Database empty = postgres.database();
        try (WholeServer server = server(source, empty)) {
            String id = complete(server, run(server, backup().build()));

            Backup made = get(server, id);
            assertThat(made.getState()).isEqualTo(BackupState.BACKUP_STATE_STORED);
            assertThat(made.getWhole()).isTrue();
            assertThat(made.getRows()).isEqualTo(500 + 3000 + 1000 + 1 + 1);
            assertThat(made.getNotContainedList())
                    .anySatisfy(sentence -> assertThat(sentence).contains("1 large objects"));
            assertThat(made.getContentsList())
                    .extracting(BackupTable::getTable)
                    .contains(table("event"), table("event_d"), table("Odd \"Orders"), table("nothing"));

            complete(server, verified(server, id));
            Backup proven = get(server, id);
            assertThat(proven.getEvidence().getFaultsList()).isEmpty();
            assertThat(proven.getEvidence().getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
            assertThat(proven.getEvidence().getRows()).isEqualTo(made.getRows());
            assertThat(source.number("SELECT count(*) FROM pg_database WHERE datname LIKE 'caretaker_verify_%'"))
                    .as("scratch databases that are left")
                    .isZero();

            complete(server, restored(server, restore(id).build()));
            assertThat(empty.number("SELECT count(*) FROM shop.good")).isZero();
            assertThat(empty.number("SELECT count(*) FROM shop.totals")).isEqualTo(500);
            assertThat(empty.value("SELECT has_function_privilege('public', 'shop.twice(int)', 'EXECUTE')"))
                    .isEqualTo(false);
            assertThat(empty.value("SELECT obj_description('shop.customer'::regclass)"))
                    .isEqualTo("who's who");
            empty.execute("INSERT INTO shop.customer (name) VALUES ('new')");
            assertThat(empty.number("SELECT max(id) FROM shop.customer")).isEqualTo(501);
            assertThat(empty.number("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated"))
                    .isZero();
            String sum = "SELECT sum(hashtextextended(t::text, 0)::numeric) FROM shop.\"Odd \"\"Orders\" t";
            assertThat(empty.value(sum)).isEqualTo(source.value(sum));

            assertThatThrownBy(() -> restored(server, restore(id).build()))
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("a backup is restored into an empty one");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_changed_row_a_missing_table_and_a_sequence_behind_are_each_found(TestPostgres postgres) {
        Database source = postgres.database();
        source.execute(ONE_OF_EVERYTHING);
        Database empty = postgres.database();
        try (WholeServer server = server(source, empty)) {
            String id = complete(server, run(server, backup().build()));
            complete(server, restored(server, restore(id).build()));
            assertThat(faults(server, id)).isEmpty();

            empty.execute("UPDATE shop.customer SET name = 'name 77!' WHERE id = 77");
            assertThat(faults(server, id))
                    .singleElement()
                    .asString()
                    .startsWith("Table shop.customer has other values");
            empty.execute("UPDATE shop.customer SET name = 'name 77' WHERE id = 77");
            assertThat(faults(server, id)).isEmpty();

            empty.execute("SELECT setval('shop.customer_id_seq', 499)");
            assertThat(faults(server, id))
                    .singleElement()
                    .asString()
                    .isEqualTo("Sequence shop.customer_id_seq stands at 499, not at 500.");
            empty.execute("SELECT setval('shop.customer_id_seq', 500)");

            empty.execute("DROP INDEX shop.event_note");
            assertThat(faults(server, id)).contains("Missing: index shop.event_note of shop.event.");
            empty.execute("DROP TABLE shop.cache");
            assertThat(faults(server, id)).contains("Table shop.cache is missing.");
        }
    }

    private static List<String> faults(WholeServer server, String id) {
        Backups backups = server.bean(Backups.class);
        return Compared.faults(
                backups.manifest(backups.get(UUID.fromString(id))),
                server.bean(Targets.class).get("empty"));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_flipped_byte_fails_the_verification_and_a_sequence_behind_at_the_source_is_told(TestPostgres postgres)
            throws IOException {
        Database source = postgres.database();
        source.execute("CREATE TABLE t (id serial PRIMARY KEY, v text)");
        source.execute("INSERT INTO t (v) SELECT md5(n::text) FROM generate_series(1, 2000) n");
        try (WholeServer server = server(source, postgres.database())) {
            String id = complete(server, run(server, backup().build()));
            complete(server, verified(server, id));

            damage(partOf(id));
            Run run = runOf(server, verified(server, id));
            assertThat(run.getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_FAILED);
            assertThat(run.getError().getReason()).isEqualTo("BACKUP_DAMAGED");
            Backup found = get(server, id);
            assertThat(found.getEvidence().getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_DAMAGED);
            assertThat(found.getEvidence().getFaults(0)).contains("what is stored is not what was put there");

            source.execute("SELECT setval('t_id_seq', 5)");
            String second = complete(server, run(server, backup().build()));
            complete(server, verified(server, second));
            BackupEvidence evidence = get(server, second).getEvidence();
            assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
            assertThat(evidence.getNotesList())
                    .anySatisfy(note -> assertThat(note)
                            .startsWith("Sequence public.t_id_seq stands at 5, behind column id of public.t"));
        }
    }

    private static void damage(Path part) throws IOException {
        byte[] bytes = Files.readAllBytes(part);
        bytes[bytes.length / 2] ^= 1;
        Files.write(part, bytes);
    }

    private Path partOf(String id) throws IOException {
        try (Stream<Path> files = Files.walk(disk())) {
            return files.filter(file ->
                            file.toString().contains(id) && file.toString().endsWith(".csv.zst"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_table_that_may_not_be_read_is_named_before_anything_is_written(TestPostgres postgres) throws IOException {
        Database owner = postgres.database();
        owner.execute("CREATE TABLE open (id int)", "CREATE TABLE closed (id int)", "CREATE TABLE filtered (id int)");
        Database reader = owner.role("reader");
        owner.execute(
                "GRANT USAGE ON SCHEMA public TO \"" + reader.user() + "\"",
                "GRANT SELECT ON open, filtered TO \"" + reader.user() + "\"");
        try (WholeServer server = server(reader, postgres.database())) {
            assertThatThrownBy(() -> run(server, backup().build()))
                    .hasMessageContaining("PERMISSION_DENIED")
                    .hasMessageContaining("may not read public.closed; nothing was copied");

            owner.execute(
                    "GRANT SELECT ON closed TO \"" + reader.user() + "\"",
                    "ALTER TABLE filtered ENABLE ROW LEVEL SECURITY");
            assertThatThrownBy(() -> run(server, backup().build()))
                    .hasMessageContaining("would see only some rows of public.filtered, by row security");
            assertThat(Files.list(disk())).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void one_table_is_selected_and_one_is_restored_and_rows_are_left_out(TestPostgres postgres) {
        Database source = postgres.database();
        source.execute(ONE_OF_EVERYTHING);
        Database empty = postgres.database();
        try (WholeServer server = server(source, empty)) {
            String id = complete(
                    server,
                    run(
                            server,
                            backup().setSelection(BackupSelection.newBuilder().addWithoutRows(table("event")))
                                    .build()));
            assertThat(get(server, id).getRows()).isEqualTo(500 + 3000 + 1 + 1);
            complete(
                    server,
                    restored(server, restore(id).addTables(table("event")).build()));
            assertThat(empty.number(
                            "SELECT count(*) FROM pg_class WHERE relname LIKE 'event%' AND relkind IN ('r', 'p')"))
                    .isEqualTo(4);
            assertThat(empty.number("SELECT count(*) FROM pg_class WHERE relname = 'customer'"))
                    .isZero();

            String one = complete(
                    server,
                    run(
                            server,
                            backup().setSelection(BackupSelection.newBuilder().addTables(table("cache")))
                                    .build()));
            assertThat(get(server, one).getContentsList())
                    .extracting(BackupTable::getTable)
                    .containsExactly(table("cache"));
            assertThatThrownBy(() -> run(
                            server,
                            backup().setSelection(BackupSelection.newBuilder().addTables(table("nowhere")))
                                    .build()))
                    .hasMessageContaining("INVALID_ARGUMENT");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void the_newest_verified_and_a_pinned_one_are_not_deleted(TestPostgres postgres) throws IOException {
        Database source = postgres.database();
        source.execute("CREATE TABLE t (id int)", "INSERT INTO t VALUES (1)");
        try (WholeServer server = server(source, postgres.database())) {
            String first = complete(server, run(server, backup().build()));
            complete(server, verified(server, first));
            String second = complete(server, run(server, backup().build()));
            assertThat(server.backups()
                            .listBackups(ListBackupsRequest.newBuilder()
                                    .setTarget("main")
                                    .setPageSize(1)
                                    .build()))
                    .satisfies(page -> {
                        assertThat(page.getBackups(0).getBackupId()).isEqualTo(second);
                        assertThat(server.backups()
                                        .listBackups(ListBackupsRequest.newBuilder()
                                                .setTarget("main")
                                                .setPageSize(1)
                                                .setPageToken(page.getNextPageToken())
                                                .build())
                                        .getBackupsList())
                                .extracting(Backup::getBackupId)
                                .containsExactly(first);
                    });

            complete(server, verified(server, second));
            damage(partOf(second));
            runOf(server, verified(server, second));
            assertThatThrownBy(() -> delete(server, first)).hasMessageContaining("is the newest verified one");
            server.backups()
                    .pinBackup(PinBackupRequest.newBuilder()
                            .setRequestId(UUID.randomUUID().toString())
                            .setBackupId(second)
                            .setReason("before the move")
                            .setActor("ann")
                            .build());
            assertThatThrownBy(() -> delete(server, second)).hasMessageContaining("pinned by ann: before the move");
            server.backups()
                    .pinBackup(PinBackupRequest.newBuilder()
                            .setRequestId(UUID.randomUUID().toString())
                            .setBackupId(second)
                            .setUnpin(true)
                            .setActor("ann")
                            .build());
            assertThat(delete(server, second).getState()).isEqualTo(BackupState.BACKUP_STATE_DELETED);
            try (Stream<Path> left = Files.walk(disk())) {
                assertThat(left.filter(path -> path.toString().contains(second)))
                        .isEmpty();
            }
        }
    }

    @Test
    void a_server_of_its_own_proves_a_backup_and_makes_up_for_the_roles_that_it_lacks() {
        Database source = TestPostgres.newest().database();
        Database owner = source.role("shopkeeper");
        source.execute(ONE_OF_EVERYTHING);
        source.execute("ALTER TABLE shop.cache OWNER TO \"" + owner.user() + "\"");
        try (WholeServer server = server(source, TestPostgres.newest().database())) {
            String id = complete(server, run(server, backup().build()));
            complete(
                    server,
                    ended(server, server.backups().verifyBackup(verify(id).build()), message -> message.getEvent()));
            BackupEvidence evidence = get(server, id).getEvidence();
            assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
            assertThat(evidence.getPlace()).startsWith("embedded PostgreSQL 18");
            assertThat(evidence.getNotesList())
                    .anySatisfy(note -> assertThat(note).contains(owner.user()));
            try (Stream<Path> left = Files.list(folder.resolve("spool"))) {
                assertThat(left.filter(path -> path.getFileName().toString().startsWith("scratch-")))
                        .isEmpty();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void a_backup_that_is_paused_lets_its_snapshot_go_and_one_that_is_cancelled_leaves_nothing() throws Exception {
        Database source = TestPostgres.newest().database();
        source.execute("CREATE TABLE t (id serial)", "INSERT INTO t SELECT FROM generate_series(1, 1000)");
        try (WholeServer server = server(source, TestPostgres.newest().database())) {
            Iterator<RunBackupResponse> stream;
            String id;
            try (Connection other = held(source)) {
                stream = server.backups().runBackup(backup().build());
                id = stream.next().getEvent().getRunId();
                await().atMost(Duration.ofSeconds(60)).until(() -> holders(source) > 0);

                server.runs()
                        .pauseRun(PauseRunRequest.newBuilder()
                                .setRequestId(UUID.randomUUID().toString())
                                .setRunId(id)
                                .setActor("test")
                                .build());
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> runOf(server, id).getState() == RunState.RUN_STATE_PAUSED);
                await().atMost(Duration.ofSeconds(60)).until(() -> holders(source) == 0);
                other.rollback();
            }
            assertThat(server.backups()
                            .listBackups(ListBackupsRequest.getDefaultInstance())
                            .getBackupsList())
                    .isEmpty();

            server.runs()
                    .resumeRun(ResumeRunRequest.newBuilder()
                            .setRequestId(UUID.randomUUID().toString())
                            .setRunId(id)
                            .setActor("test")
                            .build());
            complete(server, ended(server, stream, message -> message.getEvent()));
            assertThat(get(server, id).getRows()).isEqualTo(1_000);
            try (Stream<Path> files = Files.walk(disk())) {
                assertThat(files.filter(Files::isRegularFile))
                        .as("objects of one attempt")
                        .hasSize(2);
            }

            try (Connection other = held(source)) {
                Iterator<RunBackupResponse> second = server.backups().runBackup(backup().build());
                String cancelled = second.next().getEvent().getRunId();
                await().atMost(Duration.ofSeconds(60)).until(() -> holders(source) > 0);
                server.runs()
                        .cancelRun(CancelRunRequest.newBuilder()
                                .setRequestId(UUID.randomUUID().toString())
                                .setRunId(cancelled)
                                .setActor("test")
                                .build());
                ended(server, second, message -> message.getEvent());
                await().atMost(Duration.ofSeconds(60)).until(() -> holders(source) == 0);
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> get(server, cancelled).getState() == BackupState.BACKUP_STATE_FAILED);
                other.rollback();
            }
        }
    }

    /** Holds a sequence, at which a backup waits when it has its snapshot. */
    private static Connection held(Database source) throws SQLException {
        Connection other = source.connect();
        other.setAutoCommit(false);
        try (Statement statement = other.createStatement()) {
            statement.execute("ALTER SEQUENCE t_id_seq RENAME TO held");
        }
        return other;
    }

    private static long holders(Database source) {
        return source.number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND application_name LIKE 'caretaker/backup %' AND backend_xmin IS NOT NULL");
    }

    @Test
    void what_lacks_where_it_is_restored_because_of_an_extension_is_told_and_the_rest_is_proven_in_part() {
        Database source = TestPostgres.oldest().database();
        source.execute(
                "CREATE EXTENSION adminpack",
                "CREATE TABLE good AS SELECT n FROM generate_series(1, 100) n",
                "CREATE TABLE odd (id int, gone boolean DEFAULT pg_catalog.pg_file_unlink('nothing'))",
                "INSERT INTO odd VALUES (1, true)");
        try (WholeServer server = server(source, TestPostgres.newest().database())) {
            String id = complete(server, run(server, backup().build()));
            complete(server, verified(server, id));
            BackupEvidence evidence = get(server, id).getEvidence();
            assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PARTIAL);
            assertThat(evidence.getRows()).isEqualTo(100);
            assertThat(evidence.getNotesList())
                    .anySatisfy(note -> assertThat(note).startsWith("Extension pg_catalog.adminpack could not be made"))
                    .anySatisfy(note -> assertThat(note).startsWith("Table public.odd could not be made"));
        }
    }

    @Test
    void an_older_backup_is_not_proven_by_a_newer_server_of_its_own() {
        Database source = TestPostgres.oldest().database();
        source.execute("CREATE TABLE t (id int)");
        try (WholeServer server = server(source, TestPostgres.oldest().database())) {
            String id = complete(server, run(server, backup().build()));
            String run =
                    ended(server, server.backups().verifyBackup(verify(id).build()), message -> message.getEvent());
            assertThat(runOf(server, run).getError().getReason()).isEqualTo("UNSUPPORTED_SERVER");
            assertThat(runOf(server, run).getError().getMessage()).contains("name a scratch_target that runs 14");
        }
    }

    private static Backup delete(WholeServer server, String id) {
        return server.backups()
                .deleteBackup(DeleteBackupRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setBackupId(id)
                        .setActor("test")
                        .build())
                .getBackup();
    }
}
