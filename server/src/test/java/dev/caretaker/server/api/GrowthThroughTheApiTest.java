package dev.caretaker.server.api;

import static dev.caretaker.server.api.ScheduleScene.id;
import static dev.caretaker.server.api.ScheduleScene.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import dev.caretaker.server.report.growth.GrowthClock;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.CatchUpVerdict;
import dev.caretaker.v1.GetGrowthRequest;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.Growth;
import dev.caretaker.v1.GrowthForecastState;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyGrowth;
import dev.caretaker.v1.RunRoutineRequest;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.TableGrowth;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.ValueRows;
import io.grpc.StatusRuntimeException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Samples of targets, and what they let expect. */
class GrowthThroughTheApiTest {
    private static final Database STORE = TestPostgres.controlStore();
    private static final Database TARGET = TestPostgres.newest().database();
    private static final Map<String, Object> SETTINGS = Map.ofEntries(
            Map.entry("caretaker.control-store.url", STORE.url()),
            Map.entry("caretaker.growth.tables", 5),
            Map.entry("caretaker.targets.main.disk-size", "500GB"),
            Map.entry("caretaker.targets.planted.url", TARGET.url()),
            Map.entry("caretaker.targets.planted.user", TARGET.user()),
            Map.entry("caretaker.targets.planted.password", TARGET.password()),
            Map.entry("caretaker.targets.planted.table-limit", "100GB"),
            Map.entry("caretaker.targets.planted.table-limits", List.of("passing = 20GB", "public.over=1GB")),
            Map.entry("caretaker.targets.planted.disk-size", "500GB"),
            Map.entry("caretaker.targets.nowhere.url", "jdbc:postgresql://127.0.0.1:1/nowhere"),
            Map.entry("caretaker.targets.nowhere.user", "nobody"));
    private static WholeServer server;

    @BeforeAll
    static void start() {
        TARGET.execute(
                "CREATE TABLE events (id bigint, ended timestamptz, status text, body text) PARTITION BY RANGE (id)",
                "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (5000)",
                "CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (5000) TO (20000)",
                "CREATE INDEX ON events (ended)",
                "INSERT INTO events SELECT i, now() - i * interval '1 minute', CASE WHEN i % 4 = 0 THEN 'failed' WHEN i % 100 = 1"
                        + " THEN NULL ELSE 'done' END, repeat('x', 200) FROM generate_series(0, 9999) i",
                "CREATE TABLE \"Odd \"\"Table\" (a text STORAGE EXTERNAL)",
                "INSERT INTO \"Odd \"\"Table\" SELECT repeat('y', 100000) FROM generate_series(1, 20)",
                "DO $$ BEGIN FOR i IN 1..20 LOOP EXECUTE format('CREATE TABLE small_%s (a int)', i); END LOOP; END $$");
        // In another session: what one counted and has not told yet is added to what it analyzes.
        TARGET.execute("ANALYZE events");
        server = WholeServer.start(TARGET, SETTINGS);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Growth growth(String target) {
        return server.growth()
                .getGrowth(GetGrowthRequest.newBuilder().setTarget(target).build())
                .getGrowth();
    }

    private static void sample(WholeServer by) {
        by.bean(GrowthClock.class).sample();
    }

    private static void apply(Policy.Builder policy) {
        server.policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies(policy)
                        .build());
    }

    /** As if the day had passed. */
    private static void due(String target) {
        STORE.execute(
                "DELETE FROM caretaker.growth_sample WHERE target = '" + target + "'",
                "UPDATE caretaker.growth_clock SET due = now() WHERE target = '" + target + "'");
    }

    private static TableGrowth table(Growth growth, String name) {
        return growth.getTablesList().stream()
                .filter(table -> table.getTable().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_sample_has_the_largest_tables_one_by_one_and_the_others_as_one() {
        sample(server); // so that the target is known
        due("main");
        sample(server);
        Growth growth = growth("main");
        assertThat(growth.getSamples()).isEqualTo(1);
        assertThat(growth.getTablesCount()).isEqualTo(5);
        TableGrowth events = table(growth, "events");
        assertThat(events.getHeapBytes())
                .isEqualTo(number("SELECT pg_relation_size('events_1') + pg_relation_size('events_2')"));
        assertThat(events.getIndexBytes())
                .isEqualTo(number("SELECT pg_indexes_size('events_1') + pg_indexes_size('events_2')"));
        assertThat(events.getRows()).isEqualTo(10_000);
        assertThat(events.getEstimated()).isFalse();
        assertThat(events.getSeries().getPointsCount()).isEqualTo(1);
        assertThat(events.getSeries().getNote()).isEqualTo("1 daily sample: a trend needs 5 over at least 3 days.");
        TableGrowth odd = table(growth, "Odd \"Table");
        assertThat(odd.getToastBytes()).isGreaterThanOrEqualTo(2_000_000);
        assertThat(odd.getBytes()).isEqualTo(odd.getHeapBytes() + odd.getToastBytes());
        assertThat(growth.getOthers().getTables()).isGreaterThanOrEqualTo(17);
        assertThat(growth.getDatabase().getBytes())
                .isCloseTo(number("SELECT pg_database_size(current_database())"), within(1L << 20));
        assertThat(growth.getDatabase().getDisk().getServerBytes())
                .isGreaterThan(growth.getDatabase().getBytes());
        assertThat(growth.getDatabase().getDisk().getFull().getState())
                .isEqualTo(GrowthForecastState.GROWTH_FORECAST_STATE_UNKNOWN);
    }

    @Test
    void rows_of_policies_and_values_are_counted() {
        apply(policy("all", "main", "events").setCountBy("status"));
        apply(policy("failed", "main", "events"));
        due("main");
        sample(server);
        PolicyGrowth all = policyGrowth("main", "all");
        assertThat(all.getEligibleRows()).isCloseTo(10_000 - 24 * 60 - 1, within(2L));
        assertThat(all.getEligibleExact()).isTrue();
        assertThat(all.getValues().getExact()).isTrue();
        assertThat(all.getValues().getCountsList())
                .extracting(ValueRows::getValue, ValueRows::getNullValue, ValueRows::getRows)
                .containsExactly(tuple("done", false, 7_400L), tuple("failed", false, 2_500L), tuple("", true, 100L));
        assertThat(policyGrowth("main", "failed").hasValues()).isFalse();
    }

    @Test
    void a_column_to_count_by_that_is_not_there_is_refused() {
        assertThatThrownBy(() -> apply(policy("wrong", "main", "events").setCountBy("statsu")))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("INVALID_ARGUMENT")
                .hasMessageContaining("count_by");
    }

    @Test
    void a_day_has_one_sample_however_many_servers_take_it() throws Exception {
        try (WholeServer other = WholeServer.start(TARGET, SETTINGS)) {
            sample(server);
            due("main");
            CompletableFuture<Void> here = CompletableFuture.runAsync(() -> sample(server));
            CompletableFuture<Void> there = CompletableFuture.runAsync(() -> sample(other));
            here.get(60, TimeUnit.SECONDS);
            there.get(60, TimeUnit.SECONDS);
            await().atMost(60, TimeUnit.SECONDS).until(() -> growth("main").getSamples() == 1);
            sample(server);
            sample(other);
            assertThat(growth("main").getSamples()).isEqualTo(1);
        }
    }

    @Test
    void a_server_that_died_over_a_sample_is_waited_for_no_longer_than_its_lease() {
        sample(server);
        due("main");
        STORE.execute(
                "UPDATE caretaker.growth_clock SET lease = gen_random_uuid(), leased_until = now() + interval '1 h'"
                        + " WHERE target = 'main'");
        sample(server);
        assertThat(growth("main").getSamples()).isZero();
        STORE.execute("UPDATE caretaker.growth_clock SET leased_until = now() WHERE target = 'main'");
        sample(server);
        assertThat(growth("main").getSamples()).isEqualTo(1);
    }

    @Test
    void tables_that_somebody_has_for_himself_are_not_waited_for() throws SQLException {
        try (Connection holder = TARGET.connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE events_2 IN ACCESS EXCLUSIVE MODE");
            due("main");
            sample(server);
            TableGrowth events = table(growth("main"), "events");
            assertThat(events.getEstimated()).isTrue();
            assertThat(events.getHeapBytes()).isGreaterThan(2_000_000);
            holder.rollback();
        }
    }

    @Test
    void a_routine_is_followed_by_a_sample_of_its_own() {
        sample(server);
        due("main");
        sample(server);
        String run = server.maintenance()
                .runRoutine(RunRoutineRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .setRoutine("standard")
                        .build())
                .next()
                .getEvent()
                .getRunId();
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> server.runs()
                                .getRun(GetRunRequest.newBuilder().setRunId(run).build())
                                .getRun()
                                .getState()
                        == RunState.RUN_STATE_ENDED);
        sample(server);
        assertThat(growth("main").getSamples()).isEqualTo(2);
        sample(server);
        assertThat(growth("main").getSamples()).isEqualTo(2);
    }

    @Test
    void a_target_that_is_away_is_told_and_tried_again() {
        sample(server);
        Growth growth = growth("nowhere");
        assertThat(growth.getSamples()).isZero();
        assertThat(growth.hasFailingSince()).isTrue();
        assertThat(growth.getFailure()).contains("nowhere").contains("cannot be reached");
        assertThat(number(
                        STORE,
                        "SELECT count(*) FROM caretaker.growth_clock WHERE target = 'nowhere' AND due > now()"
                                + " AND due < now() + interval '20 min' AND lease IS NULL"))
                .isEqualTo(1);
    }

    @Test
    void what_was_kept_tells_when_limits_are_passed() {
        plant("passing", "10 + day * 0.2", 30);
        Growth growth = growth("planted");
        TableGrowth passing = table(growth, "passing");
        assertThat(passing.getSeries().getTrend().getPerDay() / (1 << 30)).isCloseTo(0.2, within(0.001));
        assertThat(passing.getLimitBytes()).isEqualTo(20L << 30);
        assertThat(passing.getLimit().getState()).isEqualTo(GrowthForecastState.GROWTH_FORECAST_STATE_EXPECTED);
        long days = (passing.getLimit().getTime().getSeconds()
                        - growth.getSampleTime().getSeconds())
                / 86_400;
        assertThat(days).isBetween(20L, 22L);
        assertThat(growth.getDatabase().getDisk().getFull().getState())
                .isEqualTo(GrowthForecastState.GROWTH_FORECAST_STATE_EXPECTED);
        assertThat(table(growth, "over").getLimit().getState())
                .isEqualTo(GrowthForecastState.GROWTH_FORECAST_STATE_REACHED);
        Growth one = server.growth()
                .getGrowth(GetGrowthRequest.newBuilder()
                        .setTarget("planted")
                        .setTable(TableName.newBuilder().setName("over"))
                        .setWindow(Duration.newBuilder().setSeconds(5 * 86_400))
                        .build())
                .getGrowth();
        assertThat(one.getTablesList()).hasSize(1);
        assertThat(one.getSamples()).isEqualTo(5);
        assertThat(one.getPoliciesList()).isEmpty();
    }

    @Test
    void a_policy_by_which_nothing_runs_never_catches_up() {
        plant("passing", "10 + day * 0.2", 30);
        PolicyGrowth policy = policyGrowth("planted", "old");
        assertThat(policy.getVerdict()).isEqualTo(CatchUpVerdict.CATCH_UP_VERDICT_NEVER);
        assertThat(policy.getInflowPerDay()).isCloseTo(1_000, within(1.0));
        assertThat(policy.getOutflowPerDay()).isZero();
        assertThat(policy.getReason()).isEqualTo("No cleanup by it is known of this time.");
    }

    @Test
    void what_is_asked_wrongly_is_refused() {
        assertThatThrownBy(() -> growth("mian")).hasMessageContaining("NOT_FOUND");
        assertThatThrownBy(() -> growth("")).hasMessageContaining("INVALID_ARGUMENT");
        assertThatThrownBy(() -> server.growth()
                        .getGrowth(GetGrowthRequest.newBuilder()
                                .setTarget("main")
                                .setWindow(Duration.newBuilder().setSeconds(3_600))
                                .build()))
                .hasMessageContaining("INVALID_ARGUMENT")
                .hasMessageContaining("window");
    }

    private static PolicyGrowth policyGrowth(String target, String name) {
        return growth(target).getPoliciesList().stream()
                .filter(policy -> policy.getPolicy().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** One sample a day, the last of now. */
    private static void plant(String table, String gigabytes, int days) {
        STORE.execute("DELETE FROM caretaker.growth_sample WHERE target = 'planted'", """
                INSERT INTO caretaker.growth_sample (target, day, cause, taken, content)
                SELECT 'planted', CAST(s.taken AT TIME ZONE 'UTC' AS date), 'DAILY', s.taken,
                       jsonb_build_object(
                           'databaseBytes', s.bytes, 'serverBytes', s.bytes * 20, 'tables', jsonb_build_array(
                               jsonb_build_object('table', jsonb_build_object('schema', 'public', 'name', '%s'),
                                                  'heapBytes', s.bytes, 'rows', 1000 * day),
                               jsonb_build_object('table', jsonb_build_object('schema', 'public', 'name', 'over'),
                                                  'heapBytes', CAST(2::bigint << 30 AS bigint))),
                           'policies', jsonb_build_array(jsonb_build_object(
                               'policy', 'old', 'table', jsonb_build_object('schema', 'public', 'name', '%s'),
                               'eligible', 1000 * day, 'exact', true, 'problem', '')))
                FROM (SELECT day, now() - (%d - day) * interval '1 day' AS taken,
                             CAST((%s) * (1::bigint << 30) AS bigint) AS bytes
                      FROM generate_series(1, %d) day) s""".formatted(
                        table, table, days, gigabytes, days));
    }

    private static long number(String sql) {
        return number(TARGET, sql);
    }

    private static long number(Database database, String sql) {
        return database.number(sql);
    }
}
