package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.CalendarPeriod;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.CreatePartitionRequest;
import dev.caretaker.v1.CreatePartitionResponse;
import dev.caretaker.v1.DefaultPartition;
import dev.caretaker.v1.IntegerGrid;
import dev.caretaker.v1.KeyEncoding;
import dev.caretaker.v1.PartitionGrid;
import dev.caretaker.v1.PartitionRetirement;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PartitioningCheck;
import dev.caretaker.v1.PartitioningResult;
import dev.caretaker.v1.PartitionsAhead;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanStep;
import dev.caretaker.v1.SuggestPartitionSetRequest;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.UpkeepAction;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Partition sets of all kinds of keys through the whole server, on both versions: their suggestion, creation, adoption, retirement and check. */
abstract class PartitionKeysThroughTheApiSuite extends DefaultPartitionsThroughTheApiSuite {

    PartitionKeysThroughTheApiSuite(TestPostgres postgres) {
        super(postgres);
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
    void keys_with_fractions_and_without_a_number_do_not_stop_upkeep() {
        target.execute(
                "CREATE TABLE fractions (key numeric NOT NULL) PARTITION BY RANGE (key)",
                "CREATE TABLE fractions_0 PARTITION OF fractions FOR VALUES FROM (0) TO (1000)",
                "INSERT INTO fractions VALUES (999.5)");
        apply(monthly("fractions", "fractions")
                .setGrid(PartitionGrid.newBuilder()
                        .setInteger(IntegerGrid.newBuilder().setStep(1_000)))
                .setAhead(PartitionsAhead.newBuilder().setPartitions(1))
                .build());
        complete(execute(plan("fractions")));
        target.execute(
                "CREATE TABLE fractions_rest PARTITION OF fractions FOR VALUES FROM (5000) TO (MAXVALUE)",
                "INSERT INTO fractions VALUES ('NaN'), (1500.25)");
        complete(execute(plan("fractions")));
        assertThat(target.number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'fractions'::regclass"))
                .isEqualTo(4);
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

    private static Instant first(int month) {
        return THIS_MONTH
                .plusMonths(month)
                .atDay(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
    }
}
