package dev.caretaker.server.api;

import dev.caretaker.server.testing.TestPostgres.Database;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Statements that make a schema hostile, whose functions try to get the rights of the server's process, and to reach other servers,
 * wherever it is verified, and to have scripts of extensions run. They run when rows are loaded, when indexes are made and when a
 * materialized view is refreshed.
 */
final class HostileBackup {
    static final long ROWS = 5;

    /** Names the trigger that keeps extensions out of a scratch database. */
    private static final String REFUSAL = "caretaker_refuse_extension";

    private static final List<String> ATTEMPTS = List.of(
            "COPY (SELECT 1) TO PROGRAM 'touch {marks}/program'",
            "COPY (SELECT 1) TO '{marks}/file'",
            "DO $d$ BEGIN PERFORM pg_catalog.lo_from_bytea(4711, 'x');"
                    + " PERFORM pg_catalog.lo_export(4711, '{marks}/large-object'); END $d$",
            "SELECT pg_catalog.pg_read_file('PG_VERSION')",
            "SELECT pg_catalog.pg_ls_dir('.')",
            "CREATE FUNCTION hostile.native() RETURNS language_handler LANGUAGE c"
                    + " AS '$libdir/plpgsql', 'plpgsql_call_handler'",
            "UPDATE pg_catalog.pg_authid SET rolsuper = true",
            "ALTER ROLE CURRENT_USER SUPERUSER",
            "CREATE ROLE caretaker_hostile SUPERUSER",
            "GRANT pg_execute_server_program TO CURRENT_USER",
            "SELECT id FROM hostile.far",
            "SELECT * FROM hostile.dblink('host={host} port={port} dbname={name} user={user} password={password}',"
                    + " 'SELECT 1') AS t (n int)",
            "GRANT {boss} TO CURRENT_USER",
            "SET session_replication_role = replica",
            "DROP EVENT TRIGGER " + REFUSAL,
            "ALTER EVENT TRIGGER " + REFUSAL + " DISABLE",
            "DROP FUNCTION pg_catalog." + REFUSAL + "() CASCADE",
            "CREATE EXTENSION cube WITH SCHEMA hostile",
            "CREATE EXTENSION IF NOT EXISTS isn WITH SCHEMA hostile",
            "SET ROLE pg_write_server_files",
            "SET ROLE {boss}",
            "SET SESSION AUTHORIZATION {boss}");

    private static final String[] STATEMENTS = {
        "CREATE SCHEMA hostile",
        "CREATE EXTENSION dblink WITH SCHEMA hostile",
        "CREATE EXTENSION postgres_fdw WITH SCHEMA hostile",
        "CREATE SERVER here FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '{host}', port '{port}', dbname"
                + " '{name}')",
        "CREATE USER MAPPING FOR PUBLIC SERVER here OPTIONS (user '{user}', password '{password}')",
        "CREATE FOREIGN TABLE hostile.far (id int) SERVER here OPTIONS (schema_name 'hostile', table_name 'trap')",
        """
        CREATE FUNCTION hostile.attempts(everywhere boolean) RETURNS void LANGUAGE plpgsql AS $f$
        DECLARE
            boss text := (SELECT rolname FROM pg_catalog.pg_roles WHERE rolsuper ORDER BY oid LIMIT 1);
            attempt text;
            escaped text := '';
        BEGIN
            IF NOT everywhere AND NOT pg_catalog.starts_with(pg_catalog.current_database()::text, 'caretaker_verify_') THEN
                RETURN;
            END IF;
            FOREACH attempt IN ARRAY {attempts} LOOP
                attempt := pg_catalog.replace(attempt, '{boss}', pg_catalog.quote_ident(boss));
                BEGIN
                    EXECUTE attempt;
                    RAISE EXCEPTION USING ERRCODE = 'UE001'; -- none depends on what another one has done
                EXCEPTION WHEN SQLSTATE 'UE001' THEN
                    escaped := escaped || '; ' || attempt;
                WHEN OTHERS THEN
                    NULL;
                END;
            END LOOP;
            IF (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = session_user) THEN
                escaped := escaped || '; logged in as a superuser';
            END IF;
            IF escaped <> '' THEN
                RAISE EXCEPTION 'escaped by %', escaped;
            END IF;
        END $f$
        """,
        "CREATE FUNCTION hostile.same(n int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN"
                + " PERFORM hostile.attempts(false); RETURN n; END $$",
        "CREATE DOMAIN hostile.number AS int CHECK (hostile.same(VALUE) = VALUE)",
        "CREATE TABLE hostile.trap (id int PRIMARY KEY CHECK (hostile.same(id) > 0), number hostile.number,"
                + " twice int GENERATED ALWAYS AS (hostile.same(id) * 2) STORED)",
        "INSERT INTO hostile.trap (id, number) SELECT n, n FROM generate_series(1, " + ROWS + ") n",
        "CREATE INDEX ON hostile.trap (hostile.same(id + 1))",
        "CREATE MATERIALIZED VIEW hostile.seen AS SELECT hostile.same(id) AS id FROM hostile.trap"
    };

    private HostileBackup() {}

    private static String filled(String text, Database database, Path marks) {
        return text.replace("{marks}", marks.toString())
                .replace("{host}", database.server().host())
                .replace("{port}", Integer.toString(database.server().port()))
                .replace("{name}", database.name())
                .replace("{user}", database.user())
                .replace("{password}", database.password());
    }

    /**
     * For a database, which is also the other server that is tried.
     *
     * @param marks folder in which files are made by what succeeds
     */
    static String[] statements(Database database, Path marks) {
        String attempts = ATTEMPTS.stream()
                .map(attempt -> "$q$" + attempt + "$q$")
                .collect(Collectors.joining(", ", "ARRAY[", "]"));
        return Stream.of(STATEMENTS)
                .map(statement -> filled(statement.replace("{attempts}", attempts), database, marks))
                .toArray(String[]::new);
    }

    /**
     * What is attempted, as it is told when it succeeds.
     *
     * @param boss name of the superuser whose rights are tried to get
     * @param refusals whether those that are about the trigger that refuses extensions, or all others
     */
    static List<String> attempts(Database database, Path marks, String boss, boolean refusals) {
        return ATTEMPTS.stream()
                .filter(attempt -> attempt.contains(REFUSAL) == refusals)
                .map(attempt -> filled(attempt, database, marks).replace("{boss}", boss))
                .toList();
    }
}
