package dev.caretaker.server.cleanup.plan;

import static dev.caretaker.server.cleanup.CleanupBench.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.cleanup.CleanupBench;
import dev.caretaker.server.cleanup.CleanupBench.PolicyBuilder;
import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.policy.Constant;
import dev.caretaker.server.cleanup.policy.Filter;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rows that refer to one another at random, chains and circles among them. A cleanup that skips what is held back leaves just
 * what a plain DELETE of a larger set would fail for: it removes the largest set of eligible rows to which no other row refers.
 */
class ReferencesPropertyTest {
    private static final long SEED = 20260615;
    private static final int ROWS = 40;
    private static final List<String> CHECKS =
            List.of("", "ON DELETE RESTRICT", "DEFERRABLE INITIALLY DEFERRED", "DEFERRABLE INITIALLY IMMEDIATE");

    /**
     * What keys are made of.
     *
     * @param key type of the referenced column
     * @param reference type of the referencing one
     * @param keyOf SQL of the key of the row with an id
     * @param referenceOf SQL of a reference to it
     */
    private record Form(String key, String reference, String keyOf, String referenceOf) {}

    private static final Form PLAIN = new Form("int", "int", "%s", "%s");
    private static final List<Form> FORMS = List.of(
            PLAIN,
            new Form("numeric", "int", "%s + 0.00", "%s"),
            new Form("text COLLATE \"C\"", "text", "'k' || %s", "'k' || %s"),
            new Form("ext.citext", "ext.mail", "'k' || %s", "'K' || %s"),
            new Form("text COLLATE ext.folded", "text COLLATE ext.folded", "'k' || %s", "'K' || %s"),
            new Form("text", "char(9)", "'k' || %s", "'k' || %s"),
            new Form("int[]", "int[]", "ARRAY[%s, 1]", "ARRAY[%s, 1]"),
            new Form("ext.big", "ext.small", "%s", "%s"));

    private static void types(Database db) {
        db.execute(
                "CREATE SCHEMA ext",
                "CREATE EXTENSION citext SCHEMA ext",
                "CREATE DOMAIN ext.mail AS ext.citext",
                "CREATE DOMAIN ext.big AS numeric(9, 2)",
                "CREATE DOMAIN ext.small AS int CHECK (VALUE > 0)",
                "CREATE COLLATION ext.folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
    }

    static List<TestPostgres> servers() {
        return TestPostgres.both().toList();
    }

    private final Random random = new Random(SEED);
    private Form form = PLAIN;

    /** A row of the model; the table is told by its number. */
    private record Node(int table, int id) implements Comparable<Node> {
        @Override
        public int compareTo(Node other) {
            return Comparator.comparingInt(Node::table)
                    .thenComparingInt(Node::id)
                    .compare(this, other);
        }
    }

    private record Edge(Node from, Node to) {}

    @ParameterizedTest
    @MethodSource("servers")
    void a_table_that_references_itself(TestPostgres server) throws SQLException {
        Database db = server.database();
        types(db);
        try (CleanupBench bench = CleanupBench.start(db)) {
            for (int round = 0; round < 8; round++) {
                String check = CHECKS.get(random.nextInt(CHECKS.size()));
                String index = round % 3 == 0 ? "" : "CREATE INDEX ON t0 (at)";
                form = FORMS.get(round);
                String references = form.reference + " REFERENCES t0 (key) ";
                db.execute(
                        "DROP TABLE IF EXISTS t0",
                        "CREATE TABLE t0 (id int PRIMARY KEY, key " + form.key
                                + " UNIQUE, at timestamptz, kind int, before " + references + check + ", after "
                                + references + ")",
                        index,
                        "CREATE INDEX ON t0 (before)",
                        "CREATE INDEX ON t0 (after)");
                List<Edge> edges = new ArrayList<>();
                Set<Node> old = fill(db, 0, 2);
                refer(db, edges, 0, "before", 0);
                refer(db, edges, 0, "after", 0);
                Plan plan = bench.plan(true, false, policy("t0", "t0").skipPinned());
                check(db, plan, old, edges, 1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void tables_that_reference_each_other(TestPostgres server) throws SQLException {
        Database db = server.database();
        types(db);
        try (CleanupBench bench = CleanupBench.start(db)) {
            for (int round = 0; round < 6; round++) {
                String check = CHECKS.get(round % CHECKS.size());
                form = FORMS.get(random.nextInt(FORMS.size()));
                String columns = " (id int PRIMARY KEY, key " + form.key + " UNIQUE, at timestamptz, kind int, other "
                        + form.reference;
                db.execute(
                        "DROP TABLE IF EXISTS t0, t1, t2 CASCADE",
                        "CREATE TABLE t0" + columns + ")",
                        "CREATE TABLE t1" + columns + ", outer_id int)",
                        "CREATE TABLE t2" + columns + " REFERENCES t1 (key) " + check + ")",
                        "ALTER TABLE t0 ADD FOREIGN KEY (other) REFERENCES t1 (key) " + check,
                        "ALTER TABLE t1 ADD FOREIGN KEY (other) REFERENCES t0 (key)",
                        "CREATE INDEX ON t0 (other)",
                        "CREATE INDEX ON t1 (other)",
                        "CREATE INDEX ON t2 (other)");
                List<Edge> edges = new ArrayList<>();
                Set<Node> old = new TreeSet<>();
                for (int table = 0; table < 3; table++) {
                    old.addAll(fill(db, table, 2));
                }
                refer(db, edges, 0, "other", 1);
                refer(db, edges, 1, "other", 0);
                refer(db, edges, 2, "other", 1);
                Plan plan = bench.plan(
                        true,
                        false,
                        policy("t0", "t0").skipPinned(),
                        policy("t1", "t1").skipPinned(),
                        policy("t2", "t2").skipPinned());
                check(db, plan, old, edges, 3);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void several_policies_on_a_table_with_other_cutoffs_and_filters(TestPostgres server) throws SQLException {
        Database db = server.database();
        try (CleanupBench bench = CleanupBench.start(db)) {
            for (int round = 0; round < 6; round++) {
                db.execute(
                        "DROP TABLE IF EXISTS t0",
                        "CREATE TABLE t0 (id int PRIMARY KEY, at timestamptz, kind int, before int REFERENCES t0)",
                        "CREATE INDEX ON t0 (before)");
                List<Edge> edges = new ArrayList<>();
                Set<Node> old = fill(db, 0, 3);
                refer(db, edges, 0, "before", 0);
                db.execute("UPDATE t0 SET at = '2026-05-25Z' WHERE kind = 1 AND id % 3 = 0");
                old.addAll(nodes(db, 0, "kind = 1 AND at < '2026-06-01 12:00Z'"));
                old.removeIf(node -> db.number("SELECT kind FROM t0 WHERE id = " + node.id()) == 2);
                PolicyBuilder first =
                        policy("first", "t0").skipPinned().days(14).where(kind(1));
                PolicyBuilder second = policy("second", "t0").skipPinned().where(kind(0));
                check(db, bench.plan(true, false, first, second), old, edges, 1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void partitions_of_a_table_that_references_itself(TestPostgres server) throws SQLException {
        Database db = server.database();
        try (CleanupBench bench = CleanupBench.start(db)) {
            for (int round = 0; round < 8; round++) {
                db.execute(
                        "DROP TABLE IF EXISTS t0",
                        "CREATE TABLE t0 (id int, at timestamptz, kind int, before int, before_at timestamptz,"
                                + " PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
                        "CREATE TABLE t0_03 PARTITION OF t0 FOR VALUES FROM ('2026-03-01Z') TO ('2026-04-01Z')",
                        "CREATE TABLE t0_04 PARTITION OF t0 FOR VALUES FROM ('2026-04-01Z') TO ('2026-05-01Z')",
                        "CREATE TABLE t0_05 PARTITION OF t0 FOR VALUES FROM ('2026-05-01Z') TO ('2026-06-01Z')",
                        "CREATE TABLE t0_06 PARTITION OF t0 FOR VALUES FROM ('2026-06-01Z') TO ('2026-07-01Z')",
                        "ALTER TABLE t0 ADD FOREIGN KEY (before, before_at) REFERENCES t0 (id, at)",
                        "CREATE INDEX ON t0 (before, before_at)");
                Set<Node> old = fill(db, 0, 2);
                List<Edge> edges = new ArrayList<>();
                refer(db, edges, 0, "before", 0);
                // Some rounds have no row that a partition could not be dropped for.
                if (round % 2 == 0) {
                    db.execute("UPDATE t0 SET before = NULL, before_at = NULL"
                            + " WHERE date_trunc('month', at) <= date_trunc('month', before_at)");
                    Set<Integer> left = nodes(db, 0, "before IS NOT NULL").stream()
                            .map(Node::id)
                            .collect(Collectors.toSet());
                    edges.removeIf(edge -> !left.contains(edge.from().id()));
                    Set<Node> held = old;
                    edges.removeIf(edge -> !held.contains(edge.from())
                            && held.contains(edge.to())
                            && release(db, edge.from().id()));
                }
                PolicyBuilder policy = policy("t0", "t0");
                Plan plan = bench.plan(true, false, round % 2 == 0 ? policy : policy.skipPinned());
                check(db, plan, old, edges, 1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void without_leave_to_skip_a_held_row_fails_the_step_and_names_the_key(TestPostgres server) throws SQLException {
        Database db = server.database();
        try (CleanupBench bench = CleanupBench.start(db)) {
            db.execute(
                    "CREATE TABLE t0 (id int PRIMARY KEY, at timestamptz, before int REFERENCES t0)",
                    "INSERT INTO t0 VALUES (1, '2026-01-01Z', NULL), (2, '2026-01-02Z', 1), (3, '2026-01-03Z', 2)");
            Plan free = bench.plan(true, false, policy("t0", "t0"));
            assertThat(free.warnings()).noneMatch(warning -> warning.code() == PlanWarning.Code.PINNING_FOREIGN_KEY);
            db.execute("INSERT INTO t0 VALUES (4, '2026-06-14Z', 3)");
            Plan held = bench.plan(true, false, policy("t0", "t0"));
            assertThat(held.warnings())
                    .filteredOn(warning -> warning.code() == PlanWarning.Code.PINNING_FOREIGN_KEY)
                    .singleElement()
                    .satisfies(warning -> assertThat(warning.evidence()).containsEntry("child_rows", "1"));
            assertThatThrownBy(() -> new PlanRun(db, 1).of(held))
                    .isInstanceOfSatisfying(CaretakerException.class, error -> {
                        assertThat(error.reason()).isEqualTo(Reason.PINNED_BY_FOREIGN_KEY);
                        assertThat(error.getMessage()).contains("t0_before_fkey");
                    });
            assertThat(db.number("SELECT count(*) FROM t0")).isEqualTo(4);
        }
    }

    private static boolean release(Database db, int id) {
        db.execute("UPDATE t0 SET before = NULL, before_at = NULL WHERE id = " + id);
        return true;
    }

    private static Filter kind(int kind) {
        return new Filter.Compare(
                "kind", Filter.Operator.EQUAL, new Constant(Constant.Kind.INT64, Integer.toString(kind)));
    }

    /** Rows of March to June in the order of their ids, more or less; returns those that are old enough to go. */
    private Set<Node> fill(Database db, int table, int kinds) {
        List<String> statements = new ArrayList<>();
        for (int id = 1; id <= ROWS; id++) {
            int day = Math.min(105, Math.max(0, id * 105 / ROWS + random.nextInt(-9, 10)));
            statements.add("INSERT INTO t" + table + " (id, at, kind) VALUES (" + id
                    + ", timestamptz '2026-03-01Z' + interval '" + day + " days', " + random.nextInt(kinds) + ")");
        }
        if (has(db, table, "key")) {
            statements.add("UPDATE t" + table + " SET key = " + form.keyOf.formatted("id"));
        }
        db.execute(statements.toArray(String[]::new));
        return nodes(db, table, "at < '2026-05-16 12:00Z'");
    }

    /** Some refer to an older row, some to any, and few of those that stay to one that could go. */
    private void refer(Database db, List<Edge> edges, int table, String column, int to) {
        boolean withTime = has(db, table, column + "_at");
        List<String> statements = new ArrayList<>();
        for (int id = 1; id <= ROWS; id++) {
            boolean young = id > ROWS * 7 / 10;
            if (random.nextInt(10) < (young ? 1 : 6)) {
                int other = random.nextInt(3) > 0 ? Math.max(1, id - random.nextInt(1, 4)) : random.nextInt(ROWS) + 1;
                statements.add("UPDATE t" + table + " SET " + column + " = " + form.referenceOf.formatted(other)
                        + (withTime
                                ? ", " + column + "_at = (SELECT at FROM t" + to + " WHERE id = " + other + ")"
                                : "")
                        + " WHERE id = " + id);
                edges.add(new Edge(new Node(table, id), new Node(to, other)));
            }
        }
        db.execute(statements.toArray(String[]::new));
    }

    private static boolean has(Database db, int table, String column) {
        return db.number("SELECT count(*) FROM pg_attribute WHERE attrelid = 't" + table + "'::regclass AND attname = '"
                        + column + "'")
                == 1;
    }

    private static Set<Node> nodes(Database db, int table, String where) {
        try (Connection connection = db.connect()) {
            return new TreeSet<>(Sql.of("SELECT id FROM t" + table + " WHERE " + where)
                    .list(connection, row -> new Node(table, row.getInt(1))));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void check(Database db, Plan plan, Set<Node> old, List<Edge> edges, int tables) throws SQLException {
        Set<Node> closed = largestClosed(old, edges);
        Set<Node> expected = new TreeSet<>();
        for (int table = 0; table < tables; table++) {
            expected.addAll(nodes(db, table, "true"));
        }
        expected.removeAll(closed);
        Totals totals = new PlanRun(db, 1 + random.nextInt(7)).of(plan);
        Set<Node> left = new TreeSet<>();
        for (int table = 0; table < tables; table++) {
            left.addAll(nodes(db, table, "true"));
        }
        assertThat(left).as("keys %s, left by %s", form, plan.steps()).isEqualTo(expected);
        assertThat(totals.rowsDeleted() + totals.rowsCascaded()).isEqualTo(closed.size());
        assertThat(totals.rowsResidual()).isZero();
        assertThat(totals.rowsPinned()).isEqualTo(old.size() - closed.size());
    }

    /** Takes rows away until no row outside refers to one inside. */
    private static Set<Node> largestClosed(Set<Node> old, List<Edge> edges) {
        Set<Node> closed = new TreeSet<>(old);
        while (edges.stream()
                .anyMatch(edge ->
                        closed.contains(edge.to()) && !closed.contains(edge.from()) && closed.remove(edge.to()))) {}
        return closed;
    }
}
