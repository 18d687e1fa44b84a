package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.CompleteConversionRequest;
import dev.caretaker.v1.Conversion;
import dev.caretaker.v1.ConversionLoss;
import dev.caretaker.v1.ConversionObstacle;
import dev.caretaker.v1.ConversionPhase;
import dev.caretaker.v1.ConversionPhaseKind;
import dev.caretaker.v1.ConversionState;
import dev.caretaker.v1.CutOver;
import dev.caretaker.v1.GetConversionRequest;
import dev.caretaker.v1.GetPartitionSetRequest;
import dev.caretaker.v1.ListConversionsRequest;
import dev.caretaker.v1.ListConversionsResponse;
import dev.caretaker.v1.ListPartitionSetsRequest;
import dev.caretaker.v1.PartitionGrid;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PartitionsAhead;
import dev.caretaker.v1.PlanConversionRequest;
import dev.caretaker.v1.RevertConversionRequest;
import dev.caretaker.v1.RevertConversionResponse;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.StartConversionRequest;
import dev.caretaker.v1.StartConversionResponse;
import dev.caretaker.v1.TableName;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Conversions through the whole server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConversionsThroughTheApiTest {
    private final Database target = TestPostgres.newest().database();
    private WholeServer server;

    @BeforeAll
    void start() {
        target.execute(
                "CREATE TABLE jobs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                        + " \"End Time\" timestamptz NOT NULL)",
                "INSERT INTO jobs (\"End Time\") SELECT now() - i * interval '1 hour' FROM generate_series(1, 500) i",
                "CREATE TABLE waiting (at timestamptz NOT NULL)",
                "INSERT INTO waiting SELECT now()");
        server = WholeServer.start(target);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void a_table_is_planned_converted_shown_and_reverted() {
        Conversion blocked = plan(request("jobs", "End Time").build());
        assertThat(blocked.getState()).isEqualTo(ConversionState.CONVERSION_STATE_PLANNED);
        assertThat(blocked.getObstaclesList())
                .extracting(ConversionObstacle::getLoss, ConversionObstacle::getAccepted)
                .containsExactly(tuple(ConversionLoss.CONVERSION_LOSS_UNIQUE_NARROWED, false));
        assertThatThrownBy(() -> begin(blocked, id())).hasMessageContaining("Unique index jobs_pkey");

        Conversion planned = plan(request("jobs", "End Time")
                .addAcceptedLosses(ConversionLoss.CONVERSION_LOSS_UNIQUE_NARROWED)
                .build());
        assertThat(planned.getPhasesList())
                .extracting(ConversionPhase::getKind)
                .containsExactly(
                        ConversionPhaseKind.CONVERSION_PHASE_KIND_INDEXES,
                        ConversionPhaseKind.CONVERSION_PHASE_KIND_BOUND,
                        ConversionPhaseKind.CONVERSION_PHASE_KIND_VALIDATE,
                        ConversionPhaseKind.CONVERSION_PHASE_KIND_PARENT,
                        ConversionPhaseKind.CONVERSION_PHASE_KIND_CUT_OVER,
                        ConversionPhaseKind.CONVERSION_PHASE_KIND_REVERT);
        assertThat(planned.getPhasesList())
                .allSatisfy(phase -> assertThat(phase.getSqlList()).isNotEmpty())
                .allSatisfy(phase -> assertThat(phase.getLocksList()).isNotEmpty());
        assertThat(planned.getPartitionsList()).hasSize(2);
        assertThat(planned.getLegacy().getName()).isEqualTo("jobs_legacy");

        String requestId = id();
        List<RunEvent> run = begin(planned, requestId);
        complete(run);
        assertThat(target.number("SELECT count(*) FROM jobs_legacy")).isEqualTo(500);
        assertThat(target.value("SELECT relkind::text FROM pg_class WHERE relname = 'jobs'"))
                .isEqualTo("p");
        assertThat(begin(planned, requestId))
                .as("a replay attaches to the run it made")
                .isEqualTo(run);
        Conversion converted = get(planned);
        assertThat(converted.getState()).isEqualTo(ConversionState.CONVERSION_STATE_CONVERTED);
        assertThat(converted.getRunId()).isEqualTo(run.getFirst().getRunId());
        assertThat(server.partitions()
                        .getPartitionSet(GetPartitionSetRequest.newBuilder()
                                .setName("jobs")
                                .build())
                        .getSet()
                        .getGrid())
                .isEqualTo(planned.getSet().getGrid());
        assertThatThrownBy(() -> begin(planned, id())).hasMessageContaining("was executed already");

        target.execute("INSERT INTO jobs (\"End Time\") VALUES (now() + interval '45 days')");
        List<RunEvent> refused = revert(planned);
        assertThat(refused.toString()).contains("1 row lies at or above its boundary");
        assertThat(get(planned).getState()).isEqualTo(ConversionState.CONVERSION_STATE_CONVERTED);
        assertThat(sets()).as("a refused revert leaves the table looked after").contains("jobs");
        target.execute("DELETE FROM jobs WHERE \"End Time\" > now()");

        complete(revert(planned));
        assertThat(get(planned).getState()).isEqualTo(ConversionState.CONVERSION_STATE_REVERTED);
        assertThat(target.value("SELECT relkind::text FROM pg_class WHERE relname = 'jobs'"))
                .isEqualTo("r");
        assertThat(target.number("SELECT count(*) FROM jobs")).isEqualTo(500);
        assertThat(sets()).doesNotContain("jobs");
    }

    @Test
    void a_cut_over_that_was_asked_for_in_advance_happens_and_lists_have_pages() {
        Conversion planned = plan(request("waiting", "at")
                .setCutOver(CutOver.CUT_OVER_ON_REQUEST)
                .setLegacyName("waited")
                .build());
        assertThat(planned.getCutOver()).isEqualTo(CutOver.CUT_OVER_ON_REQUEST);
        assertThat(planned.getRequested()).isFalse();
        assertThat(server.conversions()
                        .completeConversion(CompleteConversionRequest.newBuilder()
                                .setRequestId(id())
                                .setConversionId(planned.getConversionId())
                                .build())
                        .getConversion()
                        .getRequested())
                .isTrue();
        complete(begin(planned, id()));
        assertThat(target.number("SELECT count(*) FROM waited")).isEqualTo(1);

        plan(request("jobs", "End Time").build());
        ListConversionsRequest first = ListConversionsRequest.newBuilder()
                .setTarget("main")
                .setPageSize(1)
                .build();
        ListConversionsResponse page = server.conversions().listConversions(first);
        assertThat(page.getConversionsList())
                .singleElement()
                .satisfies(newest -> assertThat(newest.getPhasesList()).isEmpty());
        ListConversionsResponse next = server.conversions()
                .listConversions(
                        first.toBuilder().setPageToken(page.getNextPageToken()).build());
        assertThat(next.getConversions(0).getConversionId())
                .isNotEqualTo(page.getConversions(0).getConversionId());
    }

    @Test
    void what_cannot_be_is_refused_by_field() {
        assertRefused(request("missing", "at").build(), "set.table.name");
        assertRefused(request("jobs", "missing").build(), "key");
        assertRefused(request("jobs", "").build(), "key_column");
        assertRefused(request("jobs", "End Time").clearSet().build(), "set");
        assertRefused(
                request("jobs", "End Time")
                        .addAcceptedLosses(ConversionLoss.CONVERSION_LOSS_UNSPECIFIED)
                        .build(),
                "accepted_losses[0]");
        assertRefused(request("jobs", "End Time").setLegacyName("waiting").build(), "waiting");
        assertThatThrownBy(() -> server.conversions()
                        .getConversion(GetConversionRequest.newBuilder()
                                .setConversionId(id())
                                .build()))
                .hasMessageContaining("No conversion has the id");
    }

    private void assertRefused(PlanConversionRequest request, String field) {
        assertThatThrownBy(() -> plan(request)).hasMessageContaining(field);
    }

    private static PlanConversionRequest.Builder request(String table, String key) {
        return PlanConversionRequest.newBuilder()
                .setRequestId(id())
                .setKeyColumn(key)
                .setSet(PartitionSet.newBuilder()
                        .setName(table)
                        .setTarget("main")
                        .setTable(TableName.newBuilder().setName(table))
                        .setAhead(PartitionsAhead.newBuilder().setPartitions(2))
                        .setGrid(PartitionGrid.newBuilder()
                                .setCalendar(CalendarGrid.newBuilder().setUnit(CalendarUnit.CALENDAR_UNIT_MONTH))));
    }

    private Conversion plan(PlanConversionRequest request) {
        return server.conversions().planConversion(request).getConversion();
    }

    private Conversion get(Conversion conversion) {
        return server.conversions()
                .getConversion(GetConversionRequest.newBuilder()
                        .setConversionId(conversion.getConversionId())
                        .build())
                .getConversion();
    }

    private List<RunEvent> begin(Conversion conversion, String requestId) {
        return events(
                server.conversions()
                        .startConversion(StartConversionRequest.newBuilder()
                                .setRequestId(requestId)
                                .setConversionId(conversion.getConversionId())
                                .setEtag(conversion.getEtag())
                                .build()),
                StartConversionResponse::getEvent);
    }

    private List<RunEvent> revert(Conversion conversion) {
        return events(
                server.conversions()
                        .revertConversion(RevertConversionRequest.newBuilder()
                                .setRequestId(id())
                                .setConversionId(conversion.getConversionId())
                                .build()),
                RevertConversionResponse::getEvent);
    }

    private List<String> sets() {
        return server
                .partitions()
                .listPartitionSets(ListPartitionSetsRequest.getDefaultInstance())
                .getSetsList()
                .stream()
                .map(PartitionSet::getName)
                .toList();
    }

    private static void complete(List<RunEvent> run) {
        assertThat(run.getLast().getFinished().getOutcome())
                .as(run.toString())
                .isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
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
