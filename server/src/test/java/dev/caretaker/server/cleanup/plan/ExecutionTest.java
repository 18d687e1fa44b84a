package dev.caretaker.server.cleanup.plan;

import static dev.caretaker.server.cleanup.CleanupBench.ALICE;
import static dev.caretaker.server.cleanup.CleanupBench.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.cleanup.CleanupBench;
import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.server.cleanup.plan.kept.Work;
import dev.caretaker.server.cleanup.policy.Constant;
import dev.caretaker.server.cleanup.policy.Filter;
import dev.caretaker.server.cleanup.policy.Limits;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.RunEvent.TableTotals;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.RunWindow;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.Pace;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.store.Tuning;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A plan runs as planned or not at all. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExecutionTest implements RowLimitsSuite {
    private Database db;
    private CleanupBench bench;

    @BeforeAll
    void start() {
        db = TestPostgres.newest().database();
        bench = CleanupBench.start(db);
    }

    @AfterAll
    void stop() {
        bench.close();
    }

    @Override
    public Database db() {
        return db;
    }

    @Override
    public CleanupBench bench() {
        return bench;
    }

    @Test
    void a_plan_runs_once_and_removes_what_it_said() {
        daily("once");
        Plan plan = bench.plan(true, false, policy("once", "once"));
        RunView run = execute(plan);
        RunView ended = ended(run);
        assertThat(ended.outcome()).as(ended.toString()).contains(Outcome.COMPLETE);
        assertThat(ended.totals().rowsDeleted()).isEqualTo(plan.total().rows()).isEqualTo(69);
        assertThat(db.number("SELECT count(*) FROM once")).isEqualTo(31);
        assertThat(bench.plans().get(plan.id()).runId()).contains(run.id());
        assertRefused(Reason.PLAN_ALREADY_EXECUTED, () -> execute(plan));
    }

    @Test
    void totals_are_told_by_table_and_policy_whatever_the_partitions_follow_ups_and_cascades() {
        db.execute(
                "CREATE TABLE orders (id int, at timestamptz, state int, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
                "CREATE TABLE orders_1 PARTITION OF orders FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
                "CREATE TABLE orders_2 PARTITION OF orders FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')",
                "INSERT INTO orders SELECT i, timestamptz '2026-01-01Z' + i * interval '10 min', i % 2"
                        + " FROM generate_series(1, 8000) AS i",
                "CREATE TABLE items (id int PRIMARY KEY, order_id int, at timestamptz,"
                        + " FOREIGN KEY (order_id, at) REFERENCES orders ON DELETE CASCADE)",
                "CREATE INDEX ON items (order_id, at)",
                "INSERT INTO items SELECT id, id, at FROM orders",
                "CREATE TABLE notes (item int REFERENCES items ON DELETE SET NULL)",
                "CREATE INDEX ON notes (item)",
                "INSERT INTO notes SELECT i FROM generate_series(1, 5000) AS i",
                "CREATE TABLE few (item int REFERENCES items ON DELETE SET NULL)",
                "CREATE INDEX ON few (item)",
                "INSERT INTO few SELECT i FROM generate_series(1, 20) AS i",
                "VACUUM ANALYZE orders, items, notes, few");
        daily("apart");
        Plan plan = bench.plan(
                policy("orders", "orders")
                        .where(new Filter.Compare(
                                "state", Filter.Operator.EQUAL, new Constant(Constant.Kind.INT64, "1")))
                        .allowCascade(),
                policy("apart", "apart"));
        assertThat(plan.steps().stream().filter(step -> step.work() instanceof Work.Vacuum))
                .extracting(step -> step.relation().name())
                .containsExactly("orders_1", "items", "notes", "orders_2", "apart");

        RunView run = ended(execute(plan, Code.LARGE_SHARE));

        assertThat(run.outcome()).as(run.toString()).contains(Outcome.COMPLETE);
        assertThat(run.tables())
                .extracting(TableTotals::policy, sum -> sum.table().name())
                .containsExactly(tuple("orders", "orders"), tuple("apart", "apart"));
        Totals orders = run.tables().getFirst().totals();
        assertThat(orders.rowsDeleted()).isEqualTo(4_000);
        assertThat(orders.cascaded())
                .extracting(cascaded -> cascaded.table().name(), Totals.Cascaded::rows)
                .containsExactlyInAnyOrder(tuple("items", 4_000L), tuple("notes", 2_500L), tuple("few", 10L));
        assertThat(orders.rowsCascaded()).isEqualTo(6_510);
        assertThat(orders.bytesReusable()).isPositive();
        assertThat(run.totals().rowsDeleted()).isEqualTo(4_069);
        assertThat(run.steps().stream().filter(step -> step.kind().equals("vacuum")))
                .extracting(
                        step -> step.relation().name(), step -> step.outcome().orElseThrow())
                .containsExactly(
                        tuple("orders_1", Outcome.COMPLETE),
                        tuple("items", Outcome.COMPLETE),
                        tuple("notes", Outcome.COMPLETE),
                        tuple("orders_2", Outcome.COMPLETE),
                        tuple("apart", Outcome.SKIPPED));
        assertThat(db.number("SELECT vacuum_count FROM pg_stat_user_tables WHERE relname = 'items'"))
                .isEqualTo(2);
    }

    @Test
    void follow_ups_of_several_policies_on_a_table_are_told_apart() {
        daily("shared");
        Plan plan = bench.plan(
                policy("shared-30", "shared").followUp(Policy.FollowUp.ALWAYS),
                policy("shared-60", "shared").days(60));

        RunView run = ended(execute(plan, Code.LARGE_SHARE, Code.CONTRADICTING_POLICIES));

        assertThat(run.tables()).extracting(TableTotals::policy).containsExactly("shared-30", "shared-60", "");
        assertThat(run.tables().getLast().totals().bytesReusable()).isPositive();
    }

    @Test
    void of_many_who_execute_a_plan_at_once_one_does() {
        daily("raced");
        Plan plan = bench.plan(policy("raced", "raced"));
        AtomicInteger started = new AtomicInteger();
        List<Thread> threads = IntStream.range(0, 6)
                .mapToObj(i -> Thread.ofVirtual().unstarted(() -> {
                    try {
                        execute(plan);
                        started.incrementAndGet();
                    } catch (CaretakerException e) {
                        if (e.reason() != Reason.PLAN_ALREADY_EXECUTED) {
                            started.addAndGet(100);
                        }
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            assertThat(joined(thread)).isTrue();
        }
        assertThat(started).hasValue(1);
    }

    private static boolean joined(Thread thread) {
        try {
            return thread.join(Duration.ofSeconds(60));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void a_plan_is_claimed_by_its_run_or_not_at_all() {
        daily("torn");
        Plan plan = bench.plan(policy("torn", "torn"));
        Database control = bench.control();
        control.execute(
                "CREATE FUNCTION stall() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN PERFORM pg_sleep(60); RETURN NEW; END $$",
                "CREATE TRIGGER stall BEFORE INSERT ON caretaker.run_event FOR EACH ROW WHEN (NEW.sequence = 1)"
                        + " EXECUTE FUNCTION stall()");
        AtomicReference<CaretakerException> broken = new AtomicReference<>();
        Thread torn = Thread.ofVirtual()
                .start(() -> broken.set(catchThrowableOfType(CaretakerException.class, () -> execute(plan))));
        String writer = "FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
        await().until(() -> control.number("SELECT count(*) " + writer) == 1);
        // Claim and run are written but for the last event, and now the server dies.
        control.execute("SELECT pg_terminate_backend(pid, 5000) " + writer, "DROP FUNCTION stall() CASCADE");
        assertThat(joined(torn)).isTrue();
        assertThat(broken.get().reason()).isEqualTo(Reason.CONTROL_STORE_UNREACHABLE);

        RunView run = execute(plan);

        assertThat(bench.plans().get(plan.id()).runId()).contains(run.id());
        assertThatThrownBy(() -> execute(plan)).hasMessageContaining(run.id().toString());
    }

    @Test
    void an_expired_plan_is_refused() {
        daily("late");
        Plan plan = bench.plan(policy("late", "late"));
        bench.clock().moveBy(Duration.ofHours(1));
        assertRefused(Reason.PLAN_EXPIRED, () -> execute(plan));
    }

    @Test
    void another_etag_than_the_plans_is_refused() {
        daily("seen");
        Plan plan = bench.plan(policy("seen", "seen"));
        assertRefused(
                Reason.ETAG_MISMATCH,
                () -> bench.plans()
                        .execute(new ExecuteRequest(
                                plan.id(),
                                Optional.of("other"),
                                Set.of(),
                                UnaryOperator.identity(),
                                Optional.empty(),
                                false,
                                Optional.empty(),
                                ALICE)));
    }

    @Test
    void a_policy_that_was_changed_or_deleted_voids_its_plans() {
        daily("voided");
        Plan changed = bench.plan(policy("voided", "voided"));
        bench.apply(policy("voided", "voided").days(31));
        assertRefused(Reason.PLAN_DRIFTED, () -> execute(changed));
        Plan deleted = bench.plan(policy("voided", "voided"));
        bench.policies().delete(Optional.empty(), "voided", Optional.empty(), ALICE);
        assertRefused(Reason.PLAN_DRIFTED, () -> execute(deleted));
    }

    @Test
    void a_table_that_is_not_what_was_planned_voids_the_plan() {
        for (String change : List.of(
                "ALTER TABLE drifted ADD COLUMN more int",
                "ALTER TABLE drifted RENAME TO moved",
                "CREATE TABLE drifted_child (p int REFERENCES drifted ON DELETE CASCADE)",
                "VACUUM FULL drifted",
                "DROP TABLE drifted")) {
            db.execute("DROP TABLE IF EXISTS drifted_child, drifted, moved CASCADE");
            daily("drifted");
            Plan plan = bench.plan(policy("drifted", "drifted"));
            db.execute(change);
            assertRefused(Reason.PLAN_DRIFTED, () -> execute(plan));
        }
    }

    @Test
    void blocking_warnings_need_an_override_and_some_cannot_be_overridden() {
        daily("blocked");
        db.execute("CREATE TABLE unindexed (p int REFERENCES blocked)");
        Plan plan = bench.plan(policy("blocked", "blocked"));
        assertRefused(Reason.PLAN_BLOCKED, () -> execute(plan));
        assertThat(execute(plan, Code.UNINDEXED_FOREIGN_KEY).planId()).contains(plan.id());

        daily("cascading");
        db.execute(
                "CREATE TABLE cascaded (p int REFERENCES cascading ON DELETE CASCADE)", "CREATE INDEX ON cascaded (p)");
        Plan cascade = bench.plan(policy("cascading", "cascading"));
        assertRefused(Reason.PLAN_BLOCKED, () -> execute(cascade, Code.CASCADE));

        daily("over");
        Plan over = bench.plan(policy("over", "over").limits(new Limits(1, 0, Optional.empty(), Optional.empty())));
        assertRefused(Reason.PLAN_OVER_LIMIT, () -> execute(over, Code.OVER_LIMIT));
    }

    @Test
    void policies_of_different_windows_are_not_planned_together() {
        daily("windows");
        RunWindow night = new RunWindow(LocalTime.of(22, 0), LocalTime.of(5, 0), ZoneOffset.UTC);
        RunWindow noon = new RunWindow(LocalTime.of(12, 0), LocalTime.of(13, 0), ZoneOffset.UTC);
        assertRefused(
                Reason.INVALID_FIELD,
                () -> bench.plan(
                        policy("at-night", "windows").limits(new Limits(0, 0, Optional.empty(), Optional.of(night))),
                        policy("at-noon", "windows").limits(new Limits(0, 0, Optional.empty(), Optional.of(noon)))));
    }

    @Test
    void row_security_enabled_in_the_middle_of_a_run_ends_it_and_hides_no_row_from_the_count() {
        db.execute(
                "CREATE TABLE guarded (id int PRIMARY KEY, at timestamptz)",
                "INSERT INTO guarded SELECT i, timestamptz '2026-01-01Z' FROM generate_series(1, 5000) AS i",
                "INSERT INTO guarded SELECT i, timestamptz '2026-06-15Z' FROM generate_series(5001, 20000) AS i",
                "CREATE INDEX ON guarded (at)",
                "ANALYZE guarded");
        Database role = db.role("keeper");
        db.execute("GRANT SELECT, DELETE ON guarded TO \"" + role.user() + "\"");
        try (CleanupBench limited = CleanupBench.start(role)) {
            Plan plan = limited.plan(policy("guarded", "guarded"));
            RunView run = limited.plans()
                    .execute(new ExecuteRequest(
                            plan.id(),
                            Optional.empty(),
                            Set.of(),
                            tuning -> new Tuning(Pace.FAST, Duration.ofMillis(10), 1_000, 0, 0, 0, 0),
                            Optional.empty(),
                            false,
                            Optional.empty(),
                            ALICE));
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> limited.runs().get(run.id()).totals().rowsDeleted() > 0);
            db.execute(
                    "ALTER TABLE guarded ENABLE ROW LEVEL SECURITY",
                    "CREATE POLICY visible ON guarded USING (id % 2 = 0)");

            RunView ended = await().atMost(Duration.ofSeconds(60))
                    .until(
                            () -> limited.runs().get(run.id()),
                            view -> view.state().isTerminal());

            assertThat(ended.outcome()).as(ended.toString()).contains(Outcome.FAILED);
            assertThat(ended.error().orElseThrow().reason()).isEqualTo("RELATION_CHANGED");
            assertThat(ended.totals().rowsDeleted())
                    .isPositive()
                    .isLessThan(5_000)
                    .isEqualTo(20_000 - db.number("SELECT count(*) FROM guarded"));
        }
    }

    @Test
    void row_security_that_applies_to_the_role_blocks_and_missing_rights_are_named() {
        daily("secured");
        Database role = db.role("keeper");
        db.execute(
                "ALTER TABLE secured ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY visible ON secured USING (id > 50)",
                "CREATE TABLE closed (id int, at timestamptz)",
                "GRANT SELECT, DELETE ON secured TO \"" + role.user() + "\"");
        try (CleanupBench limited = CleanupBench.start(role)) {
            Plan plan = limited.plan(policy("secured", "secured"));
            assertThat(plan.warnings()).anySatisfy(warning -> {
                assertThat(warning.code()).isEqualTo(Code.ROW_SECURITY);
                assertThat(warning.blocking()).isTrue();
            });
            assertThatThrownBy(() -> limited.plan(policy("closed", "closed")))
                    .hasMessageContaining("closed")
                    .isInstanceOfSatisfying(
                            CaretakerException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.MISSING_PRIVILEGE));
        }
        Plan open = bench.plan(policy("secured", "secured"));
        assertThat(open.blocked()).isFalse();
        assertThat(open.warnings()).extracting(PlanWarning::code).contains(Code.ROW_SECURITY);
    }
}
