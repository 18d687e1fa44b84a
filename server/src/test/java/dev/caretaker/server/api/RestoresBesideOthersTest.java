package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static dev.caretaker.server.api.BackupCalls.restore;
import static dev.caretaker.server.api.BackupCalls.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.backup.tool.Installed;
import dev.caretaker.server.backup.tool.PostgresTools;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.PreviewRestoreRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Restores into a database that has a schema of that name, with functions and types that others need as they are. */
class RestoresBesideOthersTest {
    private static final String OWNERS = "SELECT string_agg(kind || ' ' || role || ' ' || coalesce(said, '-') || ' ' ||"
            + " coalesce(acl, '-'), ', ' ORDER BY kind) FROM ("
            + "SELECT 'schema' AS kind, nspowner::regrole::text AS role, obj_description(oid, 'pg_namespace') AS said,"
            + " nspacl::text AS acl FROM pg_namespace WHERE nspname = 'shop'"
            + " UNION ALL SELECT 'function', proowner::regrole::text, obj_description(oid, 'pg_proc'), proacl::text"
            + " FROM pg_proc WHERE proname = 'twice'"
            + " UNION ALL SELECT 'type', typowner::regrole::text, obj_description(oid, 'pg_type'), typacl::text"
            + " FROM pg_type WHERE typname = 'mood') x";

    @TempDir
    private static Path folder;

    private static BackupScene scene;
    private static Database keeper;

    @BeforeAll
    static void start() throws IOException {
        Database main = BackupScene.of(TestPostgres.oldest());
        keeper = main.role("keeper");
        String role = '"' + keeper.user() + '"';
        main.execute(
                "CREATE SCHEMA shop",
                "CREATE TYPE shop.mood AS ENUM ('good', 'bad')",
                "CREATE FUNCTION shop.twice(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2'",
                "CREATE AGGREGATE shop.total(int) (SFUNC = int4pl, STYPE = int)",
                "CREATE TABLE shop.t (id serial, mood shop.mood DEFAULT 'good', doubled int GENERATED ALWAYS AS"
                        + " (shop.twice(4)) STORED)",
                "INSERT INTO shop.t (mood) SELECT 'bad' FROM generate_series(1, 100)",
                "CREATE VIEW shop.good AS SELECT id FROM shop.t WHERE mood = 'good'",
                "COMMENT ON SCHEMA shop IS 'of the backup'",
                "COMMENT ON TYPE shop.mood IS 'of the backup'",
                "COMMENT ON FUNCTION shop.twice(int) IS 'of the backup'",
                "COMMENT ON AGGREGATE shop.total(int) IS 'of the backup'",
                "GRANT USAGE ON SCHEMA shop TO " + role,
                "GRANT USAGE ON TYPE shop.mood TO " + role,
                "GRANT EXECUTE ON FUNCTION shop.twice(int) TO " + role,
                "ALTER SCHEMA shop OWNER TO " + role,
                "ALTER TYPE shop.mood OWNER TO " + role,
                "ALTER FUNCTION shop.twice(int) OWNER TO " + role,
                "ALTER TABLE shop.t OWNER TO " + role);
        Optional<PostgresTools.Tools> tools = Installed.find(14, folder.resolve("installed"));
        scene = BackupScene.start(
                folder,
                Map.of("main", main, "other", BackupScene.of(TestPostgres.oldest())),
                Map.of(
                        "caretaker.data-dir",
                        folder.resolve("data").toString(),
                        "caretaker.backups.postgres-bin",
                        tools.map(found -> found.dump().getParent().toString()).orElse("/nowhere")));
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    private static Database other() {
        return scene.database("other");
    }

    @BeforeEach
    void others_have_theirs() {
        other().execute(
                        "DROP SCHEMA IF EXISTS shop CASCADE",
                        "CREATE SCHEMA shop",
                        "CREATE TYPE shop.mood AS ENUM ('good', 'bad', 'odd')",
                        "CREATE FUNCTION shop.twice(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $1'",
                        "CREATE TABLE shop.own AS SELECT 1 AS id",
                        "COMMENT ON FUNCTION shop.twice(int) IS 'of others'");
    }

    private static String made(BackupEngine engine) {
        if (engine == BackupEngine.BACKUP_ENGINE_PG_DUMP) {
            Installed.assume(14, folder.resolve("installed"));
        }
        return scene.calls.made(backup().setEngine(engine));
    }

    @ParameterizedTest
    @EnumSource(names = {"BACKUP_ENGINE_TABLE_COPY", "BACKUP_ENGINE_PG_DUMP"})
    void a_table_that_comes_back_changes_nothing_of_its_schema_and_of_types_and_functions_that_are_there(
            BackupEngine engine) {
        String id = made(engine);
        Object before = other().value(OWNERS);
        String run = scene.calls.complete(scene.calls.restored(
                restore(id).setTarget("other").addTables(table("shop", "t")).setAllowNotEmpty(true)));
        assertThat(other().value(OWNERS)).isEqualTo(before);
        assertThat(other().value("SELECT prosrc FROM pg_proc WHERE proname = 'twice'"))
                .isEqualTo("SELECT $1 + $1");
        assertThat(other().number("SELECT count(*) FROM shop.t WHERE doubled = 8"))
                .isEqualTo(100);
        assertThat(other().value("SELECT relowner::regrole::text FROM pg_class WHERE oid = 'shop.t'::regclass"))
                .as("what it has made itself")
                .isEqualTo(keeper.user());
        assertThat(scene.calls.warnings(run))
                .contains(
                        "Function shop.twice(n integer) is there already, and stays as it is.",
                        "Enum shop.mood is there already, and stays as it is.",
                        "Schema shop is there already, and keeps its owner, grants and comment.");
    }

    @Test
    void a_sequence_or_view_of_others_is_neither_set_nor_given_away() {
        String id = made(BackupEngine.BACKUP_ENGINE_TABLE_COPY);
        other().execute("CREATE SEQUENCE shop.t_id_seq", "CREATE VIEW shop.good AS SELECT 2 AS id");
        assertThatThrownBy(() -> scene.calls.restored(restore(id)
                        .setTarget("other")
                        .addTables(table("shop", "t"))
                        .setAllowNotEmpty(true)))
                .hasMessageContaining("has shop.t_id_seq already; what is there is not replaced");
        assertThatThrownBy(() -> scene.calls.restored(
                        restore(id).setTarget("other").addSchemas("shop").setAllowNotEmpty(true)))
                .hasMessageContaining("has shop.good, shop.t_id_seq already; what is there is not replaced");
    }

    @Test
    void a_whole_dump_is_refused_where_types_or_functions_of_its_are_there() {
        String id = made(BackupEngine.BACKUP_ENGINE_PG_DUMP);
        Object before = other().value(OWNERS);
        assertThatThrownBy(() ->
                        scene.calls.restored(restore(id).setTarget("other").setAllowNotEmpty(true)))
                .hasMessageContaining("has function shop.twice, type shop.mood already; what is there is not replaced");
        assertThat(other().value(OWNERS)).isEqualTo(before);

        other().execute("DROP TABLE shop.own", "DROP FUNCTION shop.twice");
        assertThatThrownBy(() -> scene.calls.restored(restore(id).setTarget("other")))
                .hasMessageContaining("has 1 type; a backup is restored into an empty one");
    }

    /** What pg_restore does to them is told beforehand, and is just that. */
    @Test
    void what_a_whole_dump_changes_all_the_same_is_told_by_name_in_the_plan_and_before_it_is_done() {
        String id = made(BackupEngine.BACKUP_ENGINE_PG_DUMP);
        other().execute(
                        "DROP FUNCTION shop.twice",
                        "DROP TYPE shop.mood",
                        "CREATE AGGREGATE shop.most(int) (SFUNC = int4larger, STYPE = int)");
        String[] told = {
            "Schema public is there already: it gets the owner, the grants and the comment of the backup.",
            "Schema shop is there already: it gets the owner, the grants and the comment of the backup.",
            "There are aggregates already: those whose name the backup has, too, get its owner, grants and comment."
        };
        List<String> preview = scene.server
                .backups()
                .previewRestore(PreviewRestoreRequest.newBuilder()
                        .setBackupId(id)
                        .setTarget("other")
                        .setAllowNotEmpty(true)
                        .build())
                .getLeftOutList();
        assertThat(preview).contains(told);
        String run = scene.calls.complete(
                scene.calls.restored(restore(id).setTarget("other").setAllowNotEmpty(true)));
        assertThat(scene.calls.warnings(run)).contains(told);
        assertThat(other().value("SELECT nspowner::regrole::text || ' ' || obj_description(oid, 'pg_namespace')"
                        + " FROM pg_namespace WHERE nspname = 'shop'"))
                .isEqualTo(keeper.user() + " of the backup");
        assertThat(other().value("SELECT obj_description('shop.most(int)'::regprocedure, 'pg_proc')"))
                .as("an aggregate of another name")
                .isNull();
    }
}
