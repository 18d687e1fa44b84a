package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.AppliedPartitionSet;
import dev.caretaker.v1.ApplyPartitionSetsRequest;
import dev.caretaker.v1.ApplyResult;
import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarPeriod;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.CreatePartitionRequest;
import dev.caretaker.v1.CreatePartitionResponse;
import dev.caretaker.v1.DefaultPartition;
import dev.caretaker.v1.DeletePartitionSetRequest;
import dev.caretaker.v1.DropRetiredRequest;
import dev.caretaker.v1.DropRetiredResponse;
import dev.caretaker.v1.ExecuteUpkeepRequest;
import dev.caretaker.v1.ExecuteUpkeepResponse;
import dev.caretaker.v1.GetPartitionSetRequest;
import dev.caretaker.v1.GetPlanRequest;
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
import dev.caretaker.v1.RetiredState;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunFinished;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.SuggestPartitionSetRequest;
import dev.caretaker.v1.SuggestPartitionSetResponse;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.UpkeepAction;
import dev.caretaker.v1.VerifyPartitioningRequest;
import java.time.Instant;
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

/** Partition sets and their upkeep through the whole server, on both versions. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PartitionSetsThroughTheApiSuite {
    private static final YearMonth THIS_MONTH = YearMonth.now(ZoneOffset.UTC);

    private final Database target;
    private WholeServer server;

    PartitionSetsThroughTheApiSuite(TestPostgres postgres) {
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
    void an_empty_table_gets_its_partitions_like_one_another_and_a_second_upkeep_finds_nothing_to_do() {
        target.execute(
                "CREATE TABLE owners (id int PRIMARY KEY)",
                "CREATE TABLE \"Events\" (id bigint GENERATED ALWAYS AS IDENTITY, \"At\" timestamptz NOT NULL,"
                        + " owner int REFERENCES owners, note text, up text GENERATED ALWAYS AS (upper(note)) STORED,"
                        + " PRIMARY KEY (id, \"At\"), CHECK (note <> '')) PARTITION BY RANGE (\"At\")",
                "CREATE INDEX ON \"Events\" (owner, \"At\")",
                "CREATE STATISTICS events_stats ON owner, note FROM \"Events\"");
        AppliedPartitionSet applied = apply(monthly("events", "Events")
                .setLookback(2)
                .setAhead(PartitionsAhead.newBuilder().setPartitions(3).setDuration(days(1)))
                .build());
        assertThat(applied.getResult()).isEqualTo(ApplyResult.APPLY_RESULT_CREATED);
        assertThat(applied.getSet().getNamePattern()).isEqualTo("{table}_p{yyyy}{mm}{dd}");

        Plan plan = plan("events");
        assertThat(plan.getWarningsList())
                .extracting(PlanWarning::getCode)
                .containsExactly(PlanWarningCode.PLAN_WARNING_CODE_NOT_COVERED_NOW);
        assertThat(plan.getStepsList())
                .extracting(step -> step.getRelation().getName())
                .containsExactly(
                        named("Events", 0),
                        named("Events", 1),
                        named("Events", 2),
                        named("Events", 3),
                        named("Events", -1),
                        named("Events", -2));
        assertThat(plan.getSteps(0).getSqlList())
                .last()
                .asString()
                .startsWith("ALTER TABLE \"public\".\"Events\" ATTACH");
        complete(execute(plan));

        target.execute(
                "INSERT INTO owners VALUES (1)", "INSERT INTO \"Events\" (\"At\", owner, note) VALUES (now(), 1, 'a')");
        assertThat(target.number("SELECT count(*) FROM \"" + named("Events", 0) + "\" WHERE up = 'A'"))
                .isEqualTo(1);
        assertThat(target.number("SELECT count(*) FROM pg_inherits WHERE inhparent = '\"Events\"'::regclass"))
                .isEqualTo(6);
        assertThat(target.number("SELECT count(*) FROM pg_constraint WHERE conname LIKE 'caretaker%'"))
                .isZero();
        assertThat(plan("events").getStepsList()).isEmpty();
        List<PartitioningCheck> checks = verify("Events");
        assertThat(checks)
                .allSatisfy(check -> assertThat(check.getResult())
                        .as(check.toString())
                        .isEqualTo(PartitioningResult.PARTITIONING_RESULT_PASSED));
        assertThat(checks).extracting(PartitioningCheck::getName).contains("insert-lands", "pruning", "constraints");
    }

    @Test
    void old_partitions_are_detached_held_attached_again_and_dropped() {
        target.execute("CREATE TABLE parents (id int PRIMARY KEY)", "INSERT INTO parents VALUES (1)");
        target.execute("CREATE TABLE logs (at timestamptz NOT NULL, parent int REFERENCES parents, n int)"
                + " PARTITION BY RANGE (at)");
        for (int month = -3; month <= 5; month++) {
            partition("logs", "logs_y%1$tYm%1$tm", month);
        }
        target.execute("INSERT INTO logs SELECT now() - interval '2 months', 1, i FROM generate_series(1, 50) i");
        PartitionSet set = monthly("logs", "logs")
                .setRetirement(PartitionRetirement.newBuilder()
                        .setCalendar(CalendarPeriod.newBuilder().setMonths(1))
                        .setHold(days(7)))
                .build();
        assertThat(apply(set).getSet().getNamePattern()).isEqualTo("logs_y{yyyy}m{mm}");
        Plan plan = plan("logs");
        assertThat(plan.getStepsList())
                .extracting(PlanStep::getAction)
                .containsOnly(UpkeepAction.UPKEEP_ACTION_DETACH)
                .hasSize(2);
        complete(execute(plan));
        assertThat(target.number("SELECT count(*) FROM logs")).isZero();
        List<RetiredPartition> held = retired("logs");
        assertThat(held)
                .hasSize(2)
                .allSatisfy(row -> assertThat(row.getState()).isEqualTo(RetiredState.RETIRED_STATE_HELD))
                .allSatisfy(row -> assertThat(row.getHeldUntil().getSeconds())
                        .isGreaterThan(Instant.now().plusSeconds(6 * 86_400).getEpochSecond()));
        assertThat(plan("logs").getStepsList())
                .as("held partitions are not due yet")
                .isEmpty();

        TableName newest = held.getFirst().getPartition();
        assertThat(target.number("SELECT count(*) FROM \"" + newest.getName() + "\""))
                .isEqualTo(50);
        complete(events(
                server.partitions()
                        .reattachPartition(ReattachPartitionRequest.newBuilder()
                                .setRequestId(id())
                                .setTarget("main")
                                .setPartition(newest)
                                .build()),
                ReattachPartitionResponse::getEvent));
        assertThat(target.number("SELECT count(*) FROM logs")).isEqualTo(50);
        assertThat(target.number("SELECT count(*) FROM pg_constraint WHERE contype = 'c' AND conrelid = '"
                        + newest.getName() + "'::regclass AND conname LIKE 'caretaker%'"))
                .isZero();

        TableName oldest = held.getLast().getPartition();
        complete(events(
                server.partitions()
                        .dropRetired(DropRetiredRequest.newBuilder()
                                .setRequestId(id())
                                .setTarget("main")
                                .addPartitions(oldest)
                                .build()),
                DropRetiredResponse::getEvent));
        assertThat(target.value("SELECT to_regclass('" + oldest.getName() + "')::text"))
                .isNull();
        assertThat(retired("logs")).isEmpty();
        complete(execute(plan("logs")));
        assertThat(retired("logs")).as("upkeep detaches it again").hasSize(1);
    }

    @Test
    void a_partition_that_was_held_long_enough_is_dropped_by_the_next_upkeep() {
        target.execute("CREATE TABLE short (at timestamptz NOT NULL) PARTITION BY RANGE (at)");
        for (int month = -2; month <= 5; month++) {
            partition("short", "short_%1$tY_%1$tm", month);
        }
        apply(monthly("short", "short")
                .setRetirement(PartitionRetirement.newBuilder().setPartitions(1).setHold(days(0)))
                .build());
        complete(execute(plan("short")));
        assertThat(retired("short")).hasSize(2);
        Plan plan = plan("short");
        assertThat(plan.getStepsList())
                .extracting(PlanStep::getAction)
                .containsExactly(UpkeepAction.UPKEEP_ACTION_DROP, UpkeepAction.UPKEEP_ACTION_DROP);
        assertThat(plan.getTotal().getBytesReturned()).isNotNegative();
        complete(execute(plan));
        assertThat(retired("short")).isEmpty();
        assertThat(target.number("SELECT count(*) FROM pg_class WHERE relname LIKE 'short_%' AND relkind = 'r'"))
                .isEqualTo(6);
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
        assertThat(target.number("SELECT count(*) FROM pg_constraint WHERE conname LIKE 'caretaker%'"))
                .isZero();
        assertThat(plan("orders").getStepsList()).isEmpty();
        assertThat(verify("orders"))
                .filteredOn(check -> check.getResult() == PartitioningResult.PARTITIONING_RESULT_FAILED)
                .extracting(PartitioningCheck::getName)
                .containsExactly("default-empty");
    }

    @Test
    void what_a_suggestion_says_changes_nothing() {
        target.execute("CREATE TABLE \"JobOccurrences\" (at timestamptz NOT NULL) PARTITION BY RANGE (at)");
        for (int month = -2; month <= 3; month++) {
            partition("JobOccurrences", "JobOccurrences_%1$tY_%1$tm", month);
        }
        SuggestPartitionSetResponse suggested = server.partitions()
                .suggestPartitionSet(SuggestPartitionSetRequest.newBuilder()
                        .setTarget("main")
                        .setTable(TableName.newBuilder().setName("JobOccurrences"))
                        .build());
        assertThat(suggested.getSet().getNamePattern()).isEqualTo("JobOccurrences_{yyyy}_{mm}");
        assertThat(suggested.getSet().getGrid().getCalendar().getUnit()).isEqualTo(CalendarUnit.CALENDAR_UNIT_MONTH);
        assertThat(suggested.getNotesList()).isNotEmpty();
        apply(suggested.getSet());
        assertThat(plan(suggested.getSet().getName()).getStepsList()).isEmpty();
    }

    @Test
    void one_named_month_is_created() {
        target.execute("CREATE TABLE months (at timestamptz NOT NULL) PARTITION BY RANGE (at)");
        partition("months", "months_%1$tY_%1$tm", 0);
        apply(monthly("months", "months").build());
        CreatePartitionRequest request = CreatePartitionRequest.newBuilder()
                .setRequestId(id())
                .setSet("months")
                .setTime(Timestamp.newBuilder()
                        .setSeconds(Instant.parse("2031-02-15T10:00:00Z").getEpochSecond()))
                .build();
        List<RunEvent> run = events(server.partitions().createPartition(request), CreatePartitionResponse::getEvent);
        complete(run);
        assertThat(target.value("SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname = 'months_2031_02'"))
                .asString()
                .contains("2031-02-01");
        assertThat(server.partitions().createPartition(request).next().getEvent())
                .as("a replay attaches to the run it made")
                .isEqualTo(run.getFirst());
        assertThatThrownBy(() -> server.partitions()
                        .createPartition(request.toBuilder().setRequestId(id()).build())
                        .next())
                .hasMessageContaining("is covered by a partition already");
    }

    @Test
    void sets_are_kept_like_policies_with_etags_and_refused_by_field() {
        target.execute(
                "CREATE TABLE plain (at timestamptz)",
                "CREATE TABLE listed (kind int) PARTITION BY LIST (kind)",
                "CREATE TABLE kept (at timestamptz NOT NULL) PARTITION BY RANGE (at)");
        assertRefused(monthly("one", "plain").build(), "sets[0].table.name");
        assertRefused(monthly("one", "listed").build(), "sets[0].table.name");
        assertRefused(monthly("one", "missing").build(), "sets[0].table.name");
        assertRefused(monthly("one", "kept").setNamePattern("k{yyyy}").build(), "sets[0].name_pattern");
        assertRefused(monthly("one", "kept").clearGrid().build(), "sets[0].grid");
        assertRefused(monthly("One", "kept").build(), "sets[0].name");
        PartitionSet first = apply(monthly("kept", "kept").build()).getSet();
        assertThat(apply(monthly("kept", "kept").build()).getResult()).isEqualTo(ApplyResult.APPLY_RESULT_UNCHANGED);
        assertRefused(monthly("other", "kept").build(), "sets[0].table");
        assertThatThrownBy(() -> apply(first.toBuilder().setEtag("stale").build()))
                .hasMessageContaining("was changed by somebody else");
        assertThat(server.partitions()
                        .getPartitionSet(GetPartitionSetRequest.newBuilder()
                                .setName("kept")
                                .build())
                        .getSet())
                .isEqualTo(first);
        assertThat(server.partitions()
                        .listPartitionSets(ListPartitionSetsRequest.newBuilder()
                                .setTarget("main")
                                .build())
                        .getSetsList())
                .contains(first);
        Plan plan = plan("kept");
        assertThat(server.maintenance()
                        .getPlan(GetPlanRequest.newBuilder()
                                .setPlanId(plan.getPlanId())
                                .build())
                        .getPlan())
                .isEqualTo(plan);
        apply(first.toBuilder().setDescription("changed").build());
        assertThatThrownBy(() -> execute(plan)).hasMessageContaining("partition set kept was changed");
        server.partitions()
                .deletePartitionSet(DeletePartitionSetRequest.newBuilder()
                        .setRequestId(id())
                        .setName("kept")
                        .build());
        assertThatThrownBy(() -> server.partitions()
                        .getPartitionSet(GetPartitionSetRequest.newBuilder()
                                .setName("kept")
                                .build()))
                .hasMessageContaining("No partition set is named \"kept\"");
    }

    private void assertRefused(PartitionSet set, String field) {
        assertThatThrownBy(() -> apply(set)).hasMessageContaining(field);
    }

    private static PartitionSet.Builder monthly(String name, String table) {
        return PartitionSet.newBuilder()
                .setName(name)
                .setTarget("main")
                .setTable(TableName.newBuilder().setName(table))
                .setGrid(PartitionGrid.newBuilder()
                        .setCalendar(CalendarGrid.newBuilder().setUnit(CalendarUnit.CALENDAR_UNIT_MONTH)));
    }

    private void partition(String table, String name, int month) {
        YearMonth from = THIS_MONTH.plusMonths(month);
        target.execute(
                "CREATE TABLE \"%s\" PARTITION OF \"%s\" FOR VALUES FROM ('%s-01 00:00+00') TO ('%s-01 00:00+00')"
                        .formatted(String.format(name, from.atDay(1)), table, from, from.plusMonths(1)));
    }

    private static String named(String table, int month) {
        return String.format(
                "%s_p%2$tY%2$tm01", table, THIS_MONTH.plusMonths(month).atDay(1));
    }

    private AppliedPartitionSet apply(PartitionSet set) {
        return server.partitions()
                .applyPartitionSets(ApplyPartitionSetsRequest.newBuilder()
                        .setRequestId(id())
                        .addSets(set)
                        .build())
                .getSets(0);
    }

    private Plan plan(String set) {
        return server.partitions()
                .planUpkeep(PlanUpkeepRequest.newBuilder()
                        .setRequestId(id())
                        .addSets(set)
                        .build())
                .getPlan();
    }

    private List<RunEvent> execute(Plan plan) {
        return events(
                server.partitions()
                        .executeUpkeep(ExecuteUpkeepRequest.newBuilder()
                                .setRequestId(id())
                                .setPlanId(plan.getPlanId())
                                .setEtag(plan.getEtag())
                                .build()),
                ExecuteUpkeepResponse::getEvent);
    }

    private List<RetiredPartition> retired(String set) {
        return server.partitions()
                .listRetired(ListRetiredRequest.newBuilder().setSet(set).build())
                .getPartitionsList();
    }

    private List<PartitioningCheck> verify(String table) {
        return server.partitions()
                .verifyPartitioning(VerifyPartitioningRequest.newBuilder()
                        .setTarget("main")
                        .setTable(TableName.newBuilder().setName(table))
                        .build())
                .getChecksList();
    }

    private static void complete(List<RunEvent> run) {
        RunFinished finished = run.getLast().getFinished();
        assertThat(finished.getOutcome()).as(run.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
    }

    private static <A> List<RunEvent> events(Iterator<A> answers, Function<A, RunEvent> event) {
        List<RunEvent> events = new ArrayList<>();
        answers.forEachRemaining(answer -> events.add(event.apply(answer)));
        return events;
    }

    private static Duration days(long days) {
        return Duration.newBuilder().setSeconds(days * 86_400).build();
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}
