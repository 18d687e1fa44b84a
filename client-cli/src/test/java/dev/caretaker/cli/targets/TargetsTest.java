package dev.caretaker.cli.targets;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.CheckTargetRequest;
import dev.caretaker.v1.CheckTargetResponse;
import dev.caretaker.v1.GetTableRequest;
import dev.caretaker.v1.GetTableResponse;
import dev.caretaker.v1.ListTargetsRequest;
import dev.caretaker.v1.ListTargetsResponse;
import dev.caretaker.v1.RelationSize;
import dev.caretaker.v1.TableStanding;
import dev.caretaker.v1.Target;
import dev.caretaker.v1.TargetCheck;
import dev.caretaker.v1.TargetProblem;
import dev.caretaker.v1.TargetProblemCode;
import dev.caretaker.v1.TargetProblemSeverity;
import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TargetsTest {
    private static final Target SHOP = Target.newBuilder()
            .setName("shop")
            .setPrimary("db1:5432/shop")
            .addSchemas("public")
            .build();

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private void list() {
        server.on(
                "ListTargets",
                ListTargetsRequest.class,
                request -> ListTargetsResponse.newBuilder()
                        .addTargets(SHOP)
                        .setNextPageToken(request.getPageToken().isEmpty() ? "next" : "")
                        .build());
    }

    @Test
    void a_list_reads_all_pages_in_every_format() {
        list();
        assertThat(Cli.to(server).run("targets", "list").out()).isEqualTo("""
                        NAME  PRIMARY        REPLICA  SCHEMAS
                        shop  db1:5432/shop           public
                        shop  db1:5432/shop           public
                        """);
        assertThat(Cli.to(server).run("targets", "list", "-o", "json").out())
                .contains("\"targets\": [{\n    \"name\": \"shop\"")
                .contains("\"replica\": \"\"");
        assertThat(Cli.to(server).run("targets", "list", "-o", "ndjson").out().lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith("{\"name\":\"shop\",\"primary\":\"db1:5432/shop\""));
        assertThat(Cli.to(server).run("targets", "list", "-o", "yaml").out())
                .startsWith("targets:\n  - name: shop\n    primary: db1:5432/shop\n");
        assertThat(Cli.to(server).run("targets", "list", "-o", "xml").exitCode())
                .isEqualTo(2);
    }

    @Test
    void colours_are_for_terminals_only_and_not_against_the_will_of_the_user() {
        list();
        assertThat(Cli.to(server).onTerminal(80).run("targets", "list").out()).contains("\u001b[2m");
        assertThat(Cli.to(server)
                        .onTerminal(80)
                        .with("NO_COLOR", "1")
                        .run("targets", "list")
                        .out())
                .doesNotContain("\u001b");
        assertThat(Cli.to(server)
                        .onTerminal(80)
                        .with("TERM", "dumb")
                        .run("targets", "list")
                        .out())
                .doesNotContain("\u001b");
    }

    @Test
    void no_targets_is_said_in_words() {
        server.on("ListTargets", ListTargetsRequest.class, request -> ListTargetsResponse.getDefaultInstance());
        assertThat(Cli.to(server).run("targets", "list").out()).startsWith("No targets.");
        assertThat(Cli.to(server).run("targets", "list", "-o", "ndjson").out()).isEmpty();
    }

    @Test
    void an_answer_that_could_not_be_written_is_a_failure_and_one_that_nobody_wanted_to_the_end_is_not() {
        list();
        Cli.Result lost =
                Cli.to(server).into(failing("No space left on device")).run("targets", "list", "-o", "json");
        assertThat(lost.exitCode()).isEqualTo(1);
        assertThat(lost.err()).isEqualTo("caretaker: the output could not be written: No space left on device\n");
        assertThat(Cli.to(server).into(failing("Broken pipe")).run("targets", "list"))
                .isEqualTo(new Cli.Result(0, "", ""));
    }

    private static OutputStream failing(String message) {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                throw new IOException(message);
            }
        };
    }

    @Test
    void a_check_shows_the_worst_first_and_what_mends_it() {
        TargetCheck.Builder check = TargetCheck.newBuilder()
                .setTarget(SHOP)
                .setServerVersion("18.6")
                .setDatabaseBytes(5L << 30)
                .putExtensions("pg_stat_statements", "1.12")
                .addProblems(TargetProblem.newBuilder()
                        .setCode(TargetProblemCode.TARGET_PROBLEM_CODE_MISSING_EXTENSION)
                        .setSeverity(TargetProblemSeverity.TARGET_PROBLEM_SEVERITY_INFO)
                        .setMessage("amcheck is not installed"))
                .addProblems(TargetProblem.newBuilder()
                        .setCode(TargetProblemCode.TARGET_PROBLEM_CODE_MISSING_PRIVILEGE)
                        .setSeverity(TargetProblemSeverity.TARGET_PROBLEM_SEVERITY_ERROR)
                        .setPolicy("old-jobs")
                        .setMessage("DELETE on Jobs is missing")
                        .setRemediationSql("GRANT DELETE ON \"Jobs\" TO caretaker;"));
        server.on(
                "CheckTarget",
                CheckTargetRequest.class,
                request -> CheckTargetResponse.newBuilder().setCheck(check).build());
        Cli.Result result = Cli.to(server).run("targets", "check", "shop");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.out())
                .containsSubsequence("error MISSING_PRIVILEGE (policy old-jobs)", "info MISSING_EXTENSION")
                .contains("    GRANT DELETE ON \"Jobs\" TO caretaker;\n")
                .contains("pg_stat_statements 1.12")
                .contains("5 GB");
        check.addProblemsBuilder()
                .setCode(TargetProblemCode.TARGET_PROBLEM_CODE_UNREACHABLE)
                .setSeverity(TargetProblemSeverity.TARGET_PROBLEM_SEVERITY_ERROR);
        assertThat(Cli.to(server).run("targets", "check", "shop").exitCode()).isEqualTo(4);
        check.setHealthy(true);
        assertThat(Cli.to(server).run("targets", "check", "shop").exitCode()).isZero();
        assertThat(server.request(CheckTargetRequest.class).getTarget()).isEqualTo("shop");
    }

    @Test
    void a_table_shows_its_size_and_what_was_never_seen() {
        server.on(
                "GetTable",
                GetTableRequest.class,
                request -> GetTableResponse.newBuilder()
                        .setTable(TableStanding.newBuilder()
                                .setTable(request.getTable())
                                .setSize(RelationSize.newBuilder()
                                        .setTotalBytes(3 << 20)
                                        .setHeapBytes(2 << 20)
                                        .setIndexBytes(1 << 20)
                                        .setEstimated(true))
                                .setRows(1_200)
                                .setLastVacuum(Timestamp.newBuilder().setSeconds(1_767_225_600)))
                        .build());

        assertThat(Cli.to(server)
                        .run("targets", "table", "shop", "public.\"Odd Name\"")
                        .out())
                .contains("Odd Name", "~3 MB", "~1,200", "2026-01-01", "never seen");
    }
}
