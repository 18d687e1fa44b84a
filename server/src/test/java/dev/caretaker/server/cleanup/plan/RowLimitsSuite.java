package dev.caretaker.server.cleanup.plan;

import static dev.caretaker.server.cleanup.CleanupBench.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.cleanup.CleanupBench;
import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.server.cleanup.policy.Limits;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.store.Outcome;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a policy's row limit means for runs. */
interface RowLimitsSuite extends OnExecutions {
    @Test
    default void what_grew_over_its_limit_since_is_refused() {
        daily("growing");
        Limits limit = new Limits(100, 0, Optional.empty(), Optional.empty());
        Plan plan = bench().plan(policy("growing", "growing").limits(limit));
        assertThat(plan.blocked()).isFalse();
        db().execute(
                        "INSERT INTO growing SELECT i, '2020-01-01Z' FROM generate_series(1000, 9000) AS i",
                        "ANALYZE growing");
        assertRefused(Reason.PLAN_OVER_LIMIT, () -> execute(plan));
    }

    /** Two partitions of 100 old rows each, and 200 rows that stay. */
    default void monthly(String table) {
        db().execute(
                        "CREATE TABLE " + table + " (id int, at timestamptz) PARTITION BY RANGE (at)",
                        "CREATE TABLE " + table + "_1 PARTITION OF " + table
                                + " FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
                        "CREATE TABLE " + table + "_2 PARTITION OF " + table
                                + " FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')",
                        "CREATE TABLE " + table + "_6 PARTITION OF " + table
                                + " FOR VALUES FROM ('2026-06-01') TO ('2026-07-01')",
                        "INSERT INTO " + table + " SELECT i, '2026-01-15Z' FROM generate_series(1, 100) AS i",
                        "INSERT INTO " + table + " SELECT i, '2026-02-15Z' FROM generate_series(101, 200) AS i",
                        "INSERT INTO " + table + " SELECT i, '2026-06-14Z' FROM generate_series(201, 400) AS i",
                        "ANALYZE " + table);
    }

    @Test
    default void a_partition_that_outgrew_the_limit_since_it_was_planned_stays() {
        for (Limits limit : List.of(
                new Limits(250, 0, Optional.empty(), Optional.empty()),
                new Limits(0, 0.625, Optional.empty(), Optional.empty()))) {
            String table = limit.maxRows() > 0 ? "by_rows" : "by_share";
            monthly(table);
            Plan plan = bench().plan(true, false, policy(table, table).limits(limit));
            assertThat(plan.total().rows()).isEqualTo(200);
            db().execute("INSERT INTO " + table + " SELECT i, '2026-02-15Z' FROM generate_series(1001, 1051) AS i");

            RunView run = ended(execute(plan, Code.LARGE_SHARE));

            assertThat(run.outcome()).contains(Outcome.DEADLINE);
            assertThat(run.steps().getFirst().outcome()).contains(Outcome.COMPLETE);
            assertThat(run.steps().getLast().message())
                    .isEqualTo(
                            "Partition public." + table + "_2 stays: it holds more than the 150 rows that the row limit"
                                    + " of its policy still allows.");
            assertThat(run.totals().rowsDeleted()).isEqualTo(100);
            assertThat(db().number("SELECT count(*) FROM " + table)).isEqualTo(351);
        }
    }

    @Test
    default void partitions_at_the_limit_go() {
        monthly("at_limit");
        Limits limit = new Limits(200, 0, Optional.empty(), Optional.empty());
        Plan plan = bench().plan(true, false, policy("at-limit", "at_limit").limits(limit));

        RunView run = ended(execute(plan, Code.LARGE_SHARE));

        assertThat(run.outcome()).as(run.toString()).contains(Outcome.COMPLETE);
        assertThat(run.totals().rowsDeleted()).isEqualTo(200);
    }

    @Test
    default void a_limit_that_is_just_enough_leaves_nothing_undone() {
        monthly("enough");
        db().execute("CREATE TABLE enough_3 PARTITION OF enough FOR VALUES FROM ('2026-03-01') TO ('2026-04-01')");
        Limits limit = new Limits(200, 0, Optional.empty(), Optional.empty());
        Plan plan = bench().plan(true, false, policy("enough", "enough").limits(limit));

        RunView run = ended(execute(plan, Code.LARGE_SHARE));

        assertThat(run.steps()).extracting(step -> step.relation().name()).contains("enough_3");
        assertThat(run.outcome()).as(run.toString()).contains(Outcome.COMPLETE);
        assertThat(db().number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'enough'::regclass"))
                .isEqualTo(1);
    }

    @Test
    default void a_limit_that_is_used_up_is_reached_only_where_rows_are_left() {
        db().execute(
                        "CREATE TABLE \"Exact\" (id int, at timestamptz)",
                        "INSERT INTO \"Exact\" SELECT i, '2026-01-15Z' FROM generate_series(1, 250) AS i",
                        "INSERT INTO \"Exact\" SELECT i, '2026-06-14Z' FROM generate_series(251, 500) AS i",
                        "ANALYZE \"Exact\"");
        Limits limit = new Limits(250, 0, Optional.empty(), Optional.empty());
        CleanupBench.PolicyBuilder policy = policy("exact", "Exact").limits(limit);

        assertThat(ended(execute(bench().plan(true, false, policy), Code.LARGE_SHARE))
                        .outcome())
                .contains(Outcome.COMPLETE);

        db().execute("INSERT INTO \"Exact\" SELECT i, '2026-01-15Z' FROM generate_series(1, 250) AS i");
        Plan plan = bench().plan(true, false, policy);
        db().execute("INSERT INTO \"Exact\" VALUES (501, '2026-01-15Z')");
        RunView run = ended(execute(plan, Code.LARGE_SHARE));
        assertThat(run.outcome()).contains(Outcome.DEADLINE);
        assertThat(run.totals().rowsDeleted()).isBetween(1L, 250L);
        assertThat(run.steps().getFirst().message()).isEqualTo("The row limit of policy exact allows no more.");
    }

    @Test
    default void partitions_that_grew_over_the_limit_by_their_size_are_refused_at_once() {
        monthly("swollen");
        Limits limit = new Limits(250, 0, Optional.empty(), Optional.empty());
        Plan plan = bench().plan(policy("swollen", "swollen").limits(limit));
        assertThat(plan.blocked()).isFalse();
        db().execute("INSERT INTO swollen SELECT i, '2026-02-15Z' FROM generate_series(1, 20000) AS i");
        assertRefused(Reason.PLAN_OVER_LIMIT, () -> execute(plan));
    }
}
