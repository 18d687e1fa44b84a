package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.restore;
import static dev.caretaker.server.api.BackupCalls.table;
import static dev.caretaker.server.api.PgDumpServer.dump;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.backup.tool.Installed;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupDumpFormat;
import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.BackupEvidence;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.BackupVerdict;
import dev.caretaker.v1.PreviewRestoreRequest;
import dev.caretaker.v1.PreviewRestoreResponse;
import dev.caretaker.v1.RestoreBackupRequest;
import dev.caretaker.v1.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Backups by pg_dump, of the servers that Debian's can dump. Skipped where there is none. */
class PgDumpThroughTheApiTest {
    @TempDir
    private static Path folder;

    private static PgDumpServer all;
    private static WholeServer server;
    private static BackupCalls calls;

    @BeforeAll
    static void start() throws IOException {
        all = PgDumpServer.start(folder, Installed.assume(15, folder.resolve("installed")));
        server = all.server();
        calls = new BackupCalls(server);
    }

    @AfterAll
    static void stop() {
        if (all != null) {
            all.close();
        }
    }

    @AfterEach
    void nothing_is_left() {
        all.leavesNothing();
    }

    @ParameterizedTest
    @CsvSource({"main, empty, BACKUP_DUMP_FORMAT_DIRECTORY", "newer, newer-empty, BACKUP_DUMP_FORMAT_CUSTOM"})
    void a_database_that_others_write_to_is_dumped_proven_and_restored_and_whatever_changes_then_is_found(
            String from, String into, BackupDumpFormat format) throws Exception {
        Database source = all.database(from);
        Database empty = all.database(into);
        source.execute(
                "CREATE AGGREGATE shop.longest (text) (SFUNC = pg_catalog.text_larger, STYPE = text)",
                "CREATE SEQUENCE shop.free",
                "SELECT nextval('shop.free') FROM generate_series(1, 9)",
                "ALTER TABLE shop.cache ADD CONSTRAINT odd CHECK (v <> 'b') NOT VALID");
        String id;
        try (Writer _ = new Writer(source)) {
            id = calls.made(dump().setTarget(from).setDumpFormat(format).setSessions(3));
        }
        Backup made = calls.get(id);
        assertThat(made.getEngine()).isEqualTo(BackupEngine.BACKUP_ENGINE_PG_DUMP);
        assertThat(made.getWhole()).isTrue();
        assertThat(made.getNotContainedList()).isEmpty();
        assertThat(made.getRows()).isGreaterThan(500 + 3000 + 1 + 1);

        calls.complete(calls.verified(id, into));
        BackupEvidence evidence = calls.get(id).getEvidence();
        assertThat(evidence.getFaultsList()).isEmpty();
        assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
        assertThat(evidence.getRows()).isEqualTo(made.getRows());
        assertThat(evidence.getNotesList())
                .anySatisfy(note -> assertThat(note).contains("Constraint odd of shop.cache is not valid"));
        assertThat(evidence.getToolsList())
                .hasSize(3)
                .contains("caretaker development")
                .allSatisfy(tool ->
                        assertThat(tool).matches("caretaker development|pg_(dump|restore) \\(PostgreSQL\\) \\d+.*"));
        assertThat(source.number("SELECT count(*) FROM pg_database WHERE datname LIKE 'caretaker_verify_%'"))
                .isZero();

        calls.complete(calls.restored(restore(id).setTarget(into)));
        assertThat(empty.number("SELECT count(*) FROM pg_largeobject_metadata")).isEqualTo(1);
        assertThatThrownBy(() -> calls.restored(restore(id).setTarget(into)))
                .hasMessageContaining("a backup is restored into an empty one");
        whatever_changes_is_found(id, into, empty);
        a_flipped_byte_and_a_missing_file_are_found(id, into);
    }

    private static void whatever_changes_is_found(String id, String into, Database empty) {
        assertThat(calls.faults(id, into)).isEmpty();
        empty.execute("UPDATE shop.customer SET name = 'name 77!' WHERE id = 77");
        assertThat(calls.faults(id, into))
                .singleElement()
                .asString()
                .startsWith("Table shop.customer has other values");
        empty.execute("UPDATE shop.customer SET name = 'name 77' WHERE id = 77");

        empty.execute("SELECT lo_put(oid, 0, 'L') FROM pg_largeobject_metadata");
        assertThat(calls.faults(id, into)).singleElement().asString().startsWith("The large objects have other values");

        empty.execute("SELECT lo_put(oid, 0, 'l') FROM pg_largeobject_metadata");

        long customer = empty.number("SELECT last_value FROM shop.customer_id_seq");
        empty.execute("SELECT setval('shop.customer_id_seq', 77)", "SELECT setval('shop.free', 1, false)");
        assertThat(calls.faults(id, into))
                .hasSize(2)
                .allSatisfy(fault -> assertThat(fault)
                        .matches("Sequence shop\\.(free stands at 1|customer_id_seq stands at 77), not .*"));
        empty.execute(
                "SELECT setval('shop.customer_id_seq', " + customer + ")",
                "SELECT lo_unlink(oid) FROM pg_largeobject_metadata",
                "DROP INDEX shop.event_note",
                "DROP TABLE shop.cache");
        assertThat(calls.faults(id, into))
                .contains(
                        "Missing: 1 of 1 large objects.",
                        "Missing: index shop.event_note of shop.event.",
                        "Table shop.cache is missing.");
    }

    private static void a_flipped_byte_and_a_missing_file_are_found(String id, String into) throws IOException {
        Path file = largest(id);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        assertThat(calls.runOf(calls.verified(id, into)).getError().getReason()).isEqualTo("BACKUP_DAMAGED");
        assertThat(calls.get(id).getEvidence().getFaults(0)).contains("what is stored is not what was put there");
        Files.delete(file);
        assertThat(calls.runOf(calls.verified(id, into)).getError().getMessage())
                .contains("it is missing");
    }

    private static Path largest(String id) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("disk"))) {
            return files.filter(file -> file.toString().contains(id)
                            && file.getFileName().toString().contains(".d"))
                    .max((one, other) ->
                            Long.compare(one.toFile().length(), other.toFile().length()))
                    .orElseThrow();
        }
    }

    /** Adds, changes and removes rows, and takes values of a sequence, until it is closed; once at least. */
    private static final class Writer implements AutoCloseable {
        private final AtomicBoolean goesOn = new AtomicBoolean(true);
        private final Thread thread;

        Writer(Database source) {
            thread = Thread.ofVirtual().start(() -> {
                do {
                    source.execute(
                            "INSERT INTO shop.customer (name) VALUES ('later')",
                            "UPDATE shop.event SET note = note || '?' WHERE id % 7 = 0",
                            "DELETE FROM shop.event WHERE id = (SELECT max(id) FROM shop.event)",
                            "SELECT nextval('shop.free'), nextval('shop.free')");
                    LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                } while (goesOn.get());
            });
        }

        @Override
        public void close() throws InterruptedException {
            goesOn.set(false);
            thread.join();
        }
    }

    @Test
    void a_table_a_schema_and_a_partition_come_back_alone_and_rows_are_left_out_as_ordered() {
        Database source = all.database("main");
        Database into = all.database("parts");
        source.execute(
                "CREATE SCHEMA \"Other one\"",
                "CREATE TABLE \"Other one\".\"a.b*\" (id int PRIMARY KEY)",
                "INSERT INTO \"Other one\".\"a.b*\" VALUES (1)");
        String id = calls.made(
                dump().setSelection(BackupSelection.newBuilder().addWithoutRows(table("shop", "Odd \"Orders"))));
        long customers = source.number("SELECT count(*) FROM shop.customer");
        assertThat(calls.get(id).getNotContainedList())
                .containsExactly(
                        "The rows of shop.Odd \"Orders are not in the backup, as ordered.",
                        "Foreign key customer_favourite_fkey of shop.customer may not come back: it refers to rows of"
                                + " shop.Odd \"Orders, which are not in the backup, as ordered.");

        PreviewRestoreResponse preview = server.backups()
                .previewRestore(PreviewRestoreRequest.newBuilder()
                        .setBackupId(id)
                        .setTarget("parts")
                        .addTables(table("shop", "customer"))
                        .build());
        assertThat(preview.getObstaclesList()).isEmpty();
        assertThat(preview.getRows()).isEqualTo(customers);
        assertThat(preview.getBytes()).isLessThan(calls.get(id).getBytes());
        assertThat(preview.getLeftOutList())
                .containsExactly("Foreign key customer_favourite_fkey of shop.customer could not be made: table"
                        + " shop.Odd \"Orders would not be there.");

        calls.complete(calls.restored(restore(id).setTarget("parts").addTables(table("shop", "event_1"))));
        assertThat(into.number("SELECT count(*) FROM shop.event_1"))
                .isEqualTo(source.number("SELECT count(*) FROM shop.event_1"));
        Supplier<RestoreBackupRequest.Builder> more =
                () -> restore(id).setTarget("parts").setAllowNotEmpty(true);
        calls.complete(calls.restored(more.get().addSchemas("Other one")));
        assertThat(into.number("SELECT count(*) FROM \"Other one\".\"a.b*\"")).isEqualTo(1);
        calls.complete(calls.restored(more.get().addTables(table("shop", "cache"))));
        assertThat(into.value("SELECT v FROM shop.cache")).isEqualTo("b");
        assertThat(calls.runOf(calls.restored(more.get().addTables(table("shop", "customer"))))
                        .getError()
                        .getMessage())
                .contains("1 table with ", "Foreign key shop.customer_favourite_fkey");
        assertThat(into.number("SELECT count(*) FROM shop.customer")).isEqualTo(customers);
        assertThat(into.value("SELECT pg_get_serial_sequence('shop.customer', 'id')"))
                .isEqualTo("shop.customer_id_seq");
        assertThatThrownBy(() -> calls.restored(more.get().addTables(table("shop", "customer"))))
                .hasMessageContaining("shop.customer already");
    }

    @Test
    void what_a_database_without_tables_has_is_neither_overwritten_nor_set() {
        Database source = all.database("main");
        source.execute("CREATE SEQUENCE IF NOT EXISTS shop.alone", "SELECT setval('shop.alone', 500)");
        String id = calls.made(dump().setTarget("main"));
        Database into = all.database("occupied");
        long oid = source.number("SELECT min(oid)::bigint FROM pg_largeobject_metadata");
        into.execute("CREATE SCHEMA shop");

        into.execute("SELECT lo_from_bytea(" + oid + ", 'mine')");
        assertThatThrownBy(() -> calls.restored(restore(id).setTarget("occupied")))
                .hasMessageContaining("has 1 large object; a backup is restored into an empty one");
        assertThatThrownBy(
                        () -> calls.restored(restore(id).setTarget("occupied").setAllowNotEmpty(true)))
                .hasMessageContaining("has large objects already; what is there is not replaced");
        assertThat(into.value("SELECT convert_from(lo_get(" + oid + "), 'UTF8')"))
                .isEqualTo("mine");
        into.execute("SELECT lo_unlink(" + oid + ")");

        into.execute("CREATE SEQUENCE shop.alone", "SELECT setval('shop.alone', 7)");
        assertThatThrownBy(() -> calls.restored(restore(id).setTarget("occupied")))
                .hasMessageContaining("has 1 sequence; a backup is restored into an empty one");
        assertThatThrownBy(
                        () -> calls.restored(restore(id).setTarget("occupied").setAllowNotEmpty(true)))
                .hasMessageContaining("has shop.alone already; what is there is not replaced");
        assertThat(into.number("SELECT last_value FROM shop.alone")).isEqualTo(7);

        into.execute("DROP SEQUENCE shop.alone", "CREATE VIEW shop.customer AS SELECT 1 AS id");
        assertThatThrownBy(() -> calls.restored(restore(id)
                        .setTarget("occupied")
                        .addTables(table("shop", "customer"))
                        .setAllowNotEmpty(true)))
                .as("its rows would go to what the view reads, if a trigger or rule of it says so")
                .hasMessageContaining("has shop.customer already");
    }

    @Test
    void a_schema_that_is_selected_brings_the_partitions_of_its_tables_that_lie_in_another() {
        Database source = all.database("newer");
        source.execute(
                "CREATE SCHEMA above",
                "CREATE SCHEMA below",
                "CREATE TYPE above.mood AS ENUM ('good', 'bad')",
                "CREATE TABLE above.log (id int, mood above.mood) PARTITION BY RANGE (id)",
                "CREATE TABLE below.log_1 PARTITION OF above.log FOR VALUES FROM (0) TO (100)",
                "CREATE TABLE below.another (id int)",
                "INSERT INTO above.log SELECT n, 'bad' FROM generate_series(1, 50) n");
        String id = calls.made(dump().setTarget("newer")
                .setSelection(BackupSelection.newBuilder().addSchemas("above")));
        assertThat(calls.get(id).getContentsList())
                .extracting(content -> content.getTable().getName())
                .containsExactlyInAnyOrder("log", "log_1");
        assertThat(calls.get(id).getRows()).isEqualTo(50);
        calls.complete(calls.verified(id, "newer"));
        assertThat(calls.get(id).getEvidence().getFaultsList()).isEmpty();
        assertThat(calls.get(id).getEvidence().getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
        source.execute("DROP SCHEMA above CASCADE", "DROP SCHEMA below CASCADE");
    }

    /** Some tables go to a bucket, and come back on another server, which lacks the role that owns one of them. */
    @Test
    void tables_go_to_a_bucket_and_come_back_where_a_role_is_missing() {
        Database source = all.database("main");
        Database owner = source.role("shopkeeper");
        source.execute("ALTER TABLE shop.nothing OWNER TO \"" + owner.user() + "\"");
        String some = calls.made(dump().setDestination("bucket")
                .setSelection(BackupSelection.newBuilder()
                        .addTables(table("shop", "event"))
                        .addTables(table("shop", "nothing"))));
        assertThat(calls.get(some).getWhole()).isFalse();
        calls.complete(calls.verified(some, "newer"));
        assertThat(calls.get(some).getEvidence().getNotesList())
                .anySatisfy(note -> assertThat(note).contains(owner.user()));

        String whole = calls.made(dump());
        Database other = all.database("other");
        other.execute("ALTER DATABASE \"" + other.name() + "\" SET idle_session_timeout = '1min'");
        calls.complete(calls.restored(restore(whole).setTarget("other")));
        assertThat(calls.faults(whole, "other")).isEmpty();
        assertThat(folder.resolve("options"))
                .as("no limit of the database ends a session of pg_restore")
                .hasContent("-c idle_session_timeout=0");
    }

    @Test
    void what_pg_restore_cannot_make_fails_the_restore_by_name_when_all_else_is_there() {
        Database into = all.database("clash");
        String total = "CREATE AGGREGATE shop.total(int) (SFUNC = int4pl, STYPE = int)";
        all.database("newer").execute(total);
        into.execute("CREATE SCHEMA shop", total);
        String id = calls.made(dump().setTarget("newer"));
        all.database("newer").execute("DROP AGGREGATE shop.total(int)");
        Run run = calls.runOf(calls.restored(restore(id).setTarget("clash").setAllowNotEmpty(true)));
        assertThat(run.getError().getReason()).isEqualTo("STATEMENT_FAILED");
        assertThat(run.getError().getMessage())
                .contains("1 object could not be made: Aggregate shop total(integer) ", "already exists");
        assertThat(into.number("SELECT count(*) FROM shop.event"))
                .isEqualTo(all.database("newer").number("SELECT count(*) FROM shop.event"));
    }

    @Test
    void errors_of_sessions_that_speak_at_once_are_tried_again_and_none_is_lost() throws IOException {
        String[] publications = {"CREATE PUBLICATION p1", "CREATE PUBLICATION p2", "CREATE PUBLICATION p3"};
        Database from = all.database("published");
        from.execute(publications);
        from.execute("CREATE TABLE t AS SELECT n FROM generate_series(1, 10) n", "CREATE INDEX ON t (n)");
        Database into = all.database("clash-late");
        into.execute(publications);
        String id = calls.made(dump().setTarget("published").setSessions(2));
        Path garble = folder.resolve("garble");
        try {
            Files.writeString(garble, "s/^.*error: .*could/pg_restore:&/");
            Run asked = calls.runOf(calls.restored(restore(id).setTarget("clash-late")));
            assertThat(asked.getError().getMessage())
                    .contains("3 objects could not be made: Publication p", "already exists");
            assertThat(into.number("SELECT count(*) FROM t")).isEqualTo(10);

            into.execute("DROP TABLE t");
            Files.writeString(garble, "/error: .*could/d");
            Run lost = calls.runOf(calls.restored(restore(id).setTarget("clash-late")));
            assertThat(lost.getError().getReason()).isEqualTo("TOOL_FAILED");
            assertThat(lost.getError().getMessage()).contains("pg_restore had 6 errors, of which 3 could be read");
        } finally {
            Files.deleteIfExists(garble);
        }
    }

    @Test
    void a_dump_is_proven_by_a_server_of_its_own_major_version_where_its_programs_are() {
        Installed.assumeServer(15, folder.resolve("installed"));
        String id = calls.made(dump().setTarget("newer"));
        calls.complete(calls.verifiedByOwnServer(id));
        BackupEvidence evidence = calls.get(id).getEvidence();
        assertThat(evidence.getFaultsList()).isEmpty();
        assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
        assertThat(evidence.getPlace()).startsWith("embedded PostgreSQL 15");
    }
}
