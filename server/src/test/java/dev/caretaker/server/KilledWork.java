package dev.caretaker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import dev.caretaker.server.testing.RunningServer;
import dev.caretaker.v1.ApplyPartitionSetsRequest;
import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.ConversionLoss;
import dev.caretaker.v1.ConversionServiceGrpc;
import dev.caretaker.v1.DefaultPartition;
import dev.caretaker.v1.ExecuteUpkeepRequest;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.PartitionGrid;
import dev.caretaker.v1.PartitionRetirement;
import dev.caretaker.v1.PartitionServiceGrpc;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PartitionsAhead;
import dev.caretaker.v1.PlanConversionRequest;
import dev.caretaker.v1.PlanUpkeepRequest;
import dev.caretaker.v1.ReattachPartitionRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunServiceGrpc;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.StartConversionRequest;
import dev.caretaker.v1.TableName;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * Work on partitions that is to be killed: each kind at a target of its own, on tables of its own each time. In texts {@code %1$d}
 * stands for the number of the time.
 *
 * @param target a name
 * @param tables statements that make the tables
 * @param before what is done before, to its end; names of sets
 * @param begin starts the run and answers its id
 * @param truths what holds once the run has ended
 */
record KilledWork(
        String target,
        List<String> tables,
        boolean before,
        BiFunction<RunningServer, String, String> begin,
        List<String> truths) {
    private static final java.time.Duration PATIENCE = java.time.Duration.ofMinutes(2);
    private static final String NOTHING_LEFT =
            "SELECT NOT EXISTS (SELECT FROM pg_constraint WHERE conname LIKE 'caretaker%%' AND conname <> 'caretaker_held')"
                    + " AND NOT EXISTS (SELECT FROM pg_index WHERE NOT indisvalid)"
                    + " AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhdetachpending)";
    private static final String OLD = "FOR VALUES FROM ('2001-01-01 00:00+00') TO ('2001-02-01 00:00+00')";
    private static final String REST = "FOR VALUES FROM ('2001-02-01 00:00+00') TO (MAXVALUE)";

    static List<KilledWork> all() {
        return List.of(creation(), detach(), plainDetach(), adoption(), reattachment(), drop(), cutOver());
    }

    private static KilledWork creation() {
        return new KilledWork(
                "created",
                List.of(
                        "CREATE TABLE owners_%1$d (id int PRIMARY KEY)",
                        "CREATE TABLE t_%1$d (at timestamptz NOT NULL, owner int REFERENCES owners_%1$d, filler text)"
                                + " PARTITION BY RANGE (at)",
                        "CREATE INDEX ON t_%1$d (at)",
                        "CREATE TABLE t_%1$d_default PARTITION OF t_%1$d DEFAULT",
                        "ALTER TABLE t_%1$d_default ALTER filler SET STORAGE PLAIN",
                        "INSERT INTO t_%1$d SELECT '2001-01-01', NULL, repeat('x', 2000) FROM generate_series(1, 9000)"),
                false,
                (server, table) -> upkeep(server, set("created", table)),
                List.of(
                        "SELECT count(*) = 3 FROM pg_inherits WHERE inhparent = 't_%1$d'::regclass",
                        "SELECT count(*) = 9000 FROM t_%1$d",
                        "SELECT count(*) = 5 FROM pg_class WHERE relname ~ '^(t|owners)_%1$d(_|$)' AND relkind IN ('r', 'p')"));
    }

    private static KilledWork detach() {
        return new KilledWork(
                "detached",
                old("t_%1$d_rest PARTITION OF t_%1$d " + REST),
                false,
                (server, table) -> upkeep(server, retired("detached", table)),
                List.of(
                        "SELECT count(*) = 1 FROM pg_inherits WHERE inhparent = 't_%1$d'::regclass",
                        "SELECT count(*) = 1 FROM t_%1$d_old"));
    }

    private static KilledWork plainDetach() {
        return new KilledWork(
                "plain",
                old("t_%1$d_rest PARTITION OF t_%1$d " + REST, "t_%1$d_default PARTITION OF t_%1$d DEFAULT"),
                false,
                (server, table) -> upkeep(server, retired("plain", table)),
                List.of(
                        "SELECT count(*) = 2 FROM pg_inherits WHERE inhparent = 't_%1$d'::regclass",
                        "SELECT count(*) = 1 FROM t_%1$d_old",
                        "SELECT bool_and(convalidated) FROM pg_constraint WHERE conname = 'caretaker_held'"));
    }

    private static KilledWork adoption() {
        return new KilledWork(
                "adopted",
                List.of(
                        "CREATE TABLE owners_%1$d (id int PRIMARY KEY)",
                        "INSERT INTO owners_%1$d VALUES (1)",
                        "CREATE TABLE t_%1$d (at timestamptz, owner int REFERENCES owners_%1$d) PARTITION BY RANGE (at)",
                        "CREATE TABLE t_%1$d_default PARTITION OF t_%1$d DEFAULT",
                        "INSERT INTO t_%1$d SELECT now() - i * interval '1 minute', 1 FROM generate_series(1, 1000) i",
                        "INSERT INTO t_%1$d VALUES (NULL, 1)"),
                false,
                (server, table) -> upkeep(
                        server, set("adopted", table).setDefaultPartition(DefaultPartition.DEFAULT_PARTITION_ADOPT)),
                List.of(
                        "SELECT count(*) = 1001 FROM t_%1$d",
                        "SELECT count(*) = 1 FROM t_%1$d_default",
                        "SELECT count(*) = 1 FROM pg_constraint WHERE contype = 'f' AND conrelid = 't_%1$d'::regclass"));
    }

    private static KilledWork reattachment() {
        return new KilledWork(
                "reattached",
                old("t_%1$d_rest PARTITION OF t_%1$d " + REST, "t_%1$d_default PARTITION OF t_%1$d DEFAULT"),
                true,
                (server, table) -> PartitionServiceGrpc.newBlockingStub(server.channel())
                        .reattachPartition(ReattachPartitionRequest.newBuilder()
                                .setRequestId(id())
                                .setActor("test")
                                .setTarget("reattached")
                                .setPartition(TableName.newBuilder()
                                        .setSchema("public")
                                        .setName(table + "_old"))
                                .build())
                        .next()
                        .getEvent()
                        .getRunId(),
                List.of(
                        "SELECT count(*) = 3 FROM pg_inherits WHERE inhparent = 't_%1$d'::regclass",
                        "SELECT count(*) = 1 FROM t_%1$d"));
    }

    private static KilledWork drop() {
        return new KilledWork(
                "dropped",
                old("t_%1$d_rest PARTITION OF t_%1$d " + REST),
                true,
                (server, table) -> upkeep(server, retired("dropped", table)),
                List.of(
                        "SELECT to_regclass('t_%1$d_old') IS NULL",
                        "SELECT count(*) = 1 FROM pg_inherits WHERE inhparent = 't_%1$d'::regclass"));
    }

    private static KilledWork cutOver() {
        return new KilledWork(
                "converted",
                List.of(
                        "CREATE TABLE owners_%1$d (id int PRIMARY KEY)",
                        "INSERT INTO owners_%1$d VALUES (1)",
                        "CREATE TABLE t_%1$d (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL,"
                                + " code int UNIQUE, owner int REFERENCES owners_%1$d)",
                        "CREATE VIEW v_%1$d AS SELECT * FROM t_%1$d",
                        "INSERT INTO t_%1$d (at, code, owner) SELECT now() - i * interval '1 minute', i, 1"
                                + " FROM generate_series(1, 1000) i"),
                false,
                KilledWork::convert,
                List.of(
                        "SELECT relkind = 'p' FROM pg_class WHERE relname = 't_%1$d'",
                        "SELECT count(*) = 1000 FROM v_%1$d", "SELECT count(*) = 1000 FROM t_%1$d_legacy"));
    }

    /** A table with one old row in a partition of its own, which has two foreign keys. */
    private static List<String> old(String... more) {
        return Stream.concat(
                        Stream.of(
                                "CREATE TABLE owners_%1$d (id int PRIMARY KEY)",
                                "CREATE TABLE kinds_%1$d (id int PRIMARY KEY)",
                                "CREATE TABLE t_%1$d (at timestamptz NOT NULL, owner int REFERENCES owners_%1$d,"
                                        + " kind int REFERENCES kinds_%1$d) PARTITION BY RANGE (at)",
                                "CREATE TABLE t_%1$d_old PARTITION OF t_%1$d " + OLD,
                                "INSERT INTO t_%1$d VALUES ('2001-01-10')"),
                        Arrays.stream(more).map(table -> "CREATE TABLE " + table))
                .toList();
    }

    /** What is done before, to its end. */
    void prepare(RunningServer server, String table) {
        if (before) {
            awaitEnd(server, upkeep(server, retired(target, table)));
        }
    }

    void awaitEnd(RunningServer server, String run) {
        await("the run of " + target + " ends")
                .atMost(PATIENCE)
                .until(() -> get(server, run).getState() == RunState.RUN_STATE_ENDED);
        assertThat(get(server, run).getOutcome())
                .as(get(server, run).toString())
                .isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
    }

    /** Statements that each answer true. */
    List<String> truths(int number) {
        return Stream.concat(Stream.of(NOTHING_LEFT), truths.stream())
                .map(truth -> truth.formatted(number))
                .toList();
    }

    static Run get(RunningServer server, String run) {
        return RunServiceGrpc.newBlockingStub(server.channel())
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .getRun(GetRunRequest.newBuilder().setRunId(run).build())
                .getRun();
    }

    /** The stream is left after its first event; the run goes on. */
    private static String upkeep(RunningServer server, PartitionSet.Builder set) {
        var stub = PartitionServiceGrpc.newBlockingStub(server.channel());
        stub.applyPartitionSets(ApplyPartitionSetsRequest.newBuilder()
                .setRequestId(id())
                .setActor("test")
                .addSets(set)
                .build());
        String plan = stub.planUpkeep(PlanUpkeepRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("test")
                        .addSets(set.getName())
                        .build())
                .getPlan()
                .getPlanId();
        return stub.executeUpkeep(ExecuteUpkeepRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("test")
                        .setPlanId(plan)
                        .build())
                .next()
                .getEvent()
                .getRunId();
    }

    private static String convert(RunningServer server, String table) {
        var stub = ConversionServiceGrpc.newBlockingStub(server.channel());
        String planned = stub.planConversion(PlanConversionRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("test")
                        .setKeyColumn("at")
                        .addAcceptedLosses(ConversionLoss.CONVERSION_LOSS_UNIQUE_NARROWED)
                        .setSet(set("converted", table))
                        .build())
                .getConversion()
                .getConversionId();
        return stub.startConversion(StartConversionRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("test")
                        .setConversionId(planned)
                        .build())
                .next()
                .getEvent()
                .getRunId();
    }

    private static PartitionSet.Builder set(String target, String table) {
        return PartitionSet.newBuilder()
                .setName(target + "-" + table.replace('_', '-'))
                .setTarget(target)
                .setTable(TableName.newBuilder().setName(table))
                .setAhead(PartitionsAhead.newBuilder().setPartitions(1).setDuration(Duration.getDefaultInstance()))
                .setGrid(PartitionGrid.newBuilder()
                        .setCalendar(CalendarGrid.newBuilder().setUnit(CalendarUnit.CALENDAR_UNIT_MONTH)));
    }

    private static PartitionSet.Builder retired(String target, String table) {
        return set(target, table)
                .setRetirement(PartitionRetirement.newBuilder()
                        .setDuration(Duration.newBuilder().setSeconds(86_400))
                        .setHold(Duration.getDefaultInstance()));
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}
