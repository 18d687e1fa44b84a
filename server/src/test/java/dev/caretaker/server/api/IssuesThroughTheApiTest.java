package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.Check;
import dev.caretaker.v1.CheckReport;
import dev.caretaker.v1.CheckStatus;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.DetectIssuesResponse;
import dev.caretaker.v1.Finding;
import dev.caretaker.v1.FindingStatus;
import dev.caretaker.v1.GetFindingRequest;
import dev.caretaker.v1.GetFindingResponse;
import dev.caretaker.v1.IssueServiceGrpc;
import dev.caretaker.v1.ListChecksRequest;
import dev.caretaker.v1.ListChecksResponse;
import dev.caretaker.v1.MaintenanceServiceGrpc;
import dev.caretaker.v1.MuteFindingRequest;
import dev.caretaker.v1.Retention;
import dev.caretaker.v1.Severity;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.UnmuteFindingRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Detection as callers see it, on the whole server as it is. */
class IssuesThroughTheApiTest {
    @TempDir
    static Path folder;

    private static TestPostgres.Database target;
    private static WholeServer server;
    private static MaintenanceServiceGrpc.MaintenanceServiceBlockingStub maintenance;
    private static IssueServiceGrpc.IssueServiceBlockingStub issues;

    @BeforeAll
    static void start() throws Exception {
        target = TestPostgres.newest().database();
        String visitor = target.role("visitor").user();
        target.execute(
                "CREATE TABLE jobs (id int PRIMARY KEY, ended timestamptz)",
                "CREATE INDEX ON jobs (ended)",
                "INSERT INTO jobs SELECT i, now() - interval '30 days' FROM generate_series(1, 2000) i",
                "CREATE TABLE \"Heap Of Rows\" (id int)",
                "ANALYZE");
        Files.writeString(folder.resolve("own-tables.sql"), OWN);
        Files.writeString(
                folder.resolve("two-statements.sql"), OWN.replace("own-tables", "two-statements") + "; SELECT 1");
        Files.writeString(
                folder.resolve("nosy.sql"),
                OWN.replace("own-tables", "nosy").replace("FROM pg_class c", "FROM public.jobs j, pg_class c"));
        Files.writeString(
                folder.resolve("wrong-year.sql"),
                OWN.replace("own-tables", "wrong-year")
                        .replace("FROM pg_class c", "FROM to_date('x', 'YYYY'), pg_class c"));
        server = WholeServer.start(
                target,
                Map.of(
                        "caretaker.checks.directory",
                        folder.toString(),
                        "caretaker.checks.role",
                        visitor,
                        "caretaker.checks.disabled",
                        List.of("table-large"),
                        "caretaker.checks.thresholds.long-query.min_seconds",
                        700,
                        "caretaker.checks.targets.main.idle-in-transaction.min_seconds",
                        42));
        maintenance = server.maintenance();
        issues = server.issues();
    }

    private static final String OWN = """
            -- id: own-tables
            -- title: Tables of ours
            -- category: house rules
            -- severity: info
            -- threshold: min_columns = 1 columns — Fewest columns.
            -- meaning: What it means.
            -- remedy: What to do.
            SELECT 'table' AS object_kind, 'public' AS schema_name, c.relname AS object_name,
                   'seen as ' || current_user || '.' AS message
            FROM pg_class c
            WHERE c.relname = 'jobs' AND c.relnatts >= :min_columns
            """;

    @AfterAll
    static void stop() {
        server.close();
    }

    private static DetectIssuesRequest.Builder request(String... checks) {
        return DetectIssuesRequest.newBuilder().setTarget("main").addAllChecks(List.of(checks));
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }

    @Test
    void a_finding_is_new_then_still_there_then_gone() {
        target.execute("CREATE TABLE passing (id int)");
        Finding first = only(request("table-without-primary-key"), "passing");
        assertThat(first.getStatus()).isEqualTo(FindingStatus.FINDING_STATUS_NEW);
        Finding second = only(request("table-without-primary-key"), "passing");
        assertThat(second.getStatus()).isEqualTo(FindingStatus.FINDING_STATUS_STILL_THERE);
        assertThat(second.getFindingId()).isEqualTo(first.getFindingId());
        assertThat(second.getFirstSeen()).isEqualTo(first.getFirstSeen());
        assertThat(Instant.ofEpochSecond(second.getLastSeen().getSeconds()))
                .isAfterOrEqualTo(Instant.ofEpochSecond(first.getLastSeen().getSeconds()));

        target.execute("DROP TABLE passing");
        assertThat(found(request("table-without-primary-key"), "passing")).isEmpty();
        Finding gone = issues.getFinding(finding(first)).getFinding();
        assertThat(gone.getStatus()).isEqualTo(FindingStatus.FINDING_STATUS_GONE);

        target.execute("CREATE TABLE passing (id int)");
        Finding again = only(request("table-without-primary-key"), "passing");
        assertThat(again.getStatus()).isEqualTo(FindingStatus.FINDING_STATUS_NEW);
        target.execute("DROP TABLE passing");
        assertThat(found(request("table-without-primary-key").setIncludeGone(true), "passing"))
                .extracting(Finding::getStatus)
                .containsExactly(FindingStatus.FINDING_STATUS_GONE);
        assertThat(found(request("table-without-primary-key").setIncludeGone(true), "passing"))
                .as("gone since the time before, not since ever")
                .isEmpty();
    }

    @Test
    void what_a_call_with_its_own_thresholds_does_not_find_is_not_gone() {
        String name = "foreign-key-unindexed.min_rows";
        target.execute(
                "CREATE TABLE parent (id int PRIMARY KEY)",
                "CREATE TABLE child (id int PRIMARY KEY REFERENCES parent, p int REFERENCES parent)");
        Finding known = only(request("foreign-key-unindexed"), "child.child_p_fkey");
        assertThat(found(
                        request("foreign-key-unindexed")
                                .putThresholds(name, "1000000")
                                .setIncludeGone(true),
                        "child.child_p_fkey"))
                .isEmpty();
        assertThat(only(request("foreign-key-unindexed"), "child.child_p_fkey").getStatus())
                .isEqualTo(FindingStatus.FINDING_STATUS_STILL_THERE);
        assertThat(known.getBlocksCleanup()).as("of a small table").isFalse();
        assertThat(only(
                                request("foreign-key-unindexed")
                                        .putThresholds("foreign-key-unindexed.warning_rows", "0"),
                                "child.child_p_fkey")
                        .getBlocksCleanup())
                .isTrue();
        target.execute("DROP TABLE child, parent");
    }

    @Test
    void a_muted_finding_is_hidden_until_it_is_unmuted_or_the_mute_expires() {
        Finding finding = only(request("table-without-primary-key"), "Heap Of Rows");
        MuteFindingRequest mute = MuteFindingRequest.newBuilder()
                .setRequestId(id())
                .setTarget("main")
                .setFindingId(finding.getFindingId())
                .setReason("a queue")
                .setActor("alice")
                .build();
        assertThat(issues.muteFinding(mute).getMute().getCreatedBy().getName()).isEqualTo("alice");
        assertThat(issues.muteFinding(mute)).isEqualTo(issues.muteFinding(mute));
        assertThat(found(request("table-without-primary-key"), "Heap Of Rows")).isEmpty();
        assertThat(only(request("table-without-primary-key").setIncludeMuted(true), "Heap Of Rows")
                        .getMuted())
                .isTrue();
        GetFindingResponse shown = issues.getFinding(finding(finding));
        assertThat(shown.getMute().getReason()).isEqualTo("a queue");
        assertThat(shown.getCheck().getTitle()).isEqualTo("Tables without a primary key");

        UnmuteFindingRequest unmute = UnmuteFindingRequest.newBuilder()
                .setRequestId(id())
                .setTarget("main")
                .setFindingId(finding.getFindingId())
                .build();
        assertThat(issues.unmuteFinding(unmute).getMute().getReason()).isEqualTo("a queue");
        assertThat(found(request("table-without-primary-key"), "Heap Of Rows")).hasSize(1);
        assertThat(ErrorDetails.of(() -> issues.unmuteFinding(
                                unmute.toBuilder().setRequestId(id()).build()))
                        .reason())
                .isEqualTo("FINDING_NOT_FOUND");

        issues.muteFinding(mute.toBuilder()
                .setRequestId(id())
                .setExpireTime(Timestamp.newBuilder().setSeconds(Instant.now().getEpochSecond() + 2))
                .build());
        assertThat(found(request("table-without-primary-key"), "Heap Of Rows")).isEmpty();
        await().untilAsserted(() -> assertThat(found(request("table-without-primary-key"), "Heap Of Rows"))
                .hasSize(1));
    }

    @Test
    void bad_input_names_the_field_before_anything_happens() {
        ErrorDetails error = ErrorDetails.of(() -> maintenance.detectIssues(request("no-such-check")
                .putThresholds("long-query.no_such", "1")
                .putThresholds("no-such.min_bytes", "1")
                .putThresholds("long-query.min_seconds", "soon")
                .build()));
        assertThat(error.reason()).isEqualTo("INVALID_FIELD");
        assertThat(error.toString())
                .contains("checks[0]")
                .contains("thresholds[long-query.no_such]")
                .contains("thresholds[no-such.min_bytes]")
                .contains("thresholds[long-query.min_seconds]");
        assertThat(ErrorDetails.of(() -> maintenance.detectIssues(
                                request().setTarget("nowhere").build()))
                        .reason())
                .isEqualTo("TARGET_NOT_FOUND");
        assertThat(ErrorDetails.of(() -> issues.muteFinding(MuteFindingRequest.newBuilder()
                                .setRequestId(id())
                                .setTarget("main")
                                .setFindingId("0123456789abcdef")
                                .setReason("why")
                                .build()))
                        .reason())
                .isEqualTo("FINDING_NOT_FOUND");
        assertThat(ErrorDetails.of(() -> issues.muteFinding(MuteFindingRequest.newBuilder()
                                .setRequestId(id())
                                .setTarget("main")
                                .setFindingId("0123456789abcdef")
                                .setExpireTime(Timestamp.newBuilder().setSeconds(1))
                                .build()))
                        .toString())
                .contains("reason")
                .contains("expire_time");
    }

    @Test
    void all_checks_are_reported_and_findings_come_worst_first() {
        DetectIssuesResponse all = maintenance.detectIssues(request().build());
        assertThat(all.getFindingsList()).extracting(Finding::getSeverityValue).isSortedAccordingTo((a, b) -> b - a);
        List<String> ran =
                all.getChecksList().stream().map(CheckReport::getCheckId).toList();
        assertThat(ran)
                .contains("index-unused", "own-tables", "two-statements", "nosy")
                .doesNotContain("index-corrupt", "table-large");
        DetectIssuesResponse bad = maintenance.detectIssues(
                request().setMinimumSeverity(Severity.SEVERITY_CRITICAL).build());
        assertThat(bad.getFindingsList())
                .isNotEmpty()
                .allMatch(finding -> finding.getSeverity() == Severity.SEVERITY_CRITICAL);
        assertThat(maintenance
                        .detectIssues(request("table-large", "index-corrupt").build())
                        .getChecksList())
                .extracting(CheckReport::getStatus)
                .containsExactly(CheckStatus.CHECK_STATUS_SKIPPED, CheckStatus.CHECK_STATUS_RAN);
    }

    @Test
    void what_a_check_of_the_operator_says_may_be_rows_and_leaves_in_no_notification() {
        Finding finding = only(request("own-tables"), "jobs");
        assertThat(finding.getMessage()).startsWith("seen as");
        assertThat(server.store()
                        .value("SELECT string_agg(summary || CAST(data AS text), '') FROM caretaker.notification"
                                + " WHERE data ->> 'check' = 'own-tables'")
                        .toString())
                .startsWith("own-tables found table public.jobs.")
                .doesNotContain("seen as");
    }

    @Test
    void checks_of_the_operator_run_as_their_role_and_broken_ones_stop_nobody() {
        DetectIssuesResponse answer = maintenance.detectIssues(
                request("own-tables", "two-statements", "nosy", "wrong-year").build());
        Map<String, CheckReport> reports = new HashMap<>();
        answer.getChecksList().forEach(report -> reports.put(report.getCheckId(), report));
        assertThat(reports.get("own-tables").getStatus()).isEqualTo(CheckStatus.CHECK_STATUS_RAN);
        assertThat(reports.get("two-statements").getStatus()).isEqualTo(CheckStatus.CHECK_STATUS_FAILED);
        assertThat(reports.get("two-statements").getReason()).contains("more than one statement");
        assertThat(reports.get("nosy").getStatus()).isEqualTo(CheckStatus.CHECK_STATUS_SKIPPED);
        assertThat(reports.get("nosy").getReason()).contains("permission denied for table jobs");
        assertThat(reports.get("wrong-year").getReason())
                .as("all that the server says")
                .isEqualTo("invalid value \"x\" for \"YYYY\". Value must be an integer.");
        assertThat(answer.getFindingsList())
                .singleElement()
                .satisfies(finding -> assertThat(finding.getMessage()).startsWith("seen as visitor_"));
    }

    @Test
    void checks_are_listed_with_the_thresholds_in_force() {
        List<Check> checks = new ArrayList<>();
        String token = "";
        do {
            ListChecksResponse page = issues.listChecks(ListChecksRequest.newBuilder()
                    .setTarget("main")
                    .setPageSize(20)
                    .setPageToken(token)
                    .build());
            checks.addAll(page.getChecksList());
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        assertThat(checks)
                .extracting(Check::getCheckId)
                .isSorted()
                .doesNotHaveDuplicates()
                .hasSize(73);
        assertThat(threshold(checks, "long-query")).isEqualTo("700");
        assertThat(threshold(checks, "idle-in-transaction")).isEqualTo("42");
        assertThat(checks.stream().filter(Check::getCustom))
                .extracting(Check::getCheckId)
                .contains("own-tables");
    }

    private static String threshold(List<Check> checks, String id) {
        return checks.stream()
                .filter(check -> check.getCheckId().equals(id))
                .findFirst()
                .orElseThrow()
                .getThresholds(0)
                .getValue();
    }

    @Test
    void stored_policies_tell_what_is_overdue_and_what_contradicts() {
        server.policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies(
                                ValidationTest.GOOD.toBuilder().setName("week").setRetention(days(7)))
                        .addPolicies(ValidationTest.GOOD.toBuilder()
                                .setName("fortnight")
                                .setRetention(days(14)))
                        .build());
        assertThat(maintenance.detectIssues(request("cleanup-overdue").build()).getFindingsList())
                .extracting(Finding::getObject)
                .containsExactlyInAnyOrder("week", "fortnight");
        assertThat(maintenance
                        .detectIssues(request("policy-contradiction").build())
                        .getFindingsList())
                .extracting(Finding::getObject)
                .containsExactly("fortnight");
        assertThat(maintenance
                        .detectIssues(request("cleanup-unreached").build())
                        .getChecks(0)
                        .getStatus())
                .isEqualTo(CheckStatus.CHECK_STATUS_RAN);
    }

    @Test
    void a_policy_whose_table_was_dropped_is_told_as_lost() {
        target.execute("CREATE TABLE short_lived (id int PRIMARY KEY, ended timestamptz)");
        server.policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies(ValidationTest.GOOD.toBuilder()
                                .setName("for-nothing")
                                .setTable(TableName.newBuilder().setName("short_lived")))
                        .build());
        assertThat(maintenance.detectIssues(request("policy-lost").build()).getFindingsList())
                .isEmpty();
        target.execute("DROP TABLE short_lived");
        assertThat(maintenance.detectIssues(request("policy-lost").build()).getFindingsList())
                .extracting(Finding::getObject)
                .containsExactly("for-nothing");
    }

    private static Retention days(int days) {
        return Retention.newBuilder()
                .setDuration(Duration.newBuilder().setSeconds(days * 86_400L))
                .build();
    }

    private static Finding only(DetectIssuesRequest.Builder request, String object) {
        List<Finding> found = found(request, object);
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private static List<Finding> found(DetectIssuesRequest.Builder request, String object) {
        DetectIssuesResponse answer = maintenance.detectIssues(request.build());
        assertThat(answer.getChecksList()).allMatch(report -> report.getStatus() == CheckStatus.CHECK_STATUS_RAN);
        return answer.getFindingsList().stream()
                .filter(finding -> finding.getObject().equals(object))
                .toList();
    }

    private static GetFindingRequest finding(Finding finding) {
        return GetFindingRequest.newBuilder()
                .setTarget("main")
                .setFindingId(finding.getFindingId())
                .build();
    }
}
