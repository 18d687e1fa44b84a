package dev.caretaker.server.cleanup.plan;

import static dev.caretaker.server.cleanup.CleanupBench.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.cleanup.CleanupBench;
import dev.caretaker.server.cleanup.plan.facts.PolicyReach;
import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.server.cleanup.plan.kept.PlannedStep;
import dev.caretaker.server.cleanup.plan.kept.Work;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.store.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Plans of tables with foreign keys: what goes along, and what is held back. */
interface KeyPlanSuite extends OnPlans {
    @Test
    default void only_rows_held_back_make_a_step_that_counts_them() {
        db().execute(
                        "CREATE TABLE held_parent (id bigint PRIMARY KEY, at timestamptz)",
                        "CREATE TABLE held_child (parent bigint REFERENCES held_parent)",
                        "CREATE INDEX ON held_child (parent)",
                        "INSERT INTO held_parent VALUES (1, '2026-01-01Z'), (2, '2026-06-14Z')",
                        "INSERT INTO held_child VALUES (1)",
                        "ANALYZE held_parent, held_child");
        assertThat(work(bench().plan(policy("held", "held_parent").skipPinned())))
                .anyMatch(step -> step.endsWith("held_parent"));
        db().execute("DELETE FROM held_child", "DELETE FROM held_parent WHERE id = 1");
        assertThat(bench().plan(policy("held", "held_parent").skipPinned()).steps())
                .isEmpty();
    }

    @Test
    default void cascades_are_counted_to_any_depth_and_block_unless_the_policy_allows_them() {
        hourly("parents", "CREATE INDEX ON parents (at)");
        db().execute(
                        "CREATE TABLE kids (id int PRIMARY KEY, parent bigint REFERENCES parents ON DELETE CASCADE)",
                        "CREATE TABLE grandkids (kid int REFERENCES kids ON DELETE SET NULL)",
                        "CREATE INDEX ON kids (parent)",
                        "INSERT INTO kids SELECT i, i FROM generate_series(1, 10) i",
                        "INSERT INTO grandkids SELECT i FROM generate_series(1, 7) i",
                        "ANALYZE kids, grandkids");
        Plan refused = bench().plan(policy("parents", "parents"));
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

        db().execute(unindexed.remediationSql());
        Plan allowed = bench().plan(policy("parents", "parents").allowCascade());
        assertThat(allowed.blocked()).isFalse();
        assertThat(codes(allowed)).contains(Code.CASCADE, Code.SET_NULL).doesNotContain(Code.UNINDEXED_FOREIGN_KEY);

        Plan first = bench().plan(policy("parents", "parents").allowCascadeTo("kids"));
        assertThat(warning(first, Code.CASCADE).blocking()).isFalse();
        assertThat(warning(first, Code.SET_NULL).blocking()).isTrue();
        assertThat(warning(first, Code.SET_NULL).message()).endsWith("; the policy allows that only for public.kids.");
        assertThat(bench().plan(policy("parents", "parents").allowCascadeTo("grandkids", "kids"))
                        .blocked())
                .isFalse();
    }

    @Test
    default void what_cascades_empty_is_vacuumed_where_enough_rows_can_have_gone() {
        db().execute(
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
        Plan plan = bench().plan(policy("heads", "heads").allowCascade());
        assertThat(work(plan)).containsExactly("ROW_LIST heads", "VACUUM heads", "VACUUM limbs_many");
        PlannedStep limbs = plan.steps().getLast();
        assertThat(limbs.table()).isEqualTo(new TableName("public", "heads"));
        assertThat(limbs.reason()).contains("foreign keys").contains("1,000 and 5 %");

        assertThat(work(bench().plan(policy("heads", "heads").allowCascade().followUp(Policy.FollowUp.ALWAYS))))
                .contains("VACUUM limbs_many", "VACUUM limbs_few", "VACUUM hats");
        assertThat(work(bench().plan(policy("heads", "heads").allowCascade().followUp(Policy.FollowUp.NEVER))))
                .containsExactly("ROW_LIST heads");
    }

    @Test
    default void an_unindexed_key_on_the_child_is_priced_as_the_scan_it_is() {
        db().execute(
                        "CREATE TABLE orders (id int PRIMARY KEY, at timestamptz)",
                        "INSERT INTO orders SELECT i, timestamptz '2026-01-01Z' FROM generate_series(1, 2000) AS i",
                        "CREATE TABLE items (id int, of int REFERENCES orders ON DELETE CASCADE)",
                        "INSERT INTO items SELECT i, 1 + i % 2000 FROM generate_series(1, 20000) AS i",
                        "ANALYZE orders, items");
        Plan scanning = bench().plan(policy("orders", "orders").allowCascade());
        db().execute("CREATE INDEX ON items (of)");
        Plan searching = bench().plan(policy("orders", "orders").allowCascade());

        PlannedStep step = scanning.steps().getFirst();
        assertThat(step.reason()).contains("about 20,000 rows of other tables");
        assertThat(step.estimate().duration()).isGreaterThan(Duration.ofSeconds(1));
        assertThat(searching.steps().getFirst().estimate().duration()).isLessThan(Duration.ofMillis(300));
        PlanWarning warning = warning(scanning, Code.UNINDEXED_FOREIGN_KEY);
        assertThat(warning.blocking()).isTrue();
        assertThat(warning.message()).contains("ms each and").endsWith(" s in all.");
    }

    @Test
    default void rows_that_others_reference_are_told_of_and_left_out_if_they_are_to_be_skipped() {
        hourly("pinned", "CREATE INDEX ON pinned (at)");
        db().execute(
                        "CREATE TABLE pinning (p bigint REFERENCES pinned)",
                        "CREATE INDEX ON pinning (p)",
                        "INSERT INTO pinning SELECT i FROM generate_series(1, 3) i");
        Plan plan = bench().plan(true, false, policy("pinned", "pinned").skipPinned());
        assertThat(warning(plan, Code.PINNING_FOREIGN_KEY).evidence()).containsEntry("child_rows", "3");
        assertThat(warning(plan, Code.PINNING_FOREIGN_KEY).message()).endsWith("those rows stay and are counted.");
        assertThat(plan.steps().getFirst().estimate().rows()).isEqualTo(276);
        assertThat(warning(bench().plan(policy("pinned", "pinned")), Code.PINNING_FOREIGN_KEY)
                        .message())
                .endsWith("the step will fail on them. If they are to stay, set skipPinned: true in the policy.");
    }

    @Test
    default void a_key_that_casts_with_a_function_of_a_user_is_not_asked_for_rows_to_skip() {
        hourly("graded", "CREATE INDEX ON graded (at)");
        db().execute(
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
        long called = db().number("SELECT last_value FROM called");
        Plan skipping = bench().plan(true, false, policy("graded", "graded").skipPinned());
        Plan failing = bench().plan(true, false, policy("graded", "graded"));
        assertThat(db().number("SELECT last_value FROM called"))
                .isEqualTo(called)
                .isPositive();
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
    default void rows_that_such_a_key_may_hold_back_count_as_held() throws SQLException {
        hourly("marked", "CREATE INDEX ON marked (at)");
        db().execute(
                        "CREATE TYPE mark AS ENUM ('1', '2', '3')",
                        "CREATE SEQUENCE marks_called",
                        "CREATE FUNCTION number(mark) RETURNS bigint LANGUAGE plpgsql AS"
                                + " $$ BEGIN PERFORM nextval('marks_called'); RETURN CAST($1 AS text); END $$",
                        "CREATE CAST (mark AS bigint) WITH FUNCTION number(mark) AS IMPLICIT",
                        "CREATE TABLE marking (p mark REFERENCES marked)",
                        "INSERT INTO marking VALUES (NULL)");
        assertThat(held("marked")).isZero();
        db().execute("INSERT INTO marking VALUES ('2')");
        long called = db().number("SELECT last_value FROM marks_called");
        assertThat(held("marked")).isEqualTo(db().number("SELECT count(*) FROM marked"));
        PlanWarning unindexed =
                warning(bench().plan(true, false, policy("marked", "marked")), Code.UNINDEXED_FOREIGN_KEY);
        assertThat(unindexed.message()).contains("no index can serve it").contains("not IMMUTABLE");
        assertThat(unindexed.remediationSql()).isEmpty();
        assertThat(db().number("SELECT last_value FROM marks_called")).isEqualTo(called);
        db().execute("ALTER FUNCTION number(mark) IMMUTABLE");
        assertThat(warning(bench().plan(true, false, policy("marked", "marked")), Code.UNINDEXED_FOREIGN_KEY)
                        .remediationSql())
                .isEqualTo("CREATE INDEX CONCURRENTLY ON \"public\".\"marking\" ((CAST(p AS bigint)));");
    }

    default long held(String table) throws SQLException {
        try (Connection connection = db().connect()) {
            PolicyReach reach = PolicyReach.read(
                            connection, policy(table, table).build(), CleanupBench.NOW.minus(Duration.ofDays(30)))
                    .orElseThrow();
            return SqlFragment.of("SELECT count(*) FROM " + table + " AS t WHERE ")
                    .then("", reach.held())
                    .statement()
                    .one(connection, row -> row.getLong(1));
        }
    }

    default PlanWarning pinning(Plan plan, String child) {
        return plan.warnings().stream()
                .filter(warning -> warning.code() == Code.PINNING_FOREIGN_KEY)
                .filter(warning -> warning.relation().orElseThrow().name().equals(child))
                .findFirst()
                .orElseThrow(() -> new AssertionError(child + " is not among " + plan.warnings()));
    }

    @Test
    default void rows_that_are_all_held_back_still_have_a_step_which_counts_them() {
        hourly("held", "CREATE INDEX ON held (at)");
        db().execute(
                        "CREATE TABLE holding (p bigint REFERENCES held)",
                        "CREATE INDEX ON holding (p)",
                        "INSERT INTO holding SELECT id FROM held");
        Plan plan = bench().plan(true, false, policy("held", "held").skipPinned());
        assertThat(plan.steps().getFirst().estimate().rows()).isZero();
        assertThat(plan.steps().getFirst().work()).isInstanceOf(Work.RemoveRows.class);
    }
}
