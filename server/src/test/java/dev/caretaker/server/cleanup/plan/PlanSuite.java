package dev.caretaker.server.cleanup.plan;

import static dev.caretaker.server.cleanup.CleanupBench.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.cleanup.CleanupBench;
import dev.caretaker.server.cleanup.plan.facts.PolicyReach;
import dev.caretaker.server.cleanup.plan.kept.Estimate;
import dev.caretaker.server.cleanup.plan.kept.Mechanism;
import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.server.cleanup.plan.kept.PlannedLock;
import dev.caretaker.server.cleanup.plan.kept.PlannedStep;
import dev.caretaker.server.cleanup.plan.kept.Work;
import dev.caretaker.server.cleanup.policy.Constant;
import dev.caretaker.server.cleanup.policy.Filter;
import dev.caretaker.server.cleanup.policy.Limits;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Plans of live tables. The clock stands at 2026-06-15 12:00 UTC, and policies keep 30 days unless they say otherwise. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PlanSuite {
    private final TestPostgres server;
    private Database db;
    private CleanupBench bench;

    PlanSuite(TestPostgres server) {
        this.server = server;
    }

    @BeforeAll
    void start() {
        db = server.database();
        bench = CleanupBench.start(db);
        db.execute("CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'");
    }

    @AfterAll
    void stop() {
        bench.close();
    }

    /** 1,000 rows, one an hour, the newest of now: 279 of them are older than 30 days. */
    private void hourly(String table, String... more) {
        db.execute(
                "CREATE TABLE " + table
                        + " (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz, status int)",
                "INSERT INTO " + table
                        + " (at, status) SELECT timestamptz '2026-06-15 12:00Z' - i * interval '1 hour', i % 4"
                        + " FROM generate_series(0, 999) AS i ORDER BY i DESC");
        db.execute(more);
        db.execute("ANALYZE " + table);
    }

    /** Partitions of March, May and June; a row an hour. */
    private void monthly(String table) {
        db.execute(
                "CREATE TABLE " + table + " (id bigint, at timestamptz) PARTITION BY RANGE (at)",
                partition(table, "03", "2026-03-01Z", "2026-04-01Z"),
                partition(table, "05", "2026-05-01Z", "2026-06-01Z"),
                partition(table, "06", "2026-06-01Z", "2026-07-01Z"),
                "INSERT INTO " + table + " SELECT i, timestamptz '2026-03-01Z' + i * interval '1 hour'"
                        + " FROM generate_series(0, 743) AS i",
                "INSERT INTO " + table + " SELECT i, timestamptz '2026-05-01Z' + i * interval '1 hour'"
                        + " FROM generate_series(0, 1000) AS i",
                "ANALYZE " + table);
    }

    private static String partition(String table, String suffix, String from, String to) {
        return "CREATE TABLE " + table + "_" + suffix + " PARTITION OF " + table + " FOR VALUES FROM ('" + from
                + "') TO ('" + to + "')";
    }

    private static Filter equal(String column, long value) {
        return new Filter.Compare(
                column, Filter.Operator.EQUAL, new Constant(Constant.Kind.INT64, Long.toString(value)));
    }

    private static List<Code> codes(Plan plan) {
        return plan.warnings().stream().map(PlanWarning::code).toList();
    }

    private static PlanWarning warning(Plan plan, Code code) {
        return plan.warnings().stream()
                .filter(warning -> warning.code() == code)
                .findFirst()
                .orElseThrow(() -> new AssertionError(code + " is not among " + plan.warnings()));
    }

    private static List<String> work(Plan plan) {
        return plan.steps().stream()
                .map(step -> step.mechanism().map(Mechanism::name).orElse("VACUUM") + " "
                        + step.relation().name())
                .toList();
    }

    private static List<String> drops(Plan plan) {
        return work(plan).stream().filter(step -> step.startsWith("DROP")).toList();
    }

    @Test
    void an_index_on_the_time_column_leads_to_the_rows() {
        hourly("\"Ordered Jobs\"", "CREATE INDEX ON \"Ordered Jobs\" (at DESC)");
        Plan plan = bench.plan(true, false, policy("ordered", "Ordered Jobs"));
        assertThat(work(plan)).containsExactly("INDEX_RANGE Ordered Jobs", "VACUUM Ordered Jobs");
        Estimate estimate = plan.steps().getFirst().estimate();
        assertThat(estimate.rows()).isEqualTo(279);
        assertThat(estimate.rowsExact()).isTrue();
        assertThat(estimate.tableRows()).isEqualTo(1_000);
        assertThat(estimate.bytesDeleted()).isPositive().isEqualTo(estimate.bytesReusable());
        assertThat(estimate.bytesReturned()).isZero();
        assertThat(estimate.walBytes()).isPositive();
        assertThat(plan.policies().getFirst().cutoff()).isEqualTo("2026-05-16T12:00:00Z");
        assertThat(plan.policies().getFirst().predicateSql())
                .contains("t.\"at\" < CAST('2026-05-16 12:00:00.000000+00' AS timestamptz)");
        assertThat(plan.blocked()).isFalse();
        assertThat(bench.plans().get(plan.id())).isEqualTo(plan);
    }

    @Test
    void without_an_index_many_rows_are_deleted_in_heap_order_and_few_by_address() {
        hourly("unordered");
        Plan many = bench.plan(policy("many", "unordered"));
        assertThat(work(many)).contains("BLOCK_RANGE unordered");
        assertThat(many.steps().getFirst().estimate().rows()).isBetween(250L, 310L);
        assertThat(warning(many, Code.NO_INDEX).remediationSql())
                .isEqualTo("CREATE INDEX CONCURRENTLY ON \"public\".\"unordered\" (\"at\");");
        Plan few = bench.plan(policy("few", "unordered").days(41));
        assertThat(work(few)).contains("ROW_LIST unordered");
    }

    @Test
    void what_an_index_shows_to_be_few_is_counted_and_nothing_makes_no_step() {
        hourly("told_at_once", "CREATE INDEX ON told_at_once (at)");
        Plan few = bench.plan(policy("few", "told_at_once"));
        assertThat(few.total().rows()).isEqualTo(279);
        assertThat(few.total().rowsExact()).isTrue();
        Plan nothing = bench.plan(policy("nothing", "told_at_once").days(400));
        assertThat(nothing.steps()).isEmpty();
        assertThat(nothing.total().rows()).isZero();
    }

    @Test
    void a_table_emptied_since_its_statistics_were_gathered_is_planned_as_it_is() {
        hourly("emptied", "CREATE INDEX ON emptied (at)");
        hourly("emptied_bare");
        db.execute(
                "DELETE FROM emptied WHERE at < timestamptz '2026-05-20 12:00Z'",
                "DELETE FROM emptied_bare WHERE at < timestamptz '2026-05-20 12:00Z'");
        assertThat(bench.plan(policy("emptied", "emptied")).steps()).isEmpty();
        assertThat(bench.plan(policy("emptied-bare", "emptied_bare")).steps()).isEmpty();
    }

    @Test
    void a_few_rows_that_are_counted_plan_no_vacuum_after_them() {
        db.execute(
                "CREATE TABLE few_old (id bigint, at timestamptz)",
                "INSERT INTO few_old SELECT i, timestamptz '2026-06-14Z' FROM generate_series(1, 5000) AS i",
                "INSERT INTO few_old SELECT i, timestamptz '2026-01-14Z' FROM generate_series(1, 7) AS i");
        assertThat(work(bench.plan(policy("few-old", "few_old")))).containsExactly("ROW_LIST few_old");
    }

    @Test
    void only_rows_held_back_make_a_step_that_counts_them() {
        db.execute(
                "CREATE TABLE held_parent (id bigint PRIMARY KEY, at timestamptz)",
                "CREATE TABLE held_child (parent bigint REFERENCES held_parent)",
                "CREATE INDEX ON held_child (parent)",
                "INSERT INTO held_parent VALUES (1, '2026-01-01Z'), (2, '2026-06-14Z')",
                "INSERT INTO held_child VALUES (1)",
                "ANALYZE held_parent, held_child");
        assertThat(work(bench.plan(policy("held", "held_parent").skipPinned())))
                .anyMatch(step -> step.endsWith("held_parent"));
        db.execute("DELETE FROM held_child", "DELETE FROM held_parent WHERE id = 1");
        assertThat(bench.plan(policy("held", "held_parent").skipPinned()).steps())
                .isEmpty();
    }

    /** 4,000 pages and more: too many to be counted in passing. */
    @Test
    void a_large_table_with_stale_statistics_is_sampled_and_the_plan_says_how_exact_that_is() {
        db.execute(
                "CREATE TABLE outdated (id bigint, at timestamptz, fill text) WITH (fillfactor = 10,"
                        + " autovacuum_enabled = off)",
                "INSERT INTO outdated SELECT i, timestamptz '2026-06-15 12:00Z' - i * interval '1 minute',"
                        + " repeat('x', 100) FROM generate_series(1, 30000) AS i",
                "ANALYZE outdated",
                "INSERT INTO outdated SELECT i, timestamptz '2026-01-15 12:00Z', repeat('x', 100)"
                        + " FROM generate_series(1, 20000) AS i");
        // Some servers tell with a delay that a table was analyzed, and with another one what changed since.
        await().until(() -> bench.plan(policy("outdated", "outdated")).warnings().stream()
                .anyMatch(warning -> warning.code() == Code.STALE_STATISTICS));
        Plan plan = bench.plan(policy("outdated", "outdated"));
        Estimate estimate = plan.steps().getFirst().estimate();
        assertThat(estimate.rowsExact()).isFalse();
        assertThat(estimate.rows()).isBetween(18_000L, 22_000L);
        assertThat(estimate.rowsMargin().orElseThrow()).isBetween(1L, 4_000L);
        assertThat(estimate.tableRows()).isBetween(48_000L, 52_000L);
        assertThat(plan.steps().getFirst().reason()).contains("A sample was read");
        assertThat(warning(plan, Code.STALE_STATISTICS).message()).contains("estimates of bytes and time are rough");

        db.execute("ANALYZE outdated");
        await().until(() -> outdated().rowsMargin().isEmpty());
    }

    private Estimate outdated() {
        return bench.plan(policy("outdated", "outdated")).steps().getFirst().estimate();
    }

    @Test
    void an_index_that_begins_with_the_filters_constants_is_taken() {
        hourly("filtered", "CREATE INDEX by_status ON filtered (status, at)");
        Plan plan = bench.plan(policy("filtered", "filtered")
                .where(new Filter.In(
                        "status",
                        List.of(new Constant(Constant.Kind.INT64, "1"), new Constant(Constant.Kind.INT64, "2")))));
        assertThat(work(plan)).contains("INDEX_RANGE filtered");
        Work.RemoveRows work = (Work.RemoveRows) plan.steps().getFirst().work();
        assertThat(work.parameters().index().orElseThrow().prefixes()).hasSize(2);
    }

    @Test
    void whole_partitions_are_dropped_and_young_ones_left_out() {
        monthly("ev");
        Plan plan = bench.plan(policy("ev", "ev"));
        assertThat(work(plan)).containsExactly("DROP_PARTITION ev_03", "BLOCK_RANGE ev_05", "VACUUM ev_05");
        PlannedStep drop = plan.steps().getFirst();
        assertThat(drop.estimate().bytesReturned()).isPositive();
        assertThat(drop.estimate().bytesReusable()).isZero();
        assertThat(drop.estimate().rows()).isEqualTo(744);
        assertThat(drop.sql())
                .containsExactly(
                        "ALTER TABLE \"public\".\"ev\" DETACH PARTITION \"public\".\"ev_03\" CONCURRENTLY",
                        "DROP TABLE \"public\".\"ev_03\"");
        assertThat(drop.locks())
                .extracting(PlannedLock::mode)
                .containsExactly("ACCESS EXCLUSIVE", "SHARE UPDATE EXCLUSIVE");
    }

    @Test
    void the_recipe_for_an_index_on_partitions_works_as_pasted() {
        monthly("ev_bare");
        Plan bare = bench.plan(policy("bare", "ev_bare"));
        db.execute(warning(bare, Code.NO_INDEX).remediationSql().split("\n"));
        Plan served = bench.plan(policy("bare", "ev_bare"));
        assertThat(codes(served)).doesNotContain(Code.NO_INDEX);
        assertThat(work(served)).contains("INDEX_RANGE ev_bare_05");
        assertThat(db.value("SELECT bool_and(indisvalid) FROM pg_index WHERE indrelid = 'ev_bare'::regclass"))
                .isEqualTo(true);
    }

    @Test
    void the_recipe_reaches_every_level_and_shows_no_more_than_a_reader_needs() {
        db.execute(
                "CREATE TABLE layered (id bigint, at timestamptz) PARTITION BY HASH (id)",
                "CREATE TABLE layered_0 PARTITION OF layered FOR VALUES WITH (MODULUS 2, REMAINDER 0) PARTITION BY"
                        + " HASH (id)",
                "CREATE TABLE layered_1 PARTITION OF layered FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                "CREATE TABLE layered_00 PARTITION OF layered_0 FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
                "INSERT INTO layered SELECT i, timestamptz '2026-01-01Z' FROM generate_series(1, 100) AS i",
                "ANALYZE layered");
        db.execute(warning(bench.plan(policy("layered", "layered")), Code.NO_INDEX)
                .remediationSql()
                .split("\n"));
        assertThat(codes(bench.plan(policy("layered", "layered")))).doesNotContain(Code.NO_INDEX);
        assertThat(db.value("SELECT bool_and(indisvalid) FROM pg_index WHERE indrelid IN ('layered'::regclass,"
                        + " 'layered_0'::regclass)"))
                .isEqualTo(true);

        db.execute("CREATE TABLE wide (id bigint, at timestamptz) PARTITION BY HASH (id)");
        for (int i = 0; i < 12; i++) {
            db.execute(
                    "CREATE TABLE wide_" + i + " PARTITION OF wide FOR VALUES WITH (MODULUS 12, REMAINDER " + i + ")");
        }
        db.execute(
                "INSERT INTO wide SELECT i, timestamptz '2026-01-01Z' FROM generate_series(1, 100) AS i",
                "ANALYZE wide");
        String[] recipe = warning(bench.plan(policy("wide", "wide")), Code.NO_INDEX)
                .remediationSql()
                .split("\n");
        assertThat(recipe).hasSize(1 + 2 * 5 + 1);
        assertThat(recipe[0]).contains("ON ONLY \"public\".\"wide\"");
        assertThat(recipe[11])
                .isEqualTo("-- and so on for 7 more partitions; the parent's index is valid once all are attached");
    }

    @Test
    void what_a_role_may_not_do_or_see_is_told_with_what_would_allow_it() {
        hourly("narrow", "CREATE INDEX ON narrow (at)");
        db.execute(
                "CREATE SCHEMA \"Inner\"",
                "CREATE TABLE \"Inner\".narrow_child (p bigint REFERENCES narrow ON DELETE CASCADE)",
                "CREATE INDEX ON \"Inner\".narrow_child (p)",
                "INSERT INTO \"Inner\".narrow_child SELECT id FROM narrow LIMIT 5");
        Database role = db.role("keeper");
        db.execute("GRANT SELECT, DELETE ON narrow TO \"" + role.user() + "\"");
        try (CleanupBench limited = CleanupBench.start(role)) {
            Plan plan = limited.plan(policy("narrow", "narrow").allowCascade());
            PlanWarning cascade = warning(plan, Code.CASCADE);
            assertThat(cascade.message()).contains("(rows: unknown: permission denied for schema Inner)");
            PlanWarning horizon = warning(plan, Code.XMIN_UNSEEN);
            PlanWarning vacuum = warning(plan, Code.FOLLOW_UP_NOT_ALLOWED);
            assertThat(vacuum.message()).contains(role.user()).contains("public.narrow");
            assertThat(plan.blocked()).isFalse();

            db.execute(cascade.remediationSql().split("\n"));
            db.execute(horizon.remediationSql());
            boolean grantable = server == TestPostgres.newest();
            assertThat(vacuum.remediationSql().isEmpty()).isEqualTo(!grantable);
            db.execute(grantable ? vacuum.remediationSql() : "ALTER TABLE narrow OWNER TO \"" + role.user() + "\"");

            Plan allowed = limited.plan(policy("narrow", "narrow").allowCascade());
            assertThat(warning(allowed, Code.CASCADE).evidence()).containsEntry("child_rows", "5");
            assertThat(codes(allowed)).doesNotContain(Code.XMIN_UNSEEN, Code.FOLLOW_UP_NOT_ALLOWED);
        }
        assertThat(codes(bench.plan(policy("narrow", "narrow").allowCascade())))
                .doesNotContain(Code.XMIN_UNSEEN, Code.FOLLOW_UP_NOT_ALLOWED);
    }

    @Test
    void only_the_rights_that_are_missing_are_asked_for() {
        hourly("guarded", "CREATE INDEX ON guarded (at)");
        Database role = db.role("reader");
        try (CleanupBench limited = CleanupBench.start(role)) {
            assertThatThrownBy(() -> limited.plan(policy("guarded", "guarded")))
                    .hasMessage(
                            "Caretaker's role lacks rights for \"public\".\"guarded\": GRANT it DELETE and SELECT.");
            db.execute("GRANT SELECT ON guarded TO \"" + role.user() + "\"");
            assertThatThrownBy(() -> limited.plan(policy("guarded", "guarded")))
                    .hasMessage("Caretaker's role lacks rights for \"public\".\"guarded\": GRANT it DELETE.");
        }
    }

    @Test
    void rows_that_pin_must_be_readable_where_they_are_to_be_skipped() {
        hourly("heldback", "CREATE INDEX ON heldback (at)");
        db.execute(
                "CREATE TABLE holder (p bigint REFERENCES heldback)",
                "CREATE INDEX ON holder (p)",
                "INSERT INTO holder SELECT id FROM heldback LIMIT 5");
        Database role = db.role("skipper");
        db.execute("GRANT SELECT, DELETE ON heldback TO \"" + role.user() + "\"");
        try (CleanupBench limited = CleanupBench.start(role)) {
            assertThatThrownBy(() -> limited.plan(policy("heldback", "heldback").skipPinned()))
                    .isInstanceOfSatisfying(CaretakerException.class, e -> {
                        assertThat(e.reason()).isEqualTo(Reason.MISSING_PRIVILEGE);
                        assertThat(e.getMessage())
                                .contains("may not SELECT in \"public\".\"holder\"")
                                .contains("policy heldback is to skip");
                    });
            db.execute("GRANT SELECT ON holder TO \"" + role.user() + "\"");
            assertThat(codes(limited.plan(policy("heldback", "heldback").skipPinned())))
                    .contains(Code.PINNING_FOREIGN_KEY);
        }
    }

    @Test
    void foreign_partitions_are_left_out_and_named_where_they_may_be_old() {
        monthly("evx");
        db.execute(
                "CREATE EXTENSION IF NOT EXISTS postgres_fdw",
                "CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'localhost', port '1')",
                "CREATE USER MAPPING FOR CURRENT_USER SERVER elsewhere OPTIONS (user 'nobody', password 'none')",
                "CREATE FOREIGN TABLE evx_07 PARTITION OF evx FOR VALUES FROM ('2026-07-01Z') TO (MAXVALUE)"
                        + " SERVER elsewhere");
        Plan plan = bench.plan(policy("evx", "evx"));
        assertThat(work(plan)).containsExactly("DROP_PARTITION evx_03", "BLOCK_RANGE evx_05", "VACUUM evx_05");
        assertThat(warning(plan, Code.COUNT_TIMEOUT).message()).contains("could not connect");
        assertThat(codes(plan)).doesNotContain(Code.FOREIGN_PARTITION);

        db.execute("CREATE FOREIGN TABLE evx_01 PARTITION OF evx FOR VALUES FROM ('2026-01-01Z') TO ('2026-02-01Z')"
                + " SERVER elsewhere");
        plan = bench.plan(policy("evx", "evx"));
        assertThat(work(plan)).containsExactly("DROP_PARTITION evx_03", "BLOCK_RANGE evx_05", "VACUUM evx_05");
        assertThat(warning(plan, Code.FOREIGN_PARTITION).message())
                .isEqualTo(
                        "Rows of public.evx_01 stay, however old they are: only local tables are cleaned, and this is"
                                + " a foreign one.");
    }

    @Test
    void old_rows_of_a_foreign_partition_are_not_late_for_a_cleanup_leaves_them_out() throws SQLException {
        monthly("evy");
        db.execute(
                "CREATE EXTENSION IF NOT EXISTS postgres_fdw",
                "CREATE TABLE evy_archive (id bigint, at timestamptz)",
                "INSERT INTO evy_archive VALUES (1, '2026-01-05Z')",
                "CREATE SERVER archive FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '" + server.host() + "', port '"
                        + server.port() + "', dbname '" + db.name() + "')",
                "CREATE USER MAPPING FOR CURRENT_USER SERVER archive OPTIONS (user '" + db.user() + "', password '"
                        + db.password() + "')",
                "CREATE FOREIGN TABLE evy_01 PARTITION OF evy FOR VALUES FROM ('2026-01-01Z') TO ('2026-02-01Z')"
                        + " SERVER archive OPTIONS (table_name 'evy_archive')");
        try (Connection connection = db.connect()) {
            PolicyReach reach = PolicyReach.read(
                            connection, policy("evy", "evy").build(), CleanupBench.NOW.minus(Duration.ofDays(30)))
                    .orElseThrow();
            String oldest = SqlFragment.of("SELECT CAST(min(t.at) AT TIME ZONE 'UTC' AS text) FROM evy AS t WHERE ")
                    .then("", reach.eligible())
                    .statement()
                    .one(connection, row -> row.getString(1));
            assertThat(oldest).isEqualTo("2026-03-01 00:00:00");
        }
    }

    @Test
    void a_default_partition_makes_the_detach_block_and_is_itself_cleaned_by_rows() {
        monthly("evd");
        db.execute(
                "CREATE TABLE evd_rest PARTITION OF evd DEFAULT",
                "INSERT INTO evd VALUES (1, NULL), (2, '2020-01-01Z')",
                "ANALYZE evd");
        Plan plan = bench.plan(true, false, policy("evd", "evd"));
        assertThat(work(plan)).contains("DROP_PARTITION evd_03", "BLOCK_RANGE evd_rest");
        assertThat(codes(plan)).contains(Code.BLOCKING_DETACH, Code.NEVER_ELIGIBLE_ROWS);
        assertThat(plan.steps().getFirst().locks())
                .contains(new PlannedLock(
                        new TableName("public", "evd_rest"), "ACCESS EXCLUSIVE", "briefly, for DETACH"));
    }

    @Test
    void a_filter_a_trigger_or_a_cascade_keeps_a_partition_from_being_dropped() {
        monthly("evf");
        Plan filtered = bench.plan(policy("evf", "evf").where(equal("id", 7)));
        assertThat(drops(filtered)).isEmpty();
        assertThat(filtered.steps().getFirst().reason()).contains("the policy's filter may spare rows of it");

        monthly("evt");
        db.execute("CREATE TRIGGER noted AFTER DELETE ON evt FOR EACH ROW EXECUTE FUNCTION noted()");
        Plan triggered = bench.plan(policy("evt", "evt"));
        assertThat(drops(triggered)).isEmpty();
        assertThat(warning(triggered, Code.DELETE_TRIGGER).message())
                .endsWith(": noted (AFTER each row, public.noted).");

        monthly("evc");
        db.execute(
                "DELETE FROM evc a USING evc b WHERE a.ctid < b.ctid AND (a.id, a.at) = (b.id, b.at)",
                "ALTER TABLE evc ADD PRIMARY KEY (id, at)",
                "CREATE TABLE evc_child (e bigint, at timestamptz,"
                        + " FOREIGN KEY (e, at) REFERENCES evc ON DELETE CASCADE)");
        Plan cascading = bench.plan(policy("evc", "evc"));
        assertThat(drops(cascading)).isEmpty();
        assertThat(cascading.steps().getFirst().reason()).contains("ON DELETE CASCADE");
    }

    @Test
    void subtrees_drop_as_one_and_bounds_of_other_columns_prove_nothing() {
        db.execute(
                "CREATE TABLE deep (at timestamptz, kind text, other timestamptz) PARTITION BY RANGE (at)",
                "CREATE TABLE deep_old PARTITION OF deep FOR VALUES FROM ('2026-01-01Z') TO ('2026-02-01Z')"
                        + " PARTITION BY LIST (kind)",
                "CREATE TABLE deep_old_a PARTITION OF deep_old FOR VALUES IN ('a')",
                "CREATE TABLE deep_old_b PARTITION OF deep_old DEFAULT",
                partition("deep", "new", "2026-06-01Z", "2026-07-01Z"),
                "INSERT INTO deep SELECT timestamptz '2026-01-01Z' + i * interval '1 minute', 'a'"
                        + " FROM generate_series(1, 100) i",
                "ANALYZE deep");
        Plan whole = bench.plan(policy("deep", "deep"));
        assertThat(work(whole)).containsExactly("DROP_PARTITION deep_old");
        Plan other = bench.plan(policy("deep-other", "deep").by("other", TimeColumn.Kind.TIMESTAMPTZ));
        assertThat(drops(other)).isEmpty();
    }

    @Test
    void what_one_policy_drops_another_does_not_delete() {
        monthly("evs");
        Plan plan = bench.plan(policy("evs-some", "evs").days(7).where(equal("id", 1)), policy("evs-all", "evs"));
        assertThat(work(plan).stream().filter(step -> step.endsWith("evs_03")))
                .containsExactly("DROP_PARTITION evs_03");
        assertThat(plan.steps().getFirst().policy()).isEqualTo("evs-all");
    }

    @Test
    void a_lowest_partition_without_a_lower_bound_may_hold_minus_infinity_and_is_not_dropped() {
        db.execute(
                "CREATE TABLE lowest (at timestamp) PARTITION BY RANGE (at)",
                "CREATE TABLE lowest_1 PARTITION OF lowest FOR VALUES FROM (MINVALUE) TO ('2026-01-01')",
                partition("lowest", "2", "2026-01-01", "2026-02-01"),
                "INSERT INTO lowest VALUES ('-infinity'), ('2025-01-01'), ('2026-01-15')");
        Plan plan = bench.plan(policy("lowest", "lowest").by("at", TimeColumn.Kind.TIMESTAMP, "Europe/Berlin"));
        assertThat(drops(plan)).containsExactly("DROP_PARTITION lowest_2");
        assertThat(codes(plan)).contains(Code.NEVER_ELIGIBLE_ROWS, Code.STALE_STATISTICS);
        db.execute("DELETE FROM lowest WHERE at = '-infinity'");
        Plan without = bench.plan(policy("lowest", "lowest").by("at", TimeColumn.Kind.TIMESTAMP, "Europe/Berlin"));
        assertThat(drops(without))
                .as("a look into it finds none")
                .containsExactly("DROP_PARTITION lowest_1", "DROP_PARTITION lowest_2");
    }

    @Test
    void partitions_of_epochs_are_dropped_and_those_of_uuids_are_not() {
        db.execute(
                "CREATE TABLE ticks (ms bigint) PARTITION BY RANGE (ms)",
                "CREATE TABLE ticks_1 PARTITION OF ticks FOR VALUES FROM (-5) TO (1700000000000)",
                "CREATE TABLE ticks_2 PARTITION OF ticks FOR VALUES FROM (1700000000000) TO (1760000000000)",
                "CREATE TABLE ticks_3 PARTITION OF ticks FOR VALUES FROM (1760000000000) TO (1800000000000)",
                "CREATE TABLE ids (id uuid) PARTITION BY RANGE (id)",
                "CREATE TABLE ids_1 PARTITION OF ids FOR VALUES FROM ('018b0000-0000-0000-0000-000000000000') TO"
                        + " ('018c0000-0000-0000-0000-000000000000')",
                "INSERT INTO ids VALUES ('018b5555-0000-7000-8000-000000000000'),"
                        + " ('018b5555-0000-4000-8000-000000000000')");
        Plan epochs = bench.plan(policy("ticks", "ticks").by("ms", TimeColumn.Kind.EPOCH_MILLIS));
        assertThat(drops(epochs)).containsExactly("DROP_PARTITION ticks_1", "DROP_PARTITION ticks_2");
        Plan uuids = bench.plan(true, false, policy("ids", "ids").by("id", TimeColumn.Kind.UUID_V7));
        assertThat(drops(uuids)).isEmpty();
        assertThat(uuids.total().rows()).isEqualTo(1);
        assertThat(warning(uuids, Code.NEVER_ELIGIBLE_ROWS).evidence()).containsEntry("rows", "1");
    }

    @Test
    void cascades_are_counted_to_any_depth_and_block_unless_the_policy_allows_them() {
        hourly("parents", "CREATE INDEX ON parents (at)");
        db.execute(
                "CREATE TABLE kids (id int PRIMARY KEY, parent bigint REFERENCES parents ON DELETE CASCADE)",
                "CREATE TABLE grandkids (kid int REFERENCES kids ON DELETE SET NULL)",
                "CREATE INDEX ON kids (parent)",
                "INSERT INTO kids SELECT i, i FROM generate_series(1, 10) i",
                "INSERT INTO grandkids SELECT i FROM generate_series(1, 7) i",
                "ANALYZE kids, grandkids");
        Plan refused = bench.plan(policy("parents", "parents"));
        assertThat(refused.blocked()).isTrue();
        assertThat(warning(refused, Code.CASCADE).evidence())
                .containsEntry("child_rows", "10")
                .containsEntry("depth", "1");
        assertThat(warning(refused, Code.SET_NULL).evidence())
                .containsEntry("child_rows", "7")
                .containsEntry("depth", "2");
        PlanWarning unindexed = warning(refused, Code.UNINDEXED_FOREIGN_KEY);
        assertThat(unindexed.blocking()).isTrue();
        assertThat(unindexed.remediationSql())
                .isEqualTo("CREATE INDEX CONCURRENTLY ON \"public\".\"grandkids\" (kid);");
        Work.RemoveRows work = (Work.RemoveRows) refused.steps().getFirst().work();
        assertThat(work.parameters().cascades()).extracting(TableName::name).containsExactly("kids", "grandkids");

        db.execute(unindexed.remediationSql());
        Plan allowed = bench.plan(policy("parents", "parents").allowCascade());
        assertThat(allowed.blocked()).isFalse();
        assertThat(codes(allowed)).contains(Code.CASCADE, Code.SET_NULL).doesNotContain(Code.UNINDEXED_FOREIGN_KEY);

        Plan first = bench.plan(policy("parents", "parents").allowCascadeTo("kids"));
        assertThat(warning(first, Code.CASCADE).blocking()).isFalse();
        assertThat(warning(first, Code.SET_NULL).blocking()).isTrue();
        assertThat(warning(first, Code.SET_NULL).message()).endsWith("; the policy allows that only for public.kids.");
        assertThat(bench.plan(policy("parents", "parents").allowCascadeTo("grandkids", "kids"))
                        .blocked())
                .isFalse();
    }

    @Test
    void what_cascades_empty_is_vacuumed_where_enough_rows_can_have_gone() {
        db.execute(
                "CREATE TABLE heads (id int PRIMARY KEY, at timestamptz)",
                "INSERT INTO heads SELECT i, timestamptz '2026-01-01Z' FROM generate_series(1, 3000) AS i",
                "CREATE TABLE limbs (head int REFERENCES heads ON DELETE CASCADE, side int) PARTITION BY LIST (side)",
                "CREATE TABLE limbs_many PARTITION OF limbs FOR VALUES IN (1)",
                "CREATE TABLE limbs_few PARTITION OF limbs FOR VALUES IN (2)",
                "CREATE INDEX ON limbs (head)",
                "INSERT INTO limbs SELECT i, 1 FROM generate_series(1, 3000) AS i",
                "INSERT INTO limbs SELECT i, 2 FROM generate_series(1, 500) AS i",
                "CREATE TABLE hats (head int REFERENCES heads ON DELETE SET NULL)",
                "CREATE INDEX ON hats (head)",
                "INSERT INTO hats SELECT i FROM generate_series(1, 900) AS i",
                "ANALYZE heads, limbs, hats");
        Plan plan = bench.plan(policy("heads", "heads").allowCascade());
        assertThat(work(plan)).containsExactly("ROW_LIST heads", "VACUUM heads", "VACUUM limbs_many");
        PlannedStep limbs = plan.steps().getLast();
        assertThat(limbs.table()).isEqualTo(new TableName("public", "heads"));
        assertThat(limbs.reason()).contains("foreign keys").contains("1,000 and 5 %");

        assertThat(work(bench.plan(policy("heads", "heads").allowCascade().followUp(Policy.FollowUp.ALWAYS))))
                .contains("VACUUM limbs_many", "VACUUM limbs_few", "VACUUM hats");
        assertThat(work(bench.plan(policy("heads", "heads").allowCascade().followUp(Policy.FollowUp.NEVER))))
                .containsExactly("ROW_LIST heads");
    }

    @Test
    void an_unindexed_key_on_the_child_is_priced_as_the_scan_it_is() {
        db.execute(
                "CREATE TABLE orders (id int PRIMARY KEY, at timestamptz)",
                "INSERT INTO orders SELECT i, timestamptz '2026-01-01Z' FROM generate_series(1, 2000) AS i",
                "CREATE TABLE items (id int, of int REFERENCES orders ON DELETE CASCADE)",
                "INSERT INTO items SELECT i, 1 + i % 2000 FROM generate_series(1, 20000) AS i",
                "ANALYZE orders, items");
        Plan scanning = bench.plan(policy("orders", "orders").allowCascade());
        db.execute("CREATE INDEX ON items (of)");
        Plan searching = bench.plan(policy("orders", "orders").allowCascade());

        PlannedStep step = scanning.steps().getFirst();
        assertThat(step.reason()).contains("about 20,000 rows of other tables");
        assertThat(step.estimate().duration()).isGreaterThan(Duration.ofSeconds(1));
        assertThat(searching.steps().getFirst().estimate().duration()).isLessThan(Duration.ofMillis(300));
        PlanWarning warning = warning(scanning, Code.UNINDEXED_FOREIGN_KEY);
        assertThat(warning.blocking()).isTrue();
        assertThat(warning.message()).contains("ms each and").endsWith(" s in all.");
    }

    @Test
    void rows_that_others_reference_are_told_of_and_left_out_if_they_are_to_be_skipped() {
        hourly("pinned", "CREATE INDEX ON pinned (at)");
        db.execute(
                "CREATE TABLE pinning (p bigint REFERENCES pinned)",
                "CREATE INDEX ON pinning (p)",
                "INSERT INTO pinning SELECT i FROM generate_series(1, 3) i");
        Plan plan = bench.plan(true, false, policy("pinned", "pinned").skipPinned());
        assertThat(warning(plan, Code.PINNING_FOREIGN_KEY).evidence()).containsEntry("child_rows", "3");
        assertThat(warning(plan, Code.PINNING_FOREIGN_KEY).message()).endsWith("those rows stay and are counted.");
        assertThat(plan.steps().getFirst().estimate().rows()).isEqualTo(276);
        assertThat(warning(bench.plan(policy("pinned", "pinned")), Code.PINNING_FOREIGN_KEY)
                        .message())
                .endsWith("the step will fail on them. If they are to stay, set skipPinned: true in the policy.");
    }

    @Test
    void a_key_that_casts_with_a_function_of_a_user_is_not_asked_for_rows_to_skip() {
        hourly("graded", "CREATE INDEX ON graded (at)");
        db.execute(
                "CREATE TYPE grade AS ENUM ('1', '2', '3')",
                "CREATE SEQUENCE called",
                "CREATE FUNCTION number(grade) RETURNS bigint LANGUAGE plpgsql AS"
                        + " $$ BEGIN PERFORM nextval('called'); RETURN CAST($1 AS text); END $$",
                "CREATE CAST (grade AS bigint) WITH FUNCTION number(grade) AS IMPLICIT",
                "CREATE TABLE grading (p grade REFERENCES graded)",
                "INSERT INTO grading VALUES ('1'), ('2')",
                "CREATE TABLE graded_note (p bigint REFERENCES graded)",
                "CREATE INDEX ON graded_note (p)",
                "INSERT INTO graded_note VALUES (3)");
        long called = db.number("SELECT last_value FROM called");
        Plan skipping = bench.plan(true, false, policy("graded", "graded").skipPinned());
        Plan failing = bench.plan(true, false, policy("graded", "graded"));
        assertThat(db.number("SELECT last_value FROM called")).isEqualTo(called).isPositive();
        assertThat(pinning(skipping, "grading").blocking()).isTrue();
        assertThat(pinning(skipping, "grading").message())
                .contains("with a function that a user made")
                .contains("cannot be skipped, as the policy wishes");
        assertThat(pinning(failing, "grading").blocking()).isFalse();
        assertThat(pinning(failing, "grading").message()).endsWith("the step will fail on rows that they refer to.");
        assertThat(pinning(skipping, "graded_note").blocking()).isFalse();
        assertThat(skipping.steps().getFirst().estimate().rows()).isEqualTo(278);
    }

    @Test
    void an_enum_with_an_implicit_cast_is_compared_although_its_operators_are_ambiguous() throws SQLException {
        db.execute(
                "CREATE TYPE level AS ENUM ('low', 'high', 'a top')",
                "CREATE DOMAIN heard AS level",
                "CREATE CAST (level AS text) WITH INOUT AS IMPLICIT",
                "CREATE TABLE heights (id int, at timestamptz, k level, d heard)",
                "INSERT INTO heights SELECT i, '2026-01-01Z', l, l FROM generate_series(1, 10) AS i,"
                        + " unnest(CAST('{low,high,a top,NULL}' AS level[])) AS l",
                "CREATE INDEX ON heights (k, at)",
                "CREATE INDEX ON heights (d, at)",
                "ANALYZE heights");
        for (String column : List.of("k", "d")) {
            assertThat(removed(new Filter.Compare(column, Filter.Operator.EQUAL, label("low"))))
                    .isEqualTo(10);
            assertThat(removed(new Filter.Compare(column, Filter.Operator.NOT_EQUAL, label("low"))))
                    .isEqualTo(20);
            assertThat(removed(new Filter.Compare(column, Filter.Operator.GREATER, label("high"))))
                    .isEqualTo(10);
            assertThat(removed(new Filter.In(column, List.of(label("low"), label("a top")))))
                    .isEqualTo(20);
            assertThat(removed(new Filter.Not(new Filter.In(column, List.of(label("low"), label("a top"))))))
                    .isEqualTo(10);
        }
    }

    /** Rows that a cleanup takes, which come back. */
    private long removed(Filter filter) throws SQLException {
        db.execute("DROP TABLE IF EXISTS kept", "CREATE TABLE kept AS TABLE heights");
        Plan plan = bench.plan(true, false, policy("heights", "heights").where(filter));
        long removed = new PlanRun(db, 3).of(plan).rowsDeleted();
        assertThat(db.number("SELECT count(*) FROM heights")).isEqualTo(40 - removed);
        db.execute("TRUNCATE heights", "INSERT INTO heights TABLE kept");
        return removed;
    }

    private static Constant label(String label) {
        return new Constant(Constant.Kind.STRING, label);
    }

    @Test
    void rows_that_such_a_key_may_hold_back_count_as_held() throws SQLException {
        hourly("marked", "CREATE INDEX ON marked (at)");
        db.execute(
                "CREATE TYPE mark AS ENUM ('1', '2', '3')",
                "CREATE SEQUENCE marks_called",
                "CREATE FUNCTION number(mark) RETURNS bigint LANGUAGE plpgsql AS"
                        + " $$ BEGIN PERFORM nextval('marks_called'); RETURN CAST($1 AS text); END $$",
                "CREATE CAST (mark AS bigint) WITH FUNCTION number(mark) AS IMPLICIT",
                "CREATE TABLE marking (p mark REFERENCES marked)",
                "INSERT INTO marking VALUES (NULL)");
        assertThat(held("marked")).isZero();
        db.execute("INSERT INTO marking VALUES ('2')");
        long called = db.number("SELECT last_value FROM marks_called");
        assertThat(held("marked")).isEqualTo(db.number("SELECT count(*) FROM marked"));
        PlanWarning unindexed =
                warning(bench.plan(true, false, policy("marked", "marked")), Code.UNINDEXED_FOREIGN_KEY);
        assertThat(unindexed.message()).contains("no index can serve it").contains("not IMMUTABLE");
        assertThat(unindexed.remediationSql()).isEmpty();
        assertThat(db.number("SELECT last_value FROM marks_called")).isEqualTo(called);
        db.execute("ALTER FUNCTION number(mark) IMMUTABLE");
        assertThat(warning(bench.plan(true, false, policy("marked", "marked")), Code.UNINDEXED_FOREIGN_KEY)
                        .remediationSql())
                .isEqualTo("CREATE INDEX CONCURRENTLY ON \"public\".\"marking\" ((CAST(p AS bigint)));");
    }

    private long held(String table) throws SQLException {
        try (Connection connection = db.connect()) {
            PolicyReach reach = PolicyReach.read(
                            connection, policy(table, table).build(), CleanupBench.NOW.minus(Duration.ofDays(30)))
                    .orElseThrow();
            return SqlFragment.of("SELECT count(*) FROM " + table + " AS t WHERE ")
                    .then("", reach.held())
                    .statement()
                    .one(connection, row -> row.getLong(1));
        }
    }

    private static PlanWarning pinning(Plan plan, String child) {
        return plan.warnings().stream()
                .filter(warning -> warning.code() == Code.PINNING_FOREIGN_KEY)
                .filter(warning -> warning.relation().orElseThrow().name().equals(child))
                .findFirst()
                .orElseThrow(() -> new AssertionError(child + " is not among " + plan.warnings()));
    }

    @Test
    void rows_that_are_all_held_back_still_have_a_step_which_counts_them() {
        hourly("held", "CREATE INDEX ON held (at)");
        db.execute(
                "CREATE TABLE holding (p bigint REFERENCES held)",
                "CREATE INDEX ON holding (p)",
                "INSERT INTO holding SELECT id FROM held");
        Plan plan = bench.plan(true, false, policy("held", "held").skipPinned());
        assertThat(plan.steps().getFirst().estimate().rows()).isZero();
        assertThat(plan.steps().getFirst().work()).isInstanceOf(Work.RemoveRows.class);
    }

    @Test
    void limits_refuse_what_is_too_much() {
        hourly("limited");
        Limits rows = new Limits(10, 0, Optional.empty(), Optional.empty());
        Plan byRows = bench.plan(policy("limited", "limited").limits(rows));
        assertThat(byRows.blocked()).isTrue();
        assertThat(codes(byRows)).contains(Code.OVER_LIMIT);
        Limits half = new Limits(0, 0.5, Optional.empty(), Optional.empty());
        Plan little = bench.plan(policy("limited", "limited").limits(half));
        assertThat(codes(little)).doesNotContain(Code.OVER_LIMIT, Code.LARGE_SHARE);
        Plan most = bench.plan(policy("limited", "limited").days(1).limits(half));
        assertThat(codes(most)).contains(Code.OVER_LIMIT, Code.LARGE_SHARE);
    }

    @Test
    void values_that_look_like_defaults_and_values_that_are_no_times_are_counted() {
        hourly("odd");
        db.execute("INSERT INTO odd (at) VALUES ('epoch'), ('0001-01-01Z'), (NULL), ('infinity'), ('-infinity')");
        Plan plan = bench.plan(true, false, policy("odd", "odd"));
        assertThat(plan.total().rows()).isEqualTo(281);
        assertThat(warning(plan, Code.SUSPICIOUS_VALUES).evidence()).containsEntry("rows", "2");
        assertThat(warning(plan, Code.NEVER_ELIGIBLE_ROWS).evidence()).containsEntry("rows", "3");
    }

    @Test
    void a_probe_measures_and_changes_nothing() {
        hourly("probed", "CREATE INDEX ON probed (at)");
        db.execute(
                "CREATE TABLE probed_child (p bigint CONSTRAINT probed_fk REFERENCES probed ON DELETE CASCADE)",
                "CREATE INDEX ON probed_child (p)");
        Plan plan = bench.plan(false, true, policy("probed", "probed").allowCascade());
        Estimate estimate = plan.steps().getFirst().estimate();
        assertThat(estimate.source()).isEqualTo(Estimate.Source.PROBE);
        assertThat(estimate.walBytes()).isPositive();
        assertThat(estimate.duration()).isPositive();
        assertThat(estimate.triggerCosts())
                .extracting(Estimate.TriggerCost::name)
                .containsExactly("probed_fk");
        assertThat(db.number("SELECT count(*) FROM probed")).isEqualTo(1_000);
    }

    @Test
    void a_table_with_user_triggers_is_not_probed() {
        hourly("unprobed", "CREATE TRIGGER noted AFTER DELETE ON unprobed FOR EACH ROW EXECUTE FUNCTION noted()");
        Plan plan = bench.plan(false, true, policy("unprobed", "unprobed"));
        assertThat(warning(plan, Code.PROBE_SKIPPED).message()).contains("noted");
        assertThat(plan.steps().getFirst().estimate().source()).isEqualTo(Estimate.Source.STATISTICS);
    }

    @Test
    void followups_are_as_the_policy_wishes() {
        hourly("quiet");
        assertThat(work(bench.plan(policy("quiet", "quiet").followUp(Policy.FollowUp.NEVER))))
                .containsExactly("BLOCK_RANGE quiet");
    }

    @Test
    void a_published_table_without_identity_blocks_and_drops_do_not_reach_subscribers() {
        monthly("evp");
        db.execute("CREATE PUBLICATION evp_pub FOR TABLE evp");
        Plan plan = bench.plan(policy("evp", "evp"));
        assertThat(codes(plan)).contains(Code.DROP_NOT_REPLICATED);
        PlanWarning unidentified = warning(plan, Code.NO_REPLICA_IDENTITY);
        assertThat(unidentified.blocking()).isTrue();
        assertThat(unidentified.evidence()).containsEntry("publications", "evp_pub");
        db.execute(unidentified.remediationSql().split("\n"));
        assertThat(codes(bench.plan(policy("evp", "evp")))).doesNotContain(Code.NO_REPLICA_IDENTITY);
    }

    @Test
    void two_policies_of_which_one_makes_the_other_pointless_get_a_warning() {
        hourly("twice");
        Plan plan = bench.plan(
                policy("twice-30", "twice"),
                policy("twice-90", "twice").days(90).where(equal("status", 1)));
        assertThat(warning(plan, Code.CONTRADICTING_POLICIES).message()).contains("twice-30", "twice-90");
    }
}
