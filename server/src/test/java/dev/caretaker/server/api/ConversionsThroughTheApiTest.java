package dev.caretaker.server.api;

import static dev.caretaker.server.api.ConversionClient.assertComplete;
import static dev.caretaker.server.api.ConversionClient.id;
import static dev.caretaker.server.api.ConversionClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
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
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PlanConversionRequest;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunWindow;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Conversions through the whole server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConversionsThroughTheApiTest {
    private final Database target = TestPostgres.newest().database();
    private WholeServer server;
    private ConversionClient client;

    @BeforeAll
    void start() {
        target.execute(
                "CREATE TABLE jobs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                        + " \"End Time\" timestamptz NOT NULL)",
                "INSERT INTO jobs (\"End Time\") SELECT now() - i * interval '1 hour' FROM generate_series(1, 500) i",
                "CREATE TABLE waiting (at timestamptz NOT NULL)",
                "INSERT INTO waiting SELECT now()");
        server = WholeServer.start(target);
        client = ConversionClient.of(server);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void a_table_is_planned_converted_shown_and_reverted() {
        Conversion blocked = client.plan(request("jobs", "End Time"));
        assertThat(blocked.getState()).isEqualTo(ConversionState.CONVERSION_STATE_PLANNED);
        assertThat(blocked.getObstaclesList())
                .extracting(ConversionObstacle::getLoss, ConversionObstacle::getAccepted)
                .containsExactly(tuple(ConversionLoss.CONVERSION_LOSS_UNIQUE_NARROWED, false));
        assertThatThrownBy(() -> client.begin(blocked, id())).hasMessageContaining("Unique index jobs_pkey");

        Conversion planned = client.plan(
                request("jobs", "End Time").addAcceptedLosses(ConversionLoss.CONVERSION_LOSS_UNIQUE_NARROWED));
        assertThat(planned.getPhasesList())
                .extracting(ConversionPhase::getKind)
                .containsExactly(
                        ConversionPhaseKind.CONVERSION_PHASE_KIND_INDEXES,
                        ConversionPhaseKind.CONVERSION_PHASE_KIND_BOUND,
                        ConversionPhaseKind.CONVERSION_PHASE_KIND_VALIDATE,
                        ConversionPhaseKind.CONVERSION_PHASE_KIND_PARENT,
                        ConversionPhaseKind.CONVERSION_PHASE_KIND_CUT_OVER,
                        ConversionPhaseKind.CONVERSION_PHASE_KIND_ANALYZE,
                        ConversionPhaseKind.CONVERSION_PHASE_KIND_REVERT);
        assertThat(planned.getPhasesList())
                .allSatisfy(phase -> assertThat(phase.getSqlList()).isNotEmpty())
                .allSatisfy(phase -> assertThat(phase.getLocksList()).isNotEmpty());
        assertThat(planned.getPartitionsList()).hasSize(2);
        assertThat(planned.getLegacy().getName()).isEqualTo("jobs_legacy");

        String requestId = id();
        List<RunEvent> run = client.begin(planned, requestId);
        assertComplete(run);
        assertThat(target.number("SELECT count(*) FROM jobs_legacy")).isEqualTo(500);
        assertThat(target.value("SELECT relkind::text FROM pg_class WHERE relname = 'jobs'"))
                .isEqualTo("p");
        assertThat(client.begin(planned, requestId))
                .as("a replay attaches to the run it made")
                .isEqualTo(run);
        Conversion converted = client.get(planned);
        assertThat(converted.getState()).isEqualTo(ConversionState.CONVERSION_STATE_CONVERTED);
        assertThat(converted.getRunId()).isEqualTo(run.getFirst().getRunId());
        assertThat(server.partitions()
                        .getPartitionSet(GetPartitionSetRequest.newBuilder()
                                .setName("jobs")
                                .build())
                        .getSet()
                        .getGrid())
                .isEqualTo(planned.getSet().getGrid());
        assertThatThrownBy(() -> client.begin(planned, id())).hasMessageContaining("was executed already");

        target.execute("INSERT INTO jobs (\"End Time\") SELECT now() + interval '45 days'"
                + " FROM generate_series(1, 10001)");
        List<RunEvent> refused = client.revert(planned);
        assertThat(refused.toString()).contains("10,001 rows lie at or above its boundary");
        assertThat(client.get(planned).getState()).isEqualTo(ConversionState.CONVERSION_STATE_CONVERTED);
        assertThat(sets()).as("a refused revert leaves the table looked after").contains("jobs");
        target.execute(
                "DELETE FROM jobs WHERE \"End Time\" > now()",
                "INSERT INTO jobs (\"End Time\") VALUES (now() + interval '45 days')");

        assertComplete(client.revert(planned));
        assertThat(client.get(planned).getState()).isEqualTo(ConversionState.CONVERSION_STATE_REVERTED);
        assertThat(target.value("SELECT relkind::text FROM pg_class WHERE relname = 'jobs'"))
                .isEqualTo("r");
        assertThat(target.number("SELECT count(*) FROM jobs"))
                .as("one row from above the boundary was brought along")
                .isEqualTo(501);
        assertThat(sets()).doesNotContain("jobs");
    }

    @Test
    void a_cut_over_that_was_asked_for_in_advance_happens_and_lists_have_pages() {
        Conversion planned = client.plan(
                request("waiting", "at").setCutOver(CutOver.CUT_OVER_ON_REQUEST).setLegacyName("waited"));
        assertThat(planned.getCutOver()).isEqualTo(CutOver.CUT_OVER_ON_REQUEST);
        assertThat(planned.getRequested()).isFalse();
        assertThat(client.complete(planned).getRequested()).isTrue();
        assertComplete(client.begin(planned, id()));
        assertThat(target.number("SELECT count(*) FROM waited")).isEqualTo(1);

        client.plan(request("jobs", "End Time"));
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
        assertRefused(request("missing", "at"), "set.table.name");
        assertRefused(request("jobs", "missing"), "key_column");
        assertRefused(request("jobs", ""), "key_column");
        assertRefused(request("jobs", "End Time").clearSet(), "set");
        assertRefused(
                request("jobs", "End Time").addAcceptedLosses(ConversionLoss.CONVERSION_LOSS_UNSPECIFIED),
                "accepted_losses[0]");
        assertRefused(request("jobs", "End Time").setLegacyName("waiting"), "waiting");
        assertRefused(request("jobs", "End Time").setBoundaryAbove(7), "boundary_above");
        assertRefused(request("jobs", "End Time").setCutOver(CutOver.CUT_OVER_IN_WINDOW), "window");
        assertRefused(
                request("jobs", "End Time")
                        .setWindow(RunWindow.newBuilder().setStart("01:00").setEnd("02:00")),
                "window");
        assertThatThrownBy(() -> server.conversions()
                        .getConversion(GetConversionRequest.newBuilder()
                                .setConversionId(id())
                                .build()))
                .hasMessageContaining("No conversion has the id");
    }

    private void assertRefused(PlanConversionRequest.Builder request, String field) {
        assertThatThrownBy(() -> client.plan(request)).hasMessageContaining(field);
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
}
