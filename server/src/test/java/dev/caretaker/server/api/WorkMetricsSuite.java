package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.report.growth.GrowthClock;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.testing.MetricsText;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.ArchiveTable;
import dev.caretaker.v1.ArchiveTo;
import dev.caretaker.v1.DeleteScheduleRequest;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TestChannelRequest;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What metrics tell of work that was done, and of what is there to do. */
abstract class WorkMetricsSuite extends MonitoringScene {
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
        assertThat(seen.value("caretaker_clock_difference_seconds")).isBetween(-5.0, 5.0);
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
    void notifications_that_were_given_up_are_told_by_channel_until_they_are_gone() throws Exception {
        look();
        assertThat(metrics().value("caretaker_notifications_dead", "channel", "book"))
                .isZero();
        store.execute(
                "INSERT INTO caretaker.notification (notification_id, type, severity, target, topic, summary, data, occurred,"
                        + " routed) SELECT gen_random_uuid(), 'hold.set', 'INFO', '', 'given-up', 'About no target.', '{}',"
                        + " now(), now() FROM generate_series(1, 2)",
                "INSERT INTO caretaker.delivery (notification_id, channel, state, attempts, due, error, changed)"
                        + " SELECT notification_id, 'book', 'DEAD', 1, now(), 'it is full', now()"
                        + " FROM caretaker.notification WHERE topic = 'given-up'");
        try {
            look();
            assertThat(metrics().value("caretaker_notifications_dead", "channel", "book"))
                    .isEqualTo(2);
        } finally {
            store.execute("DELETE FROM caretaker.notification WHERE topic = 'given-up'");
        }
        look();
        assertThat(metrics().value("caretaker_notifications_dead", "channel", "book"))
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
        await("what was started has ended: behind it nothing waits, but is skipped")
                .atMost(Duration.ofSeconds(60))
                .until(() -> store.number("SELECT count(*) FROM caretaker.fire f JOIN caretaker.run r USING (run_id)"
                                + " WHERE f.schedule = 'counted' AND r.ended IS NULL")
                        == 0);
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
}
