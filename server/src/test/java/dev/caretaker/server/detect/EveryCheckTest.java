package dev.caretaker.server.detect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every check there is. */
class EveryCheckTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    /** Classes with tests of single checks. */
    private static final List<Class<?>> TESTS = List.of(
            InvalidIndexChecksTest.class,
            SuperfluousIndexChecksTest.class,
            IndexBloatChecksTest.class,
            MissingIndexChecksTest.class,
            NeededIndexChecksTest.class,
            VacuumChecksTest.class,
            StatisticsChecksTest.class,
            TableSizeChecksTest.class,
            TableKeyChecksTest.class,
            HotUpdateChecksTest.class,
            PartitionRunwayChecksTest.class,
            PartitionGapChecksTest.class,
            PartitionIndexChecksTest.class,
            PartitionRetentionChecksTest.class,
            PartitionStateChecksTest.class,
            HorizonChecksTest.class,
            ActivityChecksTest.class,
            IntegrityChecksTest.class,
            ReplicationChecksTest.class,
            BackupChecksTest.class,
            CleanupChecksTest.class,
            PartitionSetChecksTest.class,
            ArchiveChecksTest.class,
            ConfigurationChecksTest.class,
            GrowthChecksTest.class);

    /** 63 bytes, as long as a name may be, with what must be quoted or escaped. */
    private static final String LONG = "\"It's a \"\"name\"\"; with 100 % of \\letters and 63 bytes, like öäü\"";

    private static final String LONG_ONE = LONG.replace("öäü", "öä1");
    private static final String LONG_TWO = LONG.replace("öäü", "öä2");

    /** A bit of everything, so that no check has nothing to do. */
    static final String[] EVERYTHING = {
        "CREATE EXTENSION pgstattuple",
        "CREATE EXTENSION amcheck",
        "CREATE EXTENSION pg_stat_statements",
        "CREATE TABLE parent (id serial PRIMARY KEY, \"Name\" text, payload jsonb)",
        "CREATE TABLE \"Child Table\" (id bigint GENERATED ALWAYS AS IDENTITY, parent_id int REFERENCES parent, body text)",
        "CREATE INDEX ON parent (\"Name\")",
        "CREATE INDEX ON parent (\"Name\", id)",
        "CREATE INDEX ON parent (lower(\"Name\")) WHERE id > 0",
        "CREATE INDEX ON parent (lower(\"Name\"), id) WHERE id > 0",
        "CREATE TABLE events (ts timestamptz NOT NULL, body text) PARTITION BY RANGE (ts)",
        "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')",
        "CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2020-03-01') TO ('2020-04-01')",
        "CREATE TABLE events_d PARTITION OF events DEFAULT",
        "CREATE INDEX ON events (ts)",
        "CREATE INDEX ON events_1 (body)",
        "INSERT INTO parent (\"Name\", payload) SELECT g::text, '{}' FROM generate_series(1, 500) g",
        "INSERT INTO parent (\"Name\", payload) SELECT g::text, to_jsonb(p) FROM generate_series(1, 30) g,"
                + " (SELECT string_agg(md5(random()::text || n), '') AS p FROM generate_series(1, 2000) n) AS p",
        "INSERT INTO \"Child Table\" (parent_id, body) SELECT 1 + g % 500, md5(g::text) FROM generate_series(1, 2000) g",
        "INSERT INTO events SELECT '2020-01-01'::timestamptz + g * interval '2 hours', 'x' FROM generate_series(1, 1500) g",
        "CREATE SCHEMA " + LONG,
        "CREATE TABLE " + LONG + "." + LONG + " (" + LONG
                + " smallint GENERATED ALWAYS AS IDENTITY, p int REFERENCES parent)",
        "CREATE UNIQUE INDEX " + LONG_ONE + " ON " + LONG + "." + LONG + " (" + LONG + ")",
        "CREATE UNIQUE INDEX " + LONG_TWO + " ON " + LONG + "." + LONG + " (" + LONG + ")",
        "CREATE TABLE " + LONG_ONE + " (" + LONG + " numeric NOT NULL, p int REFERENCES parent) PARTITION BY RANGE ("
                + LONG + ")",
        "CREATE TABLE long_1 PARTITION OF " + LONG_ONE + " FOR VALUES FROM (-10) TO (-5)",
        "CREATE TABLE long_2 PARTITION OF " + LONG_ONE + " FOR VALUES FROM (0) TO (5)",
        "CREATE TABLE long_3 PARTITION OF " + LONG_ONE + " FOR VALUES FROM (10) TO (15)",
        "CREATE INDEX ON ONLY " + LONG_ONE + " (p)",
        "CREATE INDEX ON long_1 (p)",
        "ANALYZE",
        "CREATE TABLE lonely (id int, k int) PARTITION BY RANGE (id)",
        "CREATE TABLE lonely_1 PARTITION OF lonely FOR VALUES FROM (0) TO (100)",
        "CREATE TABLE lonely_d PARTITION OF lonely DEFAULT PARTITION BY RANGE (k)",
        "CREATE TABLE lonely_d_d PARTITION OF lonely_d DEFAULT",
        "CREATE INDEX lonely_k ON lonely (k)",
        "CREATE INDEX lonely_k_too ON lonely (k)",
        "CREATE INDEX lonely_k_id ON lonely (k, id)",
        "INSERT INTO lonely SELECT g, g FROM generate_series(1, 300) g"
    };

    @ParameterizedTest
    @MethodSource(BOTH)
    void runs_on_an_empty_and_on_a_full_database(TestPostgres server) {
        Scene scene = Scene.on(server);
        scene.plant("CREATE EXTENSION pgstattuple", "CREATE EXTENSION amcheck", "CREATE EXTENSION pg_stat_statements");
        assertAllRun(scene, server);
        assertAllRun(Scene.on(server, EVERYTHING), server);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void runs_with_all_thresholds_at_zero(TestPostgres server) {
        assertNoneFails(Scene.on(server, EVERYTHING));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void runs_while_somebody_holds_everything_exclusively(TestPostgres server) throws Exception {
        Scene scene = Scene.on(server, EVERYTHING);
        try (Connection holder = scene.database().connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE parent, \"Child Table\", events IN ACCESS EXCLUSIVE MODE");
            // Takes the indexes and the sequence too, as DROP and ALTER would.
            statement.execute("ALTER SEQUENCE parent_id_seq RESTART WITH 10000");
            statement.execute("REINDEX TABLE parent");
            statement.execute("TRUNCATE events_1, lonely_1, lonely_d_d");
            statement.execute("LOCK TABLE lonely IN ACCESS EXCLUSIVE MODE");
            assertNoneFails(scene);
            holder.rollback();
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void takes_no_lock_that_writers_notice(TestPostgres server) throws Exception {
        Scene scene = Scene.on(server, EVERYTHING);
        try (Connection holder = scene.database().connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            // Goes together with ACCESS SHARE alone.
            statement.execute("LOCK TABLE parent, \"Child Table\", events IN EXCLUSIVE MODE");
            statement.execute("ALTER SEQUENCE parent_id_seq CACHE 5");
            assertNoneFails(scene);
            holder.rollback();
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_role_that_only_monitors_gets_results_or_clear_reasons(TestPostgres server) {
        Database owner = server.database();
        owner.execute(EVERYTHING);
        Database role = owner.role("watcher");
        owner.execute("GRANT pg_monitor TO \"" + role.user() + "\"");
        Scene scene = Scene.on(server).as(role);
        for (Check check : Scene.checks().values()) {
            CheckResult result = scene.run(loosened(check));
            assertThat(result.status()).as(check.id() + ": " + result.reason()).isNotEqualTo(CheckResult.Status.FAILED);
            if (result.status() == CheckResult.Status.SKIPPED) {
                assertThat(result.reason()).as(check.id()).isNotBlank();
                assertThat(Set.of("index-corrupt", "index-bloat-exact", "large-values", "hot-update-blockers"))
                        .contains(check.id());
            }
        }
        assertThat(scene.run("sequence-exhaustion").unseen()).isEqualTo(3);
        assertThat(scene.run("index-bloat", "min_bytes=0").unseen()).isPositive();
        assertThat(scene.run("table-bloat", "min_bytes=0").unseen()).isPositive();
        assertThat(scene.run("large-values").reason()).contains("permission denied for table parent");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_role_without_rights_stops_no_check(TestPostgres server) {
        Database owner = server.database();
        owner.execute(EVERYTHING);
        Scene scene = Scene.on(server).as(owner.role("nobody"));
        assertNoneFails(scene);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void what_is_there_to_be_pasted_can_be_run_as_it_stands(TestPostgres server) {
        Scene scene = Scene.on(server, EVERYTHING);
        int run = 0;
        for (Check check : Scene.checks().values()) {
            for (RawFinding finding : scene.run(loosened(check)).findings()) {
                String sql = finding.remediation().orElse("");
                // The others would reach sessions of other tests and settings of the server, or are for psql.
                boolean beyond = sql.contains("pg_") || sql.contains("SYSTEM") || sql.startsWith("EXPLAIN");
                if (!sql.isEmpty() && !beyond) {
                    Mending.paste(scene.database(), sql);
                    run++;
                }
            }
        }
        assertThat(run).isGreaterThan(10);
    }

    @Test
    void has_tests_that_find_spare_and_mend_on_both_servers() {
        assertThat(gaps(Scene.checks(), TESTS)).isEmpty();
    }

    @Test
    void a_check_without_its_tests_does_not_go_unnoticed() {
        Check known = Scene.checks().get("index-unused");
        assertThat(gaps(Map.of("index-unused", known, "brand-new", known), List.of(HalfTested.class)))
                .containsExactlyInAnyOrder(
                        "brand-new has no test that finds it on both servers",
                        "brand-new has no test that spares on both servers",
                        "brand-new has no test that runs its statements on both servers",
                        "index-unused has no test that spares on both servers",
                        "index-unused has no test that runs its statements on both servers",
                        "mistyped is tested but no check");
    }

    /** What the registry must not be content with: not run, on one server only, of no check. */
    static final class HalfTested {
        @ParameterizedTest(name = "never run")
        @MethodSource(BOTH)
        @Finds({"index-unused", "mistyped"})
        void finds(TestPostgres server) {
            throw new AssertionError("not a test: " + server);
        }

        @Spares("index-unused")
        void spares_without_being_a_test() {}

        @Test
        @Spares("brand-new")
        void spares_on_one_server() {}
    }

    /** Each server has another test: the oldest one, as embedded, cannot be made with checksums. */
    private static final Set<String> TESTED_APART = Set.of("checksum-failures");

    /** What tests the checks lack. One that needs a newer server than the oldest is tested on one. */
    private static List<String> gaps(Map<String, Check> checks, List<Class<?>> tests) {
        List<String> gaps = new ArrayList<>();
        for (var check : checks.entrySet()) {
            boolean anyServer = TESTED_APART.contains(check.getKey())
                    || check.getValue().needs().stream().anyMatch(Need.Server.class::isInstance);
            if (!named(Finds.class, tests, anyServer).contains(check.getKey())) {
                gaps.add(check.getKey() + " has no test that finds it on both servers");
            }
            if (!named(Spares.class, tests, anyServer).contains(check.getKey())) {
                gaps.add(check.getKey() + " has no test that spares on both servers");
            }
            if (printsStatements(check.getValue())
                    && !named(Mends.class, tests, anyServer).contains(check.getKey())) {
                gaps.add(check.getKey() + " has no test that runs its statements on both servers");
            }
        }
        Set<String> unknown = named(Finds.class, tests, true);
        unknown.addAll(named(Spares.class, tests, true));
        unknown.addAll(named(Mends.class, tests, true));
        unknown.removeAll(checks.keySet());
        unknown.forEach(id -> gaps.add(id + " is tested but no check"));
        return gaps;
    }

    /** Whether its findings have more than NULL in that column. */
    private static boolean printsStatements(Check check) {
        try (var file = EveryCheckTest.class.getResourceAsStream("/checks/" + check.id() + ".sql")) {
            String sql = new String(file.readAllBytes(), UTF_8);
            return sql.replaceAll("--[^\n]*|NULL AS remediation", "").contains("remediation");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> named(Class<?> annotation, List<Class<?>> tests, boolean anyServer) {
        Set<String> ids = new TreeSet<>();
        for (Class<?> test : tests) {
            for (Method method : test.getDeclaredMethods()) {
                if (!(anyServer ? isTest(method) : runsOnBoth(method))) {
                    continue;
                }
                Stream.of(method.getAnnotationsByType(Finds.class))
                        .filter(finds -> annotation == Finds.class)
                        .forEach(finds -> ids.addAll(List.of(finds.value())));
                Stream.of(method.getAnnotationsByType(Spares.class))
                        .filter(spares -> annotation == Spares.class)
                        .forEach(spares -> ids.addAll(List.of(spares.value())));
                Stream.of(method.getAnnotationsByType(Mends.class))
                        .filter(mends -> annotation == Mends.class)
                        .forEach(mends -> ids.addAll(List.of(mends.value())));
            }
        }
        return ids;
    }

    private static boolean isTest(Method method) {
        return method.isAnnotationPresent(Test.class) || runsOnBoth(method);
    }

    private static boolean runsOnBoth(Method method) {
        MethodSource source = method.getAnnotation(MethodSource.class);
        return method.isAnnotationPresent(ParameterizedTest.class)
                && source != null
                && List.of(source.value()).contains(BOTH);
    }

    private static void assertAllRun(Scene scene, TestPostgres server) {
        List<String> wrong = new ArrayList<>();
        for (Check check : Scene.checks().values()) {
            CheckResult result = scene.run(check);
            boolean tooOld = server == TestPostgres.oldest() && check.id().equals("hot-update-blockers");
            if (result.status() != (tooOld ? CheckResult.Status.SKIPPED : CheckResult.Status.RAN)) {
                wrong.add(check.id() + " " + result.status() + ": " + result.reason());
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static void assertNoneFails(Scene scene) {
        List<String> wrong = new ArrayList<>();
        for (Check check : Scene.checks().values()) {
            long start = System.nanoTime();
            CheckResult result = scene.run(loosened(check));
            if (result.status() == CheckResult.Status.FAILED
                    || System.nanoTime() - start > Duration.ofSeconds(15).toNanos()) {
                wrong.add(check.id() + " " + result.status() + ": " + result.reason());
            }
        }
        assertThat(wrong).isEmpty();
    }

    static Check loosened(Check check) {
        return check.with(check.thresholds().stream()
                .map(threshold -> threshold.name().equals("budget_seconds")
                        ? threshold
                        : threshold.with(threshold.name().startsWith("min_") ? "0" : threshold.value()))
                .toList());
    }
}
