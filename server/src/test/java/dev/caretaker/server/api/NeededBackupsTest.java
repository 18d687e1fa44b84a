package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static dev.caretaker.server.api.BackupCalls.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.ApplyPartitionSetsRequest;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.BackupRequirement;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.Conversion;
import dev.caretaker.v1.ConversionState;
import dev.caretaker.v1.DeleteBackupRequest;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.ExecuteUpkeepRequest;
import dev.caretaker.v1.PartitionRetirement;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.PlanUpkeepRequest;
import dev.caretaker.v1.PlanWarningCode;
import dev.caretaker.v1.PolicyLimits;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.RunStep;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs that were ordered while the backup that they need was there, and wait to begin: it becomes too old, or goes. Each has tables of its
 * own, and waits because somebody else works on them.
 */
class NeededBackupsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final BackupRequirement DAILY =
            BackupRequirement.newBuilder().setWithin(Durations.fromHours(24)).build();

    @TempDir
    private static Path folder;

    private static Database target;
    private static BackupScene scene;

    @BeforeAll
    static void start() throws IOException {
        target = BackupScene.of(
                TestPostgres.newest(),
                "CREATE TABLE orders (id int PRIMARY KEY, ended timestamptz)",
                "CREATE INDEX ON orders (ended)",
                "INSERT INTO orders SELECT g, now() - CASE WHEN g <= 10 THEN interval '3 days' ELSE interval '0' END"
                        + " FROM generate_series(1, 100) g",
                "CREATE TABLE aged (at timestamptz NOT NULL) PARTITION BY RANGE (at)",
                "CREATE TABLE aged_old PARTITION OF aged FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')",
                "INSERT INTO aged VALUES ('2020-01-07')",
                "CREATE TABLE plain (at timestamptz NOT NULL)",
                "INSERT INTO plain SELECT now() FROM generate_series(1, 100)");
        scene = BackupScene.start(folder, Map.of("main", target));
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }

    private static String copied(String name) {
        return scene.calls.made(
                backup().setSelection(BackupSelection.newBuilder().addTables(table("public", name))));
    }

    /** As if the run had waited for its window since yesterday. */
    private static void age(String backup) {
        scene.server
                .store()
                .execute("UPDATE caretaker.backup SET snapshot = snapshot - interval '25 hours', stored = stored -"
                        + " interval '25 hours' WHERE backup_id = '" + backup + "'");
    }

    /** Works on tables as somebody else, until it is closed. */
    private static Connection atWork(String... tables) throws SQLException {
        Connection other = target.connect();
        try (Statement statement = other.createStatement()) {
            for (String name : tables) {
                statement.execute("SELECT pg_advisory_lock(" + Session.FENCE_CLASS + ", CAST(CAST('" + name
                        + "'::regclass AS oid) AS int))");
            }
        }
        return other;
    }

    private static void waits(String run) {
        await("run " + run).atMost(LONG).untilAsserted(() -> {
            Run now = scene.calls.runOf(run);
            assertThat(now.getState()).as(now.toString()).isEqualTo(RunState.RUN_STATE_WAITING_LOCK);
            assertThat(now.getStateReason()).contains("is being worked on by");
        });
    }

    private static Run refused(String run) {
        await("run " + run).atMost(LONG).until(() -> scene.calls.runOf(run).getState() == RunState.RUN_STATE_ENDED);
        Run ended = scene.calls.runOf(run);
        assertThat(ended.getOutcome()).as(ended.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_FAILED);
        assertThat(ended.getError().getReason()).isEqualTo("BACKUP_TOO_OLD");
        assertThat(ended.getStepsList()).noneMatch(RunStep::getStarted);
        return ended;
    }

    @Test
    void a_cleanup_whose_backup_became_too_old_while_it_waited_deletes_nothing() throws SQLException {
        scene.server
                .policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies(ScheduleScene.policy("old-orders", "main", "orders")
                                .setLimits(PolicyLimits.newBuilder().setRequireBackup(DAILY)))
                        .build());
        String needed = copied("orders");
        Plan plan = scene.server
                .maintenance()
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .addPolicies("old-orders")
                        .build())
                .getPlan();
        assertThat(plan.getBlocked()).isFalse();
        String run;
        try (Connection _ = atWork("orders")) {
            run = scene.server
                    .maintenance()
                    .executeCleanup(ExecuteCleanupRequest.newBuilder()
                            .setRequestId(id())
                            .setPlanId(plan.getPlanId())
                            .build())
                    .next()
                    .getEvent()
                    .getRunId();
            waits(run);
            age(needed);
        }
        assertThat(refused(run).getError().getMessage())
                .isEqualTo(
                        "Not begun. Policy old-orders: A backup of the last 24 hours is required, and the newest backup"
                                + " that holds public.orders is 25 hours old (caretaker " + needed + ").");
        assertThat(target.number("SELECT count(*) FROM orders")).isEqualTo(100);
    }

    @Test
    void upkeep_whose_backup_was_deleted_while_it_waited_takes_no_partition_away() throws SQLException {
        scene.server
                .partitions()
                .applyPartitionSets(ApplyPartitionSetsRequest.newBuilder()
                        .setRequestId(id())
                        .addSets(ConversionClient.request("aged", "at").getSet().toBuilder()
                                .setPauseCreation(true)
                                .setRetirement(PartitionRetirement.newBuilder().setDuration(Durations.fromDays(30))))
                        .build());
        String needed = copied("aged");
        Plan plan = scene.server
                .partitions()
                .planUpkeep(PlanUpkeepRequest.newBuilder()
                        .setRequestId(id())
                        .addSets("aged")
                        .setRequireBackup(DAILY)
                        .build())
                .getPlan();
        assertThat(plan.getWarningsList())
                .noneMatch(warning -> warning.getCode() == PlanWarningCode.PLAN_WARNING_CODE_BACKUP_TOO_OLD);
        String run;
        try (Connection _ = atWork("aged", "aged_old")) {
            run = scene.server
                    .partitions()
                    .executeUpkeep(ExecuteUpkeepRequest.newBuilder()
                            .setRequestId(id())
                            .setPlanId(plan.getPlanId())
                            .setEtag(plan.getEtag())
                            .build())
                    .next()
                    .getEvent()
                    .getRunId();
            waits(run);
            scene.server
                    .backups()
                    .deleteBackup(DeleteBackupRequest.newBuilder()
                            .setRequestId(id())
                            .setBackupId(needed)
                            .setActor("ann")
                            .build());
        }
        assertThat(refused(run).getError().getMessage())
                .isEqualTo("Not begun. The plan: A backup of the last 24 hours is required, and there is no backup that"
                        + " holds public.aged.");
        assertThat(target.number("SELECT count(*) FROM pg_inherits WHERE inhrelid = 'aged_old'::regclass"))
                .isEqualTo(1);
    }

    @Test
    void a_conversion_whose_backup_became_too_old_while_it_waited_begins_when_there_is_a_newer_one()
            throws SQLException {
        ConversionClient conversions = ConversionClient.of(scene.server);
        String needed = copied("plain");
        Conversion planned =
                conversions.plan(ConversionClient.request("plain", "at").setRequireBackup(DAILY));
        assertThat(planned.getObstaclesList()).isEmpty();
        String run;
        try (Connection _ = atWork("plain")) {
            run = conversions.startOnly(planned);
            waits(run);
            age(needed);
        }
        assertThat(refused(run).getError().getMessage())
                .isEqualTo("Not begun. A backup of the last 24 hours is required, and the newest backup that holds"
                        + " public.plain is 25 hours old (caretaker " + needed + ").");
        assertThat(target.value("SELECT relkind::text FROM pg_class WHERE relname = 'plain'"))
                .isEqualTo("r");
        assertThat(target.number("SELECT count(*) FROM pg_constraint WHERE conrelid = 'plain'::regclass"
                        + " AND contype <> 'n'"))
                .isZero();

        copied("plain");
        ConversionClient.assertComplete(conversions.begin(planned));
        assertThat(conversions.get(planned).getState()).isEqualTo(ConversionState.CONVERSION_STATE_CONVERTED);
        assertThat(target.number("SELECT count(*) FROM plain")).isEqualTo(100);
    }
}
