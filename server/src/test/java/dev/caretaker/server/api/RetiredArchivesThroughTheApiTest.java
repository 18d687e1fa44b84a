package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.ApplyPartitionSetsRequest;
import dev.caretaker.v1.Archive;
import dev.caretaker.v1.ArchiveState;
import dev.caretaker.v1.ArchiveStore;
import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.DropRetiredRequest;
import dev.caretaker.v1.DropRetiredResponse;
import dev.caretaker.v1.ExecuteUpkeepRequest;
import dev.caretaker.v1.ExecuteUpkeepResponse;
import dev.caretaker.v1.GetArchiveRequest;
import dev.caretaker.v1.ListArchivesRequest;
import dev.caretaker.v1.ListRetiredRequest;
import dev.caretaker.v1.PartitionGrid;
import dev.caretaker.v1.PartitionRetirement;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanStep;
import dev.caretaker.v1.PlanUpkeepRequest;
import dev.caretaker.v1.PlanWarningCode;
import dev.caretaker.v1.ReattachPartitionRequest;
import dev.caretaker.v1.ReattachPartitionResponse;
import dev.caretaker.v1.RestoreArchiveRequest;
import dev.caretaker.v1.RestoreArchiveResponse;
import dev.caretaker.v1.RestoredPartition;
import dev.caretaker.v1.RetiredPartition;
import dev.caretaker.v1.RetiredPartitionEnd;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunFinished;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.UpkeepAction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A retired partition goes only when its archive is at the destination and equal to it. */
class RetiredArchivesThroughTheApiTest {
    private static final YearMonth THIS_MONTH = YearMonth.now(ZoneOffset.UTC);
    private static final java.time.Duration PATIENCE = java.time.Duration.ofSeconds(60);
    private static final int ROWS = 30_000;
    /** First key of the advisory lock that whoever changes partitions holds, one at a time. */
    private static final int TURN = 0x43415244;

    private static final String ALL =
            "SELECT count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM ";

    @TempDir
    private static Path folder;

    private static Database target;
    private static WholeServer server;

    @BeforeAll
    static void start() throws IOException {
        target = TestPostgres.newest().database();
        Files.createDirectories(folder.resolve("nas"));
        Files.createDirectories(folder.resolve("away"));
        server = WholeServer.start(
                target,
                Map.of(
                        "caretaker.data-dir", folder.resolve("data").toString(),
                        "caretaker.archives.seal-wait", "5s",
                        "caretaker.archives.destinations.nas.type", "directory",
                        "caretaker.archives.destinations.nas.path",
                                folder.resolve("nas").toString(),
                        "caretaker.archives.destinations.away.type", "directory",
                        "caretaker.archives.destinations.away.path",
                                folder.resolve("away").toString(),
                        "caretaker.archives.destinations.dated.type", "table",
                        "caretaker.archives.destinations.dated.table-name", "{table}_old"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void it_is_archived_dropped_and_restored_as_the_partition_it_was() {
        held("logs", "nas");
        String partition = retired("logs").getFirst().getPartition().getName();
        String before = target.value(ALL + partition + " t").toString();
        Plan plan = plan("logs");
        assertThat(plan.getStepsList())
                .extracting(PlanStep::getAction)
                .containsExactly(UpkeepAction.UPKEEP_ACTION_ARCHIVE, UpkeepAction.UPKEEP_ACTION_DROP);
        PlanStep planned = plan.getSteps(0);
        assertThat(planned.getReason()).contains("nas (csv, zstd)");
        assertThat(planned.getArchive().getPlace()).isEqualTo("nas");
        assertThat(planned.getArchive().getBytes()).isPositive();

        RunFinished finished = finished(execute(plan));
        assertThat(finished.getOutcome()).as(finished.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(finished.getDebtsList()).isEmpty();
        assertThat(finished.getTotals().getArchived(0).getRows()).isEqualTo(ROWS);
        assertThat(exists(partition)).isFalse();
        assertThat(retired("logs")).isEmpty();

        Archive archive = archives(partition).getFirst();
        assertThat(archive.getState()).isEqualTo(ArchiveState.ARCHIVE_STATE_STORED);
        assertThat(archive.getRows()).isEqualTo(ROWS);
        assertThat(archive.hasFirstTime()).isTrue();

        restored(RestoreArchiveRequest.newBuilder()
                .setRequestId(id())
                .setArchiveId(archive.getArchiveId())
                .setPartition(RestoredPartition.newBuilder().setName(name(partition))));
        assertThat(target.value(ALL + partition + " t")).isEqualTo(before);
        assertThat(target.number("SELECT count(*) FROM logs"))
                .as("it is a partition again")
                .isEqualTo(ROWS);
    }

    @Test
    void it_is_compared_with_its_archive_and_dropped_while_others_change_partitions() throws Exception {
        held("aside", "nas");
        String partition = retired("aside").getFirst().getPartition().getName();
        Plan plan = plan("aside");
        try (Connection other = target.connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute("SELECT pg_advisory_xact_lock(" + TURN + ", 0)");
            RunFinished finished = finished(execute(plan));
            assertThat(finished.getOutcome()).as(finished.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
            other.rollback();
        }
        assertThat(exists(partition)).isFalse();
    }

    @Test
    void what_is_written_between_copy_and_drop_keeps_the_partition_and_the_next_upkeep_archives_it_again()
            throws Exception {
        held("busy", "nas");
        String partition = retired("busy").getFirst().getPartition().getName();
        CompletableFuture<List<RunEvent>> run;
        try (Connection reader = target.connect()) {
            reader.setAutoCommit(false);
            reader.createStatement().execute("SELECT count(*) FROM " + partition);
            Plan plan = plan("busy");
            run = CompletableFuture.supplyAsync(() -> execute(plan));
            await("it is copied, and the drop waits for the reader")
                    .atMost(PATIENCE)
                    .until(() -> !retired("busy").getFirst().getArchiveId().isEmpty());
            reader.createStatement().execute("UPDATE " + partition + " SET note = 'changed' WHERE id = 7");
            reader.commit();
        }
        RunFinished finished = finished(run.get(2, TimeUnit.MINUTES));
        assertThat(finished.getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_FAILED);
        assertThat(finished.getError().getMessage())
                .contains("stays held, because it is not what its archive")
                .contains("some of its " + ROWS + " rows are others now");
        assertThat(target.number("SELECT count(*) FROM " + partition)).isEqualTo(ROWS);
        assertThat(retired("busy").getFirst().getArchiveId())
                .as("that archive proves nothing any more")
                .isEmpty();

        RunFinished again = finished(execute(plan("busy")));
        assertThat(again.getOutcome()).as(again.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(exists(partition)).isFalse();
        List<Archive> archives = archives(partition);
        assertThat(archives).as("newest first").hasSize(2);
        restored(RestoreArchiveRequest.newBuilder()
                .setRequestId(id())
                .setArchiveId(archives.getFirst().getArchiveId())
                .setNewTable(name("busy_back")));
        assertThat(target.number("SELECT count(*) FROM busy_back WHERE note = 'changed'"))
                .isEqualTo(1);
    }

    @Test
    void while_the_destination_is_away_it_stays_held_and_goes_once_it_is_back() throws Exception {
        held("stuck", "away");
        String partition = retired("stuck").getFirst().getPartition().getName();
        Path away = folder.resolve("away");
        Files.move(away, folder.resolve("hidden"));
        Plan warned = plan("stuck");
        assertThat(warned.getWarningsList())
                .filteredOn(warning -> warning.getCode() == PlanWarningCode.PLAN_WARNING_CODE_DESTINATION_UNWRITABLE)
                .singleElement()
                .satisfies(warning ->
                        assertThat(warning.getMessage()).contains("away").contains("stay held"));
        RunFinished failed = finished(execute(warned));
        assertThat(failed.getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_FAILED);
        assertThat(failed.getError().getMessage()).contains("stays held").contains("is not at away yet");
        assertThat(target.number("SELECT count(*) FROM " + partition)).isEqualTo(ROWS);
        assertThat(retired("stuck")).hasSize(1);

        Files.move(folder.resolve("hidden"), away);
        RunFinished again = finished(execute(plan("stuck")));
        assertThat(again.getOutcome()).as(again.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(exists(partition)).isFalse();
        assertThat(archives(partition))
                .as("what was copied is not copied again")
                .singleElement()
                .satisfies(archive -> {
                    assertThat(archive.getState()).isEqualTo(ArchiveState.ARCHIVE_STATE_STORED);
                    assertThat(archive.getRows()).isEqualTo(ROWS);
                });
    }

    @Test
    void an_archive_that_has_lost_a_part_since_keeps_the_partition() throws Exception {
        held("robbed", "nas");
        String partition = retired("robbed").getFirst().getPartition().getName();
        CompletableFuture<List<RunEvent>> run;
        try (Connection reader = target.connect()) {
            reader.setAutoCommit(false);
            reader.createStatement().execute("SELECT count(*) FROM " + partition);
            Plan plan = plan("robbed");
            run = CompletableFuture.supplyAsync(() -> execute(plan));
            await("it is copied, and the drop waits for the reader")
                    .atMost(PATIENCE)
                    .until(() -> !retired("robbed").getFirst().getArchiveId().isEmpty());
            Archive archive = server.archives()
                    .getArchive(GetArchiveRequest.newBuilder()
                            .setArchiveId(archives(partition).getFirst().getArchiveId())
                            .build())
                    .getArchive();
            Files.delete(folder.resolve("nas")
                    .resolve(archive.getLocation())
                    .resolve(archive.getParts(0).getObject()));
            await("the drop looks again").atMost(PATIENCE).until(run::isDone);
            reader.rollback();
        }
        RunFinished finished = finished(run.get());
        assertThat(finished.getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_FAILED);
        assertThat(finished.getError().getMessage()).contains("has a fault").contains("A part is missing");
        assertThat(exists(partition)).isTrue();
        assertThat(retired("robbed")).hasSize(1);
    }

    @Test
    void what_would_make_the_drop_fail_is_asked_before_a_row_is_copied_and_it_can_be_attached_again() {
        held("viewed", "nas");
        TableName partition = retired("viewed").getFirst().getPartition();
        target.execute("CREATE VIEW viewer AS SELECT * FROM " + partition.getName());
        RunFinished failed = finished(execute(plan("viewed")));
        assertThat(failed.getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_FAILED);
        assertThat(failed.getError().getMessage()).contains("cannot be dropped").contains("viewer");
        assertThat(archives(partition.getName())).isEmpty();
        List<RunEvent> events = events(
                server.partitions()
                        .reattachPartition(ReattachPartitionRequest.newBuilder()
                                .setRequestId(id())
                                .setTarget("main")
                                .setPartition(partition)
                                .build()),
                ReattachPartitionResponse::getEvent);
        assertThat(finished(events).getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(target.number("SELECT count(*) FROM viewed")).isEqualTo(ROWS);
    }

    @Test
    void one_that_is_ordered_to_be_dropped_is_archived_and_an_empty_one_just_goes() {
        held("ordered", "nas");
        TableName partition = retired("ordered").getFirst().getPartition();
        dropped(partition);
        assertThat(archives(partition.getName()))
                .singleElement()
                .satisfies(archive -> assertThat(archive.getRows()).isEqualTo(ROWS));

        held("hollow", "nas");
        TableName empty = retired("hollow").getFirst().getPartition();
        target.execute("TRUNCATE " + empty.getName());
        dropped(empty);
        assertThat(archives(empty.getName())).as("no row came").isEmpty();
    }

    private static void dropped(TableName partition) {
        List<RunEvent> events = events(
                server.partitions()
                        .dropRetired(DropRetiredRequest.newBuilder()
                                .setRequestId(id())
                                .setTarget("main")
                                .addPartitions(partition)
                                .build()),
                DropRetiredResponse::getEvent);
        assertThat(finished(events).getOutcome()).as(events.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(exists(partition.getName())).isFalse();
    }

    @Test
    void a_set_is_refused_whose_archive_has_no_place() {
        table("refused");
        assertRefused(ArchiveStore.newBuilder(), "sets[0].retirement.archive.destination");
        assertRefused(ArchiveStore.newBuilder().setDestination("nsa"), "did you mean \"nas\"?");
        assertRefused(ArchiveStore.newBuilder().setDestination("dated"), "keeps rows in tables");
        assertRefused(ArchiveStore.newBuilder().setDestination("nas").setFormat("xml"), "\"xml\" is none of");
        assertRefused(ArchiveStore.newBuilder().setDestination("nas").addColumns("id"), "archive.columns");
        assertThatThrownBy(() -> apply(set("refused", "nas")
                        .setRetirement(PartitionRetirement.newBuilder()
                                .setPartitions(1)
                                .setEnd(RetiredPartitionEnd.RETIRED_PARTITION_END_KEEP)
                                .setArchive(ArchiveStore.newBuilder().setDestination("nas")))
                        .build()))
                .hasMessageContaining("is not for partitions that stay");
    }

    private static void assertRefused(ArchiveStore.Builder archive, String why) {
        assertThatThrownBy(() -> apply(set("refused", "nas")
                        .setRetirement(PartitionRetirement.newBuilder()
                                .setPartitions(1)
                                .setArchive(archive))
                        .build()))
                .hasMessageContaining(why);
    }

    /** A set with one partition that is detached and due. */
    private static void held(String name, String destination) {
        table(name);
        PartitionSet set = set(name, destination).build();
        assertThat(apply(set).getRetirement().getArchive().getCompression()).isEqualTo("zstd");
        RunFinished finished = finished(execute(plan(name)));
        assertThat(finished.getOutcome()).as(finished.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(retired(name)).hasSize(1);
    }

    private static void table(String name) {
        target.execute("CREATE TABLE " + name + " (id int, at timestamptz NOT NULL, note text, twice int GENERATED"
                + " ALWAYS AS (id * 2) STORED, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)");
        for (int month = -1; month <= 5; month++) {
            YearMonth from = THIS_MONTH.plusMonths(month);
            target.execute("CREATE TABLE %s_%s PARTITION OF %s FOR VALUES FROM ('%s-01 00:00+00') TO ('%s-01 00:00+00')"
                    .formatted(name, from.toString().replace('-', '_'), name, from, from.plusMonths(1)));
        }
        target.execute("INSERT INTO " + name + " SELECT i, timestamptz '" + THIS_MONTH.minusMonths(1)
                + "-02 00:00+00' + i * interval '1 second', CASE WHEN i % 3 > 0 THEN repeat('x,\"', i % 100) END"
                + " FROM generate_series(1, " + ROWS + ") i");
        target.execute("ANALYZE " + name);
    }

    private static PartitionSet.Builder set(String name, String destination) {
        return PartitionSet.newBuilder()
                .setName(name)
                .setTarget("main")
                .setTable(TableName.newBuilder().setName(name))
                .setGrid(PartitionGrid.newBuilder()
                        .setCalendar(CalendarGrid.newBuilder().setUnit(CalendarUnit.CALENDAR_UNIT_MONTH)))
                .setRetirement(PartitionRetirement.newBuilder()
                        .setPartitions(1)
                        .setHold(Duration.getDefaultInstance())
                        .setArchive(ArchiveStore.newBuilder().setDestination(destination)));
    }

    private static PartitionSet apply(PartitionSet set) {
        return server.partitions()
                .applyPartitionSets(ApplyPartitionSetsRequest.newBuilder()
                        .setRequestId(id())
                        .addSets(set)
                        .build())
                .getSets(0)
                .getSet();
    }

    private static Plan plan(String set) {
        return server.partitions()
                .planUpkeep(PlanUpkeepRequest.newBuilder()
                        .setRequestId(id())
                        .addSets(set)
                        .build())
                .getPlan();
    }

    private static List<RunEvent> execute(Plan plan) {
        return events(
                server.partitions()
                        .executeUpkeep(ExecuteUpkeepRequest.newBuilder()
                                .setRequestId(id())
                                .setPlanId(plan.getPlanId())
                                .build()),
                ExecuteUpkeepResponse::getEvent);
    }

    private static void restored(RestoreArchiveRequest.Builder request) {
        List<RunEvent> events =
                events(server.archives().restoreArchive(request.build()), RestoreArchiveResponse::getEvent);
        assertThat(finished(events).getOutcome()).as(events.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
    }

    private static List<RetiredPartition> retired(String set) {
        return server.partitions()
                .listRetired(ListRetiredRequest.newBuilder().setSet(set).build())
                .getPartitionsList();
    }

    private static List<Archive> archives(String table) {
        return server.archives()
                .listArchives(
                        ListArchivesRequest.newBuilder().setTable(name(table)).build())
                .getArchivesList();
    }

    private static TableName name(String table) {
        return TableName.newBuilder().setSchema("public").setName(table).build();
    }

    private static boolean exists(String table) {
        return target.value("SELECT to_regclass('" + table + "')::text") != null;
    }

    private static RunFinished finished(List<RunEvent> run) {
        return run.getLast().getFinished();
    }

    private static <A> List<RunEvent> events(Iterator<A> answers, Function<A, RunEvent> event) {
        List<RunEvent> events = new ArrayList<>();
        answers.forEachRemaining(answer -> events.add(event.apply(answer)));
        return events;
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}
