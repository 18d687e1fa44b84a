package dev.caretaker.server.api;

import dev.caretaker.server.testing.TestPostgres.Database;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Statements that make a schema hostile, whose functions try to get the rights of the server's process, and to reach other servers,
 * wherever it is verified, and to have scripts of extensions run. They run when rows are loaded, when indexes are made and when a
 * materialized view is refreshed.
 */
final class HostileBackup {
    static final long ROWS = 5;

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
            FOREACH attempt IN ARRAY ARRAY[
                $q$COPY (SELECT 1) TO PROGRAM 'touch {marks}/program'$q$,
                $q$COPY (SELECT 1) TO '{marks}/file'$q$,
                $q$DO $d$ BEGIN
                       PERFORM pg_catalog.lo_from_bytea(4711, 'x');
                       PERFORM pg_catalog.lo_export(4711, '{marks}/large-object');
                   END $d$$q$,
                $q$SELECT pg_catalog.pg_read_file('PG_VERSION')$q$,
                $q$SELECT pg_catalog.pg_ls_dir('.')$q$,
                $q$CREATE FUNCTION hostile.native() RETURNS language_handler LANGUAGE c
                   AS '$libdir/plpgsql', 'plpgsql_call_handler'$q$,
                $q$UPDATE pg_catalog.pg_authid SET rolsuper = true$q$,
                $q$ALTER ROLE CURRENT_USER SUPERUSER$q$,
                $q$CREATE ROLE caretaker_hostile SUPERUSER$q$,
                $q$GRANT pg_execute_server_program TO CURRENT_USER$q$,
                $q$SELECT id FROM hostile.far$q$,
                $q$SELECT * FROM hostile.dblink('host={host} port={port} dbname={name} user={user} password={password}',
                                                'SELECT 1') AS t (n int)$q$,
                pg_catalog.format('GRANT %I TO CURRENT_USER', boss),
                $q$SET session_replication_role = replica$q$,
                $q$DROP EVENT TRIGGER caretaker_refuse_extension$q$,
                $q$ALTER EVENT TRIGGER caretaker_refuse_extension DISABLE$q$,
                $q$DROP FUNCTION pg_catalog.caretaker_refuse_extension() CASCADE$q$,
                $q$CREATE EXTENSION cube WITH SCHEMA hostile$q$,
                $q$CREATE EXTENSION IF NOT EXISTS isn WITH SCHEMA hostile$q$,
                $q$SET ROLE pg_write_server_files$q$,
                pg_catalog.format('SET ROLE %I', boss),
                pg_catalog.format('SET SESSION AUTHORIZATION %I', boss)
            ] LOOP
                BEGIN
                    EXECUTE attempt;
                    escaped := escaped || '; ' || attempt;
                EXCEPTION WHEN OTHERS THEN
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

    /**
     * For a database, which is also the other server that is tried.
     *
     * @param marks folder in which files are made by what succeeds
     */
    static String[] statements(Database database, Path marks) {
        return Stream.of(STATEMENTS)
                .map(statement -> statement
                        .replace("{marks}", marks.toString())
                        .replace("{host}", database.server().host())
                        .replace("{port}", Integer.toString(database.server().port()))
                        .replace("{name}", database.name())
                        .replace("{user}", database.user())
                        .replace("{password}", database.password()))
                .toArray(String[]::new);
    }
}
