package dev.caretaker.server.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A schema at the front of a database's search_path that has an operator and a function of its own for all that Caretaker's
 * statements may name, for the catalog's own types and for pairs of types that the catalog has none for. Each of them counts
 * that it was called, which no rollback undoes, and fails.
 */
public final class Shadows {
    private static final Pattern WORD = Pattern.compile("[a-z_][a-z0-9_]{2,}");
    private static final String CALLED =
            "BEGIN PERFORM pg_catalog.nextval(''shadow.calls'');" + " RAISE EXCEPTION ''a shadow was called: %s'';END";

    private Shadows() {}

    /**
     * Makes them, and puts the schema before pg_catalog for all sessions to come.
     *
     * @param types of the database's own, to be compared too
     * @return how many operators and functions there are now
     */
    public static long cast(TestPostgres.Database database, String... types) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE SCHEMA shadow; CREATE SEQUENCE shadow.calls; GRANT USAGE ON SCHEMA shadow TO PUBLIC");
            statement.execute(operators(types));
            statement.execute(functions());
        }
        long made =
                database.number("SELECT (SELECT count(*) FROM pg_operator WHERE oprnamespace = 'shadow'::regnamespace)"
                        + " + (SELECT count(*) FROM pg_proc WHERE pronamespace = 'shadow'::regnamespace)");
        database.execute("ALTER DATABASE " + database.name() + " SET search_path = shadow, pg_catalog, public");
        return made;
    }

    /** How often any of them was called. */
    public static long calls(TestPostgres.Database database) {
        return database.number("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM shadow.calls");
    }

    private static String operators(String... types) {
        String own = String.join(",", types);
        return """
                DO $do$
                DECLARE o record;
                BEGIN
                  FOR o IN
                    SELECT oprname AS name, oprleft::regtype AS l, oprright::regtype AS r, oprresult::regtype AS result
                      FROM pg_operator JOIN pg_type lt ON lt.oid = oprleft JOIN pg_type rt ON rt.oid = oprright
                      JOIN pg_type t ON t.oid = oprresult
                     WHERE lt.typtype = 'b' AND rt.typtype = 'b' AND t.typtype = 'b'
                       AND lt.typcategory IN ('B','D','N','S','U','T') AND rt.typcategory IN ('B','D','N','S','U','T')
                    UNION
                    SELECT s, l.type::regtype, r.type::regtype, 'boolean'::regtype
                      FROM unnest(ARRAY['=','<>','<','<=','>','>=']) s,
                           unnest(string_to_array('%1$s', ',') || string_to_array('%2$s', ',')) l (type),
                           unnest(string_to_array('%1$s', ',') || string_to_array('%2$s', ',')) r (type)
                     WHERE l.type <> '' AND r.type <> ''
                  LOOP
                    BEGIN
                      EXECUTE format('CREATE OR REPLACE FUNCTION shadow.op(%%s, %%s) RETURNS %%s LANGUAGE plpgsql AS '
                          || '$f$%3$s$f$', o.l, o.r, o.result);
                      EXECUTE format('CREATE OPERATOR shadow.%%s (LEFTARG = %%s, RIGHTARG = %%s, FUNCTION = shadow.op)',
                          o.name, o.l, o.r);
                    EXCEPTION WHEN invalid_function_definition THEN
                      NULL; -- another result for the same types
                    END;
                  END LOOP;
                END $do$""".formatted(
                        "int2,int4,int8,oid,text,varchar,name,\"char\",timestamptz,timestamp,date,uuid,float8,numeric,bool,tid,"
                                + "xid,xid8,_text,_oid,_int2,_int4,_int8,oidvector,int2vector,regclass,inet",
                        own,
                        CALLED.formatted("operator"));
    }

    /** Of the catalog's functions those whose names occur in a statement or in the code. */
    private static String functions() {
        return """
                DO $do$
                DECLARE f record;
                BEGIN
                  FOR f IN
                    SELECT p.proname AS name, p.prokind AS kind, p.proretset AS many,
                           pg_get_function_identity_arguments(p.oid) AS arguments, p.prorettype::regtype AS result
                      FROM pg_proc p JOIN pg_type t ON t.oid = p.prorettype
                     WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname = ANY ('{%1$s}')
                       AND p.prokind IN ('f', 'a') AND p.provariadic = 0 AND NOT p.proretset AND p.proargmodes IS NULL
                       AND (t.typtype <> 'p' OR t.typname LIKE 'any%%')
                       AND NOT EXISTS (SELECT FROM unnest(p.proargtypes) a JOIN pg_type at ON at.oid = a
                                        WHERE at.typtype = 'p' AND at.typname NOT IN ('anyelement', 'anyarray'))
                  LOOP
                    BEGIN
                      IF f.kind = 'f' THEN
                        EXECUTE format('CREATE FUNCTION shadow.%%I(%%s) RETURNS %%s LANGUAGE plpgsql AS $f$%2$s$f$',
                            f.name, f.arguments, f.result);
                      ELSIF f.arguments !~ ',|any' THEN
                        EXECUTE format('CREATE FUNCTION shadow.step(%%s) RETURNS %%s LANGUAGE plpgsql AS $f$%2$s$f$',
                            concat_ws(', ', f.result::text, nullif(f.arguments, '')), f.result);
                        EXECUTE format('CREATE AGGREGATE shadow.%%I(%%s) (SFUNC = shadow.step, STYPE = %%s)',
                            f.name, CASE f.arguments WHEN '' THEN '*' ELSE f.arguments END, f.result);
                      END IF;
                    EXCEPTION WHEN invalid_function_definition OR duplicate_function OR syntax_error
                        OR datatype_mismatch THEN
                      NULL; -- not to be had in plpgsql
                    END;
                  END LOOP;
                END $do$""".formatted(String.join(",", words()), CALLED.formatted("function"));
    }

    private static Set<String> words() {
        Set<String> words = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main"))) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(path -> path.toString().matches(".*\\.(sql|java)"))
                    .toList()) {
                Matcher word = WORD.matcher(Files.readString(file));
                while (word.find()) {
                    words.add(word.group());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return words;
    }
}
