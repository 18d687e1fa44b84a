package dev.caretaker.server.api;

import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_REFUSED;
import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_STARTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import dev.caretaker.server.archive.ArchiveRequest;
import dev.caretaker.v1.Archive;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupRequirement;
import dev.caretaker.v1.BackupRetention;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.BackupVerdict;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.GetArchiveRequest;
import dev.caretaker.v1.GetBackupRequest;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.PolicyLimits;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunBackupRequest;
import dev.caretaker.v1.RunKind;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunRoutineRequest;
import dev.caretaker.v1.RunStep;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.ScheduledArchiveVerify;
import dev.caretaker.v1.ScheduledBackup;
import dev.caretaker.v1.ScheduledBackupVerify;
import dev.caretaker.v1.ScheduledWork;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.VerifyLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Schedules and routines that make backups, prove them, and verify archives. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BackupSchedulesTest {
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
                Map.entry("caretaker.routines.safe.parts", List.of("backup", "backup-verify", "cleanup")),
                Map.entry("caretaker.routines.safe.backup.destination", "disk"),
                Map.entry("caretaker.routines.safe.backup.if-required", "true"),
                Map.entry("caretaker.routines.safe.backup-verify.scratch-target", "main"),
                Map.entry("caretaker.routines.safe.backup-verify.allow-same-server", "true"),
                Map.entry("caretaker.routines.safe.backup-verify.if-required", "true"),
                Map.entry("caretaker.archives.seal-wait", "20s"),
                Map.entry("caretaker.routines.reread.parts", List.of("archive-verify")),
                Map.entry("caretaker.routines.reread.archive-verify.not-verified-within", "10d")));
    }

    @AfterAll
    static void stop() throws IOException {
        scene.close();
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }

    private static Backup get(String backup) {
        return scene.server
                .backups()
                .getBackup(GetBackupRequest.newBuilder().setBackupId(backup).build())
                .getBackup();
    }

    private static Schedule.Builder schedule(String name, ScheduledWork.Builder work) {
        return ScheduleScene.vacuum(name, "main").setWork(work);
    }

    @Test
    @Order(1)
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
    @Order(2)
    void a_routine_makes_and_proves_the_backup_that_a_policy_requires_before_it_cleans_up() {
        scene.target.execute(
                "CREATE TABLE precious (id int, ended timestamptz)",
                "INSERT INTO precious VALUES (1, now() - interval '9 days'), (2, now())");
        Run needless = routine("safe", "slow");
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
        Run run = routine("safe", "slow");
        assertThat(run.getOutcome()).as(run.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(scene.target.number("SELECT count(*) FROM precious")).isEqualTo(1);
    }

    /** Where a policy allows deletes to cascade to any table it names none: those count that foreign keys reach. */
    @Test
    @Order(3)
    void a_routine_also_asks_for_tables_that_deletes_reach_where_they_may_reach_any() {
        scene.target.execute(
                "ALTER TABLE precious ADD PRIMARY KEY (id)",
                "CREATE TABLE trinkets (id int REFERENCES precious ON DELETE CASCADE)");
        scene.store.execute(
                "UPDATE caretaker.backup SET snapshot = snapshot - interval '2 hours' WHERE target = 'slow'");
        scene.apply(ScheduleScene.policy("precious", "slow", "precious")
                .setAllowCascade(true)
                .setLimits(PolicyLimits.newBuilder()
                        .setRequireBackup(BackupRequirement.newBuilder()
                                .setWithin(Duration.newBuilder().setSeconds(HOUR)))));
        scene.server
                .backups()
                .runBackup(RunBackupRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("slow")
                        .setDestination("disk")
                        .setSelection(BackupSelection.newBuilder()
                                .addWithoutRows(TableName.newBuilder().setName("trinkets")))
                        .build())
                .forEachRemaining(event -> {});
        Run run = routine("safe", "slow");
        assertThat(run.getOutcome()).as(run.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(run.getStepsList())
                .extracting(RunStep::getMessage)
                .doesNotContain("Every backup that policies require is there.");
        assertThat(routine("safe", "slow").getStepsList())
                .extracting(RunStep::getMessage)
                .contains("Every backup that policies require is there.");
    }

    private static Run routine(String routine, String target) {
        Iterator<dev.caretaker.v1.RunRoutineResponse> stream = scene.server
                .maintenance()
                .runRoutine(RunRoutineRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget(target)
                        .setRoutine(routine)
                        .setActor("test")
                        .build());
        String run = stream.next().getEvent().getRunId();
        stream.forEachRemaining(ignored -> {});
        return scene.run(run);
    }

    private static String archived(String table) throws Exception {
        scene.target.execute(
                "CREATE TABLE " + table + " (id int PRIMARY KEY, at timestamptz NOT NULL)",
                "INSERT INTO " + table + " SELECT i, now() FROM generate_series(1, 2000) i");
        ArchivingStep step = new ArchivingStep(
                scene.server,
                scene.target,
                new dev.caretaker.server.store.TableName("public", table),
                Optional.of("at"));
        ArchiveRequest request = step.request(ArchivingStep.terms("disk", "csv", "zstd"));
        assertThat(step.archive(request, 500).stored()).isTrue();
        return request.id().toString();
    }

    private static Archive archive(String id) {
        return scene.server
                .archives()
                .getArchive(GetArchiveRequest.newBuilder().setArchiveId(id).build())
                .getArchive();
    }

    /** As if it had been read for the last time so many days ago. */
    private static void age(String archive, int days) {
        scene.store.execute("UPDATE caretaker.archive SET verified_level = 'READ_BACK', verified = now() - " + days
                + " * interval '1 day' WHERE archive_id = '" + archive + "'");
    }

    private static Path damaged(String archive) throws IOException {
        Archive known = archive(archive);
        Path part = folder.resolve("disk")
                .resolve(known.getLocation())
                .resolve(known.getParts(0).getObject());
        byte[] bytes = Files.readAllBytes(part);
        bytes[bytes.length / 2] ^= 4;
        Files.write(part, bytes);
        return part;
    }

    private static Run reread(RunOutcome outcome) {
        Fire fire = scene.trigger("reread");
        assertThat(fire.getOutcome()).as(fire.getMessage()).isEqualTo(FIRE_OUTCOME_STARTED);
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> scene.run(fire.getRunId()).getOutcome() == outcome);
        return scene.run(fire.getRunId());
    }

    private static List<String> looked(Run run) {
        return run.getStepsList().stream()
                .map(step -> step.getRelation().getName() + " " + step.getOutcome())
                .toList();
    }

    @Test
    @Order(3)
    void schedules_and_routines_verify_archives_that_were_not_verified_for_a_while_the_newest_first() throws Exception {
        String whole = archived("whole");
        String broken = archived("broken");
        age(whole, 31);
        age(broken, 31);
        String fresh = archived("fresh");
        age(fresh, 29);
        damaged(broken);
        Schedule stored = scene.apply(schedule(
                "reread",
                ScheduledWork.newBuilder()
                        .setArchiveVerify(ScheduledArchiveVerify.newBuilder().addPolicies("old-rows"))));
        ScheduledArchiveVerify terms = stored.getWork().getArchiveVerify();
        assertThat(terms.getNotVerifiedWithin().getSeconds()).isEqualTo(30 * 86_400);
        assertThat(terms.getMost()).isEqualTo(100);
        assertThat(terms.getLevel()).isEqualTo(VerifyLevel.VERIFY_LEVEL_READ_BACK);

        Run first = reread(RunOutcome.RUN_OUTCOME_FAILED);
        assertThat(first.getKind()).isEqualTo(RunKind.RUN_KIND_ARCHIVE_VERIFY);
        assertThat(looked(first)).containsExactly("broken RUN_OUTCOME_FAILED", "whole RUN_OUTCOME_COMPLETE");
        assertThat(first.getError().getReason()).isEqualTo("ARCHIVE_DAMAGED");
        assertThat(first.getError().getMessage()).contains(broken);
        assertThat(archive(broken).getFault()).isNotEmpty();
        assertThat(looked(reread(RunOutcome.RUN_OUTCOME_FAILED))).containsExactly("broken RUN_OUTCOME_FAILED");

        damaged(broken); // back to what it was
        assertThat(looked(reread(RunOutcome.RUN_OUTCOME_COMPLETE))).containsExactly("broken RUN_OUTCOME_COMPLETE");
        assertThat(archive(broken).getFault()).isEmpty();
        assertThat(looked(reread(RunOutcome.RUN_OUTCOME_COMPLETE))).isEmpty();

        Run routine = routine("reread", "main");
        assertThat(routine.getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(routine.getSteps(0).getMessage()).endsWith(": complete, 1 of 1 steps done.");
        assertThat(archive(fresh).getVerifyTime().getSeconds())
                .isGreaterThanOrEqualTo(routine.getCreateTime().getSeconds());
        assertThat(routine("reread", "main").getSteps(0).getMessage())
                .isEqualTo("Nothing to do: every archive was verified lately.");
    }

    @Test
    @Order(4)
    void a_verification_of_archives_that_makes_no_sense_is_refused_field_by_field() {
        assertThat(ErrorDetails.of(() -> scene.apply(schedule(
                                "wrong",
                                ScheduledWork.newBuilder()
                                        .setArchiveVerify(ScheduledArchiveVerify.newBuilder()
                                                .addPolicies("")
                                                .setNotVerifiedWithin(
                                                        Duration.newBuilder().setSeconds(1))
                                                .setMost(20_000)
                                                .setLevelValue(9)))))
                        .fields())
                .containsExactlyInAnyOrder(
                        "schedules[0].work.archive_verify.policies[0]",
                        "schedules[0].work.archive_verify.not_verified_within",
                        "schedules[0].work.archive_verify.most",
                        "schedules[0].work.archive_verify.level");
    }
}
