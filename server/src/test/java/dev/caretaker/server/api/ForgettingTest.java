package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.caretaker.server.config.RetentionConfig.Kept;
import dev.caretaker.server.store.WorkLook;
import dev.caretaker.server.store.WorkLook.Success;
import dev.caretaker.server.store.retention.Forgetting;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is old enough goes, and what is still needed stays, however old it is. */
class ForgettingTest {
    private static final String ACTOR = "'{\"name\": \"anna\", \"verified\": true}'";
    private static final Database STORE = TestPostgres.controlStore();
    private static WholeServer server;

    @BeforeAll
    static void start() {
        server = WholeServer.start(
                TestPostgres.newest().database(),
                Map.of(
                        "caretaker.control-store.url", STORE.url(),
                        "caretaker.retention.audit", "30d",
                        "caretaker.engine.run-retention", "10d"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static long forget(Kept kept) {
        return server.bean(Forgetting.class).forget(kept);
    }

    private static long count(String from) {
        return STORE.number("SELECT count(*) FROM caretaker." + from);
    }

    /** @param ended an expression; NULL for a run that goes on */
    private static String run(int number, String ended) {
        STORE.execute(
                "INSERT INTO caretaker.run (run_id, kind, target, state, state_since, desired, created_by, created, ended,"
                        + " row_limits, tuning) VALUES ('" + id(number) + "', 'CLEANUP', 'main', "
                        + (ended.equals("NULL") ? "'PAUSED'" : "'ENDED'") + ", now(), 'RUNNING', " + ACTOR
                        + ", now() - interval '500 days', " + ended + ", '{}', '{}')");
        return id(number);
    }

    private static String id(int number) {
        return "00000000-0000-4000-8000-%012d".formatted(number);
    }

    private static String days(int ago) {
        return "now() - interval '" + ago + " days'";
    }

    @Test
    void every_kind_is_looked_for_without_an_error() {
        assertThat(Arrays.stream(Kept.values()).mapToLong(ForgettingTest::forget))
                .allSatisfy(gone -> assertThat(gone).isNotNegative());
    }

    @Test
    void runs_go_with_what_they_have_but_not_while_somebody_needs_them() {
        String old = run(1, days(11));
        String young = run(2, days(9));
        String paused = run(3, "NULL");
        String indebted = run(4, days(11));
        String parent = run(5, days(11));
        String child = run(6, "NULL");
        String awaited = run(7, days(11));
        STORE.execute(
                "UPDATE caretaker.run SET parent_run_id = '" + parent + "' WHERE run_id = '" + child + "'",
                "INSERT INTO caretaker.run_event SELECT run_id, 1, now() - interval '400 days', false, '{}' FROM caretaker.run",
                "INSERT INTO caretaker.debt (debt_id, kind, target, run_id, step, schema_name, object_name, table_schema, table_name,"
                        + " fenced_oid, message, details, incurred, next_try) VALUES (gen_random_uuid(), 'index-build', 'main', '"
                        + indebted
                        + "', 1, 's', 'o', 's', 't', 1, 'm', '{}', now() - interval '400 days', now() + interval '1 day')",
                "INSERT INTO caretaker.conversion (conversion_id, target, schema_name, table_name, content, etag, state, requested,"
                        + " run_id, created, expires) VALUES (gen_random_uuid(), 'main', 's', 't', '{}', 'e', 'STARTED', false, '"
                        + awaited + "', now() - interval '400 days', now() - interval '300 days')",
                "INSERT INTO caretaker.run_observation (run_id, target, content) VALUES ('" + old + "', 'main', '{}')");
        forget(Kept.RUNS);
        assertThat(STORE.number("SELECT count(*) FROM caretaker.run WHERE run_id = '" + old + "'"))
                .isZero();
        assertThat(count("run_observation")).isZero();
        for (String kept : new String[] {young, paused, indebted, parent, child, awaited}) {
            assertThat(count("run WHERE run_id = '" + kept + "'")).as(kept).isEqualTo(1);
            assertThat(count("run_event WHERE run_id = '" + kept + "'")).isEqualTo(1);
        }
        STORE.execute("UPDATE caretaker.debt SET settled = now()", "DELETE FROM caretaker.conversion");
        forget(Kept.RUNS);
        assertThat(count("run WHERE run_id IN ('" + indebted + "', '" + awaited + "')"))
                .isZero();
        assertThat(forget(Kept.DEBTS)).isZero();
        STORE.execute("UPDATE caretaker.debt SET settled = now() - interval '11 days'");
        assertThat(forget(Kept.DEBTS)).isEqualTo(1);
    }

    @Test
    void when_policies_and_routines_last_ended_well_is_known_after_their_runs_have_gone() {
        STORE.execute("INSERT INTO caretaker.policy (target, name, content, etag, updated, updated_by) VALUES"
                + " ('main', 'seldom', '{}', 'e', now(), " + ACTOR + ")");
        success(21, 300, "CLEANUP", "COMPLETE", "");
        success(22, 200, "CLEANUP", "PINNED", "COMPLETE"); // by its other policies
        success(23, 100, "CLEANUP", "FAILED", "FAILED");
        success(24, 250, "ROUTINE", "COMPLETE", "COMPLETE");
        success(25, 150, "ROUTINE", "FAILED", "COMPLETE");
        Set<Success> known = successes();
        assertThat(known)
                .extracting(Success::what, Success::name)
                .containsExactlyInAnyOrder(tuple("policy", "seldom"), tuple("routine", "yearly"));
        assertThat(known).extracting(ForgettingTest::daysAgo).containsExactlyInAnyOrder(200L, 250L);
        forget(Kept.RUNS);
        assertThat(count("run WHERE run_id IN ('" + id(22) + "', '" + id(24) + "')"))
                .isZero();
        assertThat(successes()).isEqualTo(known);

        success(26, 20, "CLEANUP", "COMPLETE", "COMPLETE");
        success(27, 400, "ROUTINE", "COMPLETE", "COMPLETE");
        forget(Kept.RUNS);
        assertThat(successes())
                .as("the latest")
                .extracting(ForgettingTest::daysAgo)
                .containsExactlyInAnyOrder(20L, 250L);

        STORE.execute("DELETE FROM caretaker.policy");
        forget(Kept.RUNS);
        assertThat(successes()).extracting(Success::what).containsExactly("routine");
        STORE.execute("DELETE FROM caretaker.plan WHERE plan_id BETWEEN '" + id(21) + "' AND '" + id(29) + "'");
    }

    private static long daysAgo(Success success) {
        return Duration.between(success.at(), Instant.now()).plusHours(12).toDays();
    }

    /** Work that ended so long ago, of policy "seldom" or routine "yearly". */
    private static void success(int number, int daysAgo, String kind, String outcome, String ofStep) {
        String run = run(number, days(daysAgo));
        STORE.execute(
                "INSERT INTO caretaker.plan (plan_id, kind, target, content, created, expires) VALUES ('" + run
                        + "', 'cleanup', 'main', '{\"policies\": [{\"policy\": {\"policy\": {\"name\": \"seldom\"}}}]}', "
                        + days(daysAgo) + ", " + days(daysAgo) + ")",
                "UPDATE caretaker.run SET kind = '" + kind + "', outcome = '" + outcome
                        + "', plan_id = run_id WHERE run_id = '" + run + "'");
        if (!ofStep.isEmpty()) {
            STORE.execute(
                    "INSERT INTO caretaker.run_step (run_id, ordinal, kind, schema_name, table_name, total_schema, total_table,"
                            + " policy, rows_expected, parameters, outcome, totals) VALUES ('" + run
                            + "', 1, 'k', 's', 't', 's', 't', '"
                            + (kind.equals("CLEANUP") ? "seldom" : "")
                            + "', 1, '{\"routine\": {\"name\": \"yearly\"}}', '" + ofStep
                            + "', '{\"rowsDeleted\": 1}')");
        }
    }

    /** The latest of each. */
    private static Set<Success> successes() {
        Map<String, Success> latest = new HashMap<>();
        server.bean(WorkLook.class)
                .successes(Instant.EPOCH)
                .forEach(success -> latest.merge(
                        success.what() + success.name(),
                        success,
                        (one, other) -> one.at().isAfter(other.at()) ? one : other));
        return Set.copyOf(latest.values());
    }

    /** What has one row for each of something that there is, or goes in another way. */
    private static final Set<String> NOT_FORGOTTEN = Set.of(
            "flyway_schema_history",
            "policy",
            "partition_set",
            "schedule",
            "schedule_line",
            "calendar",
            "server",
            "scheduled_task",
            "condition",
            "channel_stop",
            "digest",
            "target_contact",
            "growth_clock",
            "runway_look",
            "backup_look",
            "browser_key",
            "restored_rows");

    @Test
    void every_table_of_the_control_store_is_worked_by_the_clock_or_has_one_row_for_each_of_something()
            throws Exception {
        Set<String> tables =
                new TreeSet<>(texts("SELECT relname FROM pg_class WHERE relnamespace = 'caretaker'::regnamespace"
                        + " AND relkind IN ('r', 'p')"));
        Set<String> gone = new TreeSet<>();
        for (Kept kept : Kept.values()) {
            Path file = Path.of(
                    "src/main/resources/sql/store/retention_" + kept.name().toLowerCase(Locale.ROOT) + ".sql");
            Pattern.compile("DELETE FROM caretaker\\.(\\w+)")
                    .matcher(Files.readString(file))
                    .results()
                    .forEach(found -> gone.add(found.group(1)));
        }
        assertThat(gone).isNotEmpty().isSubsetOf(tables);
        gone.addAll(
                texts("WITH RECURSIVE below AS (SELECT oid FROM pg_class WHERE relnamespace = 'caretaker'::regnamespace"
                        + " AND relname IN ('" + String.join("', '", gone)
                        + "') UNION SELECT conrelid FROM pg_constraint, below"
                        + " WHERE confrelid = below.oid AND contype = 'f' AND confdeltype = 'c')"
                        + " SELECT relname FROM below JOIN pg_class USING (oid)"));
        tables.removeAll(gone);
        assertThat(tables).containsExactlyInAnyOrderElementsOf(NOT_FORGOTTEN);
    }

    private static List<String> texts(String query) {
        return List.of(STORE.value("SELECT string_agg(relname, ',') FROM (" + query + ") AS q")
                .toString()
                .split(","));
    }

    @Test
    void more_than_a_batch_goes_and_what_is_young_stays() {
        STORE.execute(
                "INSERT INTO caretaker.audit (at, actor, verified, method, summary, outcome) SELECT now() - i * interval '1 hour',"
                        + " 'anna', true, 'm', '{}', 'OK' FROM generate_series(1, 12000) i");
        forget(Kept.AUDIT);
        assertThat(count("audit WHERE method = 'm'")).isBetween(719L, 721L);
    }

    @Test
    void held_partitions_and_open_fires_stay() {
        String retired =
                "INSERT INTO caretaker.retired_partition (target, system_id, oid, schema_name, table_name, parent_schema,"
                        + " parent_table, set_name, lower_bound, upper_bound, state, detached, bytes, row_estimate, run_id, ended)"
                        + " VALUES ('main', 1, %d, 's', 't', 's', 'p', 'x', '1', '2', '%s', now() - interval '900 days', 0, 0,"
                        + " gen_random_uuid(), %s)";
        String fire =
                "INSERT INTO caretaker.fire (schedule, target, nominal, outcome, reason, message, times, last_nominal, decided,"
                        + " retry_at, attempts, earlier_runs) VALUES ('s', 'main', now() - %d * interval '1 day', 'WAITING', '', '', 1,"
                        + " now() - %d * interval '1 day', now(), %s, 1, '{}')";
        STORE.execute(
                retired.formatted(1, "HELD", "NULL"),
                retired.formatted(2, "DROPPED", days(500)),
                retired.formatted(3, "DROPPED", days(300)),
                fire.formatted(500, 500, "now()"),
                fire.formatted(501, 501, "NULL"),
                fire.formatted(300, 300, "NULL"));
        assertThat(forget(Kept.RETIRED_PARTITIONS)).isEqualTo(1);
        assertThat(count("retired_partition WHERE state = 'HELD'")).isEqualTo(1);
        assertThat(forget(Kept.FIRES)).isEqualTo(1);
        assertThat(count("fire WHERE schedule = 's' AND retry_at IS NOT NULL")).isEqualTo(1);
    }

    @Test
    void findings_that_are_gone_go_and_those_that_are_there_stay() {
        String finding =
                "INSERT INTO caretaker.finding SELECT 'main', '%s', 'c', 'INFO', 'CERTAIN', 'table', 's', 'o', 'm', 0, 'NONE',"
                        + " '{}', NULL, false, false, now() - interval '900 days', now() - interval '800 days', %s, 'GONE'";
        STORE.execute(
                finding.formatted("there", "NULL"),
                finding.formatted("gone", days(91)),
                finding.formatted("lately", days(89)),
                "INSERT INTO caretaker.finding_mute VALUES ('main', 'there', 'r', NULL, " + ACTOR
                        + ", now() - interval '900 days')," + " ('main', 'over', 'r', now() - interval '91 days', "
                        + ACTOR + ", now() - interval '900 days')");
        assertThat(forget(Kept.FINDINGS)).isEqualTo(1);
        assertThat(count("finding WHERE finding_id IN ('there', 'lately')")).isEqualTo(2);
        assertThat(count("finding_mute")).isEqualTo(1);
    }

    @Test
    void a_plan_stays_as_long_as_its_run_or_a_fire_that_waits_for_it() {
        String plan =
                "INSERT INTO caretaker.plan (plan_id, kind, target, content, created, expires) VALUES ('%s', 'cleanup', 'main',"
                        + " '{}', now() - interval '20 days', now() - interval '8 days')";
        STORE.execute(plan.formatted(id(101)), plan.formatted(id(102)), plan.formatted(id(103)));
        String executed = run(111, days(1));
        STORE.execute(
                "UPDATE caretaker.run SET plan_id = '" + id(102) + "' WHERE run_id = '" + executed + "'",
                "INSERT INTO caretaker.fire (schedule, target, nominal, outcome, reason, message, times, last_nominal, decided,"
                        + " retry_at, attempts, earlier_runs, plan_id) VALUES ('waits', 'main', now(), 'WAITING', '', '', 1, now(), now(),"
                        + " now(), 1, '{}', '" + id(103) + "')");
        assertThat(forget(Kept.PLANS)).isEqualTo(1);
        assertThat(count("plan")).isEqualTo(2);
    }

    @Test
    void archives_and_backups_go_once_they_are_deleted_and_nobody_needs_to_know_of_them() {
        String archive =
                "INSERT INTO caretaker.archive (archive_id, target, schema_name, table_name, policy, run_id, destination, location,"
                        + " request, state, opener, created, deleted) VALUES ('%s', 'main', 's', 't', 'p', '%s', 'd', 'l/', '{}', '%s',"
                        + " gen_random_uuid(), now() - interval '900 days', %s)";
        String backup =
                "INSERT INTO caretaker.backup (backup_id, target, engine, destination, location, request, whole, state,"
                        + " actor, created, deleted, swept) VALUES ('%s', 'main', 'PG_DUMP', 'd', 'l/', '{}', true, '%s', "
                        + ACTOR
                        + ", now() - interval '900 days', %s, %s)";
        String recorded = "INSERT INTO caretaker.external_backup VALUES (gen_random_uuid(), 'main', 'nas', '%d',"
                + " now() - interval '%d days', %s, NULL, '', " + ACTOR + ", now() - interval '900 days')";
        String kept = run(201, days(1));
        STORE.execute(
                archive.formatted(id(211), id(999), "DELETED", days(401)),
                archive.formatted(id(212), id(999), "DELETED", days(399)),
                archive.formatted(id(213), id(999), "STORED", "NULL"),
                archive.formatted(id(214), id(999), "EMPTY", "NULL"),
                archive.formatted(id(215), kept, "DELETED", days(401)),
                backup.formatted(id(221), "DELETED", days(401), true),
                backup.formatted(id(222), "DELETED", days(401), false),
                backup.formatted(id(223), "STORED", "NULL", false),
                backup.formatted(id(224), "FAILED", "NULL", true),
                recorded.formatted(1, 800, "NULL"),
                recorded.formatted(2, 700, "now()"),
                recorded.formatted(3, 600, "NULL"));
        assertThat(forget(Kept.ARCHIVES)).isEqualTo(2);
        assertThat(count("archive WHERE archive_id IN ('" + id(212) + "', '" + id(213) + "', '" + id(215) + "')"))
                .isEqualTo(3);
        assertThat(forget(Kept.BACKUPS)).isEqualTo(2);
        assertThat(count("backup WHERE backup_id IN ('" + id(222) + "', '" + id(223) + "')"))
                .isEqualTo(2);
        assertThat(count("external_backup WHERE reference IN ('2', '3')")).isEqualTo(2);
        assertThat(count("external_backup WHERE reference = '1'")).isZero();
    }

    @Test
    void what_another_server_is_forgetting_is_left_to_it() throws SQLException {
        STORE.execute(
                "INSERT INTO caretaker.hold (hold_id, reason, set_by, since, pause_running, ended) SELECT gen_random_uuid(), 'r', "
                        + ACTOR
                        + ", now() - interval '900 days', false, now() - interval '800 days' FROM generate_series(1, 10)");
        try (Connection other = STORE.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute(
                    "DELETE FROM caretaker.hold WHERE ctid = ANY (ARRAY(SELECT ctid FROM caretaker.hold LIMIT 4))");
            assertThat(forget(Kept.HOLDS)).isEqualTo(6);
            other.commit();
        }
        assertThat(count("hold")).isZero();
    }
}
