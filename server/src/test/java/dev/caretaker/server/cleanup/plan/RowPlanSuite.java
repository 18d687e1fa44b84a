package dev.caretaker.server.cleanup.plan;

import static dev.caretaker.server.cleanup.CleanupBench.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.cleanup.plan.kept.Estimate;
import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.server.cleanup.plan.kept.Work;
import dev.caretaker.server.cleanup.policy.Constant;
import dev.caretaker.server.cleanup.policy.Filter;
import dev.caretaker.server.cleanup.policy.Limits;
import dev.caretaker.server.cleanup.policy.Policy;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How plans find rows, and what they say of them. */
interface RowPlanSuite extends OnPlans {
    @Test
    default void an_index_on_the_time_column_leads_to_the_rows() {
        hourly("\"Ordered Jobs\"", "CREATE INDEX ON \"Ordered Jobs\" (at DESC)");
        Plan plan = bench().plan(true, false, policy("ordered", "Ordered Jobs"));
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
        assertThat(bench().plans().get(plan.id())).isEqualTo(plan);
    }

    @Test
    default void without_an_index_many_rows_are_deleted_in_heap_order_and_few_by_address() {
        hourly("unordered");
        Plan many = bench().plan(policy("many", "unordered"));
        assertThat(work(many)).contains("BLOCK_RANGE unordered");
        assertThat(many.steps().getFirst().estimate().rows()).isBetween(250L, 310L);
        assertThat(warning(many, Code.NO_INDEX).remediationSql())
                .isEqualTo("CREATE INDEX CONCURRENTLY ON \"public\".\"unordered\" (\"at\");");
        Plan few = bench().plan(policy("few", "unordered").days(41));
        assertThat(work(few)).contains("ROW_LIST unordered");
    }

    @Test
    default void what_an_index_shows_to_be_few_is_counted_and_nothing_makes_no_step() {
        hourly("told_at_once", "CREATE INDEX ON told_at_once (at)");
        Plan few = bench().plan(policy("few", "told_at_once"));
        assertThat(few.total().rows()).isEqualTo(279);
        assertThat(few.total().rowsExact()).isTrue();
        Plan nothing = bench().plan(policy("nothing", "told_at_once").days(400));
        assertThat(nothing.steps()).isEmpty();
        assertThat(nothing.total().rows()).isZero();
    }

    @Test
    default void a_table_emptied_since_its_statistics_were_gathered_is_planned_as_it_is() {
        hourly("emptied", "CREATE INDEX ON emptied (at)");
        hourly("emptied_bare");
        db().execute(
                        "DELETE FROM emptied WHERE at < timestamptz '2026-05-20 12:00Z'",
                        "DELETE FROM emptied_bare WHERE at < timestamptz '2026-05-20 12:00Z'");
        assertThat(bench().plan(policy("emptied", "emptied")).steps()).isEmpty();
        assertThat(bench().plan(policy("emptied-bare", "emptied_bare")).steps()).isEmpty();
    }

    @Test
    default void a_few_rows_that_are_counted_plan_no_vacuum_after_them() {
        db().execute(
                        "CREATE TABLE few_old (id bigint, at timestamptz)",
                        "INSERT INTO few_old SELECT i, timestamptz '2026-06-14Z' FROM generate_series(1, 5000) AS i",
                        "INSERT INTO few_old SELECT i, timestamptz '2026-01-14Z' FROM generate_series(1, 7) AS i");
        assertThat(work(bench().plan(policy("few-old", "few_old")))).containsExactly("ROW_LIST few_old");
    }

    /** 4,000 pages and more: too many to be counted in passing. */
    @Test
    default void a_large_table_with_stale_statistics_is_sampled_and_the_plan_says_how_exact_that_is() {
        db().execute(
                        "CREATE TABLE outdated (id bigint, at timestamptz, fill text) WITH (fillfactor = 10,"
                                + " autovacuum_enabled = off)",
                        "INSERT INTO outdated SELECT i, timestamptz '2026-06-15 12:00Z' - i * interval '1 minute',"
                                + " repeat('x', 100) FROM generate_series(1, 30000) AS i",
                        "ANALYZE outdated",
                        "INSERT INTO outdated SELECT i, timestamptz '2026-01-15 12:00Z', repeat('x', 100)"
                                + " FROM generate_series(1, 20000) AS i");
        // Some servers tell with a delay that a table was analyzed, and with another one what changed since.
        await().until(() -> bench().plan(policy("outdated", "outdated")).warnings().stream()
                .anyMatch(warning -> warning.code() == Code.STALE_STATISTICS));
        Plan plan = bench().plan(policy("outdated", "outdated"));
        Estimate estimate = plan.steps().getFirst().estimate();
        assertThat(estimate.rowsExact()).isFalse();
        assertThat(estimate.rows()).isBetween(18_000L, 22_000L);
        assertThat(estimate.rowsMargin().orElseThrow()).isBetween(1L, 4_000L);
        assertThat(estimate.tableRows()).isBetween(48_000L, 52_000L);
        assertThat(plan.steps().getFirst().reason()).contains("A sample was read");
        assertThat(warning(plan, Code.STALE_STATISTICS).message()).contains("estimates of bytes and time are rough");

        db().execute("ANALYZE outdated");
        await().until(() -> outdated().rowsMargin().isEmpty());
    }

    default Estimate outdated() {
        return bench().plan(policy("outdated", "outdated")).steps().getFirst().estimate();
    }

    @Test
    default void an_index_that_begins_with_the_filters_constants_is_taken() {
        hourly("filtered", "CREATE INDEX by_status ON filtered (status, at)");
        Plan plan = bench().plan(policy("filtered", "filtered")
                .where(new Filter.In(
                        "status",
                        List.of(new Constant(Constant.Kind.INT64, "1"), new Constant(Constant.Kind.INT64, "2")))));
        assertThat(work(plan)).contains("INDEX_RANGE filtered");
        Work.RemoveRows work = (Work.RemoveRows) plan.steps().getFirst().work();
        assertThat(work.parameters().index().orElseThrow().prefixes()).hasSize(2);
    }

    @Test
    default void an_enum_with_an_implicit_cast_is_compared_although_its_operators_are_ambiguous() throws SQLException {
        db().execute(
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
        db().execute("DROP TABLE IF EXISTS kept", "CREATE TABLE kept AS TABLE heights");
        Plan plan = bench().plan(true, false, policy("heights", "heights").where(filter));
        long removed = new PlanRun(db(), 3).of(plan).rowsDeleted();
        assertThat(db().number("SELECT count(*) FROM heights")).isEqualTo(40 - removed);
        db().execute("TRUNCATE heights", "INSERT INTO heights TABLE kept");
        return removed;
    }

    private Constant label(String label) {
        return new Constant(Constant.Kind.STRING, label);
    }

    @Test
    default void limits_refuse_what_is_too_much() {
        hourly("limited");
        Limits rows = new Limits(10, 0, Optional.empty(), Optional.empty());
        Plan byRows = bench().plan(policy("limited", "limited").limits(rows));
        assertThat(byRows.blocked()).isTrue();
        assertThat(codes(byRows)).contains(Code.OVER_LIMIT);
        Limits half = new Limits(0, 0.5, Optional.empty(), Optional.empty());
        Plan little = bench().plan(policy("limited", "limited").limits(half));
        assertThat(codes(little)).doesNotContain(Code.OVER_LIMIT, Code.LARGE_SHARE);
        Plan most = bench().plan(policy("limited", "limited").days(1).limits(half));
        assertThat(codes(most)).contains(Code.OVER_LIMIT, Code.LARGE_SHARE);
    }

    @Test
    default void values_that_look_like_defaults_and_values_that_are_no_times_are_counted() {
        hourly("odd");
        db().execute("INSERT INTO odd (at) VALUES ('epoch'), ('0001-01-01Z'), (NULL), ('infinity'), ('-infinity')");
        Plan plan = bench().plan(true, false, policy("odd", "odd"));
        assertThat(plan.total().rows()).isEqualTo(281);
        assertThat(warning(plan, Code.SUSPICIOUS_VALUES).evidence()).containsEntry("rows", "2");
        assertThat(warning(plan, Code.NEVER_ELIGIBLE_ROWS).evidence()).containsEntry("rows", "3");
    }

    @Test
    default void a_probe_measures_and_changes_nothing() {
        hourly("probed", "CREATE INDEX ON probed (at)");
        db().execute(
                        "CREATE TABLE probed_child (p bigint CONSTRAINT probed_fk REFERENCES probed ON DELETE CASCADE)",
                        "CREATE INDEX ON probed_child (p)");
        Plan plan = bench().plan(false, true, policy("probed", "probed").allowCascade());
        Estimate estimate = plan.steps().getFirst().estimate();
        assertThat(estimate.source()).isEqualTo(Estimate.Source.PROBE);
        assertThat(estimate.walBytes()).isPositive();
        assertThat(estimate.duration()).isPositive();
        assertThat(estimate.triggerCosts())
                .extracting(Estimate.TriggerCost::name)
                .containsExactly("probed_fk");
        assertThat(db().number("SELECT count(*) FROM probed")).isEqualTo(1_000);
    }

    @Test
    default void a_table_with_user_triggers_is_not_probed() {
        hourly("unprobed", "CREATE TRIGGER noted AFTER DELETE ON unprobed FOR EACH ROW EXECUTE FUNCTION noted()");
        Plan plan = bench().plan(false, true, policy("unprobed", "unprobed"));
        assertThat(warning(plan, Code.PROBE_SKIPPED).message()).contains("noted");
        assertThat(plan.steps().getFirst().estimate().source()).isEqualTo(Estimate.Source.STATISTICS);
    }

    @Test
    default void followups_are_as_the_policy_wishes() {
        hourly("quiet");
        assertThat(work(bench().plan(policy("quiet", "quiet").followUp(Policy.FollowUp.NEVER))))
                .containsExactly("BLOCK_RANGE quiet");
    }

    @Test
    default void two_policies_of_which_one_makes_the_other_pointless_get_a_warning() {
        hourly("twice");
        Plan plan = bench().plan(
                        policy("twice-30", "twice"),
                        policy("twice-90", "twice").days(90).where(equal("status", 1)));
        assertThat(warning(plan, Code.CONTRADICTING_POLICIES).message()).contains("twice-30", "twice-90");
    }
}
