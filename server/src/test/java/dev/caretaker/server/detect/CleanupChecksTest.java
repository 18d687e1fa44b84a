package dev.caretaker.server.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.detect.PolicyFacts.PolicyFact;
import dev.caretaker.server.detect.PolicyFacts.Reach;
import dev.caretaker.server.run.DebtView;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.testing.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CleanupChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final String[] TABLES = {
        "CREATE TABLE plain (\"Made At\" timestamptz, kind text)",
        "CREATE TABLE parted (\"Made At\" timestamptz, kind text) PARTITION BY RANGE (\"Made At\")",
        "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM ('2000-01-01') TO ('2100-01-01')",
        "CREATE SCHEMA \"My Schema\"",
        "CREATE TABLE \"My Schema\".\"Odd \"\"T\" (\"Made At\" timestamptz, kind text)"
    };
    private static final List<TableName> NAMES = List.of(
            new TableName("public", "plain"), new TableName("public", "parted"), new TableName("My Schema", "Odd \"T"));

    /** Rows of one kind, one an hour, the newest some days old. */
    private static void rows(Scene scene, TableName table, String kind, int number, double newestDays) {
        scene.plant("INSERT INTO " + quoted(table) + " SELECT now() - g * interval '1 hour' - " + newestDays
                + " * interval '1 day', '" + kind + "' FROM generate_series(1, " + number + ") g");
    }

    private static String quoted(TableName table) {
        return dev.caretaker.server.target.Identifiers.quote(table);
    }

    /** A policy on "Made At", for one kind or, if that is empty, for all rows. */
    private static PolicyFact policy(String name, TableName table, int days, String kind) {
        Instant cutoff = Instant.now().minus(Duration.ofDays(days));
        String filter = kind.isEmpty() ? "" : " AND t.kind = CAST(? AS text)";
        List<Object> kinds = kind.isEmpty() ? List.of() : List.of(kind);
        List<Object> older = new java.util.ArrayList<>(List.of(cutoff.toString()));
        older.addAll(kinds);
        return new PolicyFact(
                name,
                table,
                cutoff,
                "{\"name\": \"%s\", \"schema\": \"%s\", \"table\": \"%s\", \"time_column\": \"Made At\", \"filtered\": %s, \"cutoff\": \"%s\", \"contradictions\": []}"
                        .formatted(name, table.schema(), table.name().replace("\"", "\\\""), !kind.isEmpty(), cutoff),
                new Reach(
                        new CheckSql.Bound("t.\"Made At\"", List.of()),
                        new CheckSql.Bound("t.\"Made At\" < CAST(? AS timestamptz)" + filter, older),
                        new CheckSql.Bound("t.\"Made At\" IS NOT NULL" + filter, kinds)));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("cleanup-overdue")
    void a_row_long_beyond_its_retention_is_overdue(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        for (TableName table : NAMES) {
            rows(scene, table, "a", 24, 9);
            scene.withPolicy(policy("keep " + table.name().replace("\"", ""), table, 7, "a"));
        }
        scene.finds("cleanup-overdue", "public.keep plain", "public.keep parted", "My Schema.keep Odd T");
        // The oldest row is ten days old, its retention seven.
        assertThat(scene.on("public.keep plain", "cleanup-overdue").impact())
                .isCloseTo(3 * 86_400, org.assertj.core.data.Offset.offset(60.0));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("cleanup-overdue")
    void rows_within_the_grace_or_of_another_kind_are_not_overdue(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        rows(scene, NAMES.getFirst(), "a", 12, 7);
        rows(scene, NAMES.getFirst(), "b", 12, 90);
        scene.plant("INSERT INTO plain VALUES (NULL, 'a')");
        scene.withPolicy(policy("keep", NAMES.getFirst(), 7, "a"));
        scene.spares("cleanup-overdue");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("cleanup-overdue")
    void a_table_that_the_role_may_not_read_is_no_healthy_one(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        Scene blind = scene.as(scene.database().role("blind"));
        blind.withPolicy(policy("keep", NAMES.getFirst(), 7, ""));
        CheckResult result = blind.run("cleanup-overdue");
        assertThat(result.status()).isEqualTo(CheckResult.Status.SKIPPED);
        assertThat(result.reason()).contains("permission denied");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("cleanup-overdue")
    void a_foreign_server_out_of_reach_hides_its_own_table_alone(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        scene.plant(
                "CREATE EXTENSION postgres_fdw",
                "CREATE SERVER cold FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '1')",
                "CREATE USER MAPPING FOR PUBLIC SERVER cold OPTIONS (user 'x', password 'x')",
                "CREATE FOREIGN TABLE parted_2 PARTITION OF parted FOR VALUES FROM ('1900-01-01') TO ('2000-01-01') SERVER cold");
        for (TableName table : NAMES.subList(0, 2)) {
            rows(scene, table, "a", 24, 9);
            scene.withPolicy(policy("keep " + table.name(), table, 7, ""));
        }
        scene.finds("cleanup-overdue", "public.keep plain");
        assertThat(scene.run("cleanup-overdue").reason())
                .contains("public.parted")
                .contains("could not connect to server \"cold\"");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("cleanup-overdue")
    void rows_that_others_refer_to_are_held_back_and_not_late(TestPostgres server) {
        Scene scene = Scene.on(
                server,
                "CREATE TABLE \"Customers\" (id int PRIMARY KEY, \"Made At\" timestamptz)",
                "CREATE TABLE orders (customer int CONSTRAINT orders_of REFERENCES \"Customers\")",
                "INSERT INTO \"Customers\" SELECT g, now() - g * interval '1 day' FROM generate_series(1, 100) g",
                "INSERT INTO orders SELECT g FROM generate_series(95, 100) g");
        PolicyFact plain = policy("keep", new TableName("public", "Customers"), 30, "");
        Reach reach = (Reach) plain.reading();
        String exists = "EXISTS (SELECT FROM public.orders c WHERE c.customer = t.id)";
        scene.withPolicy(new PolicyFact(
                plain.policy(),
                plain.table(),
                plain.cutoff(),
                plain.summary(),
                new Reach(
                        reach.time(),
                        reach.eligible(),
                        reach.reached(),
                        new CheckSql.Bound(exists, List.of()),
                        new CheckSql.Bound(
                                "CAST(ARRAY[CASE WHEN " + exists + " THEN ? END] AS text[])",
                                List.of("public.orders (orders_of)")))));
        RawFinding late = scene.only("cleanup-overdue");
        assertThat(late.severity()).isEqualTo(Severity.WARNING);
        assertThat(late.message()).contains("64.0 days overdue");
        scene.plant("DELETE FROM \"Customers\" WHERE id BETWEEN 31 AND 94");
        RawFinding held = scene.only("cleanup-overdue");
        assertThat(held.severity()).isEqualTo(Severity.INFO);
        assertThat(held.message())
                .contains("70.0 days overdue")
                .endsWith("are held back by rows of public.orders (orders_of).");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds({"cleanup-overdue", "cleanup-unreached"})
    void a_policy_that_could_not_be_read_is_named_and_blinds_to_no_other(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        rows(scene, NAMES.getFirst(), "a", 24, 9);
        PolicyFact read = policy("keep", NAMES.getFirst(), 7, "a");
        PolicyFact other = policy("odd", NAMES.getLast(), 7, "");
        scene.withPolicy(read)
                .withPolicy(new PolicyFact(
                        other.policy(),
                        other.table(),
                        other.cutoff(),
                        other.summary().replace("{\"name", "{\"lost\": false, \"unread\": \"it is odd\", \"name"),
                        new PolicyFacts.Unread("it is odd")));
        assertThat(scene.run("cleanup-overdue").findings())
                .singleElement()
                .extracting(RawFinding::object)
                .isEqualTo("keep");
        for (String check : List.of("cleanup-overdue", "cleanup-unreached", "policy-lost")) {
            CheckResult result = scene.run(check);
            assertThat(result.status()).as(check).isEqualTo(CheckResult.Status.RAN);
            assertThat(result.unseen()).as(check).isEqualTo(1);
            assertThat(result.reason()).as(check).contains("odd", "it is odd");
        }
        assertThat(scene.run("policy-lost").findings()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("cleanup-overdue")
    void a_default_far_in_the_past_is_not_taken_for_lateness(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        rows(scene, NAMES.getFirst(), "a", 24, 9);
        scene.plant("INSERT INTO plain VALUES ('0001-01-01', 'a')", "INSERT INTO parted SELECT '2001-01-01', 'a'");
        scene.withPolicy(policy("keep", NAMES.getFirst(), 7, "a"));
        // The oldest row but that is ten days old, its retention seven.
        assertThat(scene.only("cleanup-overdue").impact())
                .isCloseTo(3 * 86_400, org.assertj.core.data.Offset.offset(60.0));
        scene.plant("DELETE FROM plain WHERE \"Made At\" > '1971-01-01'");
        assertThat(scene.only("cleanup-overdue").severity()).isEqualTo(Severity.INFO);
        assertThat(scene.only("cleanup-overdue").message()).contains("0001-01-01");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("cleanup-outrun")
    @Spares("cleanup-outrun")
    void arrivals_outrun_removals_only_while_rows_are_overdue(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        StringBuilder history = new StringBuilder("[");
        for (TableName table : NAMES) {
            scene.withPolicy(policy("keep " + table.name().replace("\"", ""), table, 7, ""));
            rows(scene, table, "a", 100, 0);
            history.append(history.length() > 1 ? "," : "")
                    .append(
                            "{\"taken\": \"%s\", \"schema\": \"%s\", \"name\": \"%s\", \"rows\": 100, \"inserted\": 100}"
                                    .formatted(
                                            Instant.now().minus(Duration.ofDays(3)),
                                            table.schema(),
                                            table.name().replace("\"", "\\\"")));
        }
        scene.withHistory(history + "]");
        rowsArrived(scene, 100);
        scene.spares("cleanup-outrun");
        NAMES.forEach(table -> rows(scene, table, "a", 50, 1));
        rowsArrived(scene, 150);
        // Twice as many rows, yet none is overdue: the table is still filling up.
        scene.spares("cleanup-outrun");
        NAMES.forEach(table -> rows(scene, table, "a", 10, 20));
        scene.finds("cleanup-outrun", "public.keep plain", "public.keep parted", "My Schema.keep Odd T");
        scene.spares("cleanup-outrun", "min_percent=80");
        scene.spares("cleanup-outrun", "min_days=4");
    }

    private static void rowsArrived(Scene scene, long rows) {
        for (String table : List.of("plain", "parted_1", "Odd \"\"T")) {
            Scene.eventually(
                    () -> scene.database()
                            .number("SELECT n_live_tup FROM pg_stat_user_tables WHERE relname = '"
                                    + table.replace("\"\"", "\"") + "'"),
                    rows);
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("cleanup-unreached")
    void rows_that_no_filter_matches_and_rows_without_a_time_are_unreached(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        for (TableName table : NAMES) {
            rows(scene, table, "instance", 2000, 0);
            rows(scene, table, "app", 2000, 0);
            rows(scene, table, "system", 1500, 0);
            scene.withPolicy(policy("instances", table, 7, "instance")).withPolicy(policy("apps", table, 30, "app"));
        }
        scene.plant("ANALYZE");
        scene.finds("cleanup-unreached", "public.plain", "public.parted", "My Schema.Odd \"T");
        assertThat(scene.on("public.plain", "cleanup-unreached").impact()).isEqualTo(1500);
        assertThat(scene.on("public.plain", "cleanup-unreached").evidence())
                .contains("instances")
                .contains("apps");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("cleanup-unreached")
    void a_table_whose_rows_are_all_reached_some_day_is_spared(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        rows(scene, NAMES.getFirst(), "instance", 2000, 0);
        rows(scene, NAMES.getFirst(), "other", 2000, 0);
        rows(scene, NAMES.get(1), "instance", 2000, 0);
        rows(scene, NAMES.get(1), "few", 500, 0);
        scene.plant("ANALYZE");
        scene.withPolicy(policy("instances", NAMES.getFirst(), 7, "instance"))
                .withPolicy(policy("all", NAMES.getFirst(), 3000, ""))
                .withPolicy(policy("instances of parted", NAMES.get(1), 7, "instance"));
        scene.spares("cleanup-unreached");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("policy-contradiction")
    void a_policy_that_another_one_makes_pointless_is_found(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        NAMES.forEach(table -> scene.withPolicy(pointless("long " + table.name().charAt(0), table, "short")));
        scene.finds("policy-contradiction", "public.long p", "public.long p", "My Schema.long O");
        assertThat(scene.run("policy-contradiction").findings())
                .extracting(RawFinding::message)
                .containsOnly("Policy short comes first.");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("policy-lost")
    @Spares("policy-lost")
    void a_policy_whose_table_is_gone_is_found_and_disturbs_no_other(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        rows(scene, NAMES.getFirst(), "a", 24, 9);
        NAMES.forEach(table -> scene.withPolicy(policy("keep " + table.name().charAt(0), table, 7, "a")));
        scene.spares("policy-lost");
        NAMES.forEach(table -> scene.withPolicy(lost("lost " + table.name().charAt(0), table)));
        scene.finds("policy-lost", "public.lost p", "public.lost p", "My Schema.lost O");
        scene.finds("cleanup-overdue", "public.keep p");
        scene.spares("cleanup-unreached", "min_rows=100000");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("debts-open")
    @Spares("debts-open")
    void what_runs_left_is_told_once_it_grows_old(TestPostgres server) {
        Scene scene = Scene.on(server);
        scene.withDebts(debts(Instant.now().minusSeconds(600)));
        scene.spares("debts-open");
        scene.withDebts(debts(Instant.now().minusSeconds(7_200)));
        scene.finds("debts-open", "public.Ev 1", "public.ev_pkey");
        assertThat(scene.run("debts-open").findings())
                .allSatisfy(finding ->
                        assertThat(finding.message()).contains("is open for 2.0 hours. A view depends on it."));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("schedule-overdue")
    @Spares("schedule-overdue")
    void a_schedule_that_did_not_succeed_in_time_is_told_even_if_nothing_ran(TestPostgres server) {
        Scene scene = Scene.on(server);
        scene.withSchedules(schedule(Instant.now().minusSeconds(25 * 3_600), true));
        scene.spares("schedule-overdue");
        scene.withSchedules(schedule(Instant.now().minusSeconds(27 * 3_600), true));
        RawFinding late = scene.only("schedule-overdue");
        assertThat(late.severity()).isEqualTo(Severity.WARNING);
        assertThat(late.message())
                .contains(
                        "A run last ended well 27.0 hours ago; success is expected within 26.0 hours. It was missed.");
        scene.withSchedules(schedule(Instant.now().minusSeconds(60 * 3_600), false));
        assertThat(scene.only("schedule-overdue").severity()).isEqualTo(Severity.CRITICAL);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("notification-dead")
    @Spares("notification-dead")
    void what_reached_nobody_is_told_by_channel(TestPostgres server) {
        Scene scene = Scene.on(server);
        scene.spares("notification-dead");
        scene.withNotifications("[{\"channel\": \"ops\", \"count\": 3, \"since\": \"2026-05-02T20:00:00Z\","
                + " \"latest\": \"2026-05-03T20:00:00Z\", \"error\": \"the answer is 500\"}]");
        RawFinding dead = scene.only("notification-dead");
        assertThat(dead.message()).contains("3 notifications did not reach the channel ops", "the answer is 500.");
        scene.spares("notification-dead", "min_count=4");
    }

    private static String schedule(Instant since, boolean succeeded) {
        return "[{\"schedule\": \"nightly\", \"since\": \"" + since + "\", \"succeeded\": " + succeeded
                + ", \"within_seconds\": 93600, \"latest\": \"It was missed.\"}]";
    }

    private static String debts(Instant since) {
        return OpenDebts.json(Stream.of("partition-drop Ev 1", "index-build ev_pkey")
                .map(text -> text.split(" ", 2))
                .map(parts -> new DebtView(
                        new UUID(0, 1),
                        parts[0],
                        "app",
                        new UUID(0, 2),
                        1,
                        new TableName("public", parts[1]),
                        new TableName("public", "ev"),
                        "It was left.",
                        since,
                        3,
                        "A view depends on it.",
                        since,
                        Optional.empty()))
                .toList());
    }

    private static PolicyFact lost(String name, TableName table) {
        PolicyFact fact = policy(name, new TableName(table.schema(), table.name() + " of old"), 30, "");
        return new PolicyFact(
                name,
                fact.table(),
                fact.cutoff(),
                fact.summary().replace("{\"name", "{\"lost\": true, \"name"),
                new PolicyFacts.Lost());
    }

    /** Which policies these are is decided where policies live; see ContradictionsTest. */
    private static PolicyFact pointless(String name, TableName table, String winner) {
        PolicyFact fact = policy(name, table, 30, "");
        return new PolicyFact(
                name,
                table,
                fact.cutoff(),
                fact.summary()
                        .replace(
                                "[]",
                                "[{\"policy\": \"" + winner + "\", \"message\": \"Policy " + winner
                                        + " comes first.\"}]"),
                fact.reading());
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("policy-contradiction")
    void policies_that_fit_together_are_spared(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        scene.withPolicy(policy("completed 7", NAMES.getFirst(), 7, "a"))
                .withPolicy(policy("all 30", NAMES.getFirst(), 30, ""));
        scene.spares("policy-contradiction");
    }
}
