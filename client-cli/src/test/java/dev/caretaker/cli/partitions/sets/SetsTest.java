package dev.caretaker.cli.partitions.sets;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.caretaker.cli.output.Text;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.AppliedPartitionSet;
import dev.caretaker.v1.ApplyPartitionSetsRequest;
import dev.caretaker.v1.ApplyPartitionSetsResponse;
import dev.caretaker.v1.ApplyResult;
import dev.caretaker.v1.ArchiveProof;
import dev.caretaker.v1.ArchiveStore;
import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarPeriod;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.DefaultPartition;
import dev.caretaker.v1.DeletePartitionSetRequest;
import dev.caretaker.v1.DeletePartitionSetResponse;
import dev.caretaker.v1.GetPartitionSetRequest;
import dev.caretaker.v1.GetPartitionSetResponse;
import dev.caretaker.v1.ListPartitionSetsRequest;
import dev.caretaker.v1.ListPartitionSetsResponse;
import dev.caretaker.v1.PartitionGrid;
import dev.caretaker.v1.PartitionRetirement;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PartitionsAhead;
import dev.caretaker.v1.RetiredPartitionEnd;
import dev.caretaker.v1.SuggestPartitionSetRequest;
import dev.caretaker.v1.SuggestPartitionSetResponse;
import dev.caretaker.v1.TableName;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SetsTest {
    private static final PartitionSet EVENTS = PartitionSet.newBuilder()
            .setName("workflow-events")
            .setTarget("shop")
            .setTable(TableName.newBuilder().setSchema("public").setName("workflow_events"))
            .setGrid(PartitionGrid.newBuilder()
                    .setCalendar(CalendarGrid.newBuilder()
                            .setUnit(CalendarUnit.CALENDAR_UNIT_MONTH)
                            .setZone("Europe/Berlin")))
            .setNamePattern("workflow_events_y{yyyy}m{mm}")
            .setAhead(PartitionsAhead.newBuilder().setPartitions(4))
            .setDefaultPartition(DefaultPartition.DEFAULT_PARTITION_ADOPT)
            .setRetirement(PartitionRetirement.newBuilder()
                    .setCalendar(CalendarPeriod.newBuilder().setMonths(12))
                    .setEnd(RetiredPartitionEnd.RETIRED_PARTITION_END_DROP))
            .setPauseRetirement(true)
            .setEtag("e1")
            .build();

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_file_is_applied_and_what_the_table_lets_expect_is_told() {
        server.on(
                "ApplyPartitionSets",
                ApplyPartitionSetsRequest.class,
                request -> ApplyPartitionSetsResponse.newBuilder()
                        .addSets(AppliedPartitionSet.newBuilder()
                                .setSet(EVENTS)
                                .setResult(ApplyResult.APPLY_RESULT_CREATED)
                                .addWarnings("Other tables reference it."))
                        .build());
        Cli.Result result = Cli.to(server)
                .typing("{name: workflow-events, target: shop, table: workflow_events, grid: month in Europe/Berlin,"
                        + " ahead: {partitions: 4}, default: adopt, retirement: {keep: 12 months, hold: 3d,"
                        + " archive: {to: cold, format: ndjson, verify: stored}}}")
                .run("partitions", "sets", "apply", "-f", "-", "--dry-run");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out())
                .contains("WOULD BE")
                .contains("warning: workflow-events: Other tables reference it.")
                .contains("Nothing was stored.");
        ApplyPartitionSetsRequest sent = server.request(ApplyPartitionSetsRequest.class);
        assertThat(sent.getValidateOnly()).isTrue();
        PartitionSet set = sent.getSets(0);
        assertThat(set.getGrid())
                .isEqualTo(EVENTS.getGrid().toBuilder()
                        .setCalendar(EVENTS.getGrid().getCalendar().toBuilder().setCount(1))
                        .build());
        assertThat(set.getDefaultPartition()).isEqualTo(DefaultPartition.DEFAULT_PARTITION_ADOPT);
        assertThat(set.getRetirement().getCalendar().getMonths()).isEqualTo(12);
        assertThat(set.getRetirement().getHold().getSeconds()).isEqualTo(3 * 86_400);
        assertThat(set.getRetirement().getArchive())
                .isEqualTo(ArchiveStore.newBuilder()
                        .setDestination("cold")
                        .setFormat("ndjson")
                        .setVerify(ArchiveProof.ARCHIVE_PROOF_STORED)
                        .build());
        assertThat(SetFile.write(sent.getSetsList(), false))
                .as("written as it is read")
                .contains("archive:", "to: cold", "format: ndjson", "verify: stored");
    }

    @Test
    void a_refused_field_is_told_as_it_is_called_in_the_file() {
        server.on("ApplyPartitionSets", ApplyPartitionSetsRequest.class, request -> {
            throw FakeServer.error(
                    Code.INVALID_ARGUMENT,
                    "INVALID_FIELD",
                    "sets[0].name_pattern is wrong",
                    "sets[0].name_pattern",
                    "could name two partitions alike");
        });
        Cli.Result result = Cli.to(server)
                .typing("{name: one, target: shop, table: t, grid: month, names: 't{yyyy}'}")
                .run("partitions", "sets", "apply", "-f", "-");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("could name two partitions alike");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{name: one, target: shop, table: t}",
                "{name: one, target: shop, table: t, grid: fortnight}",
                "{name: one, target: shop, table: t, grid: month, retirement: {hold: 7d}}",
                "{name: one, target: shop, table: t, grid: month, default: maybe}",
                "{name: one, target: shop, table: t, grid: month, colour: blue}",
            })
    void what_a_file_lacks_or_says_wrongly_is_told_before_anything_is_asked(String file) {
        Cli.Result result = Cli.to(server).typing(file).run("partitions", "sets", "apply", "-f", "-");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(server.requests(ApplyPartitionSetsRequest.class)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 120})
    void sets_are_listed_within_the_terminal_with_what_counts_most(int columns) {
        server.on(
                "ListPartitionSets",
                ListPartitionSetsRequest.class,
                request -> request.getPageToken().isEmpty()
                        ? ListPartitionSetsResponse.newBuilder()
                                .addSets(EVENTS)
                                .setNextPageToken("more")
                                .build()
                        : ListPartitionSetsResponse.newBuilder()
                                .addSets(EVENTS.toBuilder().setName("jobs").setPauseRetirement(false))
                                .build());
        Cli.Result result = Cli.to(server)
                .onTerminal(columns)
                .with("NO_COLOR", "1")
                .run("partitions", "sets", "list", "--target", "shop");
        assertThat(result.out().lines()).hasSize(3).allMatch(line -> Text.width(line) <= columns);
        assertThat(result.out())
                .contains("NAME", "workflow-events", "month in Europe/Berlin", "12 months", "retirement", "jobs");
        assertThat(server.request(ListPartitionSetsRequest.class).getTarget()).isEqualTo("shop");
    }

    @Test
    void without_sets_the_list_says_how_to_get_one() {
        server.on(
                "ListPartitionSets",
                ListPartitionSetsRequest.class,
                request -> ListPartitionSetsResponse.getDefaultInstance());
        assertThat(Cli.to(server).run("partitions", "sets", "list").out()).contains("partitions sets suggest");
    }

    @Test
    void what_is_shown_suggested_and_listed_as_yaml_is_a_file_that_is_read_back_as_it_was() {
        server.on(
                        "GetPartitionSet",
                        GetPartitionSetRequest.class,
                        request -> GetPartitionSetResponse.newBuilder()
                                .setSet(EVENTS)
                                .build())
                .on(
                        "SuggestPartitionSet",
                        SuggestPartitionSetRequest.class,
                        request -> SuggestPartitionSetResponse.newBuilder()
                                .setSet(EVENTS)
                                .addNotes("Retirement is not told by a table.")
                                .build());
        String shown = Cli.to(server)
                .run("partitions", "sets", "show", "workflow-events")
                .out();
        assertThat(read(shown)).containsExactly(withCount(EVENTS));
        Cli.Result suggested = Cli.to(server)
                .run(
                        "partitions",
                        "sets",
                        "suggest",
                        "\"Workflow Events\"",
                        "--target",
                        "shop",
                        "--zone",
                        "Asia/Tokyo");
        assertThat(suggested.out()).startsWith("# Retirement is not told by a table.");
        assertThat(read(suggested.out()))
                .containsExactly(withCount(EVENTS).toBuilder().clearEtag().build());
        SuggestPartitionSetRequest sent = server.request(SuggestPartitionSetRequest.class);
        assertThat(sent.getTable().getName()).isEqualTo("Workflow Events");
        assertThat(sent.getZone()).isEqualTo("Asia/Tokyo");
        String yaml = Cli.to(server)
                .run("partitions", "sets", "suggest", "events", "--target", "shop", "-o", "yaml")
                .out();
        assertThat(yaml).startsWith("sets:");
    }

    @Test
    void a_set_is_deleted_by_name_and_version() {
        server.on(
                "DeletePartitionSet",
                DeletePartitionSetRequest.class,
                request ->
                        DeletePartitionSetResponse.newBuilder().setSet(EVENTS).build());
        Cli.Result result = Cli.to(server).run("partitions", "sets", "delete", "workflow-events", "--etag", "e1");
        assertThat(result.out()).isEqualTo("Partition set workflow-events is deleted.\n");
        assertThat(server.request(DeletePartitionSetRequest.class).getEtag()).isEqualTo("e1");
    }

    /** As the server would get it. */
    private List<PartitionSet> read(String file) {
        server.on(
                "ApplyPartitionSets",
                ApplyPartitionSetsRequest.class,
                request -> ApplyPartitionSetsResponse.getDefaultInstance());
        Cli.to(server).typing(file).run("partitions", "sets", "apply", "-f", "-");
        return server.request(ApplyPartitionSetsRequest.class).getSetsList();
    }

    private static PartitionSet withCount(PartitionSet set) {
        PartitionSet.Builder builder = set.toBuilder();
        builder.getGridBuilder().getCalendarBuilder().setCount(1);
        return builder.build();
    }
}
