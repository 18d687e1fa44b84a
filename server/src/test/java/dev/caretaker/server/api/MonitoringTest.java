package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.util.Timestamps;
import dev.caretaker.server.http.HttpPort;
import dev.caretaker.server.report.growth.GrowthClock;
import dev.caretaker.server.testing.MetricsText;
import dev.caretaker.server.testing.TcpProxy;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.ApplyPartitionSetsRequest;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.ApplySchedulesRequest;
import dev.caretaker.v1.ArchiveTable;
import dev.caretaker.v1.ArchiveTo;
import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.Comparison;
import dev.caretaker.v1.ComparisonOperator;
import dev.caretaker.v1.DeletePolicyRequest;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.Filter;
import dev.caretaker.v1.PartitionGrid;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.RecordExternalBackupRequest;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TriggerScheduleRequest;
import dev.caretaker.v1.Tuning;
import dev.caretaker.v1.Value;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** Metrics and health of a real server that has done some work, over real HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MonitoringTest {
    private static final int LOOKS = 40;
    private static final double DAY = 86_400;
    private static final Path DOCS =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("../docs");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Database store = TestPostgres.newest().database();
    private final Database target = TestPostgres.newest().database();
    private final TcpProxy storeWire =
            new TcpProxy(store.server().host(), store.server().port());
    private final TcpProxy targetWire =
            new TcpProxy(target.server().host(), target.server().port());
    private Scene scene;

    /** What the test works with. */
    private record Scene(WholeServer server, String base) {}

    @BeforeAll
    void work(@TempDir Path folder) {
        YearMonth month = YearMonth.now(ZoneOffset.UTC);
        target.execute(
                "CREATE TABLE jobs (id int PRIMARY KEY, ended timestamptz)",
                "CREATE INDEX ON jobs (ended)",
                "INSERT INTO jobs SELECT g, now() - interval '3 days' FROM generate_series(1, 20000) g",
                "CREATE TABLE late (id int PRIMARY KEY, ended timestamptz)",
                "INSERT INTO late VALUES (1, now() - interval '5 days')",
                "CREATE TABLE states (id int PRIMARY KEY, ended timestamptz, status text)",
                "INSERT INTO states SELECT g, now() - interval '30 hours', CASE WHEN g <= 30 THEN 'done' ELSE 's' || g END"
                        + " FROM generate_series(1, 40) g",
                "CREATE TABLE events (at timestamptz NOT NULL) PARTITION BY RANGE (at)",
                "CREATE TABLE events_default PARTITION OF events DEFAULT",
                "CREATE TABLE events_now PARTITION OF events FOR VALUES FROM ('%s-01 00:00+00') TO ('%s-01 00:00+00')"
                        .formatted(month, month.plusMonths(2)),
                "INSERT INTO events SELECT now() + interval '2 years' FROM generate_series(1, 7)",
                "ANALYZE");
        WholeServer server = WholeServer.start(
                target,
                Map.of(
                        "caretaker.http.port", 0,
                        "caretaker.notifications.channels.book.type", "file",
                        "caretaker.notifications.channels.book.path",
                                folder.resolve("book.jsonl").toString(),
                        "caretaker.control-store.url", storeWire.url(store.name()),
                        "caretaker.targets.main.url", targetWire.url(target.name())));
        int port = server.bean(HttpPort.class).port().orElseThrow();
        scene = new Scene(server, "http://127.0.0.1:" + port);
        server.policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies(ScheduleScene.policy("old-jobs", "main", "jobs"))
                        .addPolicies(ScheduleScene.policy("late", "main", "late"))
                        .addPolicies(ScheduleScene.policy("done", "main", "states")
                                .setCountBy("status")
                                .setFilter(Filter.newBuilder()
                                        .setComparison(Comparison.newBuilder()
                                                .setColumn("status")
                                                .setOperator(ComparisonOperator.COMPARISON_OPERATOR_EQUAL)
                                                .setValue(Value.newBuilder().setStringValue("done")))))
                        .build());
        server.backups()
                .recordExternalBackup(RecordExternalBackupRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .setSource("snapshot")
                        .setReference("1")
                        .setTime(Timestamps.fromMillis(System.currentTimeMillis() - 1_000))
                        .setVerifyTime(Timestamps.fromMillis(System.currentTimeMillis() - 1_000))
                        .build());
        server.partitions()
                .applyPartitionSets(ApplyPartitionSetsRequest.newBuilder()
                        .setRequestId(id())
                        .addSets(PartitionSet.newBuilder()
                                .setName("events")
                                .setTarget("main")
                                .setTable(TableName.newBuilder().setName("events"))
                                .setGrid(PartitionGrid.newBuilder()
                                        .setCalendar(
                                                CalendarGrid.newBuilder().setUnit(CalendarUnit.CALENDAR_UNIT_MONTH))))
                        .build());
    }

    @AfterAll
    void stop() throws IOException {
        scene.server().close();
        storeWire.close();
        targetWire.close();
    }

    @Test
    @Order(1)
    void what_was_never_looked_at_is_not_there() throws Exception {
        await().atMost(Duration.ofSeconds(LOOKS)).until(() -> metrics().value("caretaker_control_store_up") == 1);
        assertThat(metrics().names())
                .doesNotContain(
                        "caretaker_policy_oldest_eligible_age_seconds",
                        "caretaker_last_success_timestamp_seconds",
                        "caretaker_rows_deleted_total",
                        "caretaker_xid_age_ratio")
                .contains("caretaker_runs_active", "jvm_memory_used_bytes");
    }

    @Test
    @Order(2)
    void work_and_its_state_are_told() throws Exception {
        cleanUp("old-jobs");
        scene.server()
                .maintenance()
                .detectIssues(DetectIssuesRequest.newBuilder().setTarget("main").build());
        schedule("hourly");
        scene.server().bean(GrowthClock.class).sample();
        target.execute("DROP TABLE late");
        double now = System.currentTimeMillis() / 1e3;
        await().atMost(Duration.ofSeconds(LOOKS)).untilAsserted(() -> {
            MetricsText seen = metrics();
            assertThat(seen.value("caretaker_policy_oldest_eligible_age_seconds", "target", "main", "policy", "late"))
                    .isCloseTo(4 * DAY, within(600.0));
            assertThat(seen.value(
                            "caretaker_last_success_timestamp_seconds",
                            "kind",
                            "schedule",
                            "target",
                            "main",
                            "name",
                            "hourly"))
                    .isCloseTo(now, within(120.0));
            assertThat(seen.value("caretaker_policy_eligible_rows", "target", "main", "policy", "done"))
                    .isEqualTo(30);
        });
        MetricsText seen = metrics();
        assertThat(seen.value("caretaker_policy_oldest_eligible_age_seconds", "target", "main", "policy", "old-jobs"))
                .isZero();
        assertThat(seen.value(
                        "caretaker_last_success_timestamp_seconds",
                        "kind",
                        "policy",
                        "target",
                        "main",
                        "name",
                        "old-jobs"))
                .isCloseTo(now, within(120.0));
        assertThat(seen.value("caretaker_rows_deleted_total", "target", "main", "policy", "old-jobs"))
                .isEqualTo(20_000);
        assertThat(seen.value("caretaker_runs_total", "kind", "cleanup", "target", "main", "outcome", "complete"))
                .isEqualTo(1);
        assertThat(seen.value("caretaker_batch_rows_sum", "target", "main")).isEqualTo(20_000);
        double batches = seen.value("caretaker_batch_duration_seconds_count", "target", "main");
        assertThat(batches).isPositive();
        assertThat(seen.value("caretaker_batch_duration_seconds_bucket", "target", "main", "le", "+Inf"))
                .isEqualTo(batches);
        assertThat(seen.value("caretaker_run_duration_seconds_count", "kind", "cleanup"))
                .isEqualTo(1);
        assertThat(seen.value("caretaker_run_duration_seconds_sum", "kind", "cleanup"))
                .isBetween(0.1, 60.0);
        assertThat(seen.value("caretaker_lock_timeouts_total", "target", "main"))
                .isZero();
        assertThat(seen.value("caretaker_target_up", "target", "main")).isEqualTo(1);
        assertThat(seen.value("caretaker_policy_rows", "target", "main", "policy", "done", "value", "done"))
                .isEqualTo(30);
        assertThat(seen.value("caretaker_policy_rows", "target", "main", "policy", "done", "value", "(other)"))
                .as("values that no filter names are no labels")
                .isEqualTo(10);
        assertThat(seen.of("caretaker_policy_rows")).hasSize(2);
        assertThat(seen.value("caretaker_bloat_bytes", "target", "main", "kind", "tables"))
                .isZero();
        assertThat(seen.value("caretaker_horizon_age_transactions", "target", "main"))
                .isNotNegative();
        assertThat(seen.value("caretaker_statistics_stale_tables", "target", "main"))
                .isNotNegative();
        assertThat(seen.value("caretaker_backup_expected", "target", "main")).isEqualTo(1);
        assertThat(seen.value("caretaker_mxid_age_ratio", "target", "main")).isBetween(0.0, 0.1);
        assertThat(seen.value("caretaker_partitions_pending_detach", "target", "main"))
                .isZero();
        assertThat(seen.value("caretaker_throttle_seconds_total", "target", "main", "signal", "rows_per_second"))
                .isBetween(0.2, 30.0);
        assertThat(seen.value("caretaker_schedule_fires_total", "schedule", "hourly", "outcome", "started"))
                .isEqualTo(1);
        assertThat(seen.value("caretaker_schedule_fires_total", "schedule", "hourly", "outcome", "missed"))
                .isZero();
        double end = YearMonth.now(ZoneOffset.UTC)
                .plusMonths(2)
                .atDay(1)
                .atStartOfDay()
                .toEpochSecond(ZoneOffset.UTC);
        assertThat(seen.value("caretaker_partition_runway_seconds", "target", "main", "set", "events"))
                .isCloseTo(end - now, within(120.0));
        assertThat(seen.value("caretaker_default_partition_rows", "target", "main", "set", "events"))
                .as("an estimate: what was just inserted and then analyzed may count twice")
                .isBetween(7.0, 14.0);
        assertThat(seen.value("caretaker_xid_age_ratio", "target", "main")).isBetween(0.0, 0.1);
        assertThat(seen.value("caretaker_measurement_age_seconds", "target", "main", "measure", "set_runway"))
                .isBetween(0.0, 120.0);
        assertThat(seen.value(
                        "caretaker_findings", "target", "main", "check", "cleanup-overdue", "severity", "warning"))
                .isEqualTo(1);
        assertThat(seen.value("caretaker_runs_active", "target", "main", "state", "running"))
                .isZero();
        assertThat(seen.value("caretaker_archives", "target", "main", "state", "stored"))
                .isZero();
        assertThat(seen.value("caretaker_archive_bytes", "target", "main", "state", "damaged"))
                .isZero();
        assertThat(seen.value(
                        "caretaker_connections_limit",
                        "server",
                        targetWire.url("").replaceAll(".*//|/$", "")))
                .isPositive();
    }

    @Test
    @Order(3)
    void bytes_given_back_are_counted_where_partitions_are_dropped() throws Exception {
        target.execute(
                "CREATE TABLE logs (ended timestamptz NOT NULL) PARTITION BY RANGE (ended)",
                "CREATE TABLE logs_old PARTITION OF logs FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
                "INSERT INTO logs SELECT '2020-06-01' FROM generate_series(1, 300)");
        scene.server()
                .policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies(ScheduleScene.policy("old-logs", "main", "logs"))
                        .build());
        cleanUp("old-logs");
        assertThat(metrics().value("caretaker_bytes_returned_total", "target", "main", "kind", "cleanup"))
                .isGreaterThanOrEqualTo(8192);
        assertThat(metrics().value("caretaker_partitions_total", "target", "main", "action", "dropped"))
                .isEqualTo(1);
    }

    @Test
    @Order(3)
    void rows_that_are_kept_elsewhere_are_counted() throws Exception {
        target.execute(
                "CREATE TABLE receipts (id int PRIMARY KEY, ended timestamptz)",
                "CREATE INDEX ON receipts (ended)",
                "INSERT INTO receipts SELECT g, now() - interval '3 days' FROM generate_series(1, 5) g",
                "ANALYZE receipts");
        scene.server()
                .policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies(ScheduleScene.policy("receipts", "main", "receipts")
                                .setAction(PolicyAction.POLICY_ACTION_ARCHIVE)
                                .setArchive(ArchiveTo.newBuilder()
                                        .setTable(ArchiveTable.newBuilder()
                                                .setName(TableName.newBuilder().setName("receipts_kept")))))
                        .build());
        cleanUp("receipts");
        assertThat(metrics().value("caretaker_rows_archived_total", "target", "main", "policy", "receipts"))
                .isEqualTo(5);
    }

    @Test
    @Order(4)
    void names_units_types_and_labels_follow_the_rules() throws Exception {
        MetricsText seen = metrics();
        assertThat(seen.names().stream().filter(name -> name.startsWith("caretaker")))
                .isNotEmpty()
                .allMatch(name -> name.matches("caretaker_[a-z_]+"))
                .allSatisfy(name -> assertThat(name.endsWith("_total"))
                        .as(name)
                        .isEqualTo(seen.type(name).equals("counter")))
                .allSatisfy(name -> assertThat(seen.help(name)).as(name).isNotBlank())
                .allSatisfy(name -> assertThat(seen.help(name))
                        .as(name)
                        .containsAnyOf("this process", "the same on each", "control store"));
        assertThat(seen.names()).allMatch(name -> name.matches("(caretaker|jvm|process|system|hikaricp)_[a-z0-9_]+"));
        assertThat(seen.samples().stream()
                        .filter(sample -> sample.name().startsWith("caretaker"))
                        .flatMap(sample -> sample.labels().keySet().stream()))
                .isSubsetOf(
                        "target",
                        "policy",
                        "set",
                        "schedule",
                        "check",
                        "kind",
                        "name",
                        "outcome",
                        "state",
                        "signal",
                        "severity",
                        "measure",
                        "server",
                        "action",
                        "channel",
                        "value",
                        "le");
    }

    @Test
    @Order(5)
    void every_metric_of_the_dashboard_the_alerts_and_the_page_is_there() throws Exception {
        MetricsText seen = metrics();
        Set<String> names = seen.names();
        names.addAll(seen.families());
        String dashboard = Files.readString(DOCS.resolve("monitoring/caretaker.json"));
        String alerts = Files.readString(DOCS.resolve("monitoring/alerts.yml"));
        String page = Files.readString(DOCS.resolve("monitoring.md"));
        assertThat(new ObjectMapper().readTree(dashboard).path("panels")).isNotEmpty();
        for (String text : List.of(dashboard, alerts, page)) {
            assertThat(metricsIn(text)).isNotEmpty().isSubsetOf(names);
        }
        assertThat(seen.families().stream().filter(name -> name.startsWith("caretaker")))
                .as("the page tells of all")
                .isSubsetOf(metricsIn(page));
    }

    @Test
    void the_alert_rules_are_rules() throws Exception {
        Map<String, List<Map<String, List<Map<String, Object>>>>> file =
                new Yaml().load(Files.readString(DOCS.resolve("monitoring/alerts.yml")));
        List<Map<String, Object>> rules = new ArrayList<>();
        file.get("groups").forEach(group -> rules.addAll(group.get("rules")));
        assertThat(rules)
                .isNotEmpty()
                .allSatisfy(rule -> assertThat(rule).containsKeys("alert", "expr", "labels", "annotations"))
                .extracting(rule -> rule.get("alert"))
                .doesNotHaveDuplicates();
    }

    @Test
    void promtool_takes_the_alert_rules() throws Exception {
        boolean installed = false;
        for (String folder : System.getenv("PATH").split(":")) {
            installed |= Files.isExecutable(Path.of(folder, "promtool"));
        }
        assumeTrue(installed, "promtool is not installed: the rules were not tried with it");
        Process promtool = new ProcessBuilder(
                        "promtool",
                        "check",
                        "rules",
                        DOCS.resolve("monitoring/alerts.yml").toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor()).as(said).isZero();
    }

    @Test
    @Order(6)
    void scraping_asks_nothing_of_a_target_that_is_away() throws Exception {
        targetWire.cut();
        try {
            Set<String> before = metrics().names();
            for (int i = 0; i < 20; i++) {
                long began = System.nanoTime();
                assertThat(metrics().names()).isEqualTo(before);
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
            }
            assertThat(get("/health/ready").statusCode()).isEqualTo(200);
        } finally {
            targetWire.mend();
        }
    }

    @Test
    @Order(6)
    void readers_never_see_a_half_of_it() throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos(); // longer than from one look to the next
        Set<String> names = metrics().names();
        while (System.nanoTime() < end) {
            assertThat(metrics().names()).isEqualTo(names);
        }
    }

    @Test
    @Order(6)
    void a_second_server_tells_the_same_of_the_control_store_and_counts_its_own() throws Exception {
        try (WholeServer second = WholeServer.start(
                target, Map.of("caretaker.http.port", 0, "caretaker.control-store.url", store.url()))) {
            String base =
                    "http://127.0.0.1:" + second.bean(HttpPort.class).port().orElseThrow();
            // Each looks in its own time.
            await().atMost(Duration.ofSeconds(LOOKS)).untilAsserted(() -> {
                MetricsText one = metrics();
                MetricsText other = metrics(base);
                for (String name : List.of(
                        "caretaker_policy_oldest_eligible_age_seconds",
                        "caretaker_last_success_timestamp_seconds",
                        "caretaker_partition_runway_seconds",
                        "caretaker_default_partition_rows",
                        "caretaker_findings",
                        "caretaker_xid_age_ratio")) {
                    assertThat(other.of(name)).as(name).isNotEmpty().containsExactlyInAnyOrderElementsOf(one.of(name));
                }
            });
            MetricsText other = metrics(base);
            assertThat(other.names()).doesNotContain("caretaker_rows_deleted_total");
            assertThat(other.value("caretaker_runs_total", "kind", "cleanup", "target", "main", "outcome", "failed"))
                    .as("counted from 0 on")
                    .isZero();
        }
    }

    @Test
    @Order(7)
    void without_the_control_store_the_last_figures_stay_with_their_age() throws Exception {
        await().atMost(Duration.ofSeconds(20)).until(() -> get("/health/ready").statusCode() == 200);
        double debt =
                metrics().value("caretaker_policy_oldest_eligible_age_seconds", "target", "main", "policy", "late");
        assertThat(debt).isPositive();
        storeWire.cut();
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> metrics().value("caretaker_control_store_up") == 0);
            MetricsText seen = metrics();
            assertThat(seen.value("caretaker_policy_oldest_eligible_age_seconds", "target", "main", "policy", "late"))
                    .isEqualTo(debt);
            double age = seen.value("caretaker_store_look_age_seconds");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> metrics().value("caretaker_store_look_age_seconds") > age);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> get("/health/ready").statusCode() == 503);
            HttpResponse<String> ready = get("/health/ready");
            assertThat(ready.headers().firstValue("Content-Type")).contains("application/json");
            assertThat(new ObjectMapper().readTree(ready.body()).path("status").asText())
                    .isEqualTo("not ready");
            assertThat(ready.body()).doesNotContain(store.password(), store.name());
            assertThat(get("/health/live").statusCode()).isEqualTo(200);
        } finally {
            storeWire.mend();
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> metrics().value("caretaker_control_store_up") == 1);
    }

    @Test
    @Order(8)
    void a_policy_that_is_gone_takes_its_gauges_along() throws Exception {
        scene.server()
                .policies()
                .deletePolicy(DeletePolicyRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .setName("late")
                        .build());
        await().atMost(Duration.ofSeconds(LOOKS))
                .until(() -> Double.isNaN(metrics()
                        .value("caretaker_policy_oldest_eligible_age_seconds", "target", "main", "policy", "late")));
    }

    @Test
    void only_what_is_there_can_be_read_and_nothing_be_written() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/metrics/").statusCode()).isEqualTo(404);
        assertThat(get("/metrics").headers().firstValue("Content-Type"))
                .contains("text/plain; version=0.0.4; charset=utf-8");
        HttpResponse<String> posted = http.send(
                HttpRequest.newBuilder(URI.create(scene.base() + "/metrics"))
                        .POST(HttpRequest.BodyPublishers.ofString("x"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(posted.statusCode()).isEqualTo(405);
        HttpResponse<String> head = http.send(
                HttpRequest.newBuilder(URI.create(scene.base() + "/metrics"))
                        .HEAD()
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void it_listens_on_loopback_and_only_if_asked_for() {
        assertThat(scene.server().bean(HttpPort.class).address()).isEqualTo("127.0.0.1");
        try (ApplicationContext without = ApplicationContext.builder(Map.of(
                        "caretaker.listen.port", 0,
                        "caretaker.control-store.url", store.url(),
                        "caretaker.control-store.user", store.user(),
                        "caretaker.control-store.password", store.password()))
                .start()) {
            assertThat(without.getBean(HttpPort.class).port()).isEmpty();
        }
    }

    private void cleanUp(String policy) {
        Plan plan = scene.server()
                .maintenance()
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .addPolicies(policy)
                        .build())
                .getPlan();
        List<RunEvent> events = new ArrayList<>();
        scene.server()
                .maintenance()
                .executeCleanup(ExecuteCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .setPlanId(plan.getPlanId())
                        .setEtag(plan.getEtag())
                        .setTuning(Tuning.newBuilder().setMaxRowsPerSecond(10_000))
                        .build())
                .forEachRemaining(response -> events.add(response.getEvent()));
        assertThat(events.getLast().getFinished().getOutcome())
                .as(events.getLast().toString())
                .isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
    }

    private void schedule(String name) {
        scene.server()
                .schedules()
                .applySchedules(ApplySchedulesRequest.newBuilder()
                        .setRequestId(id())
                        .addSchedules(ScheduleScene.vacuum(name, "main"))
                        .build());
        scene.server()
                .schedules()
                .triggerSchedule(TriggerScheduleRequest.newBuilder()
                        .setRequestId(id())
                        .setName(name)
                        .build());
    }

    private MetricsText metrics() throws Exception {
        return metrics(scene.base());
    }

    private MetricsText metrics(String base) throws Exception {
        return MetricsText.parse(http.send(
                        HttpRequest.newBuilder(URI.create(base + "/metrics"))
                                .timeout(Duration.ofSeconds(5))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(scene.base() + path))
                        .timeout(Duration.ofSeconds(5))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static Set<String> metricsIn(String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher =
                Pattern.compile("\\b(?:caretaker|jvm)_[a-z_]+[a-z]\\b").matcher(text);
        while (matcher.find()) {
            names.add(matcher.group());
        }
        return names;
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}
