package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.testing.EmbeddedServer;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestStandby;
import dev.caretaker.v1.CheckReport;
import dev.caretaker.v1.CheckStatus;
import dev.caretaker.v1.Confidence;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.DetectIssuesResponse;
import dev.caretaker.v1.Finding;
import dev.caretaker.v1.ListPartitionsRequest;
import dev.caretaker.v1.ListPartitionsResponse;
import dev.caretaker.v1.MaintenanceServiceGrpc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole server as it is, at a target with a real replica, and with a login of their own for the operator's checks. */
class ReplicaTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String OWN = """
            -- id: %s
            -- title: Where and who
            -- category: house rules
            -- severity: info
            -- reads: %s
            -- meaning: What it means.
            -- remedy: What to do.
            SELECT 'server' AS object_kind, CASE WHEN pg_is_in_recovery() THEN 'replica' ELSE 'primary' END AS object_name,
                   session_user || ' as ' || current_user || '.' AS message
            """;

    @TempDir
    static Path folder;

    private static TestStandby servers;
    private static Database primary;
    private static String watcher;
    private static WholeServer server;
    private static MaintenanceServiceGrpc.MaintenanceServiceBlockingStub maintenance;

    @BeforeAll
    static void start() throws Exception {
        servers = TestStandby.start(EmbeddedServer.NEWEST);
        primary = servers.primary().database();
        watcher = primary.role("watcher").user();
        primary.execute(
                "CREATE TABLE jobs (id int PRIMARY KEY, ended timestamptz, kind int)",
                "CREATE INDEX jobs_ended ON jobs (ended)",
                "CREATE INDEX jobs_kind ON jobs (kind)",
                "INSERT INTO jobs SELECT i, now(), i FROM generate_series(1, 2000) i",
                "CREATE TABLE events (at date NOT NULL) PARTITION BY RANGE (at)",
                "CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
                "INSERT INTO events SELECT '2025-06-01' FROM generate_series(1, 100)",
                "ANALYZE");
        servers.catchUp();
        Files.writeString(folder.resolve("own-anywhere.sql"), OWN.formatted("own-anywhere", "anywhere"));
        Files.writeString(folder.resolve("own-primary.sql"), OWN.formatted("own-primary", "primary"));
        TargetConfig target = servers.config("main", primary);
        server = WholeServer.start(
                primary,
                Map.of(
                        "caretaker.targets.main.url", target.url(),
                        "caretaker.targets.main.replica-url",
                                target.replicaUrl().orElseThrow(),
                        "caretaker.checks.directory", folder.toString(),
                        "caretaker.checks.login.user", watcher,
                        "caretaker.checks.login.password", "secret"));
        maintenance = server.maintenance();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        servers.close();
    }

    @Test
    void checks_read_the_replica_unless_they_must_read_the_primary() {
        DetectIssuesResponse answer = detect(request("own-anywhere", "own-primary"));
        assertThat(answer.getFindingsList())
                .extracting(Finding::getCheckId, Finding::getObject)
                .containsExactlyInAnyOrder(tuple("own-anywhere", "replica"), tuple("own-primary", "primary"));
    }

    @Test
    void checks_of_the_operator_log_in_as_nobody_but_their_own_role() {
        assertThat(detect(request("own-anywhere", "own-primary")).getFindingsList())
                .extracting(Finding::getMessage)
                .containsOnly(watcher + " as " + watcher + ".");
    }

    @Test
    void every_check_runs_at_a_target_with_a_replica() {
        assertThat(detect(request()).getChecksList())
                .filteredOn(report -> report.getStatus() != CheckStatus.CHECK_STATUS_RAN)
                .extracting(CheckReport::getCheckId)
                .containsExactly("slow-queries");
    }

    @Test
    void an_index_that_only_the_replica_uses_is_not_unused() throws SQLException {
        DetectIssuesRequest.Builder unused = request("index-unused")
                .putThresholds("index-unused.min_bytes", "0")
                .putThresholds("index-unused.min_days", "0");
        assertThat(detect(unused).getFindingsList())
                .filteredOn(finding -> finding.getObject().equals("jobs_kind"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.getEvidence()
                                    .getFieldsOrThrow("replica_scans")
                                    .getNumberValue())
                            .isZero();
                    assertThat(finding.getEvidence()
                                    .getFieldsOrThrow("standbys_not_asked")
                                    .getNumberValue())
                            .isZero();
                    assertThat(finding.getConfidence())
                            .as("nobody ever reset the statistics, so their age is unknown")
                            .isEqualTo(Confidence.CONFIDENCE_HEURISTIC);
                });
        try (Connection reader = servers.onStandby(primary).connect();
                Statement statement = reader.createStatement()) {
            statement.execute("SET enable_seqscan = off");
            statement.execute("SELECT * FROM jobs WHERE ended < now()");
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(detect(unused).getFindingsList())
                        .extracting(Finding::getObject)
                        .contains("jobs_kind")
                        .doesNotContain("jobs_ended"));
    }

    @Test
    void a_standby_that_replays_nothing_lags() {
        servers.pauseReplay();
        try {
            primary.execute("CREATE TABLE written AS SELECT g, repeat('x', 200) AS b FROM generate_series(1, 5000) g");
            DetectIssuesRequest.Builder lag =
                    request("replication-lag").putThresholds("replication-lag.min_bytes", "100000");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(detect(lag).getFindingsList())
                            .extracting(Finding::getObject)
                            .containsExactly(TestStandby.NAME));
            assertThat(detect(request("replication-lag")).getFindingsList()).isEmpty();
        } finally {
            servers.resumeReplay();
        }
        servers.catchUp();
    }

    @Test
    void partitions_have_the_statistics_of_the_primary_and_are_counted_on_the_replica() {
        servers.pauseReplay();
        try {
            primary.execute("INSERT INTO events VALUES ('2025-07-01')", "ANALYZE events_2025");
            Timestamp analyzed = list(false).getPartitions(0).getLastAnalyze();
            assertThat(analyzed.getSeconds()).isPositive();
            assertThat(list(false).getPartitions(0).getRows()).isEqualTo(101);
            assertThat(list(true).getPartitions(0).getRows())
                    .as("what the replica has by now")
                    .isEqualTo(100);
        } finally {
            servers.resumeReplay();
        }
        servers.catchUp();
        assertThat(list(true).getPartitions(0).getRows()).isEqualTo(101);
    }

    private static ListPartitionsResponse list(boolean exact) {
        return maintenance.listPartitions(ListPartitionsRequest.newBuilder()
                .setTarget("main")
                .setExact(exact)
                .build());
    }

    private static DetectIssuesRequest.Builder request(String... checks) {
        return DetectIssuesRequest.newBuilder().setTarget("main").addAllChecks(List.of(checks));
    }

    private static DetectIssuesResponse detect(DetectIssuesRequest.Builder request) {
        DetectIssuesResponse answer = maintenance.detectIssues(request.build());
        assertThat(answer.getChecksList()).noneMatch(report -> report.getStatus() == CheckStatus.CHECK_STATUS_FAILED);
        return answer;
    }
}
