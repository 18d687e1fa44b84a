package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static dev.caretaker.server.api.BackupCalls.restore;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.backup.tool.Installed;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.BackupVerdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What definitions say beyond names, columns and keys: all of it comes back, or is told to be left out. */
class BackedUpDefinitionsTest {
    private static final String[] DEFINED = {
        "CREATE SCHEMA d",
        "CREATE TYPE d.pair AS (a int, b text COLLATE \"C\")",
        "CREATE TABLE d.typed OF d.pair (a WITH OPTIONS PRIMARY KEY)",
        "CREATE ACCESS METHOD heap_too TYPE TABLE HANDLER heap_tableam_handler",
        "CREATE TABLE d.elsewhere (id int) USING heap_too",
        "CREATE MATERIALIZED VIEW d.seen_too USING heap_too AS SELECT id FROM d.elsewhere",
        "CREATE FUNCTION d.apart(a float8, b float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT a - b'",
        "CREATE TYPE d.span AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = d.apart, MULTIRANGE_TYPE_NAME = d.spans)",
        "CREATE TYPE d.words AS RANGE (SUBTYPE = text, SUBTYPE_OPCLASS = text_pattern_ops, COLLATION = \"C\")",
        "CREATE TYPE d.days",
        "CREATE FUNCTION d.canonical(d.days) RETURNS d.days LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical'",
        "CREATE TYPE d.days AS RANGE (SUBTYPE = int4, CANONICAL = d.canonical)",
        "CREATE TABLE d.ranged (s d.span, w d.words, n d.days)",
        "CREATE DOMAIN d.small AS int NOT NULL CONSTRAINT little CHECK (VALUE < 10)",
        "CREATE TABLE d.bag (v d.small, wide text, keep text CONSTRAINT kept NOT NULL)"
                + " WITH (fillfactor = 70, toast.autovacuum_enabled = false)",
        "ALTER TABLE d.bag ALTER wide SET STORAGE EXTERNAL, ALTER wide SET COMPRESSION pglz, ALTER keep SET STATISTICS 7,"
                + " ALTER keep SET (n_distinct = -0.5)",
        "CREATE MATERIALIZED VIEW d.wide WITH (fillfactor = 80, toast.autovacuum_enabled = false) AS SELECT 'x'::text AS v",
        "ALTER TABLE d.wide REPLICA IDENTITY FULL",
        "INSERT INTO d.typed VALUES (1, 'x')",
        "INSERT INTO d.elsewhere VALUES (1)",
        "INSERT INTO d.ranged VALUES ('[1.5,2)', '[a,b)', '[1,3]')",
        "INSERT INTO d.bag VALUES (9, 'w', 'k')",
        "ALTER DOMAIN d.small ADD CONSTRAINT \"later on\" CHECK (VALUE < 5) NOT VALID",
        "CREATE TABLE d.keyed (id int GENERATED ALWAYS AS IDENTITY CONSTRAINT kk PRIMARY KEY WITH (fillfactor = 60), v int)",
        "ALTER TABLE d.keyed CLUSTER ON kk",
        "CREATE INDEX keyed_v ON d.keyed ((v + 1))",
        "ALTER INDEX d.keyed_v ALTER COLUMN 1 SET STATISTICS 50",
        "CREATE STATISTICS d.both ON id, v FROM d.keyed",
        "ALTER STATISTICS d.both SET STATISTICS 77",
        "CREATE RULE quiet AS ON UPDATE TO d.keyed DO ALSO NOTHING",
        "ALTER TABLE d.keyed DISABLE RULE quiet",
        "CREATE POLICY mine ON d.keyed USING (true)",
        "ALTER TABLE d.keyed FORCE ROW LEVEL SECURITY",
        "CREATE FUNCTION d.stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TRIGGER stamp BEFORE INSERT ON d.keyed FOR EACH ROW EXECUTE FUNCTION d.stamp()",
        "CREATE VIEW d.seen AS SELECT id, v FROM d.keyed",
        "ALTER VIEW d.seen ALTER COLUMN v SET DEFAULT 4",
        "COMMENT ON SCHEMA public IS 'of schema public'",
        "COMMENT ON TYPE d.pair IS 'of a composite type'",
        "COMMENT ON COLUMN d.pair.a IS 'of an attribute'",
        "COMMENT ON ACCESS METHOD heap_too IS 'of an access method'",
        "COMMENT ON CONSTRAINT little ON DOMAIN d.small IS 'of a constraint of a domain'",
        "COMMENT ON TRIGGER stamp ON d.keyed IS 'of a trigger'",
        "COMMENT ON RULE quiet ON d.keyed IS 'of a rule'",
        "COMMENT ON POLICY mine ON d.keyed IS 'of a policy'",
        "COMMENT ON STATISTICS d.both IS 'of statistics'",
        "COMMENT ON INDEX d.keyed_v IS 'of an index'",
        "COMMENT ON SEQUENCE d.keyed_id_seq IS 'of the sequence of an identity column'",
    };

    /** Each has one value, which is to be the same after a restore. */
    private static final List<String> VALUES = List.of(
            "SELECT string_agg(description, ', ' ORDER BY description) FROM pg_description WHERE description LIKE 'of %'",
            "SELECT reloftype::regtype::text FROM pg_class WHERE oid = 'd.typed'::regclass",
            "SELECT string_agg(concat(c.relname, amname), ',' ORDER BY c.relname) FROM pg_class c JOIN pg_am a ON a.oid = c.relam"
                    + " WHERE c.relname IN ('elsewhere', 'seen_too', 'bag')",
            "SELECT rngsubdiff::regproc::text || rngmultitypid::regtype::text FROM pg_range WHERE rngtypid = 'd.span'::regtype",
            "SELECT opcname || rngcollation::regcollation::text FROM pg_range JOIN pg_opclass o ON o.oid = rngsubopc"
                    + " WHERE rngtypid = 'd.words'::regtype",
            "SELECT rngcanonical::regproc::text FROM pg_range WHERE rngtypid = 'd.days'::regtype",
            "SELECT r::text FROM d.ranged r",
            "SELECT string_agg(concat(conname, convalidated), ',' ORDER BY conname) FROM pg_constraint"
                    + " WHERE contypid = 'd.small'::regtype",
            "SELECT collname::text FROM pg_attribute a JOIN pg_collation c ON c.oid = a.attcollation"
                    + " WHERE attrelid = 'd.pair'::regclass AND attname = 'b'",
            "SELECT concat(attstorage, attcompression) FROM pg_attribute WHERE attrelid = 'd.bag'::regclass AND attname = 'wide'",
            "SELECT concat(attstattarget, attoptions) FROM pg_attribute WHERE attrelid = 'd.bag'::regclass AND attname = 'keep'",
            "SELECT concat(c.reloptions, t.reloptions) FROM pg_class c JOIN pg_class t ON t.oid = c.reltoastrelid"
                    + " WHERE c.oid = 'd.bag'::regclass",
            "SELECT concat(c.reloptions, t.reloptions, c.relreplident) FROM pg_class c JOIN pg_class t ON t.oid = c.reltoastrelid"
                    + " WHERE c.oid = 'd.wide'::regclass",
            "SELECT concat(reloptions, indisclustered) FROM pg_class JOIN pg_index ON indexrelid = oid"
                    + " WHERE oid = 'd.kk'::regclass",
            "SELECT attstattarget::text FROM pg_attribute WHERE attrelid = 'd.keyed_v'::regclass",
            "SELECT stxstattarget::text FROM pg_statistic_ext WHERE stxname = 'both'",
            "SELECT ev_enabled::text FROM pg_rewrite WHERE rulename = 'quiet'",
            "SELECT concat(relrowsecurity, relforcerowsecurity) FROM pg_class WHERE oid = 'd.keyed'::regclass",
            "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'd.seen'::regclass",
            "SELECT concat(string_agg(conname, ','), '.') FROM pg_constraint WHERE conrelid = 'd.bag'::regclass");

    @TempDir
    private static Path folder;

    private static BackupScene scene;
    private static BackupCalls calls;

    @BeforeAll
    static void start() throws IOException {
        Map<String, Database> databases = new HashMap<>();
        TestPostgres.all().forEach((major, postgres) -> {
            databases.put("defined-" + major, BackupScene.of(postgres, DEFINED));
            databases.put("empty-" + major, BackupScene.of(postgres));
        });
        databases.put("dumped", BackupScene.of(TestPostgres.dumped()));
        databases.put("main", databases.get("defined-18"));
        scene = BackupScene.start(folder, databases);
        calls = scene.calls;
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void a_table_copy_brings_back_all_that_definitions_say_and_a_comparison_finds_what_lacks(int major) {
        String id = calls.made(backup().setTarget("defined-" + major));
        assertThat(calls.get(id).getNotContainedList()).isEmpty();
        proven(id, "empty-" + major);
        calls.complete(calls.restored(restore(id).setTarget("empty-" + major)));
        same(scene.database("defined-" + major), scene.database("empty-" + major));
        whatever_lacks_is_found(id, "empty-" + major);
    }

    @Test
    void a_dump_is_proven_to_bring_back_the_same() {
        Installed.assume(15, folder.resolve("installed"));
        String id = calls.made(backup().setTarget("defined-15").setEngine(BackupEngine.BACKUP_ENGINE_PG_DUMP));
        proven(id, "dumped");
        calls.complete(calls.restored(restore(id).setTarget("dumped")));
        same(scene.database("defined-15"), scene.database("dumped"));
    }

    private static void proven(String id, String place) {
        calls.complete(calls.verified(id, place));
        Backup made = calls.get(id);
        assertThat(made.getEvidence().getFaultsList()).isEmpty();
        assertThat(made.getEvidence().getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
    }

    private static void same(Database source, Database restored) {
        for (String value : VALUES) {
            Object there = source.value(value);
            assertThat(there).as(value).isNotNull();
            assertThat(restored.value(value)).as(value).isEqualTo(there);
        }
    }

    private static void whatever_lacks_is_found(String id, String into) {
        assertThat(calls.faults(id, into)).isEmpty();
        scene.database(into)
                .execute(
                        "COMMENT ON TRIGGER stamp ON d.keyed IS NULL",
                        "ALTER TABLE d.typed NOT OF",
                        "ALTER TABLE d.keyed ENABLE RULE quiet",
                        "ALTER TABLE d.bag ALTER keep SET STATISTICS -1",
                        "ALTER DOMAIN d.small DROP CONSTRAINT \"later on\"");
        assertThat(calls.faults(id, into))
                .containsExactlyInAnyOrder(
                        "Missing: comment d.stamp of d.keyed.",
                        "Missing: typed table d.typed.",
                        "Missing: rule state d.quiet of d.keyed.",
                        "Missing: column setting d.keep of d.bag.",
                        "Missing: domain check d.small later on.");
    }
}
