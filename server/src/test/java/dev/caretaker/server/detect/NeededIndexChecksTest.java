package dev.caretaker.server.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Indexes that look superfluous and are not: they enforce or serve something, or answer what no other one does. */
class NeededIndexChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final List<String> LOOSE = List.of("min_bytes=0", "min_days=0");

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("index-duplicate")
    void parameters_by_which_an_index_answers_otherwise_make_it_another(TestPostgres server) {
        Scene scene = Scene.on(
                server,
                "CREATE EXTENSION pg_trgm",
                "CREATE EXTENSION bloom",
                "CREATE TABLE log (id int, at timestamptz, msg text)",
                "CREATE INDEX ON log USING brin (at) WITH (pages_per_range = 128)",
                "CREATE INDEX ON log USING brin (at) WITH (pages_per_range = 4)",
                "CREATE INDEX ON log USING brin (at timestamptz_minmax_multi_ops (values_per_range = 16))",
                "CREATE INDEX ON log USING brin (at timestamptz_minmax_multi_ops (values_per_range = 64))",
                "CREATE INDEX ON log USING gist (msg gist_trgm_ops (siglen = 12))",
                "CREATE INDEX ON log USING gist (msg gist_trgm_ops (siglen = 256))",
                "CREATE INDEX ON log USING bloom (id) WITH (length = 80)",
                "CREATE INDEX ON log USING bloom (id) WITH (length = 160)",
                "CREATE INDEX more ON log (lower(msg))",
                "CREATE INDEX ON log (lower(msg))",
                "ALTER INDEX more ALTER COLUMN 1 SET STATISTICS 1000");
        scene.spares("index-duplicate");
        scene.plant(
                "CREATE INDEX low ON log (upper(msg))",
                "CREATE INDEX loose ON log (upper(msg)) WITH (fillfactor = 50)");
        scene.finds("index-duplicate", "public.loose");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("index-duplicate")
    void a_key_checked_at_once_is_another_than_one_checked_at_the_end(TestPostgres server) {
        Scene scene = Scene.on(
                server,
                "CREATE TABLE slot (id int, pos int, \"No\" int, UNIQUE (pos) DEFERRABLE INITIALLY DEFERRED,"
                        + " UNIQUE (\"No\") DEFERRABLE)",
                "CREATE UNIQUE INDEX slot_pos_now ON slot (pos)",
                "CREATE UNIQUE INDEX slot_no_now ON slot (\"No\")",
                "CREATE TABLE parted (id int, UNIQUE (id) DEFERRABLE) PARTITION BY RANGE (id)",
                "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (10)",
                "CREATE UNIQUE INDEX parted_now ON parted (id)");
        if (server == TestPostgres.newest()) {
            scene.plant("CREATE UNIQUE INDEX ON slot (id)", "CREATE UNIQUE INDEX ON slot (id) NULLS NOT DISTINCT");
        }
        scene.spares("index-duplicate");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares({"index-duplicate", "index-redundant"})
    void what_something_depends_on_stays_even_if_that_is_one_partition(TestPostgres server) {
        Scene scene = Scene.on(
                server,
                "CREATE TABLE p (id int NOT NULL, a int) PARTITION BY RANGE (id)",
                "CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE p_2 PARTITION OF p FOR VALUES FROM (10) TO (20)",
                "CREATE UNIQUE INDEX first ON p (id)",
                "CREATE UNIQUE INDEX second ON p (id)",
                "ALTER TABLE p_1 REPLICA IDENTITY USING INDEX p_1_id_idx1",
                "ALTER TABLE p_2 REPLICA IDENTITY USING INDEX p_2_id_idx",
                "CREATE INDEX sorted ON p (a)",
                "CREATE INDEX wide ON p (a, id)",
                "CLUSTER p_2 USING p_2_a_idx",
                "CREATE TABLE plain (id int, a int)",
                "CREATE INDEX plain_a ON plain (a)",
                "CREATE INDEX plain_a_id ON plain (a, id)",
                "CLUSTER plain USING plain_a",
                "CREATE UNIQUE INDEX referred ON plain (id)",
                "CREATE TABLE child (id int PRIMARY KEY REFERENCES plain (id))",
                "ALTER TABLE plain ADD CONSTRAINT key UNIQUE (id)",
                "CREATE EXTENSION pageinspect",
                "CREATE TABLE of_extension (a int)",
                "ALTER EXTENSION pageinspect ADD TABLE of_extension",
                "CREATE INDEX ON of_extension (a)",
                "CREATE INDEX ON of_extension (a)");
        scene.spares("index-duplicate");
        scene.spares("index-redundant");
        scene.plant("ALTER TABLE p_1 REPLICA IDENTITY NOTHING", "ALTER TABLE p_2 SET WITHOUT CLUSTER");
        scene.finds("index-duplicate", "public.second");
        scene.finds("index-redundant", "public.sorted");
        scene.mend("index-duplicate");
        scene.mend("index-redundant");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("index-unused")
    void an_index_without_scans_may_serve_something_else(TestPostgres server) {
        Scene scene = Scene.on(
                server,
                "CREATE TABLE boss (id int PRIMARY KEY, k int, UNIQUE (id, k))",
                "CREATE TABLE emp (id int, boss int REFERENCES boss, \"K k\" int, FOREIGN KEY (boss, \"K k\")"
                        + " REFERENCES boss (id, k))",
                "CREATE INDEX only_set ON emp (boss) WHERE boss IS NOT NULL",
                "CREATE INDEX both_set ON emp (\"K k\", boss) WHERE NOT (\"K k\" IS NULL) AND boss IS NOT NULL",
                "CREATE TABLE p (id int, boss int) PARTITION BY RANGE (id)",
                "CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE p_2 PARTITION OF p FOR VALUES FROM (10) TO (20)",
                "ALTER TABLE p_2 ADD FOREIGN KEY (boss) REFERENCES boss",
                "CREATE INDEX serves_one_partition ON p (boss)",
                "CREATE TABLE t (a int, b text)",
                "CREATE INDEX clustered ON t (a)",
                "CLUSTER t USING clustered",
                "CREATE INDEX known_well ON t (lower(b))",
                "ALTER INDEX known_well ALTER COLUMN 1 SET STATISTICS 500");
        scene.spares("index-unused", LOOSE.toArray(String[]::new));
        scene.plant("CREATE INDEX partly ON emp (boss) WHERE boss IS NOT NULL AND id > 0");
        scene.finds("index-unused", LOOSE, "public.partly");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("index-unused")
    @Mends({"index-unused", "index-duplicate", "index-redundant"})
    void who_follows_all_findings_keeps_one_of_two_indexes(TestPostgres server) throws SQLException {
        Scene scene = Scene.on(
                server,
                "CREATE TABLE t (a int, b int, c text)",
                "INSERT INTO t SELECT g, g, g FROM generate_series(1, 1000) g",
                "CREATE INDEX one ON t (a)",
                "CREATE INDEX other ON t (a)",
                "CREATE INDEX short ON t (b)",
                "CREATE INDEX \"Idle\" ON t (c)",
                "CREATE INDEX idle_too ON t (lower(c))",
                "VACUUM ANALYZE t");
        try (Connection connection = scene.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET enable_seqscan = off");
            statement.execute("SELECT a FROM t WHERE a = 5");
            statement.execute("SELECT b FROM t WHERE b = 5");
            statement.execute("CREATE INDEX long ON t (b, c)");
        }
        scene.finds("index-unused", LOOSE, "public.Idle", "public.idle_too");
        assertThat(scene.on("public.idle_too", "index-unused", "min_bytes=0", "min_days=0")
                        .confidence())
                .as("its expression is known from it")
                .isEqualTo(Confidence.HEURISTIC);
        scene.finds("index-duplicate", "public.other");
        scene.finds("index-redundant", "public.short");
        scene.mend("index-unused", "min_bytes=0", "min_days=0");
        scene.mend("index-duplicate");
        scene.mend("index-redundant");
        assertThat(scene.database().number("SELECT count(*) FROM pg_index WHERE indrelid = 't'::regclass"))
                .isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("foreign-key-unindexed")
    @Spares("foreign-key-unindexed")
    @Mends("foreign-key-unindexed")
    void an_index_serves_a_foreign_key_only_if_its_predicate_and_order_do(TestPostgres server) {
        Scene scene = Scene.on(
                server,
                "CREATE TABLE one (id int PRIMARY KEY, t text UNIQUE)",
                "INSERT INTO one VALUES (1)",
                "CREATE TABLE served (a int REFERENCES one, b int REFERENCES one, \"C c\" int REFERENCES one, t text"
                        + " REFERENCES one (t))",
                "CREATE INDEX ON served (a) WHERE a IS NOT NULL AND a IS NOT NULL",
                "CREATE INDEX ON served (b, a) WHERE NOT (b IS NULL)",
                "CREATE INDEX ON served (\"C c\") WHERE \"C c\" IS NOT NULL",
                "CREATE INDEX ON served (t text_pattern_ops)");
        scene.spares("foreign-key-unindexed");
        scene.plant(
                "CREATE TABLE not_served (a int REFERENCES one, b int REFERENCES one, c int REFERENCES one, \"A very"
                        + " long name of a column, as some tools like to make them: 62\" text REFERENCES one (t))",
                "CREATE INDEX ON not_served (a) WHERE a IS NULL",
                "CREATE INDEX ON not_served (b) WHERE b IS NOT NULL AND c IS NOT NULL",
                "CREATE INDEX ON not_served (c) WHERE c::text IS NOT NULL",
                "CREATE INDEX ON not_served (\"A very long name of a column, as some tools like to make them: 62\""
                        + " COLLATE \"C\")");
        assertThat(scene.run("foreign-key-unindexed").findings()).hasSize(4);
        scene.mend("foreign-key-unindexed");
        scene.spares("foreign-key-unindexed");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds({"foreign-key-unindexed", "index-unused"})
    @Spares({"foreign-key-unindexed", "index-unused"})
    @Mends("foreign-key-unindexed")
    void a_key_that_casts_is_served_by_an_index_on_the_cast(TestPostgres server) {
        Scene scene = Scene.on(
                server,
                "CREATE EXTENSION citext",
                "CREATE TABLE exact (id numeric PRIMARY KEY, t text UNIQUE, n name UNIQUE)",
                "CREATE TABLE \"Casting\" (i int REFERENCES exact, c citext REFERENCES exact (t), b char(9) REFERENCES"
                        + " exact (t), n text REFERENCES exact (n))",
                "CREATE INDEX by_i ON \"Casting\" (i)",
                "CREATE INDEX by_c ON \"Casting\" (c)",
                "CREATE INDEX by_b ON \"Casting\" (b)",
                "CREATE INDEX by_n ON \"Casting\" (n)",
                "CREATE TYPE odd AS ENUM ('a')",
                "CREATE FUNCTION number(odd) RETURNS numeric LANGUAGE sql STABLE AS 'SELECT 1.0'",
                "CREATE CAST (odd AS numeric) WITH FUNCTION number(odd) AS IMPLICIT");
        assertThat(scene.run("foreign-key-unindexed").findings()).hasSize(4);
        scene.finds("index-unused", LOOSE, "public.by_i", "public.by_c", "public.by_b", "public.by_n");
        scene.mend("foreign-key-unindexed");
        scene.spares("foreign-key-unindexed");
        scene.finds("index-unused", LOOSE, "public.by_i", "public.by_c", "public.by_b", "public.by_n");
        scene.plant("CREATE TABLE never (o odd REFERENCES exact)");
        assertThat(scene.only("foreign-key-unindexed").message()).endsWith("by a function that is not IMMUTABLE.");
        assertThat(scene.only("foreign-key-unindexed").remediation()).isEmpty();
    }

    @Test
    @Finds("foreign-key-unindexed")
    @Spares("foreign-key-unindexed")
    void a_key_with_a_period_is_served_by_its_other_columns_and_one_not_enforced_needs_none() {
        Scene scene = Scene.on(
                TestPostgres.newest(),
                "CREATE EXTENSION btree_gist",
                "CREATE TABLE room (id int, during daterange, PRIMARY KEY (id, during WITHOUT OVERLAPS))",
                "CREATE TABLE loose (room int)",
                "CREATE TABLE one (id int PRIMARY KEY)",
                "INSERT INTO one VALUES (1)",
                "ALTER TABLE loose ADD FOREIGN KEY (room) REFERENCES one NOT ENFORCED",
                "CREATE TABLE booking (room int, during daterange,"
                        + " FOREIGN KEY (room, PERIOD during) REFERENCES room (id, PERIOD during))");
        scene.finds("foreign-key-unindexed", "public.booking.booking_room_during_fkey");
        scene.plant("CREATE INDEX by_period ON booking USING gist (room, during)");
        scene.spares("foreign-key-unindexed");
        scene.spares("index-unused", LOOSE.toArray(String[]::new));
        scene.plant("DROP INDEX by_period");
        scene.mend("foreign-key-unindexed");
        scene.spares("index-unused", LOOSE.toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Mends({"index-bloat", "index-bloat-exact"})
    void the_index_of_an_exclusion_constraint_is_rebuilt_as_the_server_can(TestPostgres server) {
        String[] bloated = {
            "CREATE EXTENSION pgstattuple",
            "CREATE TABLE \"Ex\" (id int, v text, CONSTRAINT \"Ex v\" EXCLUDE USING btree (v WITH =))",
            "CREATE INDEX ex_id ON \"Ex\" (id)",
            "INSERT INTO \"Ex\" SELECT g, 'value number ' || g FROM generate_series(1, 30000) g",
            "DELETE FROM \"Ex\" WHERE id % 20 <> 0"
        };
        for (String check : List.of("index-bloat", "index-bloat-exact")) {
            // In a session of its own: what the one before counted must have arrived.
            Scene scene = Scene.on(server, bloated).plant("VACUUM ANALYZE \"Ex\"");
            scene.finds(check, List.of("min_bytes=0"), "public.Ex v", "public.ex_id");
            assertThat(scene.on("public.Ex v", check, "min_bytes=0").remediation())
                    .contains("BEGIN; SET LOCAL lock_timeout = '2s'; REINDEX INDEX public.\"Ex v\"; COMMIT;");
            scene.mend(check, "min_bytes=0");
        }
    }
}
