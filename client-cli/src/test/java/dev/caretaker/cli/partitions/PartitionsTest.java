package dev.caretaker.cli.partitions;

import static dev.caretaker.cli.partitions.PartitionAnswers.EVENTS;
import static dev.caretaker.cli.partitions.PartitionAnswers.at;
import static dev.caretaker.cli.partitions.PartitionAnswers.monthly;
import static dev.caretaker.cli.partitions.PartitionAnswers.name;
import static dev.caretaker.cli.partitions.PartitionAnswers.subPartitioned;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.rpc.Code;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.Debt;
import dev.caretaker.v1.ListPartitionsRequest;
import dev.caretaker.v1.ListPartitionsResponse;
import dev.caretaker.v1.PartitionAge;
import dev.caretaker.v1.RetiredPartition;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TableUpkeep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionsTest {
    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void all_pages_are_fetched_and_a_table_that_spans_them_is_one() {
        server.on(
                "ListPartitions",
                ListPartitionsRequest.class,
                request -> request.getPageToken().isEmpty()
                        ? monthly(4, 5).toBuilder().setNextPageToken("more").build()
                        : monthly(6, 7));
        Cli.Result result = Cli.to(server).run("partitions", "--target", "shop");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .containsOnlyOnce("by range of ts")
                .containsSubsequence("y2025m04", "y2025m05", "y2025m06", "y2025m07");
        assertThat(server.requests(ListPartitionsRequest.class))
                .extracting(ListPartitionsRequest::getPageToken)
                .containsExactly("", "more");
        assertThat(Cli.to(server)
                        .run("partitions", "--target", "shop", "-o", "ndjson")
                        .out()
                        .lines())
                .hasSize(4)
                .allMatch(line -> line.startsWith("{\"name\":{\"schema\":\"public\",\"name\":\"workflow_events_y2025"));
        assertThat(Cli.to(server)
                        .run("partitions", "--target", "shop", "-o", "json")
                        .out())
                .contains("\"namePattern\": \"workflow_events_y{yyyy}m{mm}\"");
    }

    @Test
    void what_a_run_left_of_a_table_is_told_with_it() {
        ListPartitionsResponse listed = monthly(6);
        answer(listed.toBuilder()
                .addDebts(Debt.newBuilder()
                        .setTable(listed.getTables(0).getTable())
                        .setMessage("Partition events_2024 was detached and could not be dropped."))
                .build());
        assertThat(Cli.to(server).run("partitions", "--target", "shop").out())
                .contains("Partition events_2024 was detached and could not be dropped.");
    }

    @Test
    void how_a_table_is_looked_after_is_told_with_it_that_of_a_level_below_by_name() {
        answer(subPartitioned().toBuilder()
                .addUpkeep(TableUpkeep.newBuilder()
                        .setTable(name("jobs_a"))
                        .setSet("tenant-a")
                        .setToCreate(3)
                        .setToDetach(1)
                        .setRetirementPaused(true)
                        .addRetired(RetiredPartition.newBuilder()
                                .setPartition(name("jobs_a_y2025m04"))
                                .setHeldUntil(at("2025-06-08T12:00:00Z"))))
                .build());
        for (String view : new String[] {"table", "tree", "timeline"}) {
            assertThat(Cli.to(server)
                            .run("partitions", "--target", "shop", "--view", view)
                            .out())
                    .contains("Partition set tenant-a of jobs_a; the next upkeep creates 3 partitions, detaches one"
                            + " partition, retires none (paused).")
                    .contains("Retired: jobs_a_y2025m04 until 2025-06-08 12:00:00Z.");
        }
        answer(monthly(6).toBuilder()
                .addUpkeep(TableUpkeep.newBuilder()
                        .setTable(EVENTS)
                        .setSet("events")
                        .setProblem("\"public.workflow_events\" is not partitioned by range any more."))
                .build());
        assertThat(Cli.to(server).run("partitions", "--target", "shop").out())
                .contains("Partition set events: \"public.workflow_events\" is not partitioned by range any more.");
    }

    @Test
    void filters_reach_the_server_and_a_quoted_name_is_exact() {
        answer(monthly(6));
        Cli.to(server)
                .run(
                        "partitions",
                        "\"My.Schema\".\"Jobs \"\"x\"\"\"",
                        "--target",
                        "shop",
                        "--age",
                        "past,CURRENT",
                        "--exact",
                        "--count-timeout",
                        "5s");
        assertThat(server.request(ListPartitionsRequest.class))
                .isEqualTo(ListPartitionsRequest.newBuilder()
                        .setTarget("shop")
                        .setTable(TableName.newBuilder().setSchema("My.Schema").setName("Jobs \"x\""))
                        .addAges(PartitionAge.PARTITION_AGE_PAST)
                        .addAges(PartitionAge.PARTITION_AGE_CURRENT)
                        .setExact(true)
                        .setCountTimeout(Duration.newBuilder().setSeconds(5))
                        .setPageSize(10_000)
                        .build());
        Cli.to(server).run("partitions", "jobs", "--target", "shop");
        assertThat(server.request(ListPartitionsRequest.class).getTable()).isEqualTo(name("jobs"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "partitions",
                "partitions a.b.c --target shop",
                "partitions jobs --schema app --target shop",
                "partitions --target shop --age old",
                "partitions --target shop --count-timeout 5s",
                "partitions --target shop --view tree -o json",
                "partitions --target shop --view map"
            })
    void what_makes_no_sense_is_wrong_usage_before_anything_is_asked(String line) {
        assertThat(Cli.to(server).run(line.split(" ")).exitCode()).isEqualTo(2);
        assertThat(server.requests(ListPartitionsRequest.class)).isEmpty();
    }

    @Test
    void a_table_that_is_not_partitioned_is_refused_with_3() {
        server.on("ListPartitions", ListPartitionsRequest.class, request -> {
            throw FakeServer.error(
                    Code.FAILED_PRECONDITION, "UNSUPPORTED_RELATION", "public.jobs is not a partitioned table");
        });
        Cli.Result result = Cli.to(server).run("partitions", "jobs", "--target", "shop");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err()).contains("public.jobs is not a partitioned table");
    }

    @Test
    void no_partitioned_tables_is_said_in_words() {
        answer(ListPartitionsResponse.getDefaultInstance());
        Cli.Result result = Cli.to(server).run("partitions", "--target", "shop");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).isEqualTo("No partitioned tables.\n");
    }

    private void answer(ListPartitionsResponse response) {
        server.on("ListPartitions", ListPartitionsRequest.class, request -> response);
    }
}
