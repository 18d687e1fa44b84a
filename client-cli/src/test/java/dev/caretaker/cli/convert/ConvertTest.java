package dev.caretaker.cli.convert;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.Events;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.CompleteConversionRequest;
import dev.caretaker.v1.CompleteConversionResponse;
import dev.caretaker.v1.Conversion;
import dev.caretaker.v1.ConversionLoss;
import dev.caretaker.v1.ConversionObstacle;
import dev.caretaker.v1.ConversionPhase;
import dev.caretaker.v1.ConversionPhaseKind;
import dev.caretaker.v1.ConversionState;
import dev.caretaker.v1.CutOver;
import dev.caretaker.v1.GetConversionRequest;
import dev.caretaker.v1.GetConversionResponse;
import dev.caretaker.v1.ListConversionsRequest;
import dev.caretaker.v1.ListConversionsResponse;
import dev.caretaker.v1.PartitionGrid;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PlanConversionRequest;
import dev.caretaker.v1.PlanConversionResponse;
import dev.caretaker.v1.PlannedLock;
import dev.caretaker.v1.RevertConversionRequest;
import dev.caretaker.v1.RevertConversionResponse;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunWindow;
import dev.caretaker.v1.StartConversionRequest;
import dev.caretaker.v1.StartConversionResponse;
import dev.caretaker.v1.TableName;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConvertTest {
    private static final String ID = "5d1c3a52-0000-4000-8000-000000000001";

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_plan_tells_what_is_done_its_locks_what_blocks_and_how_to_undo_it() {
        server.on(
                "PlanConversion",
                PlanConversionRequest.class,
                request -> PlanConversionResponse.newBuilder()
                        .setConversion(conversion(request.getAcceptedLossesCount() > 0))
                        .build());
        Cli.Result blocked = plan();
        assertThat(blocked.exitCode()).isEqualTo(3);
        assertThat(blocked.out())
                .contains("UNIQUE_NARROWED: blocks, unless --accept UNIQUE_NARROWED", "It cannot be started");
        Cli.Result result = plan(
                "--accept",
                "unique-narrowed,ROW_TYPE_LEFT",
                "--ahead",
                "3",
                "--on-request",
                "--legacy-name",
                "Old Jobs",
                "--boundary-after",
                "2025-07-31",
                "--ttl",
                "2d");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out())
                .containsSubsequence(
                        "Conversion of Jobs at target shop",
                        "planned, may be started until 2025-06-01 13:00:00Z",
                        "End Time, each month in Europe/Berlin",
                        "in partition Jobs_legacy below 2025-07-01 00:00:00+02",
                        "1. Bound the table",
                        "2. Cut over",
                        "ACCESS EXCLUSIVE on Jobs: milliseconds",
                        "SHARE ROW EXCLUSIVE on the table that foreign key fk references",
                        "2 statements, in one transaction",
                        "ALTER TABLE \"Jobs\" RENAME;",
                        "How to undo",
                        "caretaker convert revert " + ID,
                        "3. The way back",
                        "UNIQUE_NARROWED, accepted",
                        "Next: caretaker convert start " + ID);
        PlanConversionRequest sent = server.request(PlanConversionRequest.class);
        assertThat(sent.getAcceptedLossesList())
                .containsExactly(
                        ConversionLoss.CONVERSION_LOSS_UNIQUE_NARROWED, ConversionLoss.CONVERSION_LOSS_ROW_TYPE_LEFT);
        assertThat(sent.getSet().getName()).isEqualTo("jobs");
        assertThat(sent.getSet().getTarget()).isEqualTo("shop");
        assertThat(sent.getSet().getTable()).isEqualTo(table("Jobs"));
        assertThat(sent.getSet().getGrid()).isEqualTo(grid());
        assertThat(sent.getSet().getAhead().getPartitions()).isEqualTo(3);
        assertThat(sent.getKeyColumn()).isEqualTo("End Time");
        assertThat(sent.getCutOver()).isEqualTo(CutOver.CUT_OVER_ON_REQUEST);
        assertThat(sent.getLegacyName()).isEqualTo("Old Jobs");
        assertThat(sent.getBoundaryAfter()).isEqualTo(at("2025-07-31T00:00:00Z"));
        assertThat(sent.getTimeToLive().getSeconds()).isEqualTo(2 * 86_400);
    }

    @Test
    void the_set_may_come_from_a_file_and_wrong_options_are_told() {
        server.on(
                "PlanConversion",
                PlanConversionRequest.class,
                request -> PlanConversionResponse.newBuilder()
                        .setConversion(conversion(true))
                        .build());
        Cli.Result result = Cli.to(server)
                .typing("{name: kept, target: shop, table: app.jobs, grid: week, retirement: {keep: 12 months}}")
                .run("convert", "plan", "-f", "-", "--column", "at");
        assertThat(result.exitCode()).as(result.err()).isZero();
        PartitionSet set = server.request(PlanConversionRequest.class).getSet();
        assertThat(set.getName()).isEqualTo("kept");
        assertThat(set.getTable().getSchema()).isEqualTo("app");
        assertThat(set.getRetirement().getCalendar().getMonths()).isEqualTo(12);

        assertWrong("TABLE, --target and --grid", "Jobs", "--column", "at");
        assertWrong("--file says it all", "Jobs", "--column", "at", "-f", "-");
        assertWrong("is no grid such as", "Jobs", "--column", "at", "--target", "shop", "--grid", "fortnight");
        assertWrong(
                "'most' is none of unique-narrowed",
                "Jobs",
                "--column",
                "at",
                "--target",
                "shop",
                "--grid",
                "day",
                "--accept",
                "most");
        assertWrong(
                "--boundary-after: 'soon' is none of",
                "Jobs",
                "--column",
                "at",
                "--target",
                "shop",
                "--grid",
                "day",
                "--boundary-after",
                "soon");
    }

    @Test
    void a_conversion_is_started_completed_reverted_shown_and_listed_by_the_beginning_of_its_id() {
        server.on(
                        "ListConversions",
                        ListConversionsRequest.class,
                        request -> ListConversionsResponse.newBuilder()
                                .addConversions(conversion(true))
                                .build())
                .on(
                        "GetConversion",
                        GetConversionRequest.class,
                        request -> GetConversionResponse.newBuilder()
                                .setConversion(conversion(true))
                                .build())
                .on(
                        "CompleteConversion",
                        CompleteConversionRequest.class,
                        request -> CompleteConversionResponse.newBuilder()
                                .setConversion(conversion(true).toBuilder()
                                        .setState(ConversionState.CONVERSION_STATE_STARTED)
                                        .setRequested(true)
                                        .setRunId(Events.RUN))
                                .build())
                .onStream("StartConversion", StartConversionRequest.class, (request, stream) -> {
                    Events.all(RunOutcome.RUN_OUTCOME_COMPLETE)
                            .forEach(event -> stream.onNext(StartConversionResponse.newBuilder()
                                    .setEvent(event)
                                    .build()));
                    stream.onCompleted();
                })
                .onStream("RevertConversion", RevertConversionRequest.class, (request, stream) -> {
                    Events.all(RunOutcome.RUN_OUTCOME_FAILED)
                            .forEach(event -> stream.onNext(RevertConversionResponse.newBuilder()
                                    .setEvent(event)
                                    .build()));
                    stream.onCompleted();
                });
        Cli.Result started = Cli.to(server).run("convert", "start", ID, "--deadline", "1h");
        assertThat(started.exitCode()).as(started.err()).isZero();
        StartConversionRequest start = server.request(StartConversionRequest.class);
        assertThat(start.getConversionId()).isEqualTo(ID);
        assertThat(start.getEtag()).isEqualTo("abc");
        assertThat(start.getDeadline().getSeconds()).isEqualTo(3_600);
        assertThat(Cli.to(server).run("convert", "complete", "5d1c").out())
                .contains("The cut-over of Jobs was asked for; run " + Events.RUN);
        assertThat(Cli.to(server).run("convert", "revert", "5d1c").exitCode()).isEqualTo(1);
        assertThat(server.request(RevertConversionRequest.class).getConversionId())
                .isEqualTo(ID);
        assertThat(Cli.to(server).run("convert", "show", ID).out()).contains("How to undo");
        assertThat(Cli.to(server).run("convert", "list").out())
                .containsPattern(ID + " +shop +Jobs +month in Europe/Berlin +2025-07-01 00:00:00\\+02 +planned");
        assertThat(Cli.to(server).onTerminal(120).run("convert", "list").out())
                .contains("5d1c3a52    shop")
                .doesNotContain(ID);
        assertThat(Cli.to(server).run("convert", "show", "beef").err()).contains("no conversion's id begins with beef");
        assertThat(Cli.to(server).run("convert", "show", "x").err()).contains("is not the id of a conversion");
    }

    @Test
    void where_a_conversion_stands_is_told_with_what_to_do_next() {
        assertThat(shown(conversion(true).toBuilder()
                        .setState(ConversionState.CONVERSION_STATE_WAITING)
                        .setStateReason("All is ready: the cut-over waits until it is asked for.")
                        .setCutOver(CutOver.CUT_OVER_ON_REQUEST)))
                .contains(
                        "waiting: All is ready: the cut-over waits until it is asked for.",
                        "Next: caretaker convert complete " + ID);
        assertThat(shown(conversion(true).toBuilder()
                        .setState(ConversionState.CONVERSION_STATE_BROKEN_OFF)
                        .setStateReason("Cancelled by ops.")))
                .contains(
                        "broken off: Cancelled by ops.",
                        "caretaker convert start " + ID,
                        "caretaker convert revert " + ID + "    takes away");
        assertThat(shown(conversion(true).toBuilder().setState(ConversionState.CONVERSION_STATE_EXPIRED)))
                .contains("expired at 2025-06-01 13:00:00Z", "plan it again");
        assertThat(shown(conversion(true).toBuilder()
                        .setCutOver(CutOver.CUT_OVER_IN_WINDOW)
                        .setWindow(RunWindow.newBuilder()
                                .setStart("22:00")
                                .setEnd("05:00")
                                .setZone("Europe/Berlin"))))
                .contains("daily 22:00-05:00 Europe/Berlin, or on request");
        assertThat(Cli.to(server).run("convert", "list").out()).doesNotContain("What was broken off");
    }

    private String shown(Conversion.Builder conversion) {
        server.on(
                        "GetConversion",
                        GetConversionRequest.class,
                        request -> GetConversionResponse.newBuilder()
                                .setConversion(conversion)
                                .build())
                .on(
                        "ListConversions",
                        ListConversionsRequest.class,
                        request -> ListConversionsResponse.newBuilder()
                                .addConversions(conversion)
                                .build());
        if (conversion.getState() == ConversionState.CONVERSION_STATE_BROKEN_OFF) {
            assertThat(Cli.to(server).run("convert", "list").out())
                    .contains("broken off", "What was broken off goes on");
        }
        return Cli.to(server).run("convert", "show", ID).out();
    }

    @Test
    void a_window_and_a_lowest_boundary_of_integers_are_asked_for() {
        server.on(
                "PlanConversion",
                PlanConversionRequest.class,
                request -> PlanConversionResponse.newBuilder()
                        .setConversion(conversion(true))
                        .build());
        assertThat(plan("--window", "22:00-05:00 Europe/Berlin", "--boundary-above", "5000")
                        .exitCode())
                .isZero();
        PlanConversionRequest sent = server.request(PlanConversionRequest.class);
        assertThat(sent.getCutOver()).isEqualTo(CutOver.CUT_OVER_IN_WINDOW);
        assertThat(sent.getWindow().getZone()).isEqualTo("Europe/Berlin");
        assertThat(sent.getBoundaryAbove()).isEqualTo(5_000);
        assertThat(plan("--window", "late").err()).contains("--window: 'late' is not a window");
        assertThat(plan("--window", "22:00-05:00", "--on-request").err()).contains("exclude each other");
    }

    @Test
    void a_set_is_called_like_its_table_in_letters_that_names_of_sets_have() {
        assertThat(WantedSet.usualName("JobOccurrences")).isEqualTo("joboccurrences");
        assertThat(WantedSet.usualName("Job Occurrences")).isEqualTo("job-occurrences");
        assertThat(WantedSet.usualName("2024")).isEqualTo("t2024");
        assertThat(WantedSet.usualName("x".repeat(70))).hasSize(63);
    }

    private Cli.Result plan(String... more) {
        String[] line = {
            "convert", "plan", "Jobs", "--target", "shop", "--grid", "month in Europe/Berlin", "--column", "End Time"
        };
        return Cli.to(server)
                .run(Stream.concat(Arrays.stream(line), Arrays.stream(more)).toArray(String[]::new));
    }

    private void assertWrong(String message, String... arguments) {
        String[] line = {"convert", "plan"};
        Cli.Result result = Cli.to(server)
                .run(Stream.concat(Arrays.stream(line), Arrays.stream(arguments))
                        .toArray(String[]::new));
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(message);
    }

    private static Conversion conversion(boolean accepted) {
        return Conversion.newBuilder()
                .setConversionId(ID)
                .setEtag("abc")
                .setTarget("shop")
                .setTable(table("Jobs"))
                .setSet(PartitionSet.newBuilder().setName("jobs").setGrid(grid()))
                .setKeyColumn("End Time")
                .setBoundary("2025-07-01 00:00:00+02")
                .setLegacy(table("Jobs_legacy"))
                .addPartitions(table("Jobs_p20250701"))
                .setState(ConversionState.CONVERSION_STATE_PLANNED)
                .setExpireTime(at("2025-06-01T13:00:00Z"))
                .setCreateTime(at("2025-06-01T12:00:00Z"))
                .addObstacles(ConversionObstacle.newBuilder()
                        .setLoss(ConversionLoss.CONVERSION_LOSS_UNIQUE_NARROWED)
                        .setMessage("Unique index jobs_pkey gets End Time in addition.")
                        .setAccepted(accepted))
                .addPhases(ConversionPhase.newBuilder()
                        .setKind(ConversionPhaseKind.CONVERSION_PHASE_KIND_BOUND)
                        .addSql("ALTER TABLE \"Jobs\" ADD CONSTRAINT"))
                .addPhases(ConversionPhase.newBuilder()
                        .setKind(ConversionPhaseKind.CONVERSION_PHASE_KIND_CUT_OVER)
                        .setAtomic(true)
                        .addLocks(PlannedLock.newBuilder()
                                .setRelation(table("Jobs"))
                                .setMode("ACCESS EXCLUSIVE")
                                .setDuration("milliseconds"))
                        .addLocks(PlannedLock.newBuilder()
                                .setMode("SHARE ROW EXCLUSIVE")
                                .setDuration("on the table that foreign key fk references"))
                        .addSql("ALTER TABLE \"Jobs\" RENAME")
                        .addSql("ALTER TABLE \"Jobs\" ATTACH"))
                .addPhases(ConversionPhase.newBuilder()
                        .setKind(ConversionPhaseKind.CONVERSION_PHASE_KIND_REVERT)
                        .setAtomic(true)
                        .addSql("ALTER TABLE \"Jobs\" DETACH"))
                .build();
    }

    private static PartitionGrid grid() {
        return PartitionGrid.newBuilder()
                .setCalendar(CalendarGrid.newBuilder()
                        .setUnit(CalendarUnit.CALENDAR_UNIT_MONTH)
                        .setCount(1)
                        .setZone("Europe/Berlin"))
                .build();
    }

    private static TableName table(String name) {
        return TableName.newBuilder().setSchema("public").setName(name).build();
    }

    private static Timestamp at(String instant) {
        return Timestamp.newBuilder()
                .setSeconds(Instant.parse(instant).getEpochSecond())
                .build();
    }
}
