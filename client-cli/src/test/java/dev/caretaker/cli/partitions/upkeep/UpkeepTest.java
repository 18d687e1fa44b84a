package dev.caretaker.cli.partitions.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.caretaker.cli.output.Text;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.Events;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.CreatePartitionRequest;
import dev.caretaker.v1.CreatePartitionResponse;
import dev.caretaker.v1.DropRetiredRequest;
import dev.caretaker.v1.DropRetiredResponse;
import dev.caretaker.v1.ExecuteUpkeepRequest;
import dev.caretaker.v1.ExecuteUpkeepResponse;
import dev.caretaker.v1.ListRetiredRequest;
import dev.caretaker.v1.ListRetiredResponse;
import dev.caretaker.v1.PartitionRange;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PartitioningCheck;
import dev.caretaker.v1.PartitioningResult;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanStep;
import dev.caretaker.v1.PlanUpkeepRequest;
import dev.caretaker.v1.PlanUpkeepResponse;
import dev.caretaker.v1.PlanWarning;
import dev.caretaker.v1.PlanWarningCode;
import dev.caretaker.v1.PlannedLock;
import dev.caretaker.v1.ReattachPartitionRequest;
import dev.caretaker.v1.ReattachPartitionResponse;
import dev.caretaker.v1.RetiredPartition;
import dev.caretaker.v1.RetiredState;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.UpkeepAction;
import dev.caretaker.v1.VerifyPartitioningRequest;
import dev.caretaker.v1.VerifyPartitioningResponse;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpkeepTest {
    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_plan_shows_every_step_with_its_locks_and_statements_and_starts_nothing() {
        plan(plan(14));
        Cli.Result result = Cli.to(server).run("partitions", "upkeep", "--target", "shop", "--plan");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out())
                .contains(
                        "1. create events_1",
                        "14. create events_14",
                        "SHARE UPDATE EXCLUSIVE on events: milliseconds",
                        "  ALTER TABLE events ATTACH PARTITION events_1;",
                        "NOT_COVERED_NOW (set events)",
                        "Rows are refused.")
                .doesNotContain(" more");
        assertThat(server.request(PlanUpkeepRequest.class).getTarget()).isEqualTo("shop");
        assertThat(server.requests(ExecuteUpkeepRequest.class)).isEmpty();
    }

    @Test
    void a_run_tells_of_many_alike_only_the_first_and_the_last_and_ends_as_the_run_does() {
        plan(plan(300));
        streams(
                "ExecuteUpkeep",
                ExecuteUpkeepRequest.class,
                RunOutcome.RUN_OUTCOME_COMPLETE,
                event -> ExecuteUpkeepResponse.newBuilder().setEvent(event).build());
        Cli.Result result = Cli.to(server).run("partitions", "upkeep", "events", "--deadline", "5m");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out().lines().filter(line -> line.contains("events_")))
                .hasSize(2)
                .anyMatch(line -> line.contains("events_1 "))
                .anyMatch(line -> line.contains("events_300"));
        assertThat(result.out()).contains("… 298 more").contains("step 1/1");
        ExecuteUpkeepRequest sent = server.request(ExecuteUpkeepRequest.class);
        assertThat(sent.getEtag()).isEqualTo("e1");
        assertThat(sent.getDeadline().getSeconds()).isEqualTo(300);
        assertThat(server.request(PlanUpkeepRequest.class).getSetsList()).containsExactly("events");

        streams(
                "ExecuteUpkeep",
                ExecuteUpkeepRequest.class,
                RunOutcome.RUN_OUTCOME_FAILED,
                event -> ExecuteUpkeepResponse.newBuilder().setEvent(event).build());
        assertThat(Cli.to(server).run("partitions", "upkeep", "events").exitCode())
                .isEqualTo(1);
    }

    @Test
    void with_nothing_to_do_it_says_so_and_starts_no_run() {
        plan(plan(0));
        Cli.Result result = Cli.to(server).run("partitions", "upkeep", "--target", "shop");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).startsWith("Nothing to do at shop: one partition set.");
        assertThat(server.requests(ExecuteUpkeepRequest.class)).isEmpty();
    }

    @Test
    void a_set_that_is_left_out_has_not_nothing_to_do_and_what_mends_it_is_printed() {
        plan(plan(0).toBuilder()
                .addSets(PartitionSet.newBuilder().setName("visits"))
                .addWarnings(PlanWarning.newBuilder()
                        .setCode(PlanWarningCode.PLAN_WARNING_CODE_NOT_OWNER)
                        .setSet("visits")
                        .setMessage("Only the owner may.")
                        .setRemediationSql("GRANT owner TO caretaker"))
                .build());
        assertThat(Cli.to(server)
                        .run("partitions", "upkeep", "--target", "shop", "--plan")
                        .out())
                .startsWith("No step at shop: of 2 partition sets 1 is left out.")
                .contains("    GRANT owner TO caretaker\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 120})
    void a_plan_fits_the_terminal(int columns) {
        plan(plan(3));
        assertThat(Cli.to(server)
                        .onTerminal(columns)
                        .with("NO_COLOR", "1")
                        .run("partitions", "upkeep", "--target", "shop", "--plan")
                        .out()
                        .lines())
                .allMatch(line -> Text.width(line) <= columns);
    }

    @ParameterizedTest
    @CsvSource({
        "2031-02, 2031-02-15T12:00:00Z",
        "2031-02-15, 2031-02-15T12:00:00Z",
        "2031-02-15T10:00:00+01:00, 2031-02-15T09:00:00Z",
    })
    void one_month_a_day_or_a_moment_says_which_partition_is_created(String at, Instant sent) {
        streams(
                "CreatePartition",
                CreatePartitionRequest.class,
                RunOutcome.RUN_OUTCOME_COMPLETE,
                event -> CreatePartitionResponse.newBuilder().setEvent(event).build());
        assertThat(Cli.to(server)
                        .run("partitions", "create", "events", "--at", at)
                        .exitCode())
                .isZero();
        assertThat(server.request(CreatePartitionRequest.class).getTime().getSeconds())
                .isEqualTo(sent.getEpochSecond());
    }

    @Test
    void a_key_says_it_for_integers() {
        streams(
                "CreatePartition",
                CreatePartitionRequest.class,
                RunOutcome.RUN_OUTCOME_COMPLETE,
                event -> CreatePartitionResponse.newBuilder().setEvent(event).build());
        assertThat(Cli.to(server)
                        .run("partitions", "create", "numbers", "--holding", "9500")
                        .exitCode())
                .isZero();
        assertThat(server.request(CreatePartitionRequest.class).getKey()).isEqualTo(9_500);
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 120})
    void retired_partitions_are_listed_with_what_becomes_of_them_within_the_terminal(int columns) {
        server.on(
                "ListRetired",
                ListRetiredRequest.class,
                request -> ListRetiredResponse.newBuilder()
                        .addPartitions(retired("workflow_events_y2025m04", RetiredState.RETIRED_STATE_HELD)
                                .setHeldUntil(at("2025-06-08T12:00:00Z")))
                        .addPartitions(retired("workflow_events_y2025m03", RetiredState.RETIRED_STATE_HELD))
                        .addPartitions(retired("workflow_events_y2025m02", RetiredState.RETIRED_STATE_DROPPED)
                                .setEndTime(at("2025-05-08T12:00:00Z")))
                        .build());
        Cli.Result result = Cli.to(server)
                .onTerminal(columns)
                .with("NO_COLOR", "1")
                .run("partitions", "retired", "list", "--target", "shop");
        assertThat(result.out().lines()).hasSize(4).allMatch(line -> Text.width(line) <= columns);
        assertThat(result.out())
                .contains("workflow_events_y2025m04", "2025-06-08", "stays", "2025-04-01 to 2025-05-01", "2 GB");
        Cli.Result all = Cli.to(server)
                .onTerminal(columns)
                .with("NO_COLOR", "1")
                .run("partitions", "retired", "list", "--target", "shop", "--all");
        assertThat(all.out().lines()).hasSize(4).allMatch(line -> Text.width(line) <= columns);
        assertThat(all.out()).contains("held", "stays", "dropped", "2 GB");
        assertThat(server.request(ListRetiredRequest.class).getIncludeEnded()).isTrue();
    }

    @Test
    void no_retired_partitions_is_said_in_words() {
        server.on("ListRetired", ListRetiredRequest.class, request -> ListRetiredResponse.getDefaultInstance());
        assertThat(Cli.to(server).run("partitions", "retired", "list").out()).isEqualTo("No retired partitions.\n");
    }

    @Test
    void a_drop_wants_a_yes_and_then_reaches_the_server_with_all_names() {
        streams(
                "DropRetired",
                DropRetiredRequest.class,
                RunOutcome.RUN_OUTCOME_COMPLETE,
                event -> DropRetiredResponse.newBuilder().setEvent(event).build());
        Cli.Result asked = Cli.to(server).run("partitions", "retired", "drop", "one", "\"Two\"", "--target", "shop");
        assertThat(asked.exitCode()).isEqualTo(2);
        assertThat(asked.err()).contains("would be lost: --yes drops them");
        assertThat(server.requests(DropRetiredRequest.class)).isEmpty();
        assertThat(Cli.to(server)
                        .run("partitions", "retired", "drop", "one", "\"Two\"", "--target", "shop", "--yes")
                        .exitCode())
                .isZero();
        assertThat(server.request(DropRetiredRequest.class).getPartitionsList())
                .extracting(TableName::getName)
                .containsExactly("one", "Two");
    }

    @Test
    void a_partition_is_attached_again() {
        streams(
                "ReattachPartition",
                ReattachPartitionRequest.class,
                RunOutcome.RUN_OUTCOME_COMPLETE,
                event -> ReattachPartitionResponse.newBuilder().setEvent(event).build());
        assertThat(Cli.to(server)
                        .run("partitions", "retired", "reattach", "app.one", "--target", "shop")
                        .exitCode())
                .isZero();
        assertThat(server.request(ReattachPartitionRequest.class).getPartition())
                .isEqualTo(
                        TableName.newBuilder().setSchema("app").setName("one").build());
    }

    @Test
    void what_a_verification_finds_wrong_is_told_in_full_and_decides_the_exit_code() {
        String long_ = "Missing or invalid: workflow_events_run_id_idx on public.workflow_events_y2025m04 and 41 more.";
        server.on(
                "VerifyPartitioning",
                VerifyPartitioningRequest.class,
                request -> VerifyPartitioningResponse.newBuilder()
                        .addChecks(check("covered-now", true, "A partition covers now."))
                        .addChecks(check("indexes", false, long_))
                        .build());
        Cli.Result wrong = Cli.to(server)
                .onTerminal(80)
                .with("NO_COLOR", "1")
                .run("partitions", "verify", "workflow_events", "--target", "shop");
        assertThat(wrong.exitCode()).isEqualTo(1);
        assertThat(wrong.out().replaceAll("\\s+", " "))
                .contains("covered-now passed A partition covers now.")
                .contains("indexes: " + long_)
                .contains("Something is not as it should be.");
        assertThat(wrong.out().lines()).allMatch(line -> Text.width(line) <= 80);
        assertThat(Cli.to(server)
                        .run("partitions", "verify", "workflow_events", "--target", "shop")
                        .out())
                .as("a pipe cuts nothing, and so nothing is said twice")
                .containsOnlyOnce(long_);
        server.on(
                "VerifyPartitioning",
                VerifyPartitioningRequest.class,
                request -> VerifyPartitioningResponse.newBuilder()
                        .setPassed(true)
                        .addChecks(check("covered-now", true, "A partition covers now."))
                        .build());
        Cli.Result fine = Cli.to(server).run("partitions", "verify", "workflow_events", "--target", "shop");
        assertThat(fine.exitCode()).isZero();
        assertThat(fine.out()).contains("Nothing is wrong.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "partitions upkeep",
                "partitions create events",
                "partitions create events --at 2031-02 --holding 5",
                "partitions create events --at soon",
                "partitions retired reattach one",
                "partitions retired drop --target shop --yes",
                "partitions verify events",
            })
    void what_makes_no_sense_is_wrong_usage_before_anything_is_asked(String line) {
        assertThat(Cli.to(server).run(line.split(" ")).exitCode()).isEqualTo(2);
        assertThat(server.requests(PlanUpkeepRequest.class)).isEmpty();
    }

    private void plan(Plan plan) {
        server.on(
                "PlanUpkeep",
                PlanUpkeepRequest.class,
                request -> PlanUpkeepResponse.newBuilder().setPlan(plan).build());
    }

    private <Q extends com.google.protobuf.Message, A extends com.google.protobuf.Message> void streams(
            String method, Class<Q> request, RunOutcome outcome, Function<RunEvent, A> answer) {
        server.onStream(method, request, (given, stream) -> send(stream, outcome, answer));
    }

    private static <A extends com.google.protobuf.Message> void send(
            StreamObserver<com.google.protobuf.Message> stream, RunOutcome outcome, Function<RunEvent, A> answer) {
        Events.all(outcome).forEach(event -> stream.onNext(answer.apply(event)));
        stream.onCompleted();
    }

    private static Plan plan(int steps) {
        Plan.Builder plan = Plan.newBuilder()
                .setPlanId("5d1c3a52-0000-4000-8000-000000000001")
                .setEtag("e1")
                .setTarget("shop")
                .addSets(PartitionSet.newBuilder().setName("events"))
                .addWarnings(PlanWarning.newBuilder()
                        .setCode(PlanWarningCode.PLAN_WARNING_CODE_NOT_COVERED_NOW)
                        .setSet("events")
                        .setMessage("Rows are refused."));
        for (int i = 1; i <= steps; i++) {
            plan.addSteps(PlanStep.newBuilder()
                    .setOrdinal(i)
                    .setSet("events")
                    .setAction(UpkeepAction.UPKEEP_ACTION_CREATE)
                    .setRelation(table("events_" + i))
                    .setReason("Covers 2025-01-01 to 2025-02-01, which is to be read in full by whoever wants to know.")
                    .addLocks(PlannedLock.newBuilder()
                            .setMode("SHARE UPDATE EXCLUSIVE")
                            .setRelation(table("events"))
                            .setDuration("milliseconds"))
                    .addSql("ALTER TABLE events ATTACH PARTITION events_" + i));
        }
        return plan.build();
    }

    private static PartitioningCheck check(String name, boolean passed, String message) {
        return PartitioningCheck.newBuilder()
                .setName(name)
                .setResult(
                        passed
                                ? PartitioningResult.PARTITIONING_RESULT_PASSED
                                : PartitioningResult.PARTITIONING_RESULT_FAILED)
                .setMessage(message)
                .build();
    }

    private static RetiredPartition.Builder retired(String name, RetiredState state) {
        return RetiredPartition.newBuilder()
                .setPartition(table(name))
                .setTarget("shop")
                .setSet("workflow-events")
                .setState(state)
                .setRange(PartitionRange.newBuilder()
                        .setFrom("2025-04-01 00:00:00+00")
                        .setTo("2025-05-01 00:00:00+00"))
                .setBytes(2L << 30);
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
