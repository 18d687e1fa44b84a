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
import dev.caretaker.v1.DefaultPartition;
import dev.caretaker.v1.DeletePartitionSetRequest;
import dev.caretaker.v1.DropRetiredRequest;
import dev.caretaker.v1.DropRetiredResponse;
import dev.caretaker.v1.GetPartitionSetRequest;
import dev.caretaker.v1.GetPlanRequest;
import dev.caretaker.v1.IntegerGrid;
import dev.caretaker.v1.KeyEncoding;
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
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Partition sets and their upkeep through the whole server, on both versions. */
abstract class PartitionSetsThroughTheApiSuite extends DefaultPartitionsThroughTheApiSuite {

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

    /** Kinds of keys that denote times, with the type of the column. */
    enum TimeKey {
        TIMESTAMP("timestamp"),
        DATE("date"),
        EPOCH_SECONDS("bigint"),
        EPOCH_MILLIS("bigint"),
        EPOCH_MICROS("numeric"),
        UUID_V7("uuid");

        private final String type;

        TimeKey(String type) {
            this.type = type;
        }

        /** A literal of the key of an instant. */
        String of(Instant instant) {
            long millis = instant.toEpochMilli();
            String key = switch (this) {
                case TIMESTAMP ->
                    LocalDateTime.ofInstant(instant, ZoneOffset.UTC).toString();
                case DATE -> LocalDate.ofInstant(instant, ZoneOffset.UTC).toString();
                case EPOCH_SECONDS -> Long.toString(instant.getEpochSecond());
                case EPOCH_MILLIS -> Long.toString(millis);
                case EPOCH_MICROS -> Long.toString(millis * 1_000);
                case UUID_V7 ->
                    "%08x-%04x-7000-8000-%012x".formatted(millis >> 16, millis & 0xffff, instant.getNano() % 9);
            };
            return "'" + key + "'";
        }
    }

    @ParameterizedTest
    @EnumSource
    void case_14_and_15_whatever_denotes_the_time_is_suggested_created_adopted_retired_and_verified(TimeKey kind) {
        String table = "by_" + kind.name().toLowerCase(Locale.ROOT);
        target.execute(
                "CREATE TABLE " + table + " (key " + kind.type + " NOT NULL, note int) PARTITION BY RANGE (key)");
        for (int month = -3; month <= -2; month++) {
            Instant from = first(month);
            target.execute("CREATE TABLE "
                    + String.format(
                            "%s_%2$tY_%2$tm",
                            table, THIS_MONTH.plusMonths(month).atDay(1))
                    + " PARTITION OF " + table + " FOR VALUES FROM (" + kind.of(from) + ") TO ("
                    + kind.of(first(month + 1)) + ")");
        }
        target.execute("CREATE TABLE " + table + "_default PARTITION OF " + table + " DEFAULT");
        Instant now = Instant.now();
        for (int day = 0; day < 20; day++) {
            target.execute("INSERT INTO " + table + " VALUES (" + kind.of(now.minus(java.time.Duration.ofDays(day)))
                    + ", " + day + ")");
        }
        PartitionSet suggested = server.partitions()
                .suggestPartitionSet(SuggestPartitionSetRequest.newBuilder()
                        .setTarget("main")
                        .setTable(TableName.newBuilder().setName(table))
                        .build())
                .getSet();
        assertThat(suggested.getEncoding()).isEqualTo(KeyEncoding.valueOf("KEY_ENCODING_" + kind));
        assertThat(suggested.getGrid().getCalendar().getUnit()).isEqualTo(CalendarUnit.CALENDAR_UNIT_MONTH);
        assertThat(suggested.getNamePattern()).isEqualTo(table + "_{yyyy}_{mm}");
        String name = suggested.getName();
        apply(suggested.toBuilder()
                .setAhead(PartitionsAhead.newBuilder().setPartitions(2).setDuration(days(0)))
                .setDefaultPartition(DefaultPartition.DEFAULT_PARTITION_ADOPT)
                .setRetirement(PartitionRetirement.newBuilder()
                        .setCalendar(CalendarPeriod.newBuilder().setMonths(2)))
                .build());
        Plan plan = plan(name);
        assertThat(plan.getStepsList())
                .extracting(PlanStep::getAction)
                .containsExactly(
                        UpkeepAction.UPKEEP_ACTION_CREATE,
                        UpkeepAction.UPKEEP_ACTION_CREATE,
                        UpkeepAction.UPKEEP_ACTION_ADOPT_DEFAULT,
                        UpkeepAction.UPKEEP_ACTION_DETACH);
        complete(execute(plan));
        assertThat(target.number("SELECT count(*) FROM " + table)).isEqualTo(20);
        assertThat(target.number("SELECT count(*) FROM " + table + "_default")).isZero();
        assertThat(retired(name))
                .singleElement()
                .satisfies(row -> assertThat(row.getPartition().getName())
                        .isEqualTo(String.format(
                                "%s_%2$tY_%2$tm",
                                table, THIS_MONTH.minusMonths(3).atDay(1))));
        assertThat(plan(name).getStepsList()).isEmpty();
        assertThat(verify(table))
                .allSatisfy(check -> assertThat(check.getResult())
                        .as(check.toString())
                        .isEqualTo(PartitioningResult.PARTITIONING_RESULT_PASSED))
                .extracting(PartitioningCheck::getName)
                .contains("covered-now", "covered-ahead", "insert-lands", "pruning");
        if (kind == TimeKey.UUID_V7) {
            target.execute("INSERT INTO " + table + " VALUES ('d1f0e6a4-0000-4000-8000-000000000000', 1)");
            assertThat(verify(table))
                    .filteredOn(check -> check.getName().equals("uuid-versions"))
                    .singleElement()
                    .satisfies(check -> assertThat(check.getMessage()).startsWith("1 of the 21 keys"));
        }
    }

    @Test
    void integers_are_suggested_created_adopted_retired_by_number_and_verified() {
        target.execute(
                "CREATE TABLE numbers (key bigint NOT NULL, note int) PARTITION BY RANGE (key)",
                "CREATE TABLE numbers_0 PARTITION OF numbers FOR VALUES FROM (0) TO (1000)",
                "CREATE TABLE numbers_1000 PARTITION OF numbers FOR VALUES FROM (1000) TO (2000)",
                "CREATE TABLE numbers_default PARTITION OF numbers DEFAULT",
                "INSERT INTO numbers SELECT i, 1 FROM generate_series(1, 2300) i");
        PartitionSet suggested = server.partitions()
                .suggestPartitionSet(SuggestPartitionSetRequest.newBuilder()
                        .setTarget("main")
                        .setTable(TableName.newBuilder().setName("numbers"))
                        .build())
                .getSet();
        assertThat(suggested.getGrid().getInteger().getStep()).isEqualTo(1_000);
        apply(suggested.toBuilder()
                .setAhead(PartitionsAhead.newBuilder().setPartitions(2))
                .setDefaultPartition(DefaultPartition.DEFAULT_PARTITION_ADOPT)
                .setRetirement(PartitionRetirement.newBuilder().setPartitions(1))
                .build());
        complete(execute(plan("numbers")));
        assertThat(target.number("SELECT count(*) FROM numbers_default")).isZero();
        complete(execute(plan("numbers"))); // the highest key is that of the adopted one now
        assertThat(plan("numbers").getStepsList()).isEmpty();
        assertThat(target.number("SELECT count(*) FROM numbers")).isEqualTo(301);
        assertThat(retired("numbers")).hasSize(2);
        assertThat(verify("numbers"))
                .allSatisfy(check -> assertThat(check.getResult())
                        .as(check.toString())
                        .isEqualTo(PartitioningResult.PARTITIONING_RESULT_PASSED))
                .extracting(PartitioningCheck::getMessage)
                .contains("A partition covers the highest key, 2300.");
        complete(events(
                server.partitions()
                        .createPartition(CreatePartitionRequest.newBuilder()
                                .setRequestId(id())
                                .setSet("numbers")
                                .setKey(9_500)
                                .build()),
                CreatePartitionResponse::getEvent));
        target.execute("INSERT INTO numbers VALUES (9999, 1)");
        assertThat(target.number("SELECT count(*) FROM numbers_default")).isZero();
    }

    @Test
    void one_level_of_a_table_that_is_partitioned_twice_has_a_set_of_its_own() {
        target.execute(
                "CREATE TABLE tenants (tenant int, at timestamptz NOT NULL) PARTITION BY LIST (tenant)",
                "CREATE TABLE tenants_a PARTITION OF tenants FOR VALUES IN (1) PARTITION BY RANGE (at)",
                "CREATE TABLE tenants_b PARTITION OF tenants FOR VALUES IN (2)");
        apply(monthly("tenants-a", "tenants_a").build());
        complete(execute(plan("tenants-a")));
        target.execute("INSERT INTO tenants VALUES (1, now())");
        assertThat(target.number("SELECT count(*) FROM \"" + named("tenants_a", 0) + "\""))
                .isEqualTo(1);
        assertThat(verify("tenants_a"))
                .allSatisfy(check -> assertThat(check.getResult())
                        .as(check.toString())
                        .isNotEqualTo(PartitioningResult.PARTITIONING_RESULT_FAILED));
    }

    @Test
    void a_table_off_the_grid_joins_it_with_one_short_partition() {
        target.execute("CREATE TABLE wide (at timestamptz NOT NULL) PARTITION BY RANGE (at)");
        YearMonth next = THIS_MONTH.plusMonths(1);
        target.execute("CREATE TABLE wide_old PARTITION OF wide FOR VALUES FROM (MINVALUE) TO ('" + next.atDay(11)
                + " 00:00+00')");
        apply(monthly("wide", "wide")
                .setAhead(PartitionsAhead.newBuilder().setPartitions(2).setDuration(days(0)))
                .build());
        Plan plan = plan("wide");
        assertThat(plan.getSteps(0).getReason()).contains("shorter than the grid's cells");
        complete(execute(plan));
        assertThat(target.value("SELECT string_agg(pg_get_expr(relpartbound, oid), ', ' ORDER BY oid) FROM pg_class"
                        + " WHERE oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'wide'::regclass)"))
                .asString()
                .contains("FROM ('" + next.atDay(11) + " 00:00:00+00') TO ('" + next.plusMonths(1) + "-01")
                .contains("FROM ('" + next.plusMonths(1) + "-01 00:00:00+00') TO ('" + next.plusMonths(2) + "-01");
        assertThat(plan("wide").getStepsList()).isEmpty();
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
            other.createStatement().execute("LOCK TABLE locked_0");
            Plan plan = server.partitions()
                    .planUpkeep(PlanUpkeepRequest.newBuilder()
                            .setRequestId(id())
                            .addAllSets(List.of("a-locked", "b-gone", "b-taken", "b-fine"))
                            .build())
                    .getPlan();
            assertThat(plan.getWarningsList())
                    .extracting(PlanWarning::getCode)
                    .contains(
                            PlanWarningCode.PLAN_WARNING_CODE_SET_UNREADABLE,
                            PlanWarningCode.PLAN_WARNING_CODE_SET_DOES_NOT_FIT,
                            PlanWarningCode.PLAN_WARNING_CODE_NAME_TAKEN);
            complete(execute(plan));
        }
        assertThat(target.number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'fine'::regclass"))
                .isEqualTo(5);
        assertThat(plan("a-locked").getStepsList())
                .as("nobody locks it any more")
                .isNotEmpty();
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

    private static Instant first(int month) {
        return THIS_MONTH
                .plusMonths(month)
                .atDay(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
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
