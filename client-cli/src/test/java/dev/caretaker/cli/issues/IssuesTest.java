package dev.caretaker.cli.issues;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import com.google.rpc.Code;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.Actor;
import dev.caretaker.v1.CancelQueriesRequest;
import dev.caretaker.v1.CancelQueriesResponse;
import dev.caretaker.v1.Check;
import dev.caretaker.v1.CheckReport;
import dev.caretaker.v1.CheckStatus;
import dev.caretaker.v1.CheckThreshold;
import dev.caretaker.v1.Confidence;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.DetectIssuesResponse;
import dev.caretaker.v1.Finding;
import dev.caretaker.v1.FindingStatus;
import dev.caretaker.v1.GetFindingRequest;
import dev.caretaker.v1.GetFindingResponse;
import dev.caretaker.v1.ImpactUnit;
import dev.caretaker.v1.ListChecksRequest;
import dev.caretaker.v1.ListChecksResponse;
import dev.caretaker.v1.ListTargetsRequest;
import dev.caretaker.v1.ListTargetsResponse;
import dev.caretaker.v1.LongQuery;
import dev.caretaker.v1.Mute;
import dev.caretaker.v1.MuteFindingRequest;
import dev.caretaker.v1.MuteFindingResponse;
import dev.caretaker.v1.Severity;
import dev.caretaker.v1.Target;
import dev.caretaker.v1.UnmuteFindingRequest;
import dev.caretaker.v1.UnmuteFindingResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IssuesTest {
    private static final Finding DUPLICATE = Finding.newBuilder()
            .setFindingId("aaaa000011112222")
            .setCheckId("index-duplicate")
            .setSeverity(Severity.SEVERITY_WARNING)
            .setConfidence(Confidence.CONFIDENCE_CERTAIN)
            .setObjectKind("index")
            .setSchema("public")
            .setObject("Jobs Idx 2")
            .setMessage("Index \"Jobs Idx 2\" is the same as index jobs_idx.")
            .setImpact(1_572_864)
            .setImpactUnit(ImpactUnit.IMPACT_UNIT_BYTES)
            .setEvidence(Struct.newBuilder()
                    .putFields(
                            "same_as",
                            Value.newBuilder().setStringValue("jobs_idx").build())
                    .putFields(
                            "scans", Value.newBuilder().setNumberValue(12_345).build())
                    .putFields(
                            "partitions",
                            Value.newBuilder()
                                    .setListValue(ListValue.newBuilder()
                                            .addValues(Value.newBuilder().setStringValue("p1")))
                                    .build()))
            .setRemediationSql("DROP INDEX CONCURRENTLY public.\"Jobs Idx 2\";")
            .setStatus(FindingStatus.FINDING_STATUS_NEW)
            .setBlocksCleanup(true)
            .setFirstSeen(Timestamp.newBuilder().setSeconds(1_700_000_000))
            .setLastSeen(Timestamp.newBuilder().setSeconds(1_700_000_100))
            .build();
    private static final Finding HELD = Finding.newBuilder()
            .setFindingId("bbbb000011112222")
            .setCheckId("xmin-held")
            .setSeverity(Severity.SEVERITY_CRITICAL)
            .setConfidence(Confidence.CONFIDENCE_HEURISTIC)
            .setObjectKind("session")
            .setObject("pid 7")
            .setMessage("The session pid 7 holds vacuum back.")
            .setStatus(FindingStatus.FINDING_STATUS_STILL_THERE)
            .build();

    private final FakeServer server = new FakeServer();
    private DetectIssuesResponse answer = DetectIssuesResponse.newBuilder()
            .addFindings(HELD)
            .addFindings(DUPLICATE)
            .addChecks(report("index-duplicate", CheckStatus.CHECK_STATUS_RAN, "", 0))
            .addChecks(report("slow-queries", CheckStatus.CHECK_STATUS_SKIPPED, "extension is not installed", 0))
            .addChecks(report("sequence-exhaustion", CheckStatus.CHECK_STATUS_RAN, "", 1_234))
            .addChecks(report("mine", CheckStatus.CHECK_STATUS_FAILED, "there is more than one statement", 0))
            .build();

    private static CheckReport report(String id, CheckStatus status, String reason, long unseen) {
        return CheckReport.newBuilder()
                .setCheckId(id)
                .setStatus(status)
                .setReason(reason)
                .setUnseenObjects(unseen)
                .build();
    }

    @BeforeEach
    void answerCalls() {
        server.on("DetectIssues", DetectIssuesRequest.class, request -> answer);
        server.on(
                "ListChecks",
                ListChecksRequest.class,
                request -> ListChecksResponse.newBuilder()
                        .addChecks(Check.newBuilder()
                                .setCheckId("index-duplicate")
                                .setTitle("Duplicate indexes")
                                .setRemedy("Drop the reported index.")
                                .setDefaultSeverity(Severity.SEVERITY_WARNING))
                        .build());
        server.on(
                "ListTargets",
                ListTargetsRequest.class,
                request -> ListTargetsResponse.newBuilder()
                        .addTargets(Target.newBuilder().setName("billing"))
                        .addTargets(Target.newBuilder().setName("shop"))
                        .build());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Cli.Result run(String... args) {
        return Cli.to(server).run(args);
    }

    @Test
    void findings_are_grouped_by_severity_and_blindness_is_told() {
        Cli.Result result = run("issues", "--target", "shop");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .containsSubsequence(
                        "critical (1)",
                        "pid 7 holds vacuum back",
                        "rule of thumb",
                        "warning (1)",
                        "IMPACT",
                        "1.5 MB",
                        "new")
                .contains("2 of 4 checks ran")
                .contains("slow-queries skipped: extension is not installed")
                .contains("sequence-exhaustion could not see 1,234 objects")
                .contains("mine failed: there is more than one statement");
    }

    @Test
    void all_targets_are_looked_at_unless_one_is_named() {
        Cli.Result result =
                run("issues", "--check", "xmin-held,index-duplicate", "--set", "xmin-held.min_xids=5", "--muted");
        assertThat(result.out()).containsSubsequence("billing", "critical", "shop", "critical");
        assertThat(server.requests(DetectIssuesRequest.class))
                .extracting(DetectIssuesRequest::getTarget)
                .containsExactly("billing", "shop");
        DetectIssuesRequest request = server.request(DetectIssuesRequest.class);
        assertThat(request.getChecksList()).containsExactly("xmin-held", "index-duplicate");
        assertThat(request.getThresholdsMap()).containsEntry("xmin-held.min_xids", "5");
        assertThat(request.getIncludeMuted()).isTrue();
        assertThat(run("issues", "-o", "json").exitCode()).isEqualTo(2);
    }

    @Test
    void a_target_that_cannot_be_looked_at_hides_nothing_of_the_others() {
        server.on("DetectIssues", DetectIssuesRequest.class, request -> {
            if (request.getTarget().equals("billing")) {
                throw FakeServer.error(Code.UNAVAILABLE, "TARGET_UNREACHABLE", "Target billing cannot be reached.");
            }
            return answer;
        });
        Cli.Result result = run("issues");
        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.out())
                .containsSubsequence(
                        "billing",
                        "Not looked at: Target billing cannot be reached. [TARGET_UNREACHABLE]",
                        "shop",
                        "pid 7 holds vacuum back");
        assertThat(run("issues", "--fail-on", "critical").exitCode()).isEqualTo(6);
        Cli.Result sarif = run("issues", "-o", "sarif");
        assertThat(sarif.exitCode()).isEqualTo(4);
        assertThat(sarif.err()).contains("Target billing cannot be reached.");
        assertThat(sarif.out())
                .containsSubsequence(
                        "Target billing cannot be reached. [TARGET_UNREACHABLE]", "\"ruleId\": \"index-duplicate\"");
        assertThat(run("issues", "--target", "billing", "-o", "json").out()).isEmpty();
    }

    @Test
    void what_is_wrong_with_the_request_or_with_caretaker_ends_the_command() {
        server.on("DetectIssues", DetectIssuesRequest.class, request -> {
            throw FakeServer.error(Code.INVALID_ARGUMENT, "INVALID_FIELD", "no such check");
        });
        assertThat(run("issues").exitCode()).isEqualTo(2);
        server.on("DetectIssues", DetectIssuesRequest.class, request -> {
            throw FakeServer.error(Code.UNAVAILABLE, "CONTROL_STORE_UNREACHABLE", "The control store is away.");
        });
        assertThat(run("issues").out()).isEmpty();
    }

    @Test
    void fail_on_decides_the_exit_code() {
        assertThat(run("issues", "--target", "shop", "--fail-on", "critical").exitCode())
                .isEqualTo(6);
        answer = answer.toBuilder().removeFindings(0).build();
        assertThat(run("issues", "--target", "shop", "--fail-on", "critical").exitCode())
                .isZero();
        assertThat(run("issues", "--target", "shop", "--fail-on", "Warning").exitCode())
                .isEqualTo(6);
        Cli.Result hidden = run("issues", "--target", "shop", "--severity", "critical", "--fail-on", "warning");
        assertThat(hidden.exitCode()).as("also by what is not shown").isEqualTo(6);
        assertThat(hidden.out()).doesNotContain("jobs_idx");
        assertThat(server.request(DetectIssuesRequest.class).getMinimumSeverity())
                .isEqualTo(Severity.SEVERITY_WARNING);
        answer = DetectIssuesResponse.newBuilder()
                .addFindings(HELD.toBuilder().setMuted(true))
                .addFindings(DUPLICATE.toBuilder().setStatus(FindingStatus.FINDING_STATUS_GONE))
                .build();
        assertThat(run("issues", "--target", "shop", "--fail-on", "info").exitCode())
                .isZero();
        assertThat(run("issues", "--target", "shop", "--fail-on", "bad").exitCode())
                .isEqualTo(2);
    }

    @Test
    void sarif_carries_rules_levels_and_fingerprints() {
        Cli.Result result = run("issues", "--target", "shop", "-o", "sarif");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("\"version\": \"2.1.0\"")
                .contains("\"ruleId\": \"index-duplicate\"")
                .contains("\"level\": \"error\"")
                .contains("\"caretakerFindingId/v1\": \"aaaa000011112222\"")
                .contains("\"fullyQualifiedName\": \"shop/public.Jobs Idx 2\"")
                .contains("\"baselineState\": \"new\"")
                .contains("\"text\": \"Duplicate indexes\"")
                .contains("\"text\": \"Drop the reported index.\"")
                .contains("there is more than one statement")
                .contains("1,234 objects could not be seen")
                .contains("\"executionSuccessful\": false");
        assertThat(run("targets", "list", "-o", "sarif").exitCode()).isEqualTo(2);
    }

    @Test
    void a_finding_is_shown_with_evidence_meaning_and_what_mends_it() {
        server.on(
                "GetFinding",
                GetFindingRequest.class,
                request -> GetFindingResponse.newBuilder()
                        .setFinding(DUPLICATE)
                        .setCheck(Check.newBuilder()
                                .setMeaning("Both are maintained.")
                                .setRemedy("Drop one."))
                        .setMute(Mute.newBuilder()
                                .setReason("soon")
                                .setCreatedBy(
                                        Actor.newBuilder().setName("alice").setVerified(true)))
                        .build());
        Cli.Result result = run("issues", "show", "aaaa000011112222", "--target", "shop");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("same as: jobs_idx")
                .contains("scans: 12,345")
                .contains("  p1")
                .contains("Both are maintained.")
                .contains("for ever by alice: soon")
                .contains("    DROP INDEX CONCURRENTLY public.\"Jobs Idx 2\";")
                .contains("blocks      cleanup");
        assertThat(server.request(GetFindingRequest.class).getTarget()).isEqualTo("shop");
    }

    @Test
    void a_finding_is_muted_for_a_while_and_unmuted() {
        server.on(
                "MuteFinding",
                MuteFindingRequest.class,
                request -> MuteFindingResponse.newBuilder()
                        .setMute(Mute.newBuilder()
                                .setFindingId(request.getFindingId())
                                .setExpireTime(Timestamp.newBuilder()
                                        .setSeconds(Cli.NOW.getEpochSecond()
                                                + request.getDuration().getSeconds())))
                        .build());
        server.on(
                "UnmuteFinding",
                UnmuteFindingRequest.class,
                request -> UnmuteFindingResponse.newBuilder()
                        .setMute(Mute.newBuilder().setFindingId(request.getFindingId()))
                        .build());
        Cli.Result muted = run("issues", "mute", "aaaa", "--target", "shop", "--reason", "known", "--for", "30d");
        assertThat(muted.out()).contains("Finding aaaa is muted until 2025-07-01 12:00:00Z.");
        MuteFindingRequest request = server.request(MuteFindingRequest.class);
        assertThat(request.getReason()).isEqualTo("known");
        assertThat(request.getActor()).isEqualTo("olga");
        assertThat(run("issues", "mute", "aaaa", "--target", "shop").exitCode()).isEqualTo(2);
        assertThat(run("issues", "unmute", "aaaa", "--target", "shop").out()).contains("Finding aaaa is shown again.");
    }

    @Test
    void a_mute_that_an_older_server_made_without_its_end_is_taken_back() {
        server.on(
                "MuteFinding",
                MuteFindingRequest.class,
                request -> MuteFindingResponse.newBuilder()
                        .setMute(Mute.newBuilder().setFindingId(request.getFindingId()))
                        .build());
        server.on(
                "UnmuteFinding",
                UnmuteFindingRequest.class,
                request -> UnmuteFindingResponse.newBuilder()
                        .setMute(Mute.newBuilder().setFindingId(request.getFindingId()))
                        .build());

        Cli.Result muted = run("issues", "mute", "aaaa", "--target", "shop", "--reason", "known", "--for", "30d");

        assertThat(muted.exitCode()).isEqualTo(3);
        assertThat(muted.err()).contains("knows no spans", "it was taken back");
        assertThat(server.request(UnmuteFindingRequest.class).getFindingId()).isEqualTo("aaaa");
        assertThat(server.request(UnmuteFindingRequest.class).getTarget()).isEqualTo("shop");
    }

    @Test
    void checks_are_listed_by_category_with_thresholds() {
        server.on(
                "ListChecks",
                ListChecksRequest.class,
                request -> ListChecksResponse.newBuilder()
                        .addChecks(Check.newBuilder()
                                .setCheckId("index-bloat-exact")
                                .setCategory("indexes")
                                .setTitle("Bloated indexes (measured)")
                                .setDefaultSeverity(Severity.SEVERITY_WARNING)
                                .setOnRequest(true)
                                .setNeeds("extension pgstattuple 1.4")
                                .addThresholds(CheckThreshold.newBuilder()
                                        .setName("min_percent")
                                        .setValue("30")))
                        .build());
        assertThat(run("checks", "--target", "shop").out())
                .containsSubsequence(
                        "indexes", "index-bloat-exact", "warning", "min_percent=30", "on request; needs extension");
        assertThat(server.request(ListChecksRequest.class).getTarget()).isEqualTo("shop");
    }

    @Test
    void queries_are_only_listed_unless_told_otherwise() {
        server.on(
                "CancelQueries",
                CancelQueriesRequest.class,
                request -> CancelQueriesResponse.newBuilder()
                        .addQueries(LongQuery.newBuilder()
                                .setPid(7)
                                .setUser("app")
                                .setAge(Duration.newBuilder().setSeconds(725))
                                .setQuery("SELECT\n  1")
                                .setCancelled(request.getCancel()))
                        .addQueries(LongQuery.newBuilder().setPid(8).setReason("it is autovacuum"))
                        .build());
        Cli.Result listed =
                run("queries", "cancel", "--target", "shop", "--older-than", "12m", "--exclude-user", "etl");
        assertThat(listed.out())
                .contains("WOULD BE")
                .contains("12m 05s")
                .contains("SELECT 1")
                .contains("left alone: it is autovacuum")
                .contains("Nothing was cancelled");
        CancelQueriesRequest request = server.request(CancelQueriesRequest.class);
        assertThat(request.getCancel()).isFalse();
        assertThat(request.getOlderThan().getSeconds()).isEqualTo(720);
        assertThat(request.getExcludeUsersList()).containsExactly("etl");
        assertThat(run("queries", "cancel", "--target", "shop", "--yes").out()).contains("RESULT");
        assertThat(server.request(CancelQueriesRequest.class).getCancel()).isTrue();
    }
}
