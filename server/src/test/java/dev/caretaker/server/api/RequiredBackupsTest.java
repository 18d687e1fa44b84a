package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static dev.caretaker.server.api.BackupCalls.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.util.Durations;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.ApplyPartitionSetsRequest;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.BackupRequirement;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.DeleteBackupRequest;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.ExecuteUpkeepRequest;
import dev.caretaker.v1.PartitionRetirement;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.PlanUpkeepRequest;
import dev.caretaker.v1.PlanWarning;
import dev.caretaker.v1.PlanWarningCode;
import dev.caretaker.v1.PolicyLimits;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of which tables a policy that requires a backup requires it. */
class RequiredBackupsTest {
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
                "CREATE TABLE lines (id int PRIMARY KEY, order_id int REFERENCES orders ON DELETE CASCADE)",
                "CREATE INDEX ON lines (order_id)",
                "INSERT INTO lines SELECT id, id FROM orders",
                "CREATE TABLE notes (line_id int REFERENCES lines ON DELETE SET NULL)",
                "CREATE INDEX ON notes (line_id)",
                "INSERT INTO notes SELECT id FROM lines");
        Database own = BackupScene.of(
                TestPostgres.newest(),
                "CREATE TABLE things (id int PRIMARY KEY, ended timestamptz)",
                "CREATE INDEX ON things (ended)",
                "INSERT INTO things SELECT g, now() - CASE WHEN g <= 10 THEN interval '3 days' ELSE interval '0' END"
                        + " FROM generate_series(1, 100) g",
                "CREATE TABLE parts (at timestamptz NOT NULL) PARTITION BY RANGE (at)",
                "CREATE TABLE parts_old PARTITION OF parts FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')",
                "INSERT INTO parts VALUES ('2020-01-07')");
        scene = BackupScene.start(folder, Map.of("main", target, "own", own));
        scene.server
                .policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies(ScheduleScene.policy("old-things", "own", "things"))
                        .build());
        scene.server
                .partitions()
                .applyPartitionSets(ApplyPartitionSetsRequest.newBuilder()
                        .setRequestId(id())
                        .addSets(ConversionClient.request("parts", "at").getSet().toBuilder()
                                .setTarget("own")
                                .setRetirement(PartitionRetirement.newBuilder().setDuration(Durations.fromDays(30))))
                        .build());
        scene.server
                .policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies(ScheduleScene.policy("old-orders", "main", "orders")
                                .setAllowCascade(true)
                                .setLimits(PolicyLimits.newBuilder()
                                        .setRequireBackup(
                                                BackupRequirement.newBuilder().setWithin(Durations.fromHours(24)))))
                        .build());
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }

    private static String copied(String... tables) {
        return scene.calls.made(backup().setSelection(BackupSelection.newBuilder()
                .addAllTables(
                        Stream.of(tables).map(name -> table("public", name)).toList())));
    }

    private static Plan plan() {
        return scene.server
                .maintenance()
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .addPolicies("old-orders")
                        .build())
                .getPlan();
    }

    private static List<String> missing(Plan plan) {
        return plan.getWarningsList().stream()
                .filter(warning -> warning.getCode() == PlanWarningCode.PLAN_WARNING_CODE_BACKUP_TOO_OLD)
                .map(PlanWarning::getMessage)
                .toList();
    }

    private static void execute(Plan plan, PlanWarningCode... overrides) {
        scene.server
                .maintenance()
                .executeCleanup(ExecuteCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .setPlanId(plan.getPlanId())
                        .addAllOverrideWarnings(List.of(overrides))
                        .build())
                .forEachRemaining(event -> {});
    }

    /** In a database of its own: what others copy counts. */
    @Test
    void a_plan_and_a_plan_of_upkeep_can_demand_a_backup_themselves() {
        Database own = scene.database("own");
        PlanCleanupRequest.Builder request = PlanCleanupRequest.newBuilder()
                .setTarget("own")
                .addPolicies("old-things")
                .setRequireBackup(BackupRequirement.newBuilder()
                        .setWithin(Durations.fromHours(24))
                        .setVerified(true));
        Plan blocked = planned(request);
        assertThat(blocked.getRequireBackup()).isEqualTo(request.getRequireBackup());
        assertThat(blocked.getBlocked()).isTrue();
        assertThat(missing(blocked))
                .singleElement()
                .asString()
                .startsWith(
                        "The plan: A verified backup of the last 24 hours is required, and there is no verified backup"
                                + " that holds public.things.");
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> execute(blocked))
                .withMessageContaining("BACKUP_TOO_OLD");
        Plan upkeep = upkeep();
        assertThat(missing(upkeep)).singleElement().asString().contains("no backup that holds public.parts");
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> executeUpkeep(upkeep))
                .withMessageContaining(
                        "is blocked by BACKUP_TOO_OLD: The plan: A backup of the last 24 hours is required");
        assertThat(own.number("SELECT count(*) FROM things")).isEqualTo(100);
        assertThat(own.value("SELECT to_regclass('parts_old')::text")).isEqualTo("parts_old");

        String id = scene.calls.made(backup().setTarget("own"));
        executeUpkeep(upkeep);
        assertThat(own.number("SELECT count(*) FROM pg_inherits WHERE inhrelid = to_regclass('parts_old')"))
                .isZero();
        assertThat(planned(request).getBlocked()).as("that one is not verified").isTrue();
        scene.calls.complete(scene.calls.verifiedByOwnServer(id));
        Plan plan = planned(request);
        assertThat(plan.getBlocked()).isFalse();
        execute(plan);
        assertThat(own.number("SELECT count(*) FROM things")).isEqualTo(90);
    }

    private static Plan planned(PlanCleanupRequest.Builder request) {
        return scene.server
                .maintenance()
                .planCleanup(request.setRequestId(id()).build())
                .getPlan();
    }

    private static Plan upkeep() {
        return scene.server
                .partitions()
                .planUpkeep(PlanUpkeepRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("own")
                        .setRequireBackup(BackupRequirement.newBuilder().setWithin(Durations.fromHours(24)))
                        .build())
                .getPlan();
    }

    private static void executeUpkeep(Plan plan) {
        scene.server
                .partitions()
                .executeUpkeep(ExecuteUpkeepRequest.newBuilder()
                        .setRequestId(id())
                        .setPlanId(plan.getPlanId())
                        .setEtag(plan.getEtag())
                        .build())
                .forEachRemaining(event -> {});
    }

    @Test
    void it_is_required_of_every_table_whose_rows_go_or_change_by_cascades_when_planned_and_when_executed() {
        assertThat(missing(plan())).singleElement().asString().contains("no backup that holds public.orders.");
        copied("orders");
        assertThat(missing(plan())).singleElement().asString().contains("no backup that holds public.lines.");
        copied("lines");
        Plan blocked = plan();
        assertThat(missing(blocked)).singleElement().asString().contains("no backup that holds public.notes.");
        assertThat(blocked.getBlocked()).isTrue();

        String notes = copied("notes");
        Plan plan = plan();
        assertThat(missing(plan)).isEmpty();
        assertThat(plan.getBlocked()).isFalse();
        scene.server
                .backups()
                .deleteBackup(DeleteBackupRequest.newBuilder()
                        .setRequestId(id())
                        .setBackupId(notes)
                        .setActor("ann")
                        .build());
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> execute(plan))
                .withMessageContaining("there is no backup that holds public.notes");
        assertThat(target.number("SELECT count(*) FROM lines")).isEqualTo(100);

        execute(plan, PlanWarningCode.PLAN_WARNING_CODE_BACKUP_TOO_OLD);
        assertThat(target.number("SELECT count(*) FROM lines")).isEqualTo(90);
        assertThat(target.number("SELECT count(*) FROM notes WHERE line_id IS NULL"))
                .isEqualTo(10);
    }
}
