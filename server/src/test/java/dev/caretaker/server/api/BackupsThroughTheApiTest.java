package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static dev.caretaker.server.api.BackupCalls.restore;
import static dev.caretaker.server.api.BackupCalls.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.backup.tool.Installed;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.BackupEvidence;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.BackupState;
import dev.caretaker.v1.BackupTable;
import dev.caretaker.v1.BackupVerdict;
import dev.caretaker.v1.DeleteBackupRequest;
import dev.caretaker.v1.ListBackupsRequest;
import dev.caretaker.v1.ListBackupsResponse;
import dev.caretaker.v1.PinBackupRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunBackupRequest;
import dev.caretaker.v1.RunOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is selected, who may read it, what is damaged, and what is deleted. */
class BackupsThroughTheApiTest {
    @TempDir
    private static Path folder;

    private static final Map<String, Database> OWNERS = new HashMap<>();
    private static String clerk;
    private static BackupScene scene;
    private static BackupCalls calls;

    @BeforeAll
    static void start() throws IOException {
        Map<String, Database> databases = new HashMap<>(Map.of(
                "main", BackupScene.of(TestPostgres.newest(), OneOfEverything.STATEMENTS),
                "empty", BackupScene.of(TestPostgres.newest()),
                "schema", BackupScene.of(TestPostgres.newest()),
                "numbers",
                        BackupScene.of(
                                TestPostgres.newest(),
                                "CREATE SCHEMA numbers",
                                "CREATE SEQUENCE numbers.free",
                                "CREATE SEQUENCE numbers.untouched START 5",
                                "SELECT nextval('numbers.free') FROM generate_series(1, 9)",
                                "CREATE TABLE numbers.one (id int DEFAULT nextval('numbers.free'))",
                                "CREATE TABLE numbers.two (id serial)",
                                "INSERT INTO numbers.two DEFAULT VALUES"),
                "damaged",
                        BackupScene.of(
                                TestPostgres.newest(),
                                "CREATE TABLE t (id serial PRIMARY KEY, v text)",
                                "INSERT INTO t (v) SELECT md5(n::text) FROM generate_series(1, 2000) n"),
                "kept", BackupScene.of(TestPostgres.newest(), "CREATE TABLE t (id int)", "INSERT INTO t VALUES (1)"),
                "away", BackupScene.of(TestPostgres.newest(), "CREATE TABLE t (id int)")));
        databases.put("codes", codes());
        databases.put("lax", lax());
        databases.put("lax-again", BackupScene.of(TestPostgres.newest()));
        reader(databases, "reader-14", TestPostgres.oldest());
        reader(databases, "reader-18", TestPostgres.newest());
        scene = BackupScene.start(folder, databases);
        calls = scene.calls;
    }

    /** Sequences of columns of many types, none of which is as far as its column, where these can be compared. */
    private static Database codes() {
        Database database = BackupScene.of(
                TestPostgres.oldest(),
                "CREATE DOMAIN counted AS int",
                "CREATE DOMAIN amount AS counted",
                "CREATE TABLE invoice (code text, key uuid, price money, spare numeric, net float8, total amount)",
                "INSERT INTO invoice VALUES ('INV-17', gen_random_uuid(), 12.5, 'NaN', 1e20, 40)");
        for (String column : List.of("code", "key", "price", "spare", "net", "total")) {
            database.execute("CREATE SEQUENCE of_" + column + " OWNED BY invoice." + column);
        }
        return database;
    }

    /** What need not hold for old rows, and what somebody may do with some columns. */
    private static Database lax() {
        Database database = BackupScene.of(
                TestPostgres.newest(),
                "CREATE TABLE t (id int, v text)",
                "INSERT INTO t VALUES (1, NULL)",
                "ALTER TABLE t ADD CONSTRAINT later NOT NULL v NOT VALID",
                "CREATE CAST (text AS xid) WITH INOUT");
        clerk = database.role("clerk").user();
        database.execute(
                "GRANT SELECT (id), UPDATE (v) ON t TO \"" + clerk + "\"",
                "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO \"" + clerk + "\"");
        return database;
    }

    private static void reader(Map<String, Database> databases, String name, TestPostgres postgres) {
        Database owner = BackupScene.of(
                postgres,
                "CREATE TABLE open (id int)",
                "CREATE TABLE closed (id int)",
                "CREATE TABLE filtered (id int)");
        Database reader = owner.role("reader");
        owner.execute(
                "GRANT USAGE ON SCHEMA public TO \"" + reader.user() + "\"",
                "GRANT SELECT ON open, filtered TO \"" + reader.user() + "\"");
        OWNERS.put(name, owner);
        databases.put(name, reader);
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    private static ListBackupsResponse list(ListBackupsRequest.Builder request) {
        return scene.server.backups().listBackups(request.build());
    }

    private static Backup delete(String id) {
        return scene.server
                .backups()
                .deleteBackup(DeleteBackupRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setBackupId(id)
                        .setActor("test")
                        .build())
                .getBackup();
    }

    private static void pin(String id, boolean unpin) {
        scene.server
                .backups()
                .pinBackup(PinBackupRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setBackupId(id)
                        .setReason(unpin ? "" : "before the move")
                        .setUnpin(unpin)
                        .setActor("ann")
                        .build());
    }

    @Test
    void a_text_with_a_character_that_no_database_keeps_is_a_fault_of_who_asks() {
        ErrorDetails refused = ErrorDetails.of(() -> scene.server
                .backups()
                .listBackups(ListBackupsRequest.newBuilder().setTarget("ma\0in").build()));
        assertThat(refused.reason()).isEqualTo("INVALID_FIELD");
    }

    @Test
    void a_flipped_byte_fails_the_verification_and_a_sequence_behind_at_the_source_is_told() throws IOException {
        Database source = scene.database("damaged");
        String id = calls.made(backup().setTarget("damaged"));
        calls.complete(calls.verified(id));

        scene.damage(id);
        Run run = calls.runOf(calls.verified(id));
        assertThat(run.getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_FAILED);
        assertThat(run.getError().getReason()).isEqualTo("BACKUP_DAMAGED");
        Backup found = calls.get(id);
        assertThat(found.getEvidence().getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_DAMAGED);
        assertThat(found.getEvidence().getFaults(0)).contains("what is stored is not what was put there");

        source.execute("SELECT setval('t_id_seq', 5)");
        String second = calls.made(backup().setTarget("damaged"));
        calls.complete(calls.verified(second));
        BackupEvidence evidence = calls.get(second).getEvidence();
        assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
        assertThat(evidence.getNotesList())
                .anySatisfy(note -> assertThat(note)
                        .startsWith("Sequence public.t_id_seq stands at 5, behind column id of public.t"));
    }

    @Test
    void sequences_of_columns_that_are_no_numbers_are_compared_with_nothing() {
        String id = calls.made(backup().setTarget("codes"));
        calls.complete(calls.verified(id, "codes"));
        BackupEvidence evidence = calls.get(id).getEvidence();
        assertThat(evidence.getVerdict()).as(evidence.toString()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
        assertThat(evidence.getNotesList())
                .filteredOn(note -> note.startsWith("Sequence "))
                .satisfiesExactlyInAnyOrder(
                        note -> assertThat(note).startsWith("Sequence public.of_net stands at 1, behind column net"),
                        note -> assertThat(note)
                                .startsWith("Sequence public.of_total stands at 1, behind column total"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reader-14", "reader-18"})
    void a_table_that_may_not_be_read_is_named_before_anything_is_written(String target) {
        Database owner = OWNERS.get(target);
        String reader = scene.database(target).user();
        assertThatThrownBy(() -> calls.run(backup().setTarget(target)))
                .hasMessageContaining("PERMISSION_DENIED")
                .hasMessageContaining("may not read public.closed; nothing was copied");

        owner.execute("GRANT SELECT ON closed TO \"" + reader + "\"", "ALTER TABLE filtered ENABLE ROW LEVEL SECURITY");
        assertThatThrownBy(() -> calls.run(backup().setTarget(target)))
                .hasMessageContaining("would see only some rows of public.filtered, by row security");

        owner.execute("ALTER TABLE filtered DISABLE ROW LEVEL SECURITY", "CREATE SEQUENCE secret");
        assertThatThrownBy(() -> calls.run(backup().setTarget(target)))
                .hasMessageContaining("PERMISSION_DENIED")
                .hasMessageContaining("may not read where sequence public.secret stands; nothing was copied");
        assertThat(list(ListBackupsRequest.newBuilder().setTarget(target).setIncludeAll(true))
                        .getBackupsList())
                .isEmpty();
        assertThat(scene.files(target)).isZero();
    }

    @Test
    void pg_dump_is_not_begun_either_where_rows_could_not_be_read_or_would_be_hidden() {
        Installed.assume(14, folder.resolve("installed"));
        Database owner = OWNERS.get("reader-14");
        owner.execute("CREATE TABLE hidden (id int)");
        Supplier<RunBackupRequest.Builder> dump = () -> backup().setTarget("reader-14")
                .setEngine(BackupEngine.BACKUP_ENGINE_PG_DUMP)
                .setSelection(BackupSelection.newBuilder().addTables(table("public", "hidden")));
        assertThatThrownBy(() -> calls.run(dump.get()))
                .hasMessageContaining("PERMISSION_DENIED")
                .hasMessageContaining("may not read public.hidden; nothing was copied");
        owner.execute(
                "GRANT SELECT ON hidden TO \"" + scene.database("reader-14").user() + "\"",
                "ALTER TABLE hidden ENABLE ROW LEVEL SECURITY");
        assertThatThrownBy(() -> calls.run(dump.get()))
                .hasMessageContaining("PERMISSION_DENIED")
                .hasMessageContaining("would see only some rows of public.hidden, by row security");
        owner.execute("DROP TABLE hidden");
    }

    @Test
    void one_table_is_selected_and_one_is_restored_and_rows_are_left_out() {
        Database empty = scene.database("empty");
        String id =
                calls.made(backup().setSelection(BackupSelection.newBuilder().addWithoutRows(table("shop", "event"))));
        assertThat(calls.get(id).getRows()).isEqualTo(OneOfEverything.ROWS - 1000);
        calls.complete(calls.restored(restore(id).addTables(table("shop", "event"))));
        assertThat(empty.number("SELECT count(*) FROM pg_class WHERE relname LIKE 'event%' AND relkind IN ('r', 'p')"))
                .isEqualTo(4);
        assertThat(empty.number("SELECT count(*) FROM pg_class WHERE relname = 'customer'"))
                .isZero();

        String one =
                calls.made(backup().setSelection(BackupSelection.newBuilder().addTables(table("shop", "cache"))));
        assertThat(calls.get(one).getContentsList())
                .extracting(BackupTable::getTable)
                .containsExactly(table("shop", "cache"));
        assertThatThrownBy(() -> calls.run(
                        backup().setSelection(BackupSelection.newBuilder().addTables(table("shop", "nowhere")))))
                .hasMessageContaining("INVALID_ARGUMENT");
    }

    @Test
    void rows_that_a_later_NOT_NULL_need_not_hold_for_and_grants_of_columns_come_back() {
        Database again = scene.database("lax-again");
        String id = calls.made(backup().setTarget("lax"));
        assertThat(calls.get(id).getNotContainedList())
                .contains(
                        "The database has 1 casts, which are not in the backup.",
                        "The database has 1 default privileges, which are not in the backup.");
        calls.complete(calls.verified(id));
        BackupEvidence evidence = calls.get(id).getEvidence();
        assertThat(evidence.getVerdict()).as(evidence.toString()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
        assertThat(evidence.getNotesList())
                .anySatisfy(note -> assertThat(note).startsWith("Constraint later of public.t is not valid"));

        calls.complete(calls.restored(restore(id).setTarget("lax-again")));
        assertThat(again.number("SELECT count(*) FROM t WHERE v IS NULL")).isOne();
        assertThat(again.value("SELECT convalidated FROM pg_constraint WHERE conname = 'later'"))
                .isEqualTo(false);
        assertThat(again.value("SELECT string_agg(a.privilege_type || ' ' || attname, ', ' ORDER BY attname)"
                        + " FROM pg_attribute, aclexplode(attacl) a WHERE attrelid = 't'::regclass AND a.grantee = '"
                        + clerk + "'::regrole"))
                .isEqualTo("SELECT id, UPDATE v");
        assertThat(again.value("SELECT has_table_privilege('" + clerk + "', 't', 'SELECT')"))
                .isEqualTo(false);
    }

    @Test
    void sequences_of_no_table_come_back_where_they_stood_and_one_that_is_there_stays_as_it_is() {
        Database into = scene.database("schema");
        String id = calls.made(backup().setTarget("numbers"));
        calls.complete(calls.restored(restore(id).setTarget("schema").addTables(table("numbers", "one"))));
        assertThat(into.number("SELECT nextval('numbers.free')")).isEqualTo(10);
        assertThat(into.number("SELECT nextval('numbers.untouched')")).isEqualTo(5);

        into.execute("DROP TABLE numbers.one", "SELECT setval('numbers.free', 77)");
        calls.complete(calls.restored(
                restore(id).setTarget("schema").addSchemas("numbers").setAllowNotEmpty(true)));
        assertThat(into.number("SELECT nextval('numbers.free')")).isEqualTo(78);
        assertThat(into.number("SELECT nextval('numbers.two_id_seq')")).isEqualTo(2);
    }

    @Test
    void the_newest_verified_and_a_pinned_one_are_not_deleted() throws IOException {
        String first = calls.made(backup().setTarget("kept"));
        calls.complete(calls.verified(first));
        String second = calls.made(backup().setTarget("kept"));
        ListBackupsResponse page =
                list(ListBackupsRequest.newBuilder().setTarget("kept").setPageSize(1));
        assertThat(page.getBackups(0).getBackupId()).isEqualTo(second);
        assertThat(list(ListBackupsRequest.newBuilder()
                                .setTarget("kept")
                                .setPageSize(1)
                                .setPageToken(page.getNextPageToken()))
                        .getBackupsList())
                .extracting(Backup::getBackupId)
                .containsExactly(first);

        calls.complete(calls.verified(second));
        scene.damage(second);
        calls.runOf(calls.verified(second));
        assertThatThrownBy(() -> delete(first)).hasMessageContaining("is the newest verified one");
        pin(second, false);
        assertThatThrownBy(() -> delete(second)).hasMessageContaining("pinned by ann: before the move");
        pin(second, true);
        Files.writeString(scene.disk().resolve(calls.get(second).getLocation()).resolve(".unfinished-1"), "cut short");
        assertThat(delete(second).getState()).isEqualTo(BackupState.BACKUP_STATE_DELETED);
        assertThat(scene.files(second)).isZero();
    }

    @Test
    void one_that_is_deleted_while_its_destination_is_away_is_listed_as_being_deleted_until_it_is_gone()
            throws IOException {
        String id = calls.made(backup().setTarget("away"));
        Path away = scene.disk().resolveSibling("disk.away");
        Files.move(scene.disk(), away);
        Backup going;
        try {
            going = delete(id);
        } finally {
            Files.move(away, scene.disk());
        }
        assertThat(going.getState()).isEqualTo(BackupState.BACKUP_STATE_DELETING);
        assertThat(going.getProblem()).contains("disk");
        assertThatThrownBy(() -> calls.verified(id)).hasMessageContaining("it was deleted");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> calls.get(id).getState() == BackupState.BACKUP_STATE_DELETED);
        assertThat(scene.files(id)).isZero();
        assertThat(calls.get(id).getProblem()).isEmpty();
        assertThat(list(ListBackupsRequest.newBuilder().setTarget("away")).getBackupsList())
                .isEmpty();
    }
}
