package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.AppliedPartitionSet;
import dev.caretaker.v1.ApplyResult;
import dev.caretaker.v1.CalendarPeriod;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.CreatePartitionRequest;
import dev.caretaker.v1.CreatePartitionResponse;
import dev.caretaker.v1.DeletePartitionSetRequest;
import dev.caretaker.v1.DropRetiredRequest;
import dev.caretaker.v1.DropRetiredResponse;
import dev.caretaker.v1.GetPartitionSetRequest;
import dev.caretaker.v1.GetPlanRequest;
import dev.caretaker.v1.IntegerGrid;
import dev.caretaker.v1.ListPartitionSetsRequest;
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
import dev.caretaker.v1.SuggestPartitionSetRequest;
import dev.caretaker.v1.SuggestPartitionSetResponse;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.UpkeepAction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Partition sets and their upkeep through the whole server, on both versions. */
abstract class PartitionSetsThroughTheApiSuite extends PartitionKeysThroughTheApiSuite {

    PartitionSetsThroughTheApiSuite(TestPostgres postgres) {
        super(postgres);
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
        assertThat(target.number(LEFT)).isZero();
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
        assertThatThrownBy(() -> events(
                        server.partitions()
                                .createPartition(CreatePartitionRequest.newBuilder()
                                        .setRequestId(id())
                                        .setSet("logs")
                                        .setTime(Timestamp.newBuilder()
                                                .setSeconds(THIS_MONTH
                                                        .minusMonths(3)
                                                        .atDay(15)
                                                        .atStartOfDay(ZoneOffset.UTC)
                                                        .toEpochSecond()))
                                        .build()),
                        CreatePartitionResponse::getEvent))
                .hasMessageContaining("which is detached and held: it can be reattached");
        assertThatThrownBy(() -> events(
                        server.partitions()
                                .reattachPartition(ReattachPartitionRequest.newBuilder()
                                        .setRequestId(id())
                                        .setTarget("main")
                                        .setPartition(newest.toBuilder().setSchema("elsewhere"))
                                        .build()),
                        ReattachPartitionResponse::getEvent))
                .hasMessageContaining("; did you mean \"public." + newest.getName() + "\"?");
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
    void case_23_a_plan_says_what_subscribers_see_of_new_and_of_detached_partitions() {
        target.execute(
                "CREATE TABLE published (at timestamptz NOT NULL) PARTITION BY RANGE (at)",
                "CREATE PUBLICATION published_all FOR TABLE published");
        for (int month = -3; month <= 0; month++) {
            partition("published", "published_%1$tY_%1$tm", month);
        }
        AppliedPartitionSet applied = apply(monthly("published", "published")
                .setRetirement(PartitionRetirement.newBuilder().setPartitions(1))
                .build());
        assertThat(applied.getWarningsList()).anyMatch(warning -> warning.contains("published_all"));
        assertThat(plan("published").getWarningsList())
                .extracting(PlanWarning::getMessage)
                .anyMatch(message -> message.contains("REFRESH PUBLICATION"))
                .anyMatch(message -> message.contains("Changes of detached partitions are not published any more"));
        target.execute("ALTER PUBLICATION published_all SET (publish_via_partition_root = true)");
        assertThat(plan("published").getWarningsList())
                .extracting(PlanWarning::getCode)
                .containsExactly(PlanWarningCode.PLAN_WARNING_CODE_DROP_NOT_REPLICATED);
    }

    @Test
    void sets_that_are_broken_in_whatever_way_never_keep_another_from_its_partitions() throws SQLException {
        target.execute(
                "CREATE TABLE locked (key bigint NOT NULL) PARTITION BY RANGE (key)",
                "CREATE TABLE locked_0 PARTITION OF locked FOR VALUES FROM (0) TO (1000)",
                "CREATE TABLE locked_1 PARTITION OF locked FOR VALUES FROM (1000) TO (2000)",
                "INSERT INTO locked VALUES (1500)",
                "ANALYZE locked",
                "CREATE TABLE gone (at timestamptz NOT NULL) PARTITION BY RANGE (at)",
                "CREATE TABLE taken (at timestamptz NOT NULL) PARTITION BY RANGE (at)",
                "CREATE VIEW \"" + named("taken", 0) + "\" AS SELECT 1 AS one",
                "CREATE TABLE fine (at timestamptz NOT NULL) PARTITION BY RANGE (at)");
        apply(monthly("a-locked", "locked")
                .setGrid(PartitionGrid.newBuilder()
                        .setInteger(IntegerGrid.newBuilder().setStep(1_000)))
                .build());
        List.of("gone", "taken", "fine")
                .forEach(table -> apply(monthly("b-" + table, table).build()));
        target.execute("DROP TABLE gone");
        try (Connection other = target.connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute("LOCK TABLE locked_1");
            Plan plan = server.partitions()
                    .planUpkeep(PlanUpkeepRequest.newBuilder()
                            .setRequestId(id())
                            .addAllSets(List.of("a-locked", "b-gone", "b-taken", "b-fine"))
                            .build())
                    .getPlan();
            assertThat(plan.getWarningsList())
                    .extracting(PlanWarning::getCode)
                    .contains(
                            PlanWarningCode.PLAN_WARNING_CODE_SET_DOES_NOT_FIT,
                            PlanWarningCode.PLAN_WARNING_CODE_NAME_TAKEN);
            complete(execute(plan));
            assertThat(target.number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'locked'::regclass"))
                    .as("keys go into the partition that is locked: those after it are made")
                    .isEqualTo(6);
        }
        assertThat(target.number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'fine'::regclass"))
                .isEqualTo(5);
        assertThat(plan("a-locked").getStepsList())
                .as("nobody locks it any more")
                .isEmpty();
    }

    @Test
    void creation_and_retirement_are_paused_apart() {
        target.execute("CREATE TABLE paused (at timestamptz NOT NULL) PARTITION BY RANGE (at)");
        for (int month = -2; month <= 0; month++) {
            partition("paused", "paused_%1$tY_%1$tm", month);
        }
        PartitionSet set = monthly("paused", "paused")
                .setRetirement(PartitionRetirement.newBuilder().setPartitions(1))
                .build();
        apply(set.toBuilder().setPauseCreation(true).build());
        assertThat(plan("paused").getStepsList())
                .extracting(PlanStep::getAction)
                .containsExactly(UpkeepAction.UPKEEP_ACTION_DETACH, UpkeepAction.UPKEEP_ACTION_DETACH);
        assertThat(plan("paused").getWarningsList())
                .extracting(PlanWarning::getMessage)
                .contains("Creation is paused: 4 partitions are missing.");
        apply(set.toBuilder().setPauseRetirement(true).build());
        assertThat(plan("paused").getStepsList())
                .extracting(PlanStep::getAction)
                .hasSize(4)
                .containsOnly(UpkeepAction.UPKEEP_ACTION_CREATE);
        assertThat(plan("paused").getWarningsList())
                .extracting(PlanWarning::getMessage)
                .contains("Retirement is paused: 2 partitions are past their time.");
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
    void sets_are_kept_like_policies_with_etags_and_refused_by_field_and_case_16_are_text_keys() {
        target.execute(
                "CREATE TABLE plain (at timestamptz)",
                "CREATE TABLE listed (kind int) PARTITION BY LIST (kind)",
                "CREATE TABLE worded (at text COLLATE \"C\") PARTITION BY RANGE (at)",
                "CREATE TABLE kept (at timestamptz NOT NULL) PARTITION BY RANGE (at)");
        assertRefused(monthly("one", "plain").build(), "sets[0].table.name");
        assertRefused(monthly("one", "listed").build(), "sets[0].table.name");
        assertRefused(monthly("one", "missing").build(), "sets[0].table.name");
        assertThatThrownBy(() -> apply(monthly("one", "worded").build()))
                .as("case 16: text keys")
                .hasMessageContaining("the key of \"public.worded\" is text; sets are for timestamptz");
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
        assertThatThrownBy(() -> server.partitions()
                        .getPartitionSet(GetPartitionSetRequest.newBuilder()
                                .setName("ketp")
                                .build()))
                .hasMessageContaining("No partition set is named \"ketp\"; did you mean \"kept\"?");
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
}
