package dev.caretaker.cli.policies;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.caretaker.cli.file.InputFile;
import dev.caretaker.cli.policies.file.PolicyFile;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.AppliedPolicy;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.ApplyPoliciesResponse;
import dev.caretaker.v1.ApplyResult;
import dev.caretaker.v1.DeletePolicyRequest;
import dev.caretaker.v1.DeletePolicyResponse;
import dev.caretaker.v1.GetPolicyRequest;
import dev.caretaker.v1.GetPolicyResponse;
import dev.caretaker.v1.ListPoliciesRequest;
import dev.caretaker.v1.ListPoliciesResponse;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.StateColumn;
import dev.caretaker.v1.SuggestPolicyRequest;
import dev.caretaker.v1.SuggestPolicyResponse;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoliciesTest {
    private static final String FILE = """
            name: old-jobs
            target: shop
            table: Jobs
            timeColumn: {name: EndTime, kind: timestamptz}
            keep: 7d
            where: {Status: 2}
            """;

    @TempDir
    private Path folder;

    private final FakeServer server = new FakeServer();
    private Policy stored = Policy.getDefaultInstance();

    @BeforeEach
    void storeWhatIsApplied() {
        server.on("ApplyPolicies", ApplyPoliciesRequest.class, request -> {
            stored = request.getPolicies(0).toBuilder().setEtag("e1").build();
            return ApplyPoliciesResponse.newBuilder()
                    .addPolicies(AppliedPolicy.newBuilder()
                            .setPolicy(stored)
                            .setResult(ApplyResult.APPLY_RESULT_CREATED)
                            .addWarnings("contradicts other-jobs"))
                    .build();
        });
        server.on(
                "GetPolicy",
                GetPolicyRequest.class,
                request -> GetPolicyResponse.newBuilder().setPolicy(stored).build());
    }

    @Test
    void a_policy_that_was_found_is_printed_as_a_file_that_can_be_applied() throws Exception {
        Policy found = PolicyFile.read(new InputFile("f", FILE.replace("where: {Status: 2}", "")))
                .get(0);
        server.on(
                "SuggestPolicy",
                SuggestPolicyRequest.class,
                request -> SuggestPolicyResponse.newBuilder()
                        .setPolicy(found.toBuilder().setTable(request.getTable()))
                        .addNotes("Rows are dated by \"End\nname: Time\".")
                        .setState(StateColumn.newBuilder()
                                .setName("Status")
                                .addValues(Value.newBuilder().setStringValue("done"))
                                .addValues(Value.newBuilder().setStringValue("a\n# b")))
                        .addCascades(TableName.newBuilder().setSchema("public").setName("kids"))
                        .build());
        for (String format : List.of("table", "yaml")) {
            String out = Cli.to(server)
                    .run("policies", "init", "sales.Jobs", "--target", "shop", "-o", format)
                    .out();
            assertThat(out)
                    .contains(
                            "# Rows are dated by \"End name: Time\".",
                            "# A placeholder",
                            "#   Status:",
                            "#   - public.kids");
            assertThat(PolicyFile.read(new InputFile("f", out)))
                    .containsExactly(found.toBuilder()
                            .setTable(TableName.newBuilder().setSchema("sales").setName("Jobs"))
                            .build());
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Cli.Result apply(String... more) throws Exception {
        Path file = Files.writeString(folder.resolve("p.yml"), FILE);
        String[] args = new String[4 + more.length];
        System.arraycopy(new String[] {"policies", "apply", "-f", file.toString()}, 0, args, 0, 4);
        System.arraycopy(more, 0, args, 4, more.length);
        return Cli.to(server).run(args);
    }

    @Test
    void applying_says_what_happened_and_shows_warnings() throws Exception {
        Cli.Result result = apply();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("old-jobs  shop    Jobs   created").contains("contradicts other-jobs");
        ApplyPoliciesRequest request = server.request(ApplyPoliciesRequest.class);
        assertThat(UUID.fromString(request.getRequestId()).version()).isEqualTo(4);
        assertThat(request.getActor()).isEqualTo("olga");
        assertThat(request.getValidateOnly()).isFalse();
    }

    @Test
    void a_dry_run_stores_nothing() throws Exception {
        assertThat(apply("--dry-run").out()).contains("WOULD BE").contains("Nothing was stored");
        assertThat(server.request(ApplyPoliciesRequest.class).getValidateOnly()).isTrue();
    }

    @Test
    void files_may_come_from_standard_input() {
        assertThat(Cli.to(server)
                        .typing(FILE)
                        .run("policies", "apply", "-f", "-")
                        .exitCode())
                .isZero();
        assertThat(server.request(ApplyPoliciesRequest.class).getPolicies(0).getName())
                .isEqualTo("old-jobs");
    }

    @Test
    void what_is_shown_can_be_applied_again() throws Exception {
        apply();
        Policy before = stored;
        String shown =
                Cli.to(server).run("policies", "show", "old-jobs", "-o", "yaml").out();
        assertThat(Cli.to(server)
                        .typing(shown)
                        .run("policies", "apply", "-f", "-")
                        .exitCode())
                .isZero();
        assertThat(server.request(ApplyPoliciesRequest.class).getPolicies(0)).isEqualTo(before);
        String json =
                Cli.to(server).run("policies", "show", "old-jobs", "-o", "json").out();
        assertThat(Cli.to(server)
                        .typing(json)
                        .run("policies", "apply", "-f", "-")
                        .exitCode())
                .isZero();
        assertThat(server.request(ApplyPoliciesRequest.class).getPolicies(0)).isEqualTo(before);
    }

    @Test
    void a_bad_file_is_refused_before_anything_is_sent() {
        Cli.Result result = Cli.to(server).typing(FILE + "kep: 3\n").run("policies", "apply", "-f", "-");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).startsWith("caretaker: standard input:7: kep: unknown key");
        assertThat(server.requests(ApplyPoliciesRequest.class)).isEmpty();
        assertThat(Cli.to(server).run("policies", "apply", "-f", "/nowhere.yml").err())
                .isEqualTo("caretaker: /nowhere.yml does not exist\n");
    }

    @Test
    void fields_that_the_server_finds_wrong_are_named() {
        server.on("ApplyPolicies", ApplyPoliciesRequest.class, request -> {
            throw FakeServer.error(
                    Code.INVALID_ARGUMENT,
                    "INVALID_FIELD",
                    "policies[0].target: no target of that name",
                    "policies[0].target",
                    "no target of that name");
        });
        Cli.Result result = Cli.to(server).typing(FILE).run("policies", "apply", "-f", "-");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).isEqualTo("caretaker: policies[0].target: no target of that name [INVALID_FIELD]\n");
    }

    @Test
    void a_list_reads_all_pages() {
        server.on("ListPolicies", ListPoliciesRequest.class, request -> {
            boolean first = request.getPageToken().isEmpty();
            Policy.Builder policy = Policy.newBuilder().setName(first ? "one" : "two");
            policy.getRetentionBuilder().getCalendarBuilder().setMonths(3).setZone("Europe/Berlin");
            return ListPoliciesResponse.newBuilder()
                    .addPolicies(policy)
                    .setNextPageToken(first ? "next" : "")
                    .build();
        });
        assertThat(Cli.to(server).run("policies", "list").out()).contains("one", "two", "3 months in Europe/Berlin");
        assertThat(Cli.to(server).run("policies", "list", "-o", "ndjson").out().lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith("{\"name\":"));
        assertThat(Cli.to(server).run("policies", "list", "-o", "yaml").out()).startsWith("policies:\n  - name: one\n");
    }

    @Test
    void deleting_sends_the_etag() {
        server.on(
                "DeletePolicy",
                DeletePolicyRequest.class,
                request -> DeletePolicyResponse.newBuilder()
                        .setPolicy(Policy.newBuilder().setName(request.getName()))
                        .build());
        Cli.Result result = Cli.to(server).run("policies", "delete", "old-jobs", "--etag", "e1");
        assertThat(result.out()).isEqualTo("Policy old-jobs is deleted.\n");
        assertThat(server.request(DeletePolicyRequest.class).getEtag()).isEqualTo("e1");
    }
}
