package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static dev.caretaker.server.api.BackupCalls.restore;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.backup.tool.Installed;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.BackupVerdict;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a backup does not hold, or not as it was, it says; nothing is lost without a word. */
class WhatBackupsLackTest {
    private static final String[] ELSE = {
        "CREATE TEXT SEARCH DICTIONARY plain (TEMPLATE = simple)",
        "CREATE TEXT SEARCH CONFIGURATION plain (COPY = simple)",
        "CREATE CONVERSION latin FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1",
        "CREATE LANGUAGE odd HANDLER plpgsql_call_handler",
        "CREATE OPERATOR FAMILY own_family USING btree",
        "CREATE OPERATOR CLASS own_class FOR TYPE int4 USING hash AS OPERATOR 1 =, FUNCTION 1 hashint4(int4)",
        "CREATE FOREIGN DATA WRAPPER wrapper",
        "CREATE SERVER remote FOREIGN DATA WRAPPER wrapper",
        "CREATE USER MAPPING FOR CURRENT_USER SERVER remote",
        "CREATE TYPE base",
        "CREATE FUNCTION base_in(cstring) RETURNS base LANGUAGE internal IMMUTABLE STRICT AS 'int4in'",
        "CREATE FUNCTION base_out(base) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out'",
        "CREATE TYPE base (INPUT = base_in, OUTPUT = base_out, LIKE = int4)",
        "CREATE SUBSCRIPTION theirs CONNECTION 'dbname=none' PUBLICATION p WITH (connect = false)",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC",
        "CREATE TABLE above (id int)",
        "CREATE TABLE below () INHERITS (above)",
        "CREATE TABLE refused (id int)",
        "REVOKE INSERT ON refused FROM CURRENT_USER",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "REVOKE EXECUTE ON FUNCTION pg_catalog.lo_import(text) FROM PUBLIC",
        "GRANT EXECUTE ON FUNCTION pg_catalog.lo_import(text) TO PUBLIC",
        "CREATE EXTENSION postgres_fdw",
        "GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO PUBLIC",
        "REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC",
        "REVOKE USAGE ON TYPE pg_catalog.point FROM PUBLIC",
        "GRANT SELECT (relname) ON pg_catalog.pg_class TO PUBLIC",
        "GRANT CREATE ON SCHEMA pg_catalog TO pg_monitor",
        "GRANT USAGE ON LANGUAGE sql TO PUBLIC", // changes nothing
        "REVOKE EXECUTE ON FUNCTION postgres_fdw_handler FROM PUBLIC",
        "GRANT EXECUTE ON FUNCTION postgres_fdw_handler TO PUBLIC",
        "CREATE TYPE shell",
        "CREATE TYPE span AS RANGE (SUBTYPE = float8, MULTIRANGE_TYPE_NAME = spans)",
        "COMMENT ON TYPE above IS 'of a table'",
        "COMMENT ON TYPE _above IS 'of an array'",
        "COMMENT ON TYPE spans IS 'of a multirange'",
        "DO $$ BEGIN EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM PUBLIC', current_database());"
                + " EXECUTE format('GRANT CREATE ON DATABASE %I TO pg_monitor', current_database()); END $$",
    };

    /** A reader keeps the detachment from being finished, and a limit ends it. */
    private static void detach(Database database) throws SQLException {
        database.execute(
                "CREATE TABLE days (day date PRIMARY KEY, v int) PARTITION BY RANGE (day)",
                "CREATE INDEX ON days (v)",
                "CREATE TABLE days_1 PARTITION OF days FOR VALUES FROM ('2026-01-01') TO ('2026-01-02')",
                "CREATE TABLE days_2 PARTITION OF days FOR VALUES FROM ('2026-01-02') TO ('2026-01-03')",
                "INSERT INTO days VALUES ('2026-01-01', 1), ('2026-01-02', 2)");
        try (Connection reader = database.connect();
                Statement reading = reader.createStatement();
                Connection other = database.connect();
                Statement detaching = other.createStatement()) {
            reader.setAutoCommit(false);
            reading.execute("SELECT FROM days");
            detaching.execute("SET statement_timeout = '300ms'");
            assertThatThrownBy(() -> detaching.execute("ALTER TABLE days DETACH PARTITION days_1 CONCURRENTLY"))
                    .hasMessageContaining("timeout");
        }
    }

    @TempDir
    private static Path folder;

    private static BackupScene scene;
    private static BackupCalls calls;

    @BeforeAll
    static void start() throws IOException {
        Map<String, Database> databases = new HashMap<>();
        TestPostgres.all().forEach((major, postgres) -> {
            databases.put("detaching-" + major, BackupScene.of(postgres));
            databases.put("again-" + major, BackupScene.of(postgres));
        });
        databases.put(
                "dumped",
                BackupScene.of(
                        TestPostgres.dumped(),
                        "CREATE TABLE above (id int)",
                        "COMMENT ON TYPE above IS 'of a table'",
                        "DO $$ BEGIN EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()); END $$"));
        databases.put("main", BackupScene.of(TestPostgres.newest(), ELSE));
        scene = BackupScene.start(folder, databases);
        calls = scene.calls;
    }

    @AfterAll
    static void stop() {
        scene.database("main").execute("ALTER SUBSCRIPTION theirs SET (slot_name = NONE)", "DROP SUBSCRIPTION theirs");
        scene.close();
    }

    /** All that it has from its parent, such as parts of indexes, needs one. */
    @ParameterizedTest
    @CsvSource({"14, BACKUP_ENGINE_TABLE_COPY", "18, BACKUP_ENGINE_TABLE_COPY", "15, BACKUP_ENGINE_PG_DUMP"})
    void a_partition_whose_detachment_was_not_finished_comes_back_attached_which_is_told(int major, BackupEngine engine)
            throws SQLException {
        if (engine == BackupEngine.BACKUP_ENGINE_PG_DUMP) {
            Installed.assume(major, folder.resolve("installed"));
        }
        Database source = scene.database("detaching-" + major);
        Database again = scene.database("again-" + major);
        detach(source);
        String id = calls.made(backup().setTarget("detaching-" + major).setEngine(engine));
        assertThat(calls.get(id).getNotContainedList())
                .containsExactly("The database has 1 pending detaches of partitions, which are not in the backup.");
        proven(id, "again-" + major);
        calls.complete(calls.restored(restore(id).setTarget("again-" + major)));
        assertThat(source.number("SELECT count(*) FROM days")).isEqualTo(1);
        assertThat(again.number("SELECT count(*) FROM days")).isEqualTo(2);
    }

    private static void proven(String id, String place) {
        calls.complete(calls.verified(id, place));
        Backup made = calls.get(id);
        assertThat(made.getEvidence().getFaultsList()).isEmpty();
        assertThat(made.getEvidence().getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
    }

    @Test
    void what_a_table_copy_does_not_hold_it_says_with_its_number() {
        String id = calls.made(backup());
        List<String> told = calls.get(id).getNotContainedList();
        assertThat(told)
                .allSatisfy(sentence ->
                        assertThat(sentence).matches("The database has \\d+ .*, which are not in the backup\\."));
        for (String what : List.of(
                "1 text search dictionaries",
                "1 text search configurations",
                "1 conversions",
                "1 languages",
                "2 operator families",
                "1 operator classes",
                "1 foreign data wrappers",
                "1 foreign servers",
                "1 user mappings",
                "1 base types",
                "1 subscriptions",
                "1 default privileges",
                "1 marks of columns as inherited alone",
                "1 relations whose owners took rights from themselves",
                "1 revocations from everybody on schema public",
                "6 grants and revocations on objects of PostgreSQL and of extensions",
                "1 shell types",
                "2 grants and revocations on the database",
                "3 comments on types of tables, arrays and multiranges")) {
            assertThat(told).anySatisfy(sentence -> assertThat(sentence).startsWith("The database has " + what + ","));
        }
    }

    @Test
    void what_a_dump_does_not_hold_it_says_with_its_number() {
        Installed.assume(15, folder.resolve("installed"));
        String id = calls.made(backup().setTarget("dumped").setEngine(BackupEngine.BACKUP_ENGINE_PG_DUMP));
        assertThat(calls.get(id).getNotContainedList())
                .containsExactlyInAnyOrder(
                        "The database has 2 grants and revocations on the database, which are not in the backup.",
                        "The database has 1 comments on types of tables, arrays and multiranges, which are not in the"
                                + " backup.");
        proven(id, "dumped");
    }
}
