package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.cleanup.step.PartitionDrop;
import dev.caretaker.server.cleanup.step.RelationState;
import dev.caretaker.server.run.DebtView;
import dev.caretaker.server.run.Debts;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.run.StepView;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A partition that was detached, and that can be neither dropped nor attached again for now. */
class DropDebtTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final String ALL = "SELECT count(*) FROM events";

    @ParameterizedTest
    @MethodSource(BOTH)
    void it_is_told_keeps_others_attached_and_is_dropped_as_soon_as_that_is_possible(TestPostgres server)
            throws SQLException {
        Database target = server.database();
        partitioned(target);
        vetoed(target);
        try (TestEngine engine = TestEngine.start(TestPostgres.controlStore(), target)) {
            RunView run = engine.awaitEnd(engine.start(drop(target, "older"), drop(target, "old")));

            assertThat(run.outcome()).contains(Outcome.FAILED);
            assertThat(run.error().orElseThrow().reason()).isEqualTo("DROP_REFUSED");
            assertThat(run.error().orElseThrow().message())
                    .contains("could not be dropped: not today", "cannot be attached again: not today either");
            assertThat(run.totals().retries()).as("permanent errors").isZero();
            assertThat(run.steps().getLast())
                    .extracting(StepView::outcome, StepView::message)
                    .containsExactly(
                            Optional.of(Outcome.SKIPPED),
                            "Partition public.old stays attached: another partition of the table could not be"
                                    + " dropped.");
            assertThat(engine.events(run.id()).getLast().event())
                    .isInstanceOfSatisfying(
                            RunEvent.Finished.class,
                            finished -> assertThat(finished.debts())
                                    .singleElement()
                                    .satisfies(
                                            debt -> assertThat(debt.message()).contains("its rows are missing")));
            assertThat(target.number(ALL)).isEqualTo(150);

            RunView next = engine.awaitEnd(engine.start(drop(target, "old")));
            assertThat(engine.warnings(next.id())).contains("DEBT_OPEN");
            assertThat(next.steps().getFirst().message())
                    .contains("run " + run.id() + " has not brought the drop of public.older to an end");
            assertThat(target.number(ALL)).isEqualTo(150);

            target.execute("DROP EVENT TRIGGER no_drop", "DROP EVENT TRIGGER no_attach");
            assertThat(settled(engine, run.id()).answer()).isEqualTo("Partition public.older was dropped.");
            assertThat(target.value("SELECT to_regclass('older')::text")).isNull();
            assertThat(engine.awaitEnd(engine.start(drop(target, "old"))).outcome())
                    .contains(Outcome.COMPLETE);
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void it_is_attached_again_if_it_still_may_not_go(TestPostgres server) throws SQLException {
        Database target = server.database();
        partitioned(target);
        vetoed(target);
        try (TestEngine engine = TestEngine.start(TestPostgres.controlStore(), target)) {
            RunView run = engine.awaitEnd(engine.start(drop(target, "older")));
            assertThat(run.debts()).hasSize(1);

            target.execute("DROP EVENT TRIGGER no_attach");
            assertThat(settled(engine, run.id()).answer())
                    .contains("cannot be dropped: not today.", "It was attached again, with all of its rows.");
        }
        assertThat(target.number(ALL)).isEqualTo(250);
        assertThat(target.number(
                        "SELECT count(*) FROM pg_constraint WHERE conrelid = 'older'::regclass" + " AND contype = 'c'"))
                .isZero();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void its_foreign_keys_go_one_by_one_so_that_no_referenced_table_waits_for_another(TestPostgres server)
            throws SQLException {
        Database target = server.database();
        partitioned(target);
        target.execute(
                "CREATE TABLE kinds (id int PRIMARY KEY)",
                "CREATE TABLE owners (id int PRIMARY KEY)",
                "ALTER TABLE events ADD kind int CONSTRAINT a_kind REFERENCES kinds",
                "ALTER TABLE events ADD owner int CONSTRAINT b_owner REFERENCES owners");
        vetoed(target);
        String keys = "SELECT coalesce(string_agg(conname, ' ' ORDER BY conname), '') FROM pg_constraint"
                + " WHERE contype = 'f' AND conrelid = to_regclass('public.older')";
        try (TestEngine engine = TestEngine.start(TestPostgres.controlStore(), target)) {
            RunView run = engine.awaitEnd(engine.start(drop(target, "older")));
            assertThat(run.debts()).hasSize(1);
            assertThat(target.value(keys)).isEqualTo("a_kind b_owner");

            try (Connection reader = target.connect()) {
                reader.setAutoCommit(false);
                reader.createStatement().execute("SELECT count(*) FROM owners");
                target.execute("DROP EVENT TRIGGER no_drop", "DROP EVENT TRIGGER no_attach");
                engine.bean(Debts.class).hurry("shop");
                await("the key of the table that nobody reads goes by itself")
                        .atMost(TestEngine.PATIENCE)
                        .until(() -> "b_owner".equals(target.value(keys)));
                assertThat(engine.runs().get(run.id()).debts().getFirst().settled())
                        .isEmpty();
                reader.rollback();
            }
            assertThat(settled(engine, run.id()).answer()).isEqualTo("Partition public.older was dropped.");
            assertThat(target.value("SELECT to_regclass('older')::text")).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void whoever_renames_it_has_it(TestPostgres server) throws SQLException {
        Database target = server.database();
        partitioned(target);
        vetoed(target);
        try (TestEngine engine = TestEngine.start(TestPostgres.controlStore(), target)) {
            RunView run = engine.awaitEnd(engine.start(drop(target, "older")));
            target.execute(
                    "DROP EVENT TRIGGER no_drop",
                    "DROP EVENT TRIGGER no_attach",
                    "ALTER TABLE older RENAME TO kept",
                    "CREATE TABLE older (mine int)");
            await().atMost(TestEngine.PATIENCE)
                    .until(() -> engine.bean(Debts.class)
                            .list(Debts.Filter.open("shop"))
                            .isEmpty());
            assertThat(engine.runs().get(run.id()).debts().getFirst().answer()).contains("was renamed by somebody");
        }
        assertThat(target.number("SELECT count(*) FROM kept")).isEqualTo(100);
        assertThat(target.value("SELECT to_regclass('older')::text")).isEqualTo("older");
    }

    private static DebtView settled(TestEngine engine, UUID run) {
        engine.bean(Debts.class).hurry("shop");
        return await().atMost(TestEngine.PATIENCE)
                .until(
                        () -> engine.runs().get(run).debts().getFirst(),
                        debt -> debt.settled().isPresent());
    }

    static void partitioned(Database target) {
        target.execute(
                "CREATE TABLE events (id int, at timestamptz, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
                "CREATE TABLE older PARTITION OF events FOR VALUES FROM ('2023-01-01') TO ('2024-01-01')",
                "CREATE TABLE old PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
                "CREATE TABLE p2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
                "INSERT INTO events SELECT i, '2023-06-01' FROM generate_series(1, 100) i",
                "INSERT INTO events SELECT i, '2024-06-01' FROM generate_series(1, 100) i",
                "INSERT INTO events SELECT i, '2025-06-01' FROM generate_series(101, 150) i");
    }

    /** Refuses what nobody can try out before: what comes after a detach that was committed, which leaves a check constraint. */
    private static void vetoed(Database target) {
        String detached =
                "EXISTS (SELECT FROM pg_constraint WHERE contype = 'c' AND conrelid = to_regclass('public.older'))"
                        + " AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass('public.older'))";
        veto(target, "no_drop", "DROP TABLE", detached, "not today");
        veto(target, "no_attach", "ALTER TABLE", detached, "not today either");
    }

    private static void veto(Database target, String name, String tag, String condition, String why) {
        target.execute(
                "CREATE FUNCTION " + name + "() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN IF " + condition
                        + " THEN RAISE EXCEPTION '" + why + "'; END IF; END$$",
                "CREATE EVENT TRIGGER " + name + " ON ddl_command_start WHEN TAG IN ('" + tag + "') EXECUTE FUNCTION "
                        + name + "()");
    }

    static StepSpec drop(Database target, String partition) throws SQLException {
        TableName events = new TableName("public", "events");
        try (Connection connection = target.connect()) {
            RelationState state = RelationState.read(connection, TestEngine.oid(target, partition))
                    .orElseThrow();
            PartitionDrop drop = new PartitionDrop(
                    state.oid(),
                    state.table(),
                    TestEngine.oid(target, "events"),
                    events,
                    state.fingerprint(),
                    true,
                    100,
                    false);
            return new StepSpec("drop-partition", state.table(), events, "p", 100, drop);
        }
    }
}
