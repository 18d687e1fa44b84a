package dev.caretaker.cli.vacuum;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.Events;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.IndexCleanup;
import dev.caretaker.v1.Pace;
import dev.caretaker.v1.RunAccepted;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunFinished;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunStep;
import dev.caretaker.v1.RunTotals;
import dev.caretaker.v1.RunVacuumRequest;
import dev.caretaker.v1.RunVacuumResponse;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TableTotals;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VacuumTest {
    private final FakeServer server = new FakeServer();

    @BeforeEach
    void answer() {
        server.onStream("RunVacuum", RunVacuumRequest.class, (request, stream) -> {
            if (request.getValidateOnly()) {
                stream.onNext(response(RunEvent.newBuilder()
                        .setAccepted(RunAccepted.newBuilder()
                                .setTarget("shop")
                                .addSteps(RunStep.newBuilder()
                                        .setOrdinal(1)
                                        .setKind("vacuum")
                                        .setRelation(TableName.newBuilder()
                                                .setSchema("app")
                                                .setName("Jobs"))
                                        .setMessage("25 % dead rows (2,500)")))
                        .build()));
            } else if (request.getOptions().getFreeze()) {
                stream.onNext(response(Events.accepted(1)));
                stream.onNext(response(Events.at(2).setFinished(vacuumed()).build()));
            } else {
                Events.all(RunOutcome.RUN_OUTCOME_COMPLETE).forEach(event -> stream.onNext(response(event)));
            }
            stream.onCompleted();
        });
    }

    private static RunFinished vacuumed() {
        RunTotals totals = RunTotals.newBuilder()
                .setRowsExact(true)
                .setDeadRowsBefore(2_500)
                .setDeadRowsAfter(12)
                .setBytesBefore(10L << 20)
                .setBytesAfter(7L << 20)
                .setBytesReturned(3L << 20)
                .build();
        return RunFinished.newBuilder()
                .setOutcome(RunOutcome.RUN_OUTCOME_COMPLETE)
                .setTotals(totals)
                .addTables(TableTotals.newBuilder()
                        .setTable(TableName.newBuilder().setSchema("app").setName("Jobs"))
                        .setTotals(totals))
                .build();
    }

    private static RunVacuumResponse response(RunEvent event) {
        return RunVacuumResponse.newBuilder().setEvent(event).build();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_target_that_does_not_answer_leaves_no_doubt_that_there_is_no_run() {
        server.onStream(
                "RunVacuum",
                RunVacuumRequest.class,
                (request, stream) -> stream.onError(
                        FakeServer.error(Code.UNAVAILABLE, "TARGET_UNREACHABLE", "Target shop cannot be reached.")));
        Cli.Result refused = Cli.to(server).run("vacuum", "--target", "shop");
        assertThat(refused.exitCode()).isEqualTo(4);
        assertThat(refused.err()).contains("TARGET_UNREACHABLE").doesNotContain("--request-id");
    }

    @Test
    void without_tables_the_thresholds_choose_and_what_is_not_given_is_not_sent() {
        Cli.Result result = Cli.to(server).run("vacuum", "--target", "shop", "--threshold", "30");
        assertThat(result.exitCode()).as(result.err()).isZero();
        RunVacuumRequest sent = server.request(RunVacuumRequest.class);
        assertThat(sent.getTarget()).isEqualTo("shop");
        assertThat(sent.getTablesList()).isEmpty();
        assertThat(sent.getThresholds().getDeadPercent()).isEqualTo(30);
        assertThat(sent.getThresholds().hasChangedPercent()).isFalse();
        assertThat(sent.getOptions().hasTruncate()).isFalse();
        assertThat(sent.hasDeadline()).isFalse();
        assertThat(sent.getPace()).isEqualTo(Pace.PACE_UNSPECIFIED);
    }

    @Test
    void every_option_is_sent_exactly() {
        Cli.Result result = Cli.to(server)
                .run(
                        "vacuum",
                        "\"My.Schema\".\"Jobs\"",
                        "jobs",
                        "--target",
                        "shop",
                        "--parallel",
                        "2",
                        "--index-cleanup",
                        "off",
                        "--no-truncate",
                        "--buffers",
                        "2MB",
                        "--cost-delay",
                        "2ms",
                        "--cost-limit",
                        "500",
                        "--deadline",
                        "1h",
                        "--window",
                        "22:00-05:00 Europe/Berlin",
                        "--assume-free",
                        "10GB",
                        "--pace",
                        "polite");
        assertThat(result.exitCode()).as(result.err()).isZero();
        RunVacuumRequest sent = server.request(RunVacuumRequest.class);
        assertThat(sent.getTables(0).getSchema()).isEqualTo("My.Schema");
        assertThat(sent.getTables(1).getSchema()).isEqualTo("public");
        assertThat(sent.getOptions().getParallel()).isEqualTo(2);
        assertThat(sent.getOptions().getIndexCleanup()).isEqualTo(IndexCleanup.INDEX_CLEANUP_OFF);
        assertThat(sent.getOptions().hasTruncate()).isTrue();
        assertThat(sent.getOptions().getTruncate()).isFalse();
        assertThat(sent.getOptions().getBufferUsageLimitKb()).isEqualTo(2048);
        assertThat(sent.getOptions().getCostDelay().getNanos()).isEqualTo(2_000_000);
        assertThat(sent.getOptions().getCostLimit()).isEqualTo(500);
        assertThat(sent.getDeadline().getSeconds()).isEqualTo(3_600);
        assertThat(sent.getWindow().getZone()).isEqualTo("Europe/Berlin");
        assertThat(sent.getAssumeFreeBytes()).isEqualTo(10L << 30);
        assertThat(sent.getPace()).isEqualTo(Pace.PACE_POLITE);
    }

    @Test
    void a_dry_run_shows_what_and_why() {
        Cli.Result result = Cli.to(server).run("vacuum", "--target", "shop", "--dry-run");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).containsPattern("1 +vacuum +app\\.Jobs +25 % dead rows \\(2,500\\)");
        assertThat(server.request(RunVacuumRequest.class).getValidateOnly()).isTrue();
    }

    @Test
    void the_summary_compares_before_and_after_and_speaks_of_no_deleted_rows() {
        Cli.Result result = Cli.to(server).run("vacuum", "jobs", "--target", "shop", "--freeze");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out())
                .containsPattern("RELATION +DEAD BEFORE +DEAD NOW +SIZE BEFORE +SIZE NOW")
                .containsPattern("app\\.Jobs +2,500 +12 +10\\S* \\S+ +7\\S* \\S+")
                .contains("Complete (run")
                .doesNotContain("deleted");
    }

    @Test
    void a_window_that_cannot_be_read_is_wrong_usage() {
        Cli.Result result = Cli.to(server).run("vacuum", "--target", "shop", "--window", "at night");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("is not a window such as");
    }
}
