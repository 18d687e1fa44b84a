package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caretaker.server.http.HttpPort;
import dev.caretaker.server.http.Looks;
import dev.caretaker.server.report.growth.GrowthClock;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.Sha256;
import dev.caretaker.server.testing.MetricsText;
import dev.caretaker.server.testing.PromQl;
import dev.caretaker.server.testing.Promtool;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.ArchiveTable;
import dev.caretaker.v1.ArchiveTo;
import dev.caretaker.v1.DeletePolicyRequest;
import dev.caretaker.v1.DeleteScheduleRequest;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TestChannelRequest;
import io.micronaut.context.ApplicationContext;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** Metrics and health of a real server that has done some work, over real HTTP. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MonitoringTest extends MonitoringScene {
    /** Labels that Prometheus adds. */
    private static final Set<String> SCRAPED = Set.of("instance", "job");

    @Test
    @Order(1)
    void what_was_never_looked_at_is_not_there() throws Exception {
        look();
        assertThat(metrics().value("caretaker_control_store_up")).isEqualTo(1);
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
            look();
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
        assertThat(seen.value("caretaker_lock_timeouts_total", "target", "main", "step", "index-range"))
                .as("from the beginning of the step on")
                .isZero();
        assertThat(seen.value("caretaker_serialization_retries_total", "target", "main", "step", "index-range"))
                .isZero();
        assertThat(seen.value("caretaker_target_up", "target", "main")).isEqualTo(1);
        assertThat(seen.value("caretaker_policy_rows", "target", "main", "policy", "done", "value", ODD))
                .as("whatever a value holds, it is a label")
                .isEqualTo(30);
        assertThat(seen.names()).doesNotContain("caretaker_forged");
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
        assertThat(seen.value("caretaker_runs_active", "kind", "cleanup", "target", "main", "state", "running"))
                .isZero();
        assertThat(seen.of("caretaker_runs_active"))
                .as("states in which no run was are not told of every kind")
                .hasSizeBetween(RunKind.values().length, 3 * RunKind.values().length);
        assertThat(seen.value("caretaker_archive_unverified_bytes", "target", "main"))
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
    @Order(3)
    void locks_that_are_given_up_and_serialization_failures_are_counted_as_they_come() throws Exception {
        target.execute(
                "CREATE TABLE contended (id int PRIMARY KEY, ended timestamptz)",
                "CREATE INDEX ON contended (ended)",
                "INSERT INTO contended SELECT g, now() - interval '3 days' FROM generate_series(1, 5) g",
                "ANALYZE contended",
                "CREATE SEQUENCE attempts",
                "CREATE FUNCTION clash() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF nextval(''attempts'') = 1"
                        + " THEN RAISE EXCEPTION USING ERRCODE = ''40001''; END IF; RETURN NULL; END'",
                "CREATE TRIGGER clash AFTER DELETE ON contended FOR EACH STATEMENT EXECUTE FUNCTION clash()");
        scene.server()
                .policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies(ScheduleScene.policy("contended", "main", "contended"))
                        .build());
        CompletableFuture<Void> run;
        try (Connection other = target.connect();
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("LOCK TABLE contended IN SHARE MODE");
            run = CompletableFuture.runAsync(() -> cleanUp("contended"));
            await("a lock that was given up")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> sum("caretaker_lock_timeouts_total") >= 1);
            other.rollback();
        }
        run.get(60, TimeUnit.SECONDS);
        assertThat(sum("caretaker_serialization_retries_total")).isEqualTo(1);
    }

    private double sum(String name) throws Exception {
        return metrics().of(name).stream()
                .filter(sample -> "main".equals(sample.labels().get("target")))
                .mapToDouble(MetricsText.Sample::value)
                .sum();
    }

    @Test
    @Order(3)
    void notifications_that_do_not_arrive_are_counted_by_channel() throws Exception {
        assertThat(metrics().value("caretaker_notification_failures_total", "channel", "book"))
                .isZero();
        scene.server()
                .notifications()
                .testChannel(TestChannelRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("anna")
                        .setChannel("lost")
                        .build());
        await().atMost(Duration.ofSeconds(30))
                .until(() -> metrics().value("caretaker_notification_failures_total", "channel", "lost") >= 1);
        assertThat(metrics().value("caretaker_notification_failures_total", "channel", "book"))
                .isZero();
    }

    @Test
    @Order(3)
    void archives_on_whose_being_readable_nobody_can_count_are_told_in_bytes() throws Exception {
        store.execute(
                "INSERT INTO caretaker.archive (archive_id, target, schema_name, table_name, policy, run_id, destination,"
                        + " location, request, state, opener, bytes, created, verified) SELECT gen_random_uuid(), 'main', 'public',"
                        + " 'receipts', 'old', gen_random_uuid(), 'none', 'none/', '{}', state, gen_random_uuid(), bytes, now(), verified"
                        + " FROM (VALUES ('SEALED', 4000, NULL), ('STORED', 200, NULL), ('STORED', 30, now() - interval '400 days'),"
                        + " ('STORED', 1, now())) AS a (state, bytes, verified)");
        try {
            look();
            assertThat(metrics().value("caretaker_archive_unverified_bytes", "target", "main"))
                    .isEqualTo(4_230);
        } finally {
            store.execute("DELETE FROM caretaker.archive WHERE destination = 'none'");
        }
        look();
        assertThat(metrics().value("caretaker_archive_unverified_bytes", "target", "main"))
                .isZero();
    }

    @Test
    @Order(3)
    void every_nominal_time_that_has_a_row_is_counted_whatever_became_of_it() throws Exception {
        Schedule.Builder spread =
                ScheduleScene.ticking("counted").setTarget("main").setJitter(ScheduleScene.seconds(1));
        apply(spread);
        await("one that was started").atMost(Duration.ofSeconds(30)).until(() -> rows("counted", "STARTED") >= 1);
        // Times of an hour with jitter that did not come to their end, when the schedule changes and when it goes.
        Schedule.Builder hourly = ScheduleScene.vacuum("counted", "main")
                .setEvery(ScheduleScene.seconds(3_600))
                .setJitter(ScheduleScene.seconds(3_599));
        apply(hourly);
        passed("counted");
        apply(hourly.setEvery(ScheduleScene.seconds(7_200)));
        passed("counted");
        targetWire.cut();
        try {
            ask("counted");
            await("one that waits").atMost(Duration.ofSeconds(60)).until(() -> rows("counted", "WAITING") == 1);
            scene.server()
                    .schedules()
                    .deleteSchedule(DeleteScheduleRequest.newBuilder()
                            .setRequestId(id())
                            .setName("counted")
                            .build());
        } finally {
            targetWire.mend();
        }
        assertThat(store.number("SELECT count(DISTINCT reason) FROM caretaker.fire WHERE schedule = 'counted'"
                        + " AND reason IN ('SCHEDULE_CHANGED', 'SCHEDULE_NOT_FOUND')"))
                .isEqualTo(2);
        for (String outcome : List.of("started", "caught_up", "missed", "refused", "skipped_overlap")) {
            double counted =
                    metrics().value("caretaker_schedule_fires_total", "schedule", "counted", "outcome", outcome);
            assertThat(Double.isNaN(counted) ? 0 : counted)
                    .as(outcome)
                    .isEqualTo(rows("counted", outcome.toUpperCase(Locale.ROOT)));
        }
        assertThat(metrics().of("caretaker_schedule_fires_total").stream()
                        .filter(sample -> "counted".equals(sample.labels().get("schedule")))
                        .mapToDouble(MetricsText.Sample::value)
                        .sum())
                .as("all of them")
                .isEqualTo(store.number("SELECT sum(times) FROM caretaker.fire WHERE schedule = 'counted'"));
    }

    private long rows(String schedule, String outcome) {
        return store.number("SELECT coalesce(sum(times), 0) FROM caretaker.fire WHERE schedule = '" + schedule
                + "' AND outcome = '" + outcome + "'");
    }

    /** As if the latest time of a schedule had just come, and its jitter had not passed. */
    private void passed(String schedule) {
        store.execute("UPDATE caretaker.schedule_line SET settled = now() - interval '2 hours',"
                + " due = now() + interval '1 day' WHERE schedule = '" + schedule + "'");
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
                        "step",
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
    @Order(5)
    void every_label_of_the_dashboard_and_the_alerts_is_one_of_its_metric() throws Exception {
        MetricsText seen = metrics();
        JsonNode dashboard = new ObjectMapper().readTree(Files.readString(DOCS.resolve("monitoring/caretaker.json")));
        int expressions = 0;
        for (JsonNode panel : dashboard.path("panels")) {
            for (JsonNode query : panel.path("targets")) {
                labelsAreThere(
                        seen,
                        query.path("expr").asText(),
                        query.path("legendFormat").asText());
                expressions++;
            }
        }
        Map<String, List<Map<String, List<Map<String, Object>>>>> alerts =
                new Yaml().load(Files.readString(DOCS.resolve("monitoring/alerts.yml")));
        for (Map<String, List<Map<String, Object>>> group : alerts.get("groups")) {
            for (Map<String, Object> rule : group.get("rules")) {
                labelsAreThere(
                        seen,
                        rule.get("expr").toString(),
                        rule.get("annotations").toString());
                expressions++;
            }
        }
        assertThat(expressions).isGreaterThan(50);
    }

    private static void labelsAreThere(MetricsText seen, String expression, String shown) {
        PromQl query = new PromQl(expression);
        Set<String> all = new TreeSet<>(SCRAPED);
        assertThat(query.selected()).as(expression).isNotEmpty();
        query.selected().forEach((metric, selected) -> {
            Set<String> known = new TreeSet<>(SCRAPED);
            seen.samples().stream()
                    .filter(sample -> sample.name().equals(metric))
                    .forEach(sample -> known.addAll(sample.labels().keySet()));
            assertThat(known).as("labels of %s in %s", metric, expression).containsAll(selected);
            all.addAll(known);
        });
        assertThat(all).as(expression).containsAll(query.grouped());
        assertThat(expression.contains(" by (") ? query.grouped() : all)
                .as("what is shown of %s", expression)
                .containsAll(PromQl.shown(shown));
    }

    @Test
    @Order(5)
    void promtool_finds_nothing_amiss_in_what_is_scraped() throws Exception {
        Promtool.assumeInstalled();
        HttpResponse<String> scraped = get("/metrics");
        String ours = scraped.body()
                .lines()
                .filter(line -> line.matches("(# (HELP|TYPE) )?caretaker_.*"))
                .collect(Collectors.joining("\n", "", "\n"));
        Promtool.Result checked = Promtool.run(ours, "check", "metrics");
        assertThat(checked.code()).as(checked.said()).isZero();
        assertThat(checked.said()).isBlank();
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
        Set<String> names = metrics().names();
        CompletableFuture<Void> looks = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 50; i++) {
                look();
            }
        });
        do {
            assertThat(metrics().names()).isEqualTo(names);
        } while (!looks.isDone());
        looks.join();
    }

    @Test
    @Order(6)
    void a_second_server_tells_the_same_of_the_control_store_and_counts_its_own() throws Exception {
        try (WholeServer second = WholeServer.start(
                target, Map.of("caretaker.http.port", 0, "caretaker.control-store.url", store.url()))) {
            String base =
                    "http://127.0.0.1:" + second.bean(HttpPort.class).port().orElseThrow();
            await().atMost(Duration.ofSeconds(LOOKS)).untilAsserted(() -> {
                look();
                Looks.now(second.bean(ApplicationContext.class));
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
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                look();
                return metrics().value("caretaker_control_store_up") == 0;
            });
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
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            look();
            return metrics().value("caretaker_control_store_up") == 1;
        });
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
        look();
        assertThat(metrics().value("caretaker_policy_oldest_eligible_age_seconds", "target", "main", "policy", "late"))
                .isNaN();
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
    void with_a_file_of_tokens_metrics_are_told_to_who_knows_one_and_health_to_anybody(@TempDir Path folder)
            throws Exception {
        Path tokens = folder.resolve("scrapers");
        Files.writeString(tokens, "prometheus: " + Sha256.hex(Sha256.of("a-long-secret"), 32) + "\n");
        Map<String, Object> properties =
                Map.of("caretaker.http.port", 0, "caretaker.http.metrics-tokens-file", tokens.toString());
        try (WholeServer guarded = WholeServer.start(target, properties)) {
            String base =
                    "http://127.0.0.1:" + guarded.bean(HttpPort.class).port().orElseThrow();
            HttpResponse<String> unknown = asked(base + "/metrics", "");
            assertThat(unknown.statusCode()).isEqualTo(401);
            assertThat(unknown.headers().firstValue("WWW-Authenticate"))
                    .hasValueSatisfying(how -> assertThat(how).startsWith("Bearer"));
            assertThat(unknown.body()).doesNotContain("caretaker_control_store_up");
            assertThat(asked(base + "/metrics", "Bearer another-secret").statusCode())
                    .isEqualTo(401);
            assertThat(asked(base + "/metrics", "a-long-secret").statusCode()).isEqualTo(401);
            HttpResponse<String> known = asked(base + "/metrics", "Bearer a-long-secret");
            assertThat(known.statusCode()).isEqualTo(200);
            assertThat(known.body()).contains("jvm_memory_used_bytes");
            assertThat(asked(base + "/health/live", "").statusCode()).isEqualTo(200);
            Files.writeString(tokens, "# nobody any more\n");
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            asked(base + "/metrics", "Bearer a-long-secret").statusCode() == 401);
            assertThat(guarded.maintenance()
                            .detectIssues(DetectIssuesRequest.newBuilder()
                                    .setTarget("main")
                                    .addChecks("configuration-file")
                                    .build())
                            .toString())
                    .contains("caretaker.http.metrics-tokens-file");
        }
    }

    private HttpResponse<String> asked(String url, String authorization) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(5));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
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
}
