package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.cleanup.step.PartitionDrop;
import dev.caretaker.server.cleanup.step.RelationState;
import dev.caretaker.server.report.observe.Observations;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunTerms;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.run.VacuumOptions;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.Pace;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Tuning;
import dev.caretaker.server.testing.TcpProxy;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.vacuum.TableChoice;
import dev.caretaker.server.vacuum.VacuumOrder;
import dev.caretaker.server.vacuum.Vacuums;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a run costs beside its work: transactions that write to the control store, connections and round trips to the target. */
class RunCostTest {
    private static Database target;
    private static Database control;
    private static TcpProxy wire;
    private static TestEngine engine;

    @BeforeAll
    static void start() {
        TestPostgres postgres = TestPostgres.newest();
        target = postgres.database();
        control = TestPostgres.controlStore();
        wire = new TcpProxy(postgres.host(), postgres.port());
        engine = TestEngine.start(control.url(), wire.url(target.name()), Map.of());
        noted("run", "UPDATE OF epoch, state, deadline", "");
        noted("run_step", "UPDATE", "");
        noted(
                "run_event",
                "INSERT",
                "WHEN (NOT NEW.progress)"); // which waits for the next write only where that is soon
        noted("debt", "INSERT OR DELETE", "");
    }

    @AfterAll
    static void stop() throws IOException {
        engine.close();
        wire.close();
    }

    /** Notes the transactions that write to a table for a run. */
    private static void noted(String table, String when, String which) {
        control.execute(
                "CREATE TABLE IF NOT EXISTS written (run_id uuid, xid xid8)",
                "CREATE OR REPLACE FUNCTION note_writing() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN"
                        + " INSERT INTO public.written VALUES (coalesce(NEW.run_id, OLD.run_id), pg_current_xact_id());"
                        + " RETURN NULL; END$$",
                "CREATE TRIGGER note_writing AFTER " + when + " ON caretaker." + table + " FOR EACH ROW " + which
                        + " EXECUTE FUNCTION public.note_writing()");
    }

    /** The acceptance apart, which is no part of the work. */
    private static long commits(UUID runId) {
        return control.number("SELECT count(DISTINCT xid) FROM written WHERE run_id = '" + runId + "'") - 1;
    }

    private record Cost(long commits, long roundTrips, long connections) {
        Cost each(Cost less, int steps) {
            return new Cost(
                    (commits - less.commits) / steps,
                    (roundTrips - less.roundTrips) / steps,
                    (connections - less.connections) / steps);
        }
    }

    private static Cost cost(List<StepSpec> steps) {
        return cost(() -> engine.start(steps.toArray(StepSpec[]::new)));
    }

    /** With the looks at what was before and after; it finds no connection that is open already. */
    private static Cost cost(Supplier<UUID> start) {
        closeIdle();
        long trips = wire.roundTrips();
        long connections = wire.connections();
        UUID runId = start.get();
        RunView run = engine.awaitEnd(runId);
        assertThat(run.outcome()).as(run.steps()::toString).contains(Outcome.COMPLETE);
        engine.awaitNoSessions(target, runId);
        assertThat(engine.bean(Observations.class).of(runId)).hasValueSatisfying(seen -> {
            assertThat(seen.before()).isPresent();
            assertThat(seen.after()).isPresent();
            assertThat(seen.problems()).isEmpty();
        });
        return new Cost(commits(runId), wire.roundTrips() - trips, wire.connections() - connections);
    }

    private static void closeIdle() {
        target.number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                + " WHERE application_name = 'caretaker' AND datname = current_database()");
    }

    private static List<StepSpec> drops(String table, int count, boolean concurrently) throws SQLException {
        target.execute("CREATE TABLE " + table + " (id int, at timestamptz) PARTITION BY RANGE (at)");
        List<StepSpec> steps = new ArrayList<>();
        for (int month = 1; month <= count; month++) {
            String name = table + "_" + month;
            target.execute("CREATE TABLE " + name + " PARTITION OF " + table + " FOR VALUES FROM ('" + (2000 + month)
                    + "-01-01') TO ('" + (2001 + month) + "-01-01')");
        }
        if (!concurrently) {
            target.execute("CREATE TABLE " + table + "_default PARTITION OF " + table + " DEFAULT");
        }
        try (Connection connection = target.connect()) {
            for (int month = 1; month <= count; month++) {
                steps.add(drop(connection, table, table + "_" + month, concurrently));
            }
        }
        return steps;
    }

    private static StepSpec drop(Connection connection, String table, String partition, boolean concurrently)
            throws SQLException {
        TableName parent = new TableName("public", table);
        RelationState state = RelationState.read(connection, TestEngine.oid(target, partition))
                .orElseThrow();
        PartitionDrop drop = new PartitionDrop(
                state.oid(),
                state.table(),
                TestEngine.oid(target, table),
                parent,
                state.fingerprint(),
                concurrently,
                0,
                false);
        return new StepSpec("drop-partition", state.table(), parent, "p", 0, drop);
    }

    @Test
    void a_partition_more_costs_one_commit_where_it_is_dropped_under_a_lock() throws SQLException {
        Cost few = cost(drops("locked_few", 2, false));
        Cost each = cost(drops("locked_many", 12, false)).each(few, 10);

        assertThat(each.commits()).isEqualTo(1);
        assertThat(each.roundTrips()).isLessThanOrEqualTo(25);
    }

    @Test
    void a_partition_more_costs_two_commits_where_it_is_detached_concurrently_before() throws SQLException {
        Cost few = cost(drops("concurrent_few", 2, true));
        Cost each = cost(drops("concurrent_many", 12, true)).each(few, 10);

        assertThat(each.commits()).isEqualTo(2);
        assertThat(each.roundTrips()).isLessThanOrEqualTo(30);
    }

    @Test
    void that_planning_takes_a_good_part_of_the_batches_is_told_once() {
        TestEngine.table(target, "long_planned", 3_000);
        var parameters = new DeleteById.Parameters(
                TestEngine.oid(target, "long_planned"), "long_planned", 100, 100, 100, 50, 40);

        RunView run = engine.awaitEnd(engine.start(TestEngine.delete(target, "long_planned", parameters)));

        TestEngine.assertComplete(run, 2_700);
        assertThat(engine.soFar(run, RunEvent.Warning.class)).singleElement().satisfies(warning -> {
            assertThat(warning.code()).isEqualTo("PLANNING_TAKES_LONG");
            assertThat(warning.message()).contains("takes 40 ms to plan", "VACUUM");
            assertThat(warning.metadata()).containsEntry("planning_ms", "40");
        });
    }

    /** The lease, the start of the step, the batch's journal, and the end of both. */
    @Test
    void a_run_of_one_batch_costs_four_commits() {
        target.execute(
                "CREATE TABLE one_batch (id bigint PRIMARY KEY, old boolean NOT NULL, payload text)",
                "INSERT INTO one_batch SELECT i, true, '' FROM generate_series(1, 10) AS i");

        assertThat(cost(List.of(TestEngine.delete(target, "one_batch"))).commits())
                .isEqualTo(4);
    }

    /** What is selected, what was before and what is after are seen over the same connection. */
    @Test
    void a_vacuum_opens_one_connection_to_its_target() {
        target.execute("CREATE TABLE vacuumed (id int)", "INSERT INTO vacuumed SELECT generate_series(1, 100)");

        Cost cost = swiftly(() -> cost(() -> engine.bean(Vacuums.class)
                .start(UUID.randomUUID(), vacuum("vacuumed"))
                .id()));

        assertThat(cost.connections()).isEqualTo(1);
        assertThat(cost.roundTrips()).isLessThanOrEqualTo(40);
    }

    /** What takes longer than a second is watched over another connection: on a busy machine it is done again. */
    private static Cost swiftly(Supplier<Cost> run) {
        return Stream.generate(run)
                .limit(5)
                .filter(cost -> cost.connections() <= 1)
                .findFirst()
                .orElseGet(run);
    }

    private static VacuumOrder vacuum(String table) {
        return new VacuumOrder(
                "shop",
                TableChoice.of(List.of(new TableName("public", table))),
                VacuumOptions.DEFAULT,
                RunTerms.of(TestEngine.ALICE, Optional.empty()));
    }

    /** Where they overlap there is another one for that. */
    @Test
    void a_run_whose_batches_do_not_overlap_opens_one_connection_to_its_target() {
        TestEngine.table(target, "one_after_the_other", 500);
        Tuning polite = new Tuning(Pace.POLITE, Duration.ofMillis(20), 0, 0, 0, 0, 0);

        Cost cost = swiftly(() -> {
            target.execute("UPDATE one_after_the_other SET old = true");
            StepSpec delete = TestEngine.delete(target, "one_after_the_other");
            return cost(() -> engine.start(polite, Optional.empty(), Optional.empty(), RowLimits.NONE, delete));
        });

        assertThat(cost.connections()).isEqualTo(1);
    }

    @Test
    void a_run_of_many_statements_opens_one_connection_to_its_target() {
        Iterator<String> tables =
                Stream.iterate(1, i -> i + 1).map(i -> "on_one_connection_" + i).iterator();

        assertThat(swiftly(() -> cost(dropsOf(tables.next()))).connections()).isEqualTo(1);
    }

    private static List<StepSpec> dropsOf(String table) {
        try {
            return drops(table, 5, false);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
