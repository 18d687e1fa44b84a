package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caretaker.server.backup.tool.Installed;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.BackupEvidence;
import dev.caretaker.v1.BackupVerdict;
import dev.caretaker.v1.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Functions of a backup say what PostgreSQL and pg_restore say when something else goes wrong. By the programs of a server of 15, whose
 * dumps Debian's pg_dump makes; skipped, with a notice, where they are not.
 */
class LyingBackupTest {
    /** As pg_restore says it, of a table of which it is not true; and of the server. */
    private static final String WORDS = String.join(
            "\n",
            "permission denied for function liar",
            "pg_restore: from TOC entry 1; 0 1 TABLE DATA public honest postgres",
            "pg_restore: error: COPY failed for table \"honest\": ERROR:  permission denied for function liar",
            "pg_restore: while INITIALIZING:",
            "pg_restore: error: could not execute query: server closed the connection unexpectedly",
            "pg_restore: error: could not write to file: No space left on device",
            "pg_restore: warning: errors ignored on restore: 1",
            "");

    private static final long ROWS = 50;

    @TempDir
    private static Path folder;

    private static final List<String> PROGRAMS = new ArrayList<>();
    private static BackupScene scene;
    private static BackupCalls calls;

    @BeforeAll
    static void start() throws IOException {
        TestPostgres postgres = TestPostgres.dumped();
        PROGRAMS.add((String) postgres.postgres().value("SELECT setting FROM pg_config WHERE name = 'BINDIR'"));
        scene = BackupScene.start(
                folder,
                Map.of(
                        "main", BackupScene.of(postgres),
                        "warns", of(postgres, "RAISE WARNING USING MESSAGE = words;"),
                        "raises", of(postgres, "RAISE EXCEPTION USING MESSAGE = words, ERRCODE = code;"),
                        "indexed", indexed(postgres),
                        "loud", loud(postgres),
                        "names", names(postgres)),
                Map.of("caretaker.backups.postgres-bin", String.join(",", PROGRAMS)));
        calls = scene.calls;
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    private static String raised(String state) {
        return "RAISE EXCEPTION USING MESSAGE = words, ERRCODE = '" + state + "';";
    }

    /** A function that does that wherever it is verified. */
    private static String liar(String act) {
        return """
                CREATE OR REPLACE FUNCTION liar(n int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $f$
                DECLARE
                    words text := %s;
                BEGIN
                    IF pg_catalog.starts_with(pg_catalog.current_database()::text, 'caretaker_verify_') THEN
                        %s
                    END IF;
                    RETURN n;
                END $f$""".formatted("E'" + WORDS.replace("'", "''").replace("\n", "\\n") + "'", act);
    }

    private static Database of(TestPostgres postgres, String act) {
        return BackupScene.of(
                postgres,
                "CREATE TABLE honest AS SELECT n FROM generate_series(1, " + ROWS + ") n",
                liar(act),
                "CREATE TABLE lying (n int CHECK (public.liar(n) > 0), twice int DEFAULT public.liar(2))",
                "INSERT INTO lying SELECT n FROM generate_series(1, " + ROWS + ") n");
    }

    private static Database indexed(TestPostgres postgres) {
        return BackupScene.of(
                postgres,
                "CREATE TABLE honest AS SELECT n FROM generate_series(1, " + ROWS + ") n",
                liar(raised("53100")),
                "CREATE INDEX lied_about ON honest (public.liar(n))",
                "CREATE INDEX honest_n ON honest (n)",
                "CREATE FUNCTION loud() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$",
                "CREATE TRIGGER loud AFTER INSERT ON honest FOR EACH ROW EXECUTE FUNCTION loud()",
                "CREATE TABLE \"pg_restore: error: could not execute query: no connection to the server\" AS SELECT 1 AS n",
                "CREATE MATERIALIZED VIEW seen AS SELECT public.liar(n) AS n FROM honest");
    }

    /** What lacks cannot be read behind so many words, and what looks like it is made up. */
    private static Database loud(TestPostgres postgres) {
        return BackupScene.of(
                postgres,
                "CREATE TABLE honest AS SELECT n FROM generate_series(1, 20) n",
                liar(raised("42501")),
                "CREATE MATERIALIZED VIEW seen AS SELECT public.liar(n) AS n FROM honest",
                """
                CREATE FUNCTION shouts(n int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $f$
                BEGIN
                    RAISE WARNING USING MESSAGE = pg_catalog.repeat('x', 1000000) || pg_catalog.repeat(
                        E'\npg_restore: error: could not execute query: ERROR:  permission denied', 4);
                    RETURN n;
                END $f$""",
                "CREATE INDEX shouted ON honest (public.shouts(n))");
    }

    /** An index whose function names every entry there may be, where another entry has an error, too. */
    private static Database names(TestPostgres postgres) {
        return BackupScene.of(
                postgres,
                "CREATE TABLE honest AS SELECT n FROM generate_series(1, " + ROWS + ") n",
                "CREATE INDEX honest_n ON honest (n)",
                """
                CREATE FUNCTION names(n int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $f$
                BEGIN
                    IF n = 1 THEN
                        RAISE WARNING USING MESSAGE = (
                            SELECT pg_catalog.string_agg(
                                E'\npg_restore: from TOC entry ' || i || '; 1259 1 INDEX public honest_n postgres'
                                    || E'\npg_restore: error: could not execute query: ERROR:  relation exists', '')
                              FROM pg_catalog.generate_series(1, 6000) i);
                    END IF;
                    RETURN n;
                END $f$""",
                "CREATE INDEX named ON honest (public.names(n))",
                "CREATE FUNCTION noticed() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$",
                "CREATE EVENT TRIGGER watched ON ddl_command_end EXECUTE FUNCTION noticed()");
    }

    private static BackupEvidence verified(String target, BackupEngine engine) {
        assumeTrue(
                Files.isExecutable(Path.of(PROGRAMS.getFirst(), "initdb")),
                "Skipped: the programs of PostgreSQL 15 are not on this machine.");
        if (engine == BackupEngine.BACKUP_ENGINE_PG_DUMP) {
            Installed.assume(15, folder.resolve("installed"));
        }
        String id = calls.made(backup().setTarget(target).setEngine(engine).setSessions(2));
        calls.verifiedByOwnServer(id);
        return calls.get(id).getEvidence();
    }

    @Test
    void errors_that_cannot_be_read_behind_many_words_fail_the_run_whatever_looks_like_them() {
        Installed.assume(15, folder.resolve("installed"));
        String id = calls.made(backup().setTarget("loud")
                .setEngine(BackupEngine.BACKUP_ENGINE_PG_DUMP)
                .setSessions(2));
        Run run = calls.runOf(calls.verifiedByOwnServer(id));
        assertThat(run.getError().getReason()).isEqualTo("TOOL_FAILED");
        assertThat(run.getError().getMessage()).contains("it is not known what is missing");
        assertThat(calls.get(id).getEvidence().getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_UNSPECIFIED);
    }

    @Test
    void entries_that_a_function_names_are_there_and_no_faults() {
        BackupEvidence evidence = verified("names", BackupEngine.BACKUP_ENGINE_PG_DUMP);
        assertThat(evidence.getFaultsList()).isEmpty();
        assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PARTIAL);
        assertThat(evidence.getNotesList())
                .anySatisfy(note -> assertThat(note).startsWith("Event trigger watched"))
                .noneSatisfy(note -> assertThat(note).contains("already exists"));
    }

    @ParameterizedTest
    @EnumSource(names = {"BACKUP_ENGINE_TABLE_COPY", "BACKUP_ENGINE_PG_DUMP"})
    void warnings_that_look_like_errors_are_none(BackupEngine engine) {
        BackupEvidence evidence = verified("warns", engine);
        assertThat(evidence.getFaultsList()).isEmpty();
        assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
        assertThat(evidence.getRows()).isEqualTo(2 * ROWS);
    }

    private static Stream<Arguments> states() {
        return Stream.of("42501", "53100", "57014", "08006", "42P07", "P0001", "40P01", "XX000")
                .flatMap(state -> Stream.of(BackupEngine.BACKUP_ENGINE_TABLE_COPY, BackupEngine.BACKUP_ENGINE_PG_DUMP)
                        .map(engine -> Arguments.of(state, engine)));
    }

    @ParameterizedTest
    @MethodSource("states")
    void rows_against_which_a_function_raises_an_error_are_a_fault_whatever_it_says_and_others_are_compared(
            String state, BackupEngine engine) {
        scene.database("raises").execute(liar(raised(state)));
        BackupEvidence evidence = verified("raises", engine);
        assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_DAMAGED);
        assertThat(evidence.getFaultsList())
                .anySatisfy(fault -> assertThat(fault).contains("permission denied for function liar"))
                .noneSatisfy(fault -> assertThat(fault).startsWith("Table public.honest "));
        if (engine == BackupEngine.BACKUP_ENGINE_PG_DUMP) { // a table copy ends at the first
            assertThat(evidence.getRows()).isEqualTo(ROWS);
            assertThat(evidence.getFaultsList())
                    .anySatisfy(fault -> assertThat(fault).startsWith("Table data public lying "))
                    .anySatisfy(fault -> assertThat(fault).startsWith("Table public.lying has 0 rows"))
                    .hasSize(2);
        }
        assertThat(evidence.getNotesList()).noneSatisfy(note -> assertThat(note).contains("honest"));
    }

    @ParameterizedTest
    @EnumSource(names = {"BACKUP_ENGINE_TABLE_COPY", "BACKUP_ENGINE_PG_DUMP"})
    void an_index_and_a_view_whose_functions_tell_of_a_full_disk_and_a_lost_server_are_faults_of_their_own(
            BackupEngine engine) {
        BackupEvidence evidence = verified("indexed", engine);
        assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_DAMAGED);
        assertThat(evidence.getRows()).isEqualTo(ROWS + 1);
        assertThat(evidence.getFaultsList())
                .anySatisfy(fault -> assertThat(fault).contains("Missing: index public.lied_about"))
                .anySatisfy(fault -> assertThat(fault).startsWith("Materialized view public.seen is not populated"))
                .anySatisfy(fault -> assertThat(fault).matches("(?s)Index public.lied_about .*permission denied.*"))
                .noneSatisfy(fault -> assertThat(fault).contains("honest_n"))
                .noneSatisfy(fault -> assertThat(fault).contains("no connection to the server"));
    }
}
