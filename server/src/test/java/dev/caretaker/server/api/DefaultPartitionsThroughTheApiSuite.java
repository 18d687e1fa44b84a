package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.AppliedPartitionSet;
import dev.caretaker.v1.ApplyPartitionSetsRequest;
import dev.caretaker.v1.ApplyResult;
import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarPeriod;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.DefaultPartition;
import dev.caretaker.v1.DeletePartitionSetRequest;
import dev.caretaker.v1.ExecuteUpkeepRequest;
import dev.caretaker.v1.ExecuteUpkeepResponse;
import dev.caretaker.v1.ListPartitionSetsRequest;
import dev.caretaker.v1.ListRetiredRequest;
import dev.caretaker.v1.PartitionGrid;
import dev.caretaker.v1.PartitionRetirement;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PartitioningCheck;
import dev.caretaker.v1.PartitioningResult;
import dev.caretaker.v1.PartitionsAhead;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanStep;
import dev.caretaker.v1.PlanUpkeepRequest;
import dev.caretaker.v1.PlanWarning;
import dev.caretaker.v1.PlanWarningCode;
import dev.caretaker.v1.ReattachPartitionRequest;
import dev.caretaker.v1.ReattachPartitionResponse;
import dev.caretaker.v1.RetiredPartition;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunFinished;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.UpkeepAction;
import dev.caretaker.v1.VerifyPartitioningRequest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Upkeep through the whole server, on both versions: default partitions, which hold what no partition was there for, and legacy
 * ones, which have no beginning.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DefaultPartitionsThroughTheApiSuite {
    static final YearMonth THIS_MONTH = YearMonth.now(ZoneOffset.UTC);
    static final String LEFT =
            "SELECT count(*) FROM pg_constraint WHERE conname IN ('caretaker_guard', 'caretaker_adoption')";

    final Database target;
    WholeServer server;

    DefaultPartitionsThroughTheApiSuite(TestPostgres postgres) {
        this.target = postgres.database();
    }

    @BeforeAll
    void start() {
        server = WholeServer.start(target);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void a_default_partition_becomes_that_of_its_gap_and_no_row_is_moved_but_the_outliers() {
        target.execute(
                "CREATE TABLE customers (id int PRIMARY KEY)",
                "INSERT INTO customers VALUES (1)",
                "CREATE TABLE orders (id bigint, at timestamptz, customer int REFERENCES customers, big text)"
                        + " PARTITION BY RANGE (at)",
                "CREATE INDEX ON orders (at)");
        partition("orders", "orders_%1$tY_%1$tm", -4);
        partition("orders", "orders_%1$tY_%1$tm", -3);
        target.execute(
                "CREATE TABLE orders_default PARTITION OF orders DEFAULT",
                "INSERT INTO orders SELECT i, now() - i * interval '1 hour', 1, 'x' FROM generate_series(1, 1000) i",
                "INSERT INTO orders VALUES (2001, NULL, 1), (2002, '1970-01-01', 1), (2003, '9999-01-01', 1)");
        long oid = target.number("SELECT 'orders_default'::regclass::oid::bigint");
        long node = target.number("SELECT pg_relation_filenode('orders_default')::bigint");
        apply(monthly("orders", "orders")
                .setDefaultPartition(DefaultPartition.DEFAULT_PARTITION_ADOPT)
                .build());
        Plan plan = plan("orders");
        assertThat(plan.getStepsList())
                .extracting(PlanStep::getAction)
                .contains(UpkeepAction.UPKEEP_ACTION_ADOPT_DEFAULT);
        assertThat(plan.getWarningsList())
                .extracting(PlanWarning::getCode)
                .contains(
                        PlanWarningCode.PLAN_WARNING_CODE_ROWS_MOVED,
                        PlanWarningCode.PLAN_WARNING_CODE_ROWS_REFUSED_MEANWHILE);
        complete(execute(plan));
        assertThat(target.number("SELECT count(*) FROM orders")).isEqualTo(1_003);
        assertThat(target.number("SELECT count(*) FROM orders_default")).isEqualTo(3);
        assertThat(target.number("SELECT count(*) FROM pg_class WHERE oid = " + oid
                        + " AND relispartition AND pg_relation_filenode(oid) = " + node))
                .isEqualTo(1);
        assertThat(target.number(LEFT)).isZero();
        assertThat(plan("orders").getStepsList()).isEmpty();
        assertThat(verify("orders"))
                .filteredOn(check -> check.getResult() == PartitioningResult.PARTITIONING_RESULT_FAILED)
                .extracting(PartitioningCheck::getName)
                .containsExactly("default-empty");
    }

    @Test
    void a_default_partition_that_nobody_can_look_into_keeps_only_those_from_being_made_whose_rows_it_holds()
            throws SQLException {
        target.execute("CREATE TABLE locked_away (at timestamptz NOT NULL) PARTITION BY RANGE (at)");
        partition("locked_away", "locked_away_%1$tY_%1$tm", -1);
        target.execute(
                "CREATE TABLE locked_away_default PARTITION OF locked_away DEFAULT",
                "INSERT INTO locked_away VALUES (now())",
                "ANALYZE locked_away_default");
        apply(monthly("locked-away", "locked_away").build());
        Plan plan;
        try (Connection other = target.connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute("LOCK TABLE locked_away_default");
            plan = plan("locked-away");
        }
        assertThat(plan.getWarningsList())
                .extracting(PlanWarning::getCode)
                .contains(PlanWarningCode.PLAN_WARNING_CODE_COUNT_TIMEOUT)
                .doesNotContain(PlanWarningCode.PLAN_WARNING_CODE_DEFAULT_HOLDS_ROWS);
        assertThat(plan.getStepsList())
                .extracting(PlanStep::getAction)
                .hasSize(5)
                .containsOnly(UpkeepAction.UPKEEP_ACTION_CREATE);
        assertThat(execute(plan).getLast().getFinished().getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_FAILED);
        assertThat(target.number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'locked_away'::regclass"))
                .as("that of last month, the default partition, and four ahead")
                .isEqualTo(6);
        assertThat(target.number("SELECT count(*) FROM locked_away_default")).isEqualTo(1);
        assertThat(target.number(LEFT)).isZero();
    }

    @Test
    void a_default_partition_is_adopted_that_holds_more_rows_than_are_counted() {
        target.execute("CREATE TABLE crowded (at timestamptz) PARTITION BY RANGE (at)", "CREATE INDEX ON crowded (at)");
        partition("crowded", "crowded_%1$tY_%1$tm", -3);
        target.execute(
                "CREATE TABLE crowded_default PARTITION OF crowded DEFAULT",
                "INSERT INTO crowded SELECT now() - i * interval '1 second' FROM generate_series(1, 10050) i",
                "INSERT INTO crowded VALUES (NULL), ('1970-01-01')");
        apply(monthly("crowded", "crowded")
                .setDefaultPartition(DefaultPartition.DEFAULT_PARTITION_ADOPT)
                .build());
        Plan plan = plan("crowded");
        assertThat(plan.getStepsList())
                .filteredOn(step -> step.getAction() == UpkeepAction.UPKEEP_ACTION_ADOPT_DEFAULT)
                .singleElement()
                .satisfies(step -> assertThat(step.getReason()).startsWith("About 10,0"));
        complete(execute(plan));
        assertThat(target.number("SELECT count(*) FROM crowded")).isEqualTo(10_052);
        assertThat(target.number("SELECT count(*) FROM crowded_default")).isEqualTo(2);
        assertThat(target.number(LEFT)).isZero();
    }

    @Test
    void a_table_without_enough_time_ahead_is_told_even_if_it_has_partitions_enough() {
        target.execute("CREATE TABLE soon_full (at timestamptz NOT NULL) PARTITION BY RANGE (at)");
        partition("soon_full", "soon_full_%1$tY_%1$tm", 0);
        partition("soon_full", "soon_full_%1$tY_%1$tm", 1);
        apply(monthly("soon-full", "soon_full")
                .setAhead(PartitionsAhead.newBuilder().setPartitions(1).setDuration(days(150)))
                .build());
        assertThat(verify("soon_full"))
                .filteredOn(check -> check.getResult() == PartitioningResult.PARTITIONING_RESULT_FAILED)
                .extracting(PartitioningCheck::getName)
                .containsExactly("covered-ahead");
        complete(execute(plan("soon-full")));
        assertThat(verify("soon_full"))
                .extracting(PartitioningCheck::getResult)
                .doesNotContain(PartitioningResult.PARTITIONING_RESULT_FAILED);
    }

    @Test
    void a_set_is_validated_without_being_stored_and_who_applied_it_is_recorded_once() {
        target.execute("CREATE TABLE audited (at timestamptz NOT NULL) PARTITION BY RANGE (at)");
        ApplyPartitionSetsRequest validated = ApplyPartitionSetsRequest.newBuilder()
                .setRequestId(id())
                .setActor("alice")
                .setValidateOnly(true)
                .addSets(monthly("audited", "audited"))
                .build();
        assertThat(server.partitions().applyPartitionSets(validated).getSets(0).getResult())
                .isEqualTo(ApplyResult.APPLY_RESULT_CREATED);
        assertThat(server.partitions()
                        .listPartitionSets(ListPartitionSetsRequest.newBuilder()
                                .setTarget("main")
                                .build())
                        .getSetsList())
                .extracting(PartitionSet::getName)
                .doesNotContain("audited");
        assertThatThrownBy(() -> server.partitions()
                        .applyPartitionSets(validated.toBuilder()
                                .setRequestId(id())
                                .setSets(0, monthly("audited", "not_there"))
                                .build()))
                .hasMessageContaining("sets[0].table.name");

        ApplyPartitionSetsRequest applied =
                validated.toBuilder().setRequestId(id()).setValidateOnly(false).build();
        assertThat(server.partitions().applyPartitionSets(applied))
                .isEqualTo(server.partitions().applyPartitionSets(applied));
        DeletePartitionSetRequest deleted = DeletePartitionSetRequest.newBuilder()
                .setRequestId(id())
                .setActor("bob")
                .setName("audited")
                .build();
        server.partitions().deletePartitionSet(deleted);
        assertThat(audited(applied.getRequestId())).isEqualTo("alice ApplyPartitionSets main OK");
        assertThat(audited(deleted.getRequestId())).isEqualTo("bob DeletePartitionSet main OK");
    }

    /** All that is recorded of a request. */
    private Object audited(String requestId) {
        return server.store()
                .value("SELECT string_agg(concat_ws(' ', actor, method, target, outcome), ', ') FROM caretaker.audit"
                        + " WHERE request_id = '" + requestId + "'");
    }

    @Test
    void a_partition_without_a_beginning_is_retired_and_attached_again_with_all_that_it_holds() {
        for (boolean withDefault : new boolean[] {false, true}) {
            String table = withDefault ? "legacy_beside" : "legacy_alone";
            target.execute(
                    "CREATE TABLE " + table + " (at timestamptz NOT NULL) PARTITION BY RANGE (at)",
                    "CREATE TABLE " + table + "_legacy PARTITION OF " + table + " FOR VALUES FROM (MINVALUE) TO ('"
                            + THIS_MONTH.minusMonths(3) + "-01 00:00+00')");
            for (int month = -3; month <= 4; month++) {
                partition(table, table + "_p%1$tY%1$tm01", month);
            }
            if (withDefault) {
                target.execute("CREATE TABLE " + table + "_default PARTITION OF " + table + " DEFAULT");
            }
            target.execute("INSERT INTO " + table + " VALUES ('-infinity'), ('2001-01-01')");
            String set = table.replace('_', '-');
            apply(monthly(set, table)
                    .setRetirement(PartitionRetirement.newBuilder()
                            .setCalendar(CalendarPeriod.newBuilder().setMonths(3))
                            .setHold(days(7)))
                    .build());
            Plan plan = plan(set);
            assertThat(plan.getStepsList())
                    .extracting(step -> step.getRelation().getName())
                    .containsExactly(table + "_legacy");
            complete(execute(plan));
            assertThat(target.number("SELECT count(*) FROM " + table)).isZero();
            assertThat(target.number("SELECT count(*) FROM pg_constraint WHERE contype = 'c' AND convalidated"
                            + " AND conrelid = '" + table + "_legacy'::regclass"))
                    .as("it takes no rows but those of its range")
                    .isEqualTo(1);
            complete(events(
                    server.partitions()
                            .reattachPartition(ReattachPartitionRequest.newBuilder()
                                    .setRequestId(id())
                                    .setTarget("main")
                                    .setPartition(TableName.newBuilder()
                                            .setSchema("public")
                                            .setName(table + "_legacy"))
                                    .build()),
                    ReattachPartitionResponse::getEvent));
            assertThat(target.number("SELECT count(*) FROM " + table)).isEqualTo(2);
        }
    }

    static PartitionSet.Builder monthly(String name, String table) {
        return PartitionSet.newBuilder()
                .setName(name)
                .setTarget("main")
                .setTable(TableName.newBuilder().setName(table))
                .setGrid(PartitionGrid.newBuilder()
                        .setCalendar(CalendarGrid.newBuilder().setUnit(CalendarUnit.CALENDAR_UNIT_MONTH)));
    }

    void partition(String table, String name, int month) {
        YearMonth from = THIS_MONTH.plusMonths(month);
        target.execute(
                "CREATE TABLE \"%s\" PARTITION OF \"%s\" FOR VALUES FROM ('%s-01 00:00+00') TO ('%s-01 00:00+00')"
                        .formatted(String.format(name, from.atDay(1)), table, from, from.plusMonths(1)));
    }

    static String named(String table, int month) {
        return String.format(
                "%s_p%2$tY%2$tm01", table, THIS_MONTH.plusMonths(month).atDay(1));
    }

    AppliedPartitionSet apply(PartitionSet set) {
        return server.partitions()
                .applyPartitionSets(ApplyPartitionSetsRequest.newBuilder()
                        .setRequestId(id())
                        .addSets(set)
                        .build())
                .getSets(0);
    }

    Plan plan(String set) {
        return server.partitions()
                .planUpkeep(PlanUpkeepRequest.newBuilder()
                        .setRequestId(id())
                        .addSets(set)
                        .build())
                .getPlan();
    }

    List<RunEvent> execute(Plan plan) {
        return events(
                server.partitions()
                        .executeUpkeep(ExecuteUpkeepRequest.newBuilder()
                                .setRequestId(id())
                                .setPlanId(plan.getPlanId())
                                .setEtag(plan.getEtag())
                                .build()),
                ExecuteUpkeepResponse::getEvent);
    }

    List<RetiredPartition> retired(String set) {
        return server.partitions()
                .listRetired(ListRetiredRequest.newBuilder().setSet(set).build())
                .getPartitionsList();
    }

    List<PartitioningCheck> verify(String table) {
        return server.partitions()
                .verifyPartitioning(VerifyPartitioningRequest.newBuilder()
                        .setTarget("main")
                        .setTable(TableName.newBuilder().setName(table))
                        .build())
                .getChecksList();
    }

    static void complete(List<RunEvent> run) {
        RunFinished finished = run.getLast().getFinished();
        assertThat(finished.getOutcome()).as(run.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
    }

    static <A> List<RunEvent> events(Iterator<A> answers, Function<A, RunEvent> event) {
        List<RunEvent> events = new ArrayList<>();
        answers.forEachRemaining(answer -> events.add(event.apply(answer)));
        return events;
    }

    static Duration days(long days) {
        return Duration.newBuilder().setSeconds(days * 86_400).build();
    }

    static String id() {
        return UUID.randomUUID().toString();
    }
}
