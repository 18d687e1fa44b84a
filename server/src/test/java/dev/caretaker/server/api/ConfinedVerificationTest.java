package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caretaker.server.backup.tool.Installed;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.testing.EmbeddedServer;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.BackupEvidence;
import dev.caretaker.v1.BackupVerdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a backup holds is run with few rights in a PostgreSQL that the server starts to verify it, of all but the newest version by the
 * programs of the servers that are tested. Dumps are skipped, with a notice, where no pg_dump is.
 */
class ConfinedVerificationTest {
    /** Each verification starts a server: not of every version each time, see {@link EmbeddedServer#tried}. */
    private static final Map<Integer, TestPostgres> SERVERS =
            EmbeddedServer.tried().collect(Collectors.toMap(EmbeddedServer::major, TestPostgres::of));

    @TempDir
    private static Path folder;

    private static final List<String> PROGRAMS = new ArrayList<>();
    private static Path marks;
    private static BackupScene scene;
    private static BackupCalls calls;

    @BeforeAll
    static void start() throws IOException {
        marks = Files.createDirectory(folder.resolve("marks"));
        Map<String, Database> databases = new HashMap<>();
        SERVERS.forEach((major, postgres) -> {
            Database hostile = postgres.database();
            hostile.execute(HostileBackup.statements(hostile, marks));
            databases.put("hostile-" + major, hostile);
            databases.put("owned-" + major, BackupScene.of(postgres, OneOfEverything.STATEMENTS));
            databases.put("privileged-" + major, BackupScene.of(postgres, PRIVILEGED));
            own(databases.get("owned-" + major));
            databases.put("reserved-" + major, postgres.database());
            reserve(databases.get("reserved-" + major));
            PROGRAMS.add((String) postgres.postgres().value("SELECT setting FROM pg_config WHERE name = 'BINDIR'"));
        });
        databases.put("main", databases.get("owned-18"));
        Database plain = TestPostgres.newest().database().role("plain");
        databases.get("main").execute("ALTER ROLE \"" + plain.user() + "\" CREATEDB");
        databases.put("plain", plain);
        TestPostgres dumped = TestPostgres.dumped();
        Database given = dumped.database();
        Database other = given.role("other");
        given.execute(
                "CREATE TABLE t AS SELECT n FROM generate_series(1, 10) n",
                "CREATE INDEX ON t (n)",
                "CREATE MATERIALIZED VIEW seen AS SELECT n FROM t",
                "CREATE MATERIALIZED VIEW seen_again AS SELECT n FROM seen",
                "REFRESH MATERIALIZED VIEW seen WITH NO DATA",
                "ALTER TABLE t OWNER TO \"" + other.user() + '"',
                "SELECT lo_from_bytea(4711, 'large')",
                "ALTER LARGE OBJECT 4711 OWNER TO \"" + other.user() + '"');
        databases.put("given", given);
        Database dumpedPlain = dumped.database().role("plain");
        dumped.postgres().execute("ALTER ROLE \"" + dumpedPlain.user() + "\" CREATEDB");
        databases.put("dumped-plain", dumpedPlain);
        scene = BackupScene.start(
                folder, databases, Map.of("caretaker.backups.postgres-bin", String.join(",", PROGRAMS)));
        calls = scene.calls;
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    private static BackupEvidence verified(String database, int major, BackupEngine engine) {
        assumeTrue(
                major == 18 || PROGRAMS.stream().anyMatch(bin -> Files.isExecutable(Path.of(bin, "initdb"))),
                "Skipped: the programs of PostgreSQL " + major + " are not on this machine.");
        if (engine == BackupEngine.BACKUP_ENGINE_PG_DUMP) {
            Installed.assume(major, folder.resolve("installed"));
        }
        String id = calls.made(backup().setTarget(database + "-" + major).setEngine(engine));
        String run = calls.verifiedByOwnServer(id);
        BackupEvidence evidence = calls.get(id).getEvidence();
        assertThat(evidence.getFaultsList()).as(evidence.toString()).isEmpty();
        calls.complete(run);
        assertThat(evidence.getPlace()).startsWith("embedded PostgreSQL " + major);
        return evidence;
    }

    static Stream<Arguments> tried() {
        return SERVERS.keySet().stream()
                .sorted()
                .flatMap(major -> Stream.of(BackupEngine.BACKUP_ENGINE_TABLE_COPY, BackupEngine.BACKUP_ENGINE_PG_DUMP)
                        .map(engine -> Arguments.of(major, engine)));
    }

    @ParameterizedTest
    @MethodSource("tried")
    void functions_of_a_backup_get_no_rights_of_the_machine_where_it_is_verified(int major, BackupEngine engine)
            throws IOException {
        eachAttemptWorksForASuperuser(scene.database("hostile-" + major));

        BackupEvidence evidence = verified("hostile", major, engine);
        assertThat(marks).isEmptyDirectory();
        assertThat(evidence.getNotesList())
                .allSatisfy(note -> assertThat(note).doesNotContain("escaped").doesNotContain("could not"));
        assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
        assertThat(evidence.getRows()).isEqualTo(HostileBackup.ROWS);
    }

    /** Else it would prove nothing that they fail. As another superuser than the one whose rights they try to get. */
    private static void eachAttemptWorksForASuperuser(Database hostile) throws IOException {
        Database other = hostile.role("other_boss");
        hostile.execute("ALTER ROLE \"" + other.user() + "\" SUPERUSER");
        String boss =
                (String) hostile.value("SELECT quote_ident(rolname) FROM pg_roles WHERE rolsuper ORDER BY oid LIMIT 1");
        assertThatThrownBy(() -> other.execute("SELECT hostile.attempts(true)"))
                .hasMessageContaining("escaped by ")
                .hasMessageContainingAll(attempts(hostile, boss, false));
        String refusal = Sql.resource("backup/refuse_extensions").text();
        assertThatThrownBy(() -> inOneTransaction(other, refusal, "SELECT hostile.attempts(true)"))
                .hasMessageContainingAll(attempts(hostile, boss, true));
        for (String mark : List.of("program", "file", "large-object")) {
            Files.delete(marks.resolve(mark));
        }
        hostile.execute("ALTER ROLE \"" + other.user() + "\" NOSUPERUSER");
    }

    private static CharSequence[] attempts(Database hostile, String boss, boolean refusals) {
        return HostileBackup.attempts(hostile, marks, boss, refusals).toArray(CharSequence[]::new);
    }

    private static void inOneTransaction(Database database, String... statements) throws SQLException {
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            for (String statement : statements) {
                Sql.of(statement).execute(connection);
            }
        }
    }

    /** Of roles with odd names, with grants that take rights from owners and from everybody, and row security that hides all. */
    private static void own(Database database) {
        String suffix = " of " + database.name();
        String owner = "\"Odd \"\"owner\"\"" + suffix + '"';
        String reader = "\"reader" + suffix + '"';
        database.execute(
                "CREATE ROLE " + owner,
                "CREATE ROLE " + reader,
                "CREATE SCHEMA \"Own place\" AUTHORIZATION " + owner,
                "CREATE TABLE \"Own place\".hidden (id int PRIMARY KEY, v text)",
                "INSERT INTO \"Own place\".hidden SELECT n, 'v' FROM generate_series(1, 10) n",
                "ALTER TABLE \"Own place\".hidden OWNER TO " + owner,
                "ALTER TABLE \"Own place\".hidden ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
                "CREATE POLICY nothing ON \"Own place\".hidden TO " + reader + " USING (false)",
                "CREATE FUNCTION \"Own place\".same(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n'",
                "ALTER FUNCTION \"Own place\".same(int) OWNER TO " + owner,
                "REVOKE ALL ON FUNCTION \"Own place\".same(int) FROM PUBLIC",
                "CREATE TABLE public.boss (id int PRIMARY KEY, hidden int REFERENCES \"Own place\".hidden)",
                "INSERT INTO public.boss SELECT n, n FROM generate_series(1, 10) n",
                "CREATE INDEX ON public.boss (\"Own place\".same(hidden))",
                "CREATE TABLE public.taken (id int PRIMARY KEY, boss int REFERENCES public.boss, at date)",
                "INSERT INTO public.taken SELECT n, n FROM generate_series(1, 10) n",
                "CREATE STATISTICS public.taken_both ON id, boss FROM public.taken",
                "ALTER STATISTICS public.taken_both OWNER TO " + owner,
                "ALTER TABLE public.taken OWNER TO " + owner,
                "GRANT SELECT (id), UPDATE (at) ON public.taken TO " + reader,
                "CREATE MATERIALIZED VIEW public.summed AS SELECT count(*) FROM public.taken, \"Own place\".hidden",
                "ALTER DEFAULT PRIVILEGES FOR ROLE " + owner + " GRANT SELECT ON TABLES TO " + reader,
                "REVOKE ALL ON public.taken FROM " + owner,
                "REVOKE ALL ON SCHEMA \"Own place\" FROM " + owner,
                "GRANT USAGE ON SCHEMA \"Own place\" TO " + reader,
                "REVOKE ALL ON SCHEMA public FROM PUBLIC",
                "CREATE SCHEMA ext",
                "CREATE EXTENSION pg_stat_statements WITH SCHEMA ext",
                "CREATE EXTENSION postgres_fdw WITH SCHEMA ext",
                "CREATE EXTENSION file_fdw",
                "CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '1')",
                "ALTER SERVER elsewhere OWNER TO " + owner,
                "CREATE USER MAPPING FOR " + owner + " SERVER elsewhere OPTIONS (user 'x', password 'y')",
                "CREATE FOREIGN TABLE public.far (id int) SERVER elsewhere",
                "ALTER FOREIGN TABLE public.far OWNER TO " + owner,
                "CREATE PUBLICATION bosses FOR TABLE public.boss",
                "ALTER LARGE OBJECT " + database.number("SELECT oid FROM pg_largeobject_metadata") + " OWNER TO "
                        + owner,
                "REVOKE ALL ON LARGE OBJECT " + database.number("SELECT oid FROM pg_largeobject_metadata") + " FROM "
                        + owner);
    }

    @ParameterizedTest
    @MethodSource("tried")
    void whoever_owns_what_and_may_not_use_it_the_backup_is_proven(int major, BackupEngine engine) {
        BackupEvidence evidence = verified("owned", major, engine);
        assertThat(evidence.getNotesList())
                .allSatisfy(note -> assertThat(note).doesNotContain("could not").doesNotContain("may not"));
        assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
        assertThat(evidence.getRows()).isEqualTo(OneOfEverything.ROWS + 30);
    }

    private static final String[] PRIVILEGED = {
        "CREATE TABLE good AS SELECT n FROM generate_series(1, 100) n",
        "CREATE FUNCTION native(int, int) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'int4pl'",
        "CREATE FUNCTION handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler'",
        "CREATE FUNCTION sure(n int) RETURNS int LANGUAGE sql IMMUTABLE LEAKPROOF AS 'SELECT n'",
        "CREATE FUNCTION reads(n int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN"
                + " PERFORM pg_catalog.pg_read_file('PG_VERSION'); RETURN true; END $$",
        "CREATE TABLE dependent (id int DEFAULT native(1, 2))",
        "INSERT INTO dependent VALUES (1)",
        "CREATE TABLE guarded (id int PRIMARY KEY CHECK (reads(id)))",
        "INSERT INTO guarded VALUES (1), (2)",
        "CREATE TABLE child (id int REFERENCES guarded)",
        "INSERT INTO child VALUES (1)",
        "CREATE INDEX looked_up ON good (n) WHERE reads(n)",
        "CREATE FUNCTION noticed() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$",
        "CREATE EVENT TRIGGER watched ON ddl_command_end EXECUTE FUNCTION noticed()",
        "CREATE PUBLICATION all_of_it FOR ALL TABLES"
    };

    @ParameterizedTest
    @MethodSource("tried")
    void what_only_a_superuser_may_make_or_run_is_told_by_name_and_the_rest_is_proven_in_part(
            int major, BackupEngine engine) {
        BackupEvidence evidence = verified("privileged", major, engine);
        assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PARTIAL);
        assertThat(evidence.getRows()).as("of good and child").isEqualTo(101);
        assertThat(evidence.getNotesList())
                .anySatisfy(note -> assertThat(note).contains("scratch_target"))
                .anySatisfy(note ->
                        assertThat(note).matches("Function .*native.* permission denied for language internal.*"))
                .anySatisfy(note -> assertThat(note).matches("Function .*handler.* permission denied for language c.*"))
                .anySatisfy(note -> assertThat(note).matches("Function .*sure.* leakproof function.*"))
                .anySatisfy(note -> assertThat(note).matches("Table .*dependent.* could not be made.*"))
                .anySatisfy(note -> assertThat(note).matches("Index .*looked_up.* permission denied for function .*"))
                .anySatisfy(note -> assertThat(note).isEqualTo("Table public.dependent is missing."))
                .anySatisfy(note -> assertThat(note)
                        .matches("(Rows of table|Table data) .*guarded.* permission denied for function .*"));
        if (engine == BackupEngine.BACKUP_ENGINE_PG_DUMP) {
            assertThat(evidence.getNotesList())
                    .contains("Missing: 1 of 1 event triggers.", "Missing: 1 of 1 publications.")
                    .anySatisfy(note -> assertThat(note).matches("Event trigger watched.* permission denied .*"))
                    .anySatisfy(note -> assertThat(note).matches("Publication all_of_it.* must be superuser .*"));
        }
    }

    /** As those are that providers add to the ones of PostgreSQL: names that nobody else can make. */
    private static void reserve(Database database) {
        String role = "provider_of_" + database.name();
        database.execute(
                "CREATE ROLE " + role,
                "CREATE TABLE granted AS SELECT n FROM generate_series(1, 10) n",
                "GRANT SELECT ON granted TO " + role,
                "CREATE POLICY provided ON granted TO " + role + " USING (true)",
                "UPDATE pg_authid SET rolname = 'pg_" + role + "' WHERE rolname = '" + role + "'");
    }

    @ParameterizedTest
    @CsvSource({"18, BACKUP_ENGINE_TABLE_COPY", "14, BACKUP_ENGINE_PG_DUMP"})
    void a_role_that_only_another_build_of_postgres_has_is_told_by_name_and_the_rest_is_proven_in_part(
            int major, BackupEngine engine) {
        Database database = scene.database("reserved-" + major);
        BackupEvidence evidence = verified("reserved", major, engine);
        assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PARTIAL);
        assertThat(evidence.getRows()).isEqualTo(10);
        assertThat(evidence.getNotesList())
                .anySatisfy(note ->
                        assertThat(note).startsWith("Role pg_provider_of_" + database.name() + " could not be made"))
                .anySatisfy(note -> assertThat(note).matches("Policy .*provided.* could not be made: role .*"))
                .contains("Missing: policy public.provided of public.granted.");
    }

    @Test
    void owners_of_tables_and_large_objects_that_a_login_may_not_give_are_told_and_the_rest_is_proven() {
        Installed.assume(15, folder.resolve("installed"));
        String id = calls.made(backup().setTarget("given").setEngine(BackupEngine.BACKUP_ENGINE_PG_DUMP));
        calls.complete(calls.verified(id, "dumped-plain"));
        BackupEvidence evidence = calls.get(id).getEvidence();
        assertThat(evidence.getFaultsList()).isEmpty();
        assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
        assertThat(evidence.getRows()).isEqualTo(10);
        assertThat(evidence.getNotesList())
                .anySatisfy(note -> assertThat(note)
                        .startsWith("Materialized view public.seen_again is not populated: it reads public.seen,"))
                .anySatisfy(note -> assertThat(note).matches("Table public t .* is not as it was: must be .*"))
                .anySatisfy(note -> assertThat(note).matches("Blob .*4711.* is not as it was: must be .*"));
    }

    @Test
    void a_scratch_target_whose_login_is_no_superuser_proves_what_it_may_make() {
        String id = calls.made(backup().setTarget("privileged-18"));
        calls.complete(calls.verified(id, "plain"));
        BackupEvidence evidence = calls.get(id).getEvidence();
        assertThat(evidence.getFaultsList()).isEmpty();
        assertThat(evidence.getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PARTIAL);
        assertThat(evidence.getRows()).as("of good and child").isEqualTo(101);
        assertThat(evidence.getNotesList())
                .anySatisfy(note -> assertThat(note).startsWith("Owner public.good could not be made"));
    }
}
