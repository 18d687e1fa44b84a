package dev.caretaker.server.cleanup.plan;

import static dev.caretaker.server.cleanup.CleanupBench.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.cleanup.CleanupBench;
import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Foreign keys of every form that Postgres knows: a cleanup takes just those rows that a plain DELETE of each would, and leaves the
 * referencing ones as that does. And for each form the index that a plan proposes is one that Postgres' own check uses.
 */
class KeyFormsTest {
    /** Rows 1 to 6 of p are old. */
    private static final String TIMES = "CASE WHEN i <= 6 THEN timestamptz '2026-01-01Z' + i * interval '1 day'"
            + " ELSE timestamptz '2026-06-14Z' END";

    /**
     * A form.
     *
     * @param since major version of Postgres that first has it
     * @param until the last one
     */
    private record Form(String name, int since, int until, String... statements) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Form> FORMS = List.of(
            form("another collation", keyed("text COLLATE \"C\"", "text", "'k' || i", "'k2'", "'k5'", "'k7'")),
            form("a referenced name", keyed("name", "text", "'k' || i", "'k2'", "'k7'")),
            form(
                    "a domain with a collation",
                    "CREATE DOMAIN code AS text COLLATE \"C\"",
                    keyed("code", "varchar(9)", "'k' || i", "'k3'", "'k5'")),
            form(
                    "a collation that is not deterministic",
                    "CREATE COLLATION folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                    keyed("text COLLATE folded", "text COLLATE folded", "'k' || i", "'K2'", "'k3'", "'K7'")),
            since(
                    14,
                    17,
                    "one that is not, referenced by one that is",
                    "CREATE COLLATION folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                    keyed("text COLLATE folded", "text", "'k' || i", "'K2'", "'k3'", "'K7'")),
            form(
                    "citext out of the path",
                    "CREATE SCHEMA ext",
                    "CREATE EXTENSION citext SCHEMA ext",
                    keyed("ext.citext", "ext.citext", "'k' || i", "'K2'", "'k4'", "'K7'")),
            form(
                    "a domain over citext, referenced by another",
                    "CREATE SCHEMA ext",
                    "CREATE EXTENSION citext SCHEMA ext",
                    "CREATE DOMAIN ext.mail AS ext.citext CHECK (length(VALUE) < 9)",
                    "CREATE DOMAIN ext.reader AS ext.mail",
                    keyed("ext.mail", "ext.reader", "'k' || i", "'K2'", "'k4'", "'K7'")),
            form(
                    "text referenced by citext, by its letters",
                    "CREATE SCHEMA ext",
                    "CREATE EXTENSION citext SCHEMA ext",
                    keyed("text", "ext.citext", "CASE WHEN i = 6 THEN 'K4' ELSE 'k' || i END", "'K4'", "'k3'")),
            form(
                    "domains over numbers",
                    "CREATE DOMAIN small AS int CHECK (VALUE > 0)",
                    "CREATE DOMAIN big AS numeric(9, 2)",
                    keyed("big", "small", "i", "2", "5", "NULL")),
            form("a numeric referenced by integers", keyed("numeric", "int", "i + 0.00", "2", "3", "8")),
            form("a bigint referenced by smallints", keyed("bigint", "smallint", "i", "2", "3", "8")),
            form("a double referenced by integers", keyed("float8", "int", "i", "1", "6")),
            form("text referenced by padded texts", keyed("text", "char(9)", "'k' || i", "'k2'", "'k3'")),
            since(
                    14,
                    17,
                    "text referenced by single bytes",
                    keyed("text", "\"char\"", "CAST(i AS text)", "'2'", "'3'")),
            form("instants referenced by days", keyed("timestamp", "date", "date '2026-01-01' + i", "'2026-01-04'")),
            form(
                    "an enum",
                    "CREATE TYPE grade AS ENUM ('k1', 'k2', 'k3', 'k4', 'k5', 'k6', 'k7', 'k8')",
                    keyed("grade", "grade", "CAST('k' || i AS grade)", "'k2'", "'k7'")),
            form("arrays", keyed("int[]", "int[]", "ARRAY[i, i + 1]", "'{2,3}'", "'{5,6}'")),
            form("ranges", keyed("int4range", "int4range", "int4range(i, i + 1)", "'[2,2]'", "'[5,6)'")),
            form(
                    "a pair of values",
                    "CREATE TYPE pair AS (a int, b text)",
                    keyed("pair", "pair", "CAST(ROW(i, 'x') AS pair)", "'(4,x)'")),
            form("bits", keyed("varbit", "bit(4)", "CAST(i AS bit(4))", "B'0011'", "B'0111'")),
            form("networks", keyed("inet", "cidr", "CAST('10.0.0.' || i AS inet)", "'10.0.0.2'", "'10.0.0.7'")),
            form(
                    "MATCH FULL",
                    "CREATE TABLE p (id int, b int, at timestamptz, PRIMARY KEY (id, b))",
                    "INSERT INTO p SELECT i, i, " + TIMES + " FROM generate_series(1, 8) AS i",
                    "CREATE TABLE c (a int, b int, FOREIGN KEY (a, b) REFERENCES p MATCH FULL)",
                    "INSERT INTO c VALUES (NULL, NULL), (2, 2), (7, 7)"),
            form(
                    "MATCH SIMPLE with a NULL",
                    "CREATE TABLE p (id int, b int, at timestamptz, PRIMARY KEY (id, b))",
                    "INSERT INTO p SELECT i, i, " + TIMES + " FROM generate_series(1, 8) AS i",
                    "CREATE TABLE c (a int, b int, FOREIGN KEY (b, a) REFERENCES p (b, id))",
                    "INSERT INTO c VALUES (1, NULL), (NULL, 3), (2, 2), (7, 7)"),
            form(
                    "several columns between partitions of both",
                    "CREATE TABLE p (id int, at timestamptz, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
                    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2026-01-01Z') TO ('2026-01-05Z')",
                    "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM ('2026-01-05Z') TO ('2026-06-01Z')",
                    "CREATE TABLE p3 PARTITION OF p FOR VALUES FROM ('2026-06-01Z') TO ('2026-07-01Z')",
                    "INSERT INTO p SELECT i, " + TIMES + " FROM generate_series(1, 8) AS i",
                    "CREATE TABLE c (p_at timestamptz, kind text, p bigint) PARTITION BY LIST (kind)",
                    "CREATE TABLE c1 (kind text, junk int, p bigint, p_at timestamptz)",
                    "ALTER TABLE c1 DROP COLUMN junk",
                    "ALTER TABLE c ATTACH PARTITION c1 FOR VALUES IN ('a')",
                    "CREATE TABLE c2 PARTITION OF c FOR VALUES IN ('b') PARTITION BY HASH (p)",
                    "CREATE TABLE c3 PARTITION OF c2 FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
                    "ALTER TABLE c ADD FOREIGN KEY (p_at, p) REFERENCES p (at, id)",
                    "INSERT INTO c SELECT at, 'a', id FROM p WHERE id IN (2, 7)",
                    "INSERT INTO c SELECT at, 'b', id FROM p WHERE id IN (2, 5)"),
            form(
                    "a partition of its own",
                    "CREATE TABLE p (id int, at timestamptz) PARTITION BY RANGE (at)",
                    "CREATE TABLE p1 PARTITION OF p (PRIMARY KEY (id)) FOR VALUES FROM ('2026-01-01Z') TO"
                            + " ('2026-01-05Z')",
                    "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM ('2026-01-05Z') TO ('2026-07-01Z')",
                    "INSERT INTO p SELECT i, " + TIMES + " FROM generate_series(1, 8) AS i",
                    "CREATE TABLE c (p int REFERENCES p1)",
                    "INSERT INTO c VALUES (2)"),
            since(
                    18,
                    99,
                    "PERIOD",
                    "CREATE EXTENSION btree_gist",
                    "CREATE TABLE p (id int, span daterange, at timestamptz, PRIMARY KEY (id, span WITHOUT OVERLAPS))",
                    "INSERT INTO p SELECT i / 2, daterange(date '2026-01-01' + i * 10, date '2026-01-11' + i * 10), "
                            + TIMES + " FROM generate_series(1, 8) AS i",
                    "CREATE TABLE c (p smallint, during daterange, FOREIGN KEY (p, PERIOD during) REFERENCES p (id,"
                            + " PERIOD span))",
                    "INSERT INTO c VALUES (1, '[2026-01-25,2026-02-05)'), (2, '[2026-02-11,2026-02-13)'), (NULL,"
                            + " NULL)"),
            since(
                    18,
                    99,
                    "NOT ENFORCED",
                    "CREATE TABLE p (id int PRIMARY KEY, at timestamptz)",
                    "INSERT INTO p SELECT i, " + TIMES + " FROM generate_series(1, 8) AS i",
                    "CREATE TABLE c (p int REFERENCES p NOT ENFORCED, q int REFERENCES p)",
                    "INSERT INTO c VALUES (2, 3), (77, 7)"),
            since(
                    15,
                    99,
                    "SET NULL of some columns",
                    "CREATE TABLE p (tenant int, id int, at timestamptz, PRIMARY KEY (tenant, id))",
                    "INSERT INTO p SELECT 1, i, " + TIMES + " FROM generate_series(1, 8) AS i",
                    "CREATE TABLE c (tenant int NOT NULL, p int, FOREIGN KEY (tenant, p) REFERENCES p ON DELETE SET"
                            + " NULL (p))",
                    "INSERT INTO c VALUES (1, 2), (1, 7), (1, NULL)"),
            form(
                    "SET DEFAULT",
                    "CREATE TABLE p (id int PRIMARY KEY, at timestamptz)",
                    "INSERT INTO p SELECT i, " + TIMES + " FROM generate_series(1, 8) AS i",
                    "CREATE TABLE c (p int DEFAULT 8 REFERENCES p ON DELETE SET DEFAULT, q int REFERENCES p)",
                    "INSERT INTO c VALUES (2, 7), (3, 4), (7, NULL)"),
            form(
                    "CASCADE by a cast, to rows that others hold",
                    "CREATE TABLE p (id numeric PRIMARY KEY, at timestamptz)",
                    "INSERT INTO p SELECT i, " + TIMES + " FROM generate_series(1, 8) AS i",
                    "CREATE TABLE c (p int PRIMARY KEY REFERENCES p ON DELETE CASCADE)",
                    "INSERT INTO c VALUES (2), (3), (7)",
                    "CREATE TABLE d (p numeric REFERENCES p DEFERRABLE INITIALLY DEFERRED)",
                    "INSERT INTO d VALUES (3)"),
            form(
                    "DEFERRED",
                    "CREATE TABLE p (id int PRIMARY KEY, at timestamptz)",
                    "INSERT INTO p SELECT i, " + TIMES + " FROM generate_series(1, 8) AS i",
                    "CREATE TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED)",
                    "INSERT INTO c VALUES (2), (7)"),
            form(
                    "a generated column that is referenced",
                    "CREATE TABLE p (id int, code text GENERATED ALWAYS AS ('k' || CAST(id AS text)) STORED UNIQUE, at"
                            + " timestamptz)",
                    "INSERT INTO p (id, at) SELECT i, " + TIMES + " FROM generate_series(1, 8) AS i",
                    "CREATE TABLE c (p text REFERENCES p (code))",
                    "INSERT INTO c VALUES ('k2'), ('k7')"),
            form(
                    "a generated column that references",
                    "CREATE TABLE p (id bigint PRIMARY KEY, at timestamptz)",
                    "INSERT INTO p SELECT i, " + TIMES + " FROM generate_series(1, 8) AS i",
                    "CREATE TABLE c (n int, p int GENERATED ALWAYS AS (n % 10) STORED REFERENCES p)",
                    "INSERT INTO c (n) VALUES (12), (15), (27), (NULL)"),
            form(
                    "a key of a user's own operators",
                    // Not in SQL: the planner would put the body of such a function in the operator's place.
                    "CREATE FUNCTION same_tens(int, int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1 /"
                            + " 10 = $2 / 10; END'",
                    "CREATE FUNCTION order_tens(int, int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN"
                            + " btint4cmp($1 / 10, $2 / 10); END'",
                    "CREATE FUNCTION less_tens(int, int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1 /"
                            + " 10 < $2 / 10; END'",
                    "CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, PROCEDURE = same_tens, COMMUTATOR = ===)",
                    "CREATE OPERATOR <<< (LEFTARG = int, RIGHTARG = int, PROCEDURE = less_tens)",
                    "CREATE OPERATOR CLASS tens FOR TYPE int USING btree AS OPERATOR 1 <<<, OPERATOR 3 ===,"
                            + " FUNCTION 1 order_tens(int, int)",
                    "CREATE TABLE p (id int, at timestamptz)",
                    "CREATE UNIQUE INDEX ON p (id tens)",
                    "INSERT INTO p SELECT i * 10, " + TIMES + " FROM generate_series(1, 8) AS i",
                    "CREATE TABLE c (p int REFERENCES p (id))",
                    "INSERT INTO c VALUES (25), (77)"));

    private static Form form(String name, Object... statements) {
        return since(14, 99, name, statements);
    }

    private static Form since(int since, int until, String name, Object... statements) {
        String[] all = Stream.of(statements)
                .flatMap(some -> some instanceof List<?> several ? several.stream() : Stream.of(some))
                .map(String.class::cast)
                .toArray(String[]::new);
        return new Form(name, since, until, all);
    }

    /** A table p, whose keys are an expression over i, and a table c, which references some of them. */
    private static List<String> keyed(String referenced, String referencing, String key, String... referred) {
        List<String> statements = new ArrayList<>(List.of(
                "CREATE TABLE p (id " + referenced + " PRIMARY KEY, at timestamptz)",
                "INSERT INTO p SELECT " + key + ", " + TIMES + " FROM generate_series(1, 8) AS i",
                "CREATE TABLE c (p " + referencing + " REFERENCES p)"));
        for (String value : referred) {
            statements.add("INSERT INTO c VALUES (" + value + ")");
        }
        return statements;
    }

    static Stream<TestPostgres> servers() {
        return TestPostgres.both();
    }

    @ParameterizedTest
    @MethodSource("servers")
    void what_goes_is_what_plain_deletes_take(TestPostgres server) throws SQLException {
        Database db = server.database();
        long major = db.number("SELECT CAST(current_setting('server_version_num') AS int) / 10000");
        Map<Form, Throwable> failed = new LinkedHashMap<>();
        try (CleanupBench bench = CleanupBench.start(db)) {
            for (Form form : FORMS) {
                if (form.since <= major && major <= form.until) {
                    db.execute("DROP SCHEMA IF EXISTS public, ext CASCADE", "CREATE SCHEMA public");
                    db.execute(form.statements);
                    try {
                        check(db, bench);
                    } catch (SQLException | RuntimeException | AssertionError e) {
                        failed.put(form, e);
                    }
                }
            }
        }
        assertThat(failed).isEmpty();
    }

    private static void check(Database db, CleanupBench bench) throws SQLException {
        Outcome expected = plain(db);
        Plan plan = bench.plan(true, false, policy("p", "p").skipPinned().allowCascade());
        assertThat(plan.warnings())
                .filteredOn(PlanWarning::blocking)
                .extracting(PlanWarning::code)
                .contains(Code.UNINDEXED_FOREIGN_KEY)
                .isSubsetOf(Code.UNINDEXED_FOREIGN_KEY, Code.LARGE_SHARE);
        Totals totals = new PlanRun(db, 2).of(plan);
        assertThat(rows(db)).isEqualTo(expected.left);
        assertThat(totals.rowsDeleted()).isEqualTo(expected.gone);
        assertThat(totals.rowsPinned()).isEqualTo(6 - expected.gone);

        index(db, plan);
        assertThat(bench.plan(true, false, policy("p", "p").skipPinned().allowCascade())
                        .warnings())
                .noneMatch(warning -> warning.code() == Code.UNINDEXED_FOREIGN_KEY);
    }

    /** Builds what the plan proposes, and sees that the server takes just that when it looks for rows that refer. */
    private static void index(Database db, Plan plan) throws SQLException {
        for (PlanWarning warning : plan.warnings()) {
            if (warning.code() == Code.UNINDEXED_FOREIGN_KEY) {
                db.execute(warning.remediationSql());
            }
        }
        try (Connection connection = db.connect()) {
            connection.setAutoCommit(false);
            Sql.of("SET LOCAL enable_seqscan = off").update(connection);
            plainly(connection, "true");
            long searched = Sql.of("SELECT count(*) FROM pg_index i WHERE indrelid IN (SELECT relid FROM"
                            + " pg_partition_tree('c') UNION SELECT 'c'::regclass) AND"
                            + " pg_stat_get_xact_numscans(indexrelid) > 0")
                    .one(connection, row -> row.getLong(1));
            assertThat(searched).as("indexes of c that were searched").isPositive();
            connection.rollback();
        }
    }

    private record Outcome(Set<String> left, int gone) {}

    private static Outcome plain(Database db) throws SQLException {
        try (Connection connection = db.connect()) {
            connection.setAutoCommit(false);
            int gone = plainly(connection, "at < '2026-05-16Z'");
            Set<String> left = rows(connection);
            connection.rollback();
            return new Outcome(left, gone);
        }
    }

    /** Deletes each of these rows by itself, as far as the server lets it. */
    private static int plainly(Connection connection, String which) throws SQLException {
        int gone = 0;
        List<String> rows = Sql.of(
                        "SELECT format('tableoid = %s AND ctid = %L', tableoid::oid, ctid) FROM p WHERE " + which)
                .list(connection, row -> row.getString(1));
        for (String row : rows) {
            Sql.of("SAVEPOINT before").update(connection);
            try {
                Sql.of("DELETE FROM p WHERE " + row).update(connection);
                Sql.of("SET CONSTRAINTS ALL IMMEDIATE").update(connection);
                gone++;
            } catch (SQLException e) {
                assertThat(e.getSQLState()).as(e.getMessage()).isIn("23503", "23001");
                Sql.of("ROLLBACK TO before").update(connection);
            }
        }
        return gone;
    }

    private static Set<String> rows(Database db) throws SQLException {
        try (Connection connection = db.connect()) {
            return rows(connection);
        }
    }

    private static Set<String> rows(Connection connection) throws SQLException {
        return new TreeSet<>(Sql.of("SELECT concat('p ', t) FROM p AS t UNION ALL SELECT concat('c ', t, row_number()"
                        + " OVER (PARTITION BY CAST(t AS text))) FROM c AS t")
                .list(connection, row -> row.getString(1)));
    }
}
