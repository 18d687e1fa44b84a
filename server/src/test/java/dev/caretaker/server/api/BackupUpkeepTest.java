package dev.caretaker.server.api;

import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_REFUSED;
import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_STARTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import dev.caretaker.server.backup.Expired;
import dev.caretaker.server.config.BackupToolsConfig;
import dev.caretaker.server.store.BackupStore;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupRequirement;
import dev.caretaker.v1.BackupRetention;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.BackupState;
import dev.caretaker.v1.BackupVerdict;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.GetBackupRequest;
import dev.caretaker.v1.PinBackupRequest;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.PolicyLimits;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunBackupRequest;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunRoutineRequest;
import dev.caretaker.v1.RunStep;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.ScheduledBackup;
import dev.caretaker.v1.ScheduledBackupVerify;
import dev.caretaker.v1.ScheduledWork;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.VerifyBackupRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** How long backups are kept, and the schedules and routines that make and prove them. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BackupUpkeepTest {
    private static final long HOUR = 3_600;

    @TempDir
    private static Path folder;

    private static ScheduleScene scene;

    @BeforeAll
    static void start() throws IOException {
        scene = new ScheduleScene(Map.ofEntries(
                Map.entry("caretaker.archives.spool", folder.resolve("spool").toString()),
                Map.entry("caretaker.archives.destinations.disk.type", "directory"),
                Map.entry(
                        "caretaker.archives.destinations.disk.path",
                        Files.createDirectories(folder.resolve("disk")).toString()),
                Map.entry("caretaker.targets.main.free-disk-space", "10GB"),
                Map.entry("caretaker.targets.main.backups.keep-last", "2"),
                Map.entry("caretaker.targets.far.schemas", "other"),
                Map.entry("caretaker.routines.safe.parts", List.of("backup", "backup-verify", "cleanup")),
                Map.entry("caretaker.routines.safe.backup.destination", "disk"),
                Map.entry("caretaker.routines.safe.backup.if-required", "true"),
                Map.entry("caretaker.routines.safe.backup-verify.scratch-target", "main"),
                Map.entry("caretaker.routines.safe.backup-verify.allow-same-server", "true"),
                Map.entry("caretaker.routines.safe.backup-verify.if-required", "true")));
        scene.target.execute("CREATE SCHEMA other", "CREATE TABLE other.thing (id int)");
    }

    @AfterAll
    static void stop() throws IOException {
        scene.close();
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }

    private static RunBackupRequest.Builder backup(long keepSeconds) {
        return backup().setKeep(BackupRetention.newBuilder()
                .setAge(Duration.newBuilder().setSeconds(keepSeconds)));
    }

    private static RunBackupRequest.Builder backup() {
        return RunBackupRequest.newBuilder()
                .setRequestId(id())
                .setTarget("main")
                .setDestination("disk")
                .setActor("test");
    }

    private static String run(RunBackupRequest.Builder request) {
        return complete(scene.server.backups().runBackup(request.build()), message -> message.getEvent());
    }

    private static <T> String complete(Iterator<T> stream, Function<T, RunEvent> event) {
        List<RunEvent> events = new ArrayList<>();
        stream.forEachRemaining(message -> events.add(event.apply(message)));
        Run run = scene.run(events.getLast().getRunId());
        assertThat(run.getOutcome()).as(run.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        return run.getRunId();
    }

    private static void verify(String backup) {
        complete(
                scene.server
                        .backups()
                        .verifyBackup(VerifyBackupRequest.newBuilder()
                                .setRequestId(id())
                                .setBackupId(backup)
                                .setScratchTarget("main")
                                .setAllowSameServer(true)
                                .setActor("test")
                                .build()),
                message -> message.getEvent());
    }

    private static Backup get(String backup) {
        return scene.server
                .backups()
                .getBackup(GetBackupRequest.newBuilder().setBackupId(backup).build())
                .getBackup();
    }

    /** What retention does later than now. The server does the same by its own clock meanwhile. */
    private static void expire(long afterSeconds) {
        Expired.after(
                java.time.Duration.ofSeconds(afterSeconds),
                "main",
                scene.server.bean(BackupStore.class),
                scene.server.bean(BackupToolsConfig.class));
    }

    private static void stored(String... backups) {
        assertThat(backups).extracting(backup -> get(backup).getState()).containsOnly(BackupState.BACKUP_STATE_STORED);
    }

    private static void gone(String... backups) {
        assertThat(backups).extracting(backup -> get(backup).getState()).containsOnly(BackupState.BACKUP_STATE_DELETED);
    }

    @Test
    @Order(1)
    void what_was_kept_for_long_enough_goes_but_no_pinned_one_nor_the_newest_nor_the_newest_verified() {
        String proven = run(backup(HOUR));
        verify(proven);
        String old = run(backup(HOUR));
        String pinned = run(backup(HOUR));
        scene.server
                .backups()
                .pinBackup(PinBackupRequest.newBuilder()
                        .setRequestId(id())
                        .setBackupId(pinned)
                        .setReason("before the move")
                        .setActor("ann")
                        .build());
        String longer = run(backup(2 * HOUR));
        String newest = run(backup(HOUR));

        expire(HOUR / 2);
        stored(proven, old, pinned, longer, newest);
        expire(HOUR + 60);
        gone(old);
        stored(proven, pinned, longer, newest);
        assertThat(get(longer).getKeep().getAge().getSeconds()).isEqualTo(2 * HOUR);
        await().atMost(60, TimeUnit.SECONDS).until(() -> files(old) == 0);
        assertThat(scene.store.value("SELECT actor || ' ' || method || ' ' || target || ' ' || outcome"
                        + " FROM caretaker.audit WHERE summary ->> 'backup_id' = '" + old + "'"))
                .isEqualTo("caretaker DeleteBackup main OK");
        assertThat(scene.store.value("SELECT summary FROM caretaker.notification WHERE type = 'backup.expired'"
                        + " AND data ->> 'backups' = '" + old + "'"))
                .isEqualTo("Backup " + old + " of main was kept for long enough, and is deleted.");

        verify(newest);
        expire(HOUR + 60);
        gone(proven);
        stored(longer, newest);
        expire(3 * HOUR);
        gone(longer);
        stored(pinned, newest);
    }

    @Test
    @Order(2)
    void the_configuration_says_how_many_are_kept_of_those_that_say_nothing_themselves() {
        String first = run(backup());
        verify(first);
        String second = run(backup());
        String third = run(backup());
        expire(1_000 * HOUR);
        stored(first, second, third);
        verify(third);
        expire(0);
        gone(first);
        stored(second, third);
    }

    private static long files(String backup) {
        try (Stream<Path> all = Files.walk(folder.resolve("disk"))) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains(backup))
                    .count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Order(3)
    void a_backup_of_a_part_is_replaced_only_by_one_that_holds_it() {
        BackupSelection jobs = BackupSelection.newBuilder()
                .addTables(TableName.newBuilder().setName("jobs"))
                .build();
        String part = run(backup(HOUR).setSelection(jobs));
        String without = run(backup(HOUR)
                .setSelection(BackupSelection.newBuilder()
                        .addWithoutRows(TableName.newBuilder().setName("jobs"))));
        expire(2 * HOUR);
        stored(part, without);
        String whole = run(backup());
        expire(2 * HOUR);
        gone(part, without);
        stored(whole);
    }

    @Test
    @Order(4)
    void a_target_that_is_limited_to_schemas_has_no_backup_of_the_whole_database() {
        Backup made = get(run(backup().setTarget("far")));
        assertThat(made.getWhole()).isFalse();
        assertThat(made.getSelection().getSchemasList()).containsExactly("other");
        assertThat(made.getContentsList())
                .singleElement()
                .satisfies(table -> assertThat(table.getTable().getName()).isEqualTo("thing"));
        assertThatThrownBy(() -> run(backup().setTarget("far")
                        .setSelection(BackupSelection.newBuilder()
                                .addTables(TableName.newBuilder().setName("jobs")))))
                .hasMessageContaining("INVALID_ARGUMENT");
        assertThatThrownBy(() ->
                        run(backup().setSelection(BackupSelection.newBuilder().addSchemas("nowhere"))))
                .hasMessageContaining("INVALID_ARGUMENT");
    }

    private static Schedule.Builder schedule(String name, ScheduledWork.Builder work) {
        return ScheduleScene.vacuum(name, "main").setWork(work);
    }

    @Test
    @Order(5)
    void schedules_make_backups_and_prove_the_newest() {
        scene.apply(schedule(
                "daily",
                ScheduledWork.newBuilder()
                        .setBackup(ScheduledBackup.newBuilder()
                                .setDestination("disk")
                                .setSelection(BackupSelection.newBuilder()
                                        .addWithoutRows(TableName.newBuilder().setName("jobs")))
                                .setKeep(BackupRetention.newBuilder()
                                        .setAge(Duration.newBuilder().setSeconds(30 * 86_400))))));
        Backup made = get(ended("daily"));
        assertThat(made.getKeep().getAge().getSeconds()).isEqualTo(30 * 86_400);
        assertThat(made.getCreatedBy().getName()).isEqualTo("anna");

        ScheduledBackupVerify.Builder proof =
                ScheduledBackupVerify.newBuilder().setScratchTarget("main").setAllowSameServer(true);
        scene.apply(schedule("monthly", ScheduledWork.newBuilder().setBackupVerify(proof)));
        ended("monthly");
        assertThat(get(made.getBackupId()).getEvidence().getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);

        scene.apply(schedule("nothing", ScheduledWork.newBuilder().setBackupVerify(proof))
                .setTarget("slow"));
        Fire refused = scene.trigger("nothing");
        assertThat(refused.getOutcome()).isEqualTo(FIRE_OUTCOME_REFUSED);
        assertThat(refused.getReason()).isEqualTo("BACKUP_NOT_FOUND");
        assertThat(ErrorDetails.of(() -> scene.apply(schedule(
                                "wrong",
                                ScheduledWork.newBuilder()
                                        .setBackup(ScheduledBackup.newBuilder().setDestination("dusk")))))
                        .fields())
                .containsExactly("schedules[0].work.backup.destination");
    }

    private static String ended(String schedule) {
        Fire fire = scene.trigger(schedule);
        assertThat(fire.getOutcome()).as(fire.getMessage()).isEqualTo(FIRE_OUTCOME_STARTED);
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> scene.fires(schedule).getFirst().getRunOutcome() == RunOutcome.RUN_OUTCOME_COMPLETE);
        return fire.getRunId();
    }

    @Test
    @Order(6)
    void a_routine_makes_and_proves_the_backup_that_a_policy_requires_before_it_cleans_up() {
        scene.target.execute(
                "CREATE TABLE precious (id int, ended timestamptz)",
                "INSERT INTO precious VALUES (1, now() - interval '9 days'), (2, now())");
        Run needless = routine();
        assertThat(needless.getStepsList())
                .filteredOn(step -> step.getRelation().getName().startsWith("backup"))
                .extracting(RunStep::getMessage)
                .containsExactly(
                        "Every backup that policies require is there.",
                        "Every verified backup that policies require is there.");

        scene.apply(ScheduleScene.policy("precious", "slow", "precious")
                .setLimits(PolicyLimits.newBuilder()
                        .setRequireBackup(BackupRequirement.newBuilder()
                                .setWithin(Duration.newBuilder().setSeconds(HOUR))
                                .setVerified(true))));
        assertThatThrownBy(() -> scene.server
                        .maintenance()
                        .executeCleanup(ExecuteCleanupRequest.newBuilder()
                                .setRequestId(id())
                                .setPlanId(scene.server
                                        .maintenance()
                                        .planCleanup(PlanCleanupRequest.newBuilder()
                                                .setRequestId(id())
                                                .setTarget("slow")
                                                .addPolicies("precious")
                                                .build())
                                        .getPlan()
                                        .getPlanId())
                                .build())
                        .hasNext())
                .hasMessageContaining("BACKUP_TOO_OLD");
        Run run = routine();
        assertThat(run.getOutcome()).as(run.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(scene.target.number("SELECT count(*) FROM precious")).isEqualTo(1);
    }

    private static Run routine() {
        Iterator<dev.caretaker.v1.RunRoutineResponse> stream = scene.server
                .maintenance()
                .runRoutine(RunRoutineRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("slow")
                        .setRoutine("safe")
                        .setActor("test")
                        .build());
        String run = stream.next().getEvent().getRunId();
        stream.forEachRemaining(ignored -> {});
        return scene.run(run);
    }
}
