package dev.caretaker.server.api;

import static dev.caretaker.server.api.ConversionClient.assertComplete;
import static dev.caretaker.server.api.ConversionClient.id;
import static dev.caretaker.server.api.ConversionClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.CancelRunRequest;
import dev.caretaker.v1.Conversion;
import dev.caretaker.v1.ConversionState;
import dev.caretaker.v1.CutOver;
import dev.caretaker.v1.Delivery;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.Finding;
import dev.caretaker.v1.FindingStatus;
import dev.caretaker.v1.IntegerGrid;
import dev.caretaker.v1.ListDeliveriesRequest;
import dev.caretaker.v1.PartitionGrid;
import dev.caretaker.v1.PauseRunRequest;
import dev.caretaker.v1.PlanConversionRequest;
import dev.caretaker.v1.ResumeRunRequest;
import dev.caretaker.v1.RunWindow;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Conversions that wait, are broken off, or meet another one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WaitingConversionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String CHECKS =
            "SELECT count(*) FROM pg_constraint WHERE conname LIKE 'caretaker%'" + " AND conrelid = to_regclass('%s')";

    private final Database target = TestPostgres.oldest().database();
    private WholeServer server;
    private ConversionClient client;

    @BeforeAll
    void start(@TempDir Path folder) {
        for (String table : List.of("asked", "daily", "broken", "hurried")) {
            target.execute(
                    "CREATE TABLE " + table + " (at timestamptz NOT NULL)", "INSERT INTO " + table + " SELECT now()");
        }
        target.execute("CREATE TABLE numbered (id bigserial PRIMARY KEY)", "INSERT INTO numbered VALUES (DEFAULT)");
        server = WholeServer.start(
                target,
                Map.of(
                        "caretaker.notifications.channels.book.type",
                        "file",
                        "caretaker.notifications.channels.book.path",
                        folder.resolve("book.jsonl").toString()));
        client = ConversionClient.of(server);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static PlanConversionRequest.Builder onRequest(String table) {
        return request(table, "at").setCutOver(CutOver.CUT_OVER_ON_REQUEST);
    }

    private Conversion await(Conversion conversion, ConversionState state) {
        return Awaitility.await().atMost(PATIENCE).until(() -> client.get(conversion), now -> now.getState() == state);
    }

    /** That it waits is stored a moment before its run says why. */
    private void awaitWaiting(Conversion conversion, String why) {
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            Conversion now = client.get(conversion);
            assertThat(now.getState()).isEqualTo(ConversionState.CONVERSION_STATE_WAITING);
            assertThat(now.getStateReason()).startsWith(why);
        });
    }

    /** The sentence, as soon as it is told. */
    private String told(Conversion conversion, String event) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .until(
                        () -> server
                                .notifications()
                                .listDeliveries(ListDeliveriesRequest.newBuilder()
                                        .setPageSize(1_000)
                                        .build())
                                .getDeliveriesList()
                                .stream()
                                .filter(one -> one.getEvent().equals(event)
                                        && one.getTopic().equals("conversions/" + conversion.getConversionId()))
                                .map(Delivery::getSummary)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private long checks(String table) {
        return target.number(CHECKS.replace("%s", table));
    }

    @Test
    void one_that_waits_says_so_and_while_it_is_paused_no_row_is_refused() {
        Conversion planned = client.plan(onRequest("asked"));
        String run = client.startOnly(planned);
        awaitWaiting(planned, "All is ready: the cut-over waits until it is asked for.");
        assertThatThrownBy(() -> target.execute("INSERT INTO asked VALUES ('2999-01-01')"))
                .hasMessageContaining("caretaker_conversion");

        server.runs()
                .pauseRun(PauseRunRequest.newBuilder()
                        .setRequestId(id())
                        .setRunId(run)
                        .build());
        Awaitility.await().atMost(PATIENCE).until(() -> checks("asked") == 0);
        server.runs()
                .resumeRun(ResumeRunRequest.newBuilder()
                        .setRequestId(id())
                        .setRunId(run)
                        .build());
        Awaitility.await().atMost(PATIENCE).until(() -> checks("asked") == 1);
        await(planned, ConversionState.CONVERSION_STATE_WAITING);
        assertThat(told(planned, "conversion.waiting"))
                .isEqualTo(
                        "The conversion of table public.asked at main is prepared: its cut-over waits until somebody asks"
                                + " for it.");

        client.complete(planned);
        await(planned, ConversionState.CONVERSION_STATE_CONVERTED);
        assertThat(checks("asked")).isZero();
        assertThat(told(planned, "conversion.settled"))
                .isEqualTo("The conversion of table public.asked at main no longer waits for its cut-over.");
    }

    @Test
    void one_in_a_window_waits_for_it_unless_it_is_asked_for_before() {
        LocalTime now = LocalTime.now(ZoneOffset.UTC);
        RunWindow later = RunWindow.newBuilder()
                .setStart(now.plusHours(2).withSecond(0).withNano(0).toString())
                .setEnd(now.plusHours(3).withSecond(0).withNano(0).toString())
                .build();
        Conversion planned = client.plan(
                request("daily", "at").setCutOver(CutOver.CUT_OVER_IN_WINDOW).setWindow(later));
        assertThat(planned.getCutOver()).isEqualTo(CutOver.CUT_OVER_IN_WINDOW);
        assertThat(planned.getWindow().getStart()).isEqualTo(later.getStart());
        client.startOnly(planned);
        awaitWaiting(planned, "All is ready, but for the cut-over: its window " + later.getStart());
        client.complete(planned);
        await(planned, ConversionState.CONVERSION_STATE_CONVERTED);
        Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(StatusRuntimeException.class) // until its run has ended, too
                .untilAsserted(() -> assertComplete(client.revert(planned)));

        RunWindow open = RunWindow.newBuilder()
                .setStart(now.minusHours(1).withSecond(0).withNano(0).toString())
                .setEnd(later.getStart())
                .build();
        assertComplete(client.begin(client.plan(
                request("daily", "at").setCutOver(CutOver.CUT_OVER_IN_WINDOW).setWindow(open))));
    }

    @Test
    void one_that_was_broken_off_is_found_told_and_taken_back() {
        Conversion planned = client.plan(onRequest("broken"));
        String run = client.startOnly(planned);
        await(planned, ConversionState.CONVERSION_STATE_WAITING);
        assertThatThrownBy(() -> client.plan(onRequest("broken"))).hasMessageContaining("is being converted");
        assertThatThrownBy(() -> client.begin(planned)).hasMessageContaining("is being worked on by run " + run);
        server.runs()
                .cancelRun(CancelRunRequest.newBuilder()
                        .setRequestId(id())
                        .setRunId(run)
                        .setReason("too late today")
                        .build());
        assertThat(await(planned, ConversionState.CONVERSION_STATE_BROKEN_OFF).getStateReason())
                .contains("too late today");
        Awaitility.await().atMost(PATIENCE).until(() -> checks("broken") == 0);
        assertThat(found())
                .hasValueSatisfying(finding ->
                        assertThat(finding.getMessage()).contains(planned.getConversionId(), "too late today"));
        assertThatThrownBy(() -> client.plan(onRequest("broken")))
                .hasMessageContaining("left half-way")
                .hasMessageContaining("caretaker convert revert " + planned.getConversionId());

        client.startOnly(planned);
        await(planned, ConversionState.CONVERSION_STATE_WAITING);
        String again = client.get(planned).getRunId();
        server.runs()
                .cancelRun(CancelRunRequest.newBuilder()
                        .setRequestId(id())
                        .setRunId(again)
                        .build());
        await(planned, ConversionState.CONVERSION_STATE_BROKEN_OFF);
        assertComplete(client.revert(planned));
        assertThat(found()).isEmpty();
        assertThat(client.plan(onRequest("broken")).getState()).isEqualTo(ConversionState.CONVERSION_STATE_PLANNED);
    }

    private Optional<Finding> found() {
        return server
                .maintenance()
                .detectIssues(DetectIssuesRequest.newBuilder()
                        .setTarget("main")
                        .addChecks("conversion-half-way")
                        .build())
                .getFindingsList()
                .stream()
                .filter(finding -> finding.getStatus() != FindingStatus.FINDING_STATUS_GONE)
                .findFirst();
    }

    @Test
    void of_several_that_start_it_at_the_same_time_one_does() throws Exception {
        Conversion planned = client.plan(onRequest("hurried"));
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<String>> starts = Stream.generate(() -> threads.submit(() -> {
                        try {
                            client.startOnly(planned);
                            return "";
                        } catch (StatusRuntimeException e) {
                            return e.getStatus().getDescription();
                        }
                    }))
                    .limit(4)
                    .toList();
            List<String> refusals = new ArrayList<>();
            for (Future<String> start : starts) {
                refusals.add(start.get());
            }
            assertThat(refusals).filteredOn(String::isEmpty).hasSize(1);
            assertThat(refusals)
                    .filteredOn(refusal -> !refusal.isEmpty())
                    .allMatch(refusal ->
                            refusal.contains("taken up by another request") || refusal.contains("is being worked on"));
        }
        client.complete(planned);
        await(planned, ConversionState.CONVERSION_STATE_CONVERTED);
    }

    @Test
    void one_by_integers_begins_new_partitions_above_the_key_that_is_given() {
        PlanConversionRequest.Builder request = request("numbered", "id").setBoundaryAbove(2_500);
        request.getSetBuilder()
                .setGrid(PartitionGrid.newBuilder()
                        .setInteger(IntegerGrid.newBuilder().setStep(1_000)));
        Conversion planned = client.plan(request);
        assertThat(planned.getBoundary()).isEqualTo("3000");
        assertThat(planned.hasBoundaryTime()).isFalse();
        assertComplete(client.begin(planned));
        assertThat(target.number("SELECT count(*) FROM numbered_legacy")).isEqualTo(1);
        assertThat(planned.getPartitionsList().getFirst().getName()).isEqualTo("numbered_p3000");
    }
}
