package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import dev.caretaker.server.backup.Expired;
import dev.caretaker.server.config.BackupToolsConfig;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.BackupStore;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupRetention;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.GetBackupRequest;
import dev.caretaker.v1.PinBackupRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunBackupRequest;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.VerifyBackupRequest;
import dev.caretaker.v1.VerifyBackupResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

/** How long backups are kept. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BackupUpkeepTest {
    private static final long HOUR = 3_600;
    private static final int ROUNDS = 10;

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
                Map.entry("caretaker.targets.far.schemas", "other")));
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
        complete(scene.server.backups().verifyBackup(verification(backup)), message -> message.getEvent());
    }

    private static VerifyBackupRequest verification(String backup) {
        return VerifyBackupRequest.newBuilder()
                .setRequestId(id())
                .setBackupId(backup)
                .setScratchTarget("main")
                .setAllowSameServer(true)
                .setActor("test")
                .build();
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

    private static Object state(String backup) {
        return scene.store.value("SELECT state FROM caretaker.backup WHERE backup_id = '" + backup + "'");
    }

    private static void stored(String... backups) {
        assertThat(backups).extracting(BackupUpkeepTest::state).containsOnly("STORED");
    }

    private static void gone(String... backups) {
        assertThat(backups).extracting(BackupUpkeepTest::state).containsOnly("DELETED");
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

    /** One server is one connection to the control store at a time, as here one thread is. */
    @Test
    @Order(5)
    void two_servers_that_delete_at_once_delete_each_once_and_never_the_newest_verified() throws Exception {
        String proven = run(backup(HOUR));
        verify(proven);
        try (ExecutorService servers = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < ROUNDS; round++) {
                String target = "round-" + round;
                String first = copy(proven, target, 4, true);
                String second = copy(proven, target, 3, true);
                String newestVerified = copy(proven, target, 2, true);
                String newest = copy(proven, target, 1, false);
                CyclicBarrier together = new CyclicBarrier(2);
                Callable<List<String>> server = () -> {
                    together.await(60, TimeUnit.SECONDS);
                    return Expired.after(
                            java.time.Duration.ofHours(2),
                            target,
                            scene.server.bean(BackupStore.class),
                            scene.server.bean(BackupToolsConfig.class));
                };
                List<String> gone = new ArrayList<>();
                for (Future<List<String>> one : servers.invokeAll(List.of(server, server))) {
                    gone.addAll(one.get());
                }
                assertThat(gone).as("each once").containsExactlyInAnyOrder(first, second);
                stored(newestVerified, newest);
                assertThat(scene.store.number("SELECT count(*) FROM caretaker.audit WHERE target = '" + target
                                + "' AND method = 'DeleteBackup'"))
                        .isEqualTo(2);
            }
        }
    }

    /** A row as that of a backup, so many hours older, of which nothing lies anywhere. */
    private static String copy(String backup, String target, int hours, boolean verified) {
        String id = id();
        scene.store.execute(
                "INSERT INTO caretaker.backup (backup_id, target, engine, destination, location, request, whole,"
                        + " state, actor, created, snapshot, stored, verified, evidence, manifest_sha256)"
                        + " SELECT '" + id + "', '" + target + "', engine, destination, 'nowhere/" + id
                        + "/', request, whole,"
                        + " state, actor, created, snapshot - " + hours + " * interval '1 hour', stored - " + hours
                        + " * interval '1 hour',"
                        + (verified ? " verified, evidence" : " NULL, NULL")
                        + ", manifest_sha256 FROM caretaker.backup WHERE backup_id = '" + backup + "'");
        return id;
    }

    private static void dated(String backup, String column, String interval) {
        scene.store.execute("UPDATE caretaker.backup SET " + column + " = " + column + " + interval '" + interval
                + "' WHERE backup_id = '" + backup + "'");
    }

    private static void expire(String target, java.time.Duration after) {
        Expired.after(after, target, scene.server.bean(BackupStore.class), scene.server.bean(BackupToolsConfig.class));
    }

    /** The clock of the server that was copied was ahead for a while, as of a machine that has just started. */
    @Test
    @Order(6)
    void a_backup_that_is_dated_in_the_future_neither_replaces_later_ones_nor_stays_for_ever() {
        String proven = run(backup(HOUR));
        verify(proven);
        String old = copy(proven, "ahead", 10, true);
        String future = copy(proven, "ahead", 8, true);
        dated(future, "snapshot", "3 years");
        String newestVerified = copy(proven, "ahead", 4, true);
        String newest = copy(proven, "ahead", 2, false);
        expire("ahead", java.time.Duration.ofHours(2));
        stored(newestVerified, newest);
        gone(old, future);
        assertThat(scene.server
                        .bean(BackupStore.class)
                        .delete(UUID.fromString(newestVerified), false, java.time.Instant.now(), Actor.ENGINE))
                .as("the newest verified one")
                .isFalse();

        String late = copy(proven, "ahead-alone", 10, true);
        String lastProven = copy(proven, "ahead-alone", 8, true);
        dated(lastProven, "snapshot", "3 years");
        expire("ahead-alone", java.time.Duration.ofHours(2));
        gone(late);
        stored(lastProven);
    }

    @Test
    @Order(7)
    void one_that_is_dated_in_the_future_does_not_hide_the_newest_verified_one() {
        String proven = run(backup(HOUR));
        verify(proven);
        String future = copy(proven, "hidden", 8, true);
        dated(future, "snapshot", "3 years");
        String newest = copy(proven, "hidden", 4, true);
        assertThat(scene.server.bean(BackupStore.class).newest("hidden", java.time.Instant.now()))
                .extracting(row -> row.id().toString())
                .containsExactly(newest);
    }

    @Test
    @Order(8)
    void a_backup_that_is_dated_long_ago_is_as_old_as_it_was_stored_and_replaces_nothing() {
        String proven = run(backup(24 * HOUR));
        verify(proven);
        String first = copy(proven, "behind", 10, true);
        String behind = copy(proven, "behind", 6, true);
        dated(behind, "snapshot", "-3 years");
        String newest = copy(proven, "behind", 2, true);
        expire("behind", java.time.Duration.ofHours(1));
        stored(first, behind, newest);
        scene.store.execute("DELETE FROM caretaker.backup WHERE backup_id = '" + newest + "'");
        expire("behind", java.time.Duration.ofHours(48));
        stored(first, behind);
    }

    @Test
    @Order(9)
    void when_our_own_clock_was_ahead_what_was_stored_then_replaces_nothing_that_is_newer_by_the_other() {
        String proven = run(backup(HOUR));
        verify(proven);
        String ahead = copy(proven, "ours", 8, true);
        dated(ahead, "stored", "3 years");
        String both = copy(proven, "ours", 6, true);
        dated(both, "stored", "3 years");
        dated(both, "snapshot", "3 years");
        String newest = copy(proven, "ours", 4, true);
        expire("ours", java.time.Duration.ofHours(2));
        gone(ahead);
        stored(both, newest);
        expire("ours", java.time.Duration.ofDays(-2_000)); // and when it is behind, all of them are in the future
        stored(both, newest);
    }

    private static String dumped(String backup) {
        scene.store.execute("UPDATE caretaker.backup SET engine = 'PG_DUMP' WHERE backup_id = '" + backup + "'");
        return backup;
    }

    private static boolean isDeleted(String backup) {
        return scene.server
                .bean(BackupStore.class)
                .delete(UUID.fromString(backup), false, java.time.Instant.now(), Actor.ENGINE);
    }

    private static String found(String backup, String verdict) {
        scene.store.execute("UPDATE caretaker.backup SET evidence = jsonb_set(evidence, '{verdict}', '\"" + verdict
                + "\"') WHERE backup_id = '" + backup + "'");
        return backup;
    }

    /** Each was proven once; what counts is what the latest verification found. */
    @Test
    @Order(11)
    void a_damaged_backup_may_be_deleted_and_takes_nobodys_place_until_it_is_proven_again() {
        String proven = run(backup(HOUR));
        verify(proven);
        String only = copy(proven, "damaged", 10, true);
        String newer = found(copy(proven, "damaged", 8, true), "DAMAGED");
        String unproven = copy(proven, "damaged", 6, false);
        assertThat(isDeleted(only)).as("the newest verified one that is whole").isFalse();
        expire("damaged", java.time.Duration.ofHours(2));
        stored(only, unproven);
        gone(newer); // the newest of all is whole, and verified a damaged one need not be

        String again = found(copy(proven, "damaged", 4, true), "DAMAGED");
        assertThat(isDeleted(only)).isFalse();
        found(again, "PARTIAL");
        assertThat(isDeleted(only)).as("there is a newer one that was proven").isTrue();
        found(again, "DAMAGED");
        assertThat(isDeleted(again)).as("however newest it is").isTrue();
        stored(unproven);
    }

    /** Large objects and more are in dumps alone. */
    @Test
    @Order(10)
    void a_table_copy_takes_the_place_of_no_dump_and_a_dump_that_of_a_table_copy() {
        String proven = run(backup(HOUR));
        verify(proven);
        String dump = dumped(copy(proven, "engines", 10, true));
        String old = copy(proven, "engines", 8, true);
        String newest = copy(proven, "engines", 6, true);
        expire("engines", java.time.Duration.ofHours(2));
        gone(old);
        stored(dump, newest);
        assertThat(isDeleted(dump)).as("the newest dump that is proven").isFalse();

        String unproven = dumped(copy(proven, "engines", 4, false));
        expire("engines", java.time.Duration.ofHours(2));
        stored(dump, newest, unproven);
        String later = dumped(copy(proven, "engines", 2, true));
        assertThat(isDeleted(dump)).isTrue();
        expire("engines", java.time.Duration.ofHours(2));
        gone(newest, unproven);
        stored(later);
    }

    @Test
    @Order(12)
    void a_dump_that_is_damaged_waits_for_no_other_dump() {
        String proven = run(backup(HOUR));
        verify(proven);
        String dump = dumped(copy(proven, "broken", 10, true));
        String newest = copy(proven, "broken", 8, true);
        expire("broken", java.time.Duration.ofHours(2));
        stored(dump, newest);
        found(dump, "DAMAGED");
        expire("broken", java.time.Duration.ofHours(2));
        gone(dump);
        stored(newest);
    }

    @Test
    @Order(13)
    void one_that_is_damaged_is_none_of_the_last_that_are_kept() {
        String proven = run(backup().setKeep(BackupRetention.newBuilder().setLast(2)));
        verify(proven);
        String first = copy(proven, "counted", 10, false);
        String second = copy(proven, "counted", 8, false);
        String damaged = found(copy(proven, "counted", 6, true), "DAMAGED");
        expire("counted", java.time.Duration.ZERO);
        stored(first, second, damaged);
        String third = copy(proven, "counted", 4, false);
        expire("counted", java.time.Duration.ZERO);
        gone(first);
        stored(second, damaged, third);
    }

    /** The verification waits at a row, as long as there is a session of a certain name. */
    @Test
    @Order(14)
    void one_that_is_just_being_verified_stays_until_that_has_ended() throws Exception {
        scene.target.execute(
                "CREATE FUNCTION waits() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN WHILE EXISTS (SELECT FROM"
                        + " pg_stat_activity WHERE application_name = 'caretaker-test-upkeep') LOOP"
                        + " PERFORM pg_sleep(0.05), pg_stat_clear_snapshot(); END LOOP; RETURN true; END $$",
                "CREATE TABLE slow (id int CHECK (waits()))",
                "INSERT INTO slow VALUES (1)");
        BackupSelection slow = BackupSelection.newBuilder()
                .addTables(TableName.newBuilder().setName("slow"))
                .build();
        String old = run(backup(HOUR).setSelection(slow));
        String newer = run(backup(HOUR).setSelection(slow));
        verify(newer);
        scene.target.execute("DROP TABLE slow", "DROP FUNCTION waits");
        Iterator<VerifyBackupResponse> verification;
        try (Connection hold = scene.target.connect();
                Statement statement = hold.createStatement()) {
            statement.execute("SET application_name = 'caretaker-test-upkeep'");
            verification = scene.server.backups().verifyBackup(verification(old));
            verification.next();
            expire(2 * HOUR);
            stored(old, newer);
        }
        complete(verification, message -> message.getEvent());
        expire(2 * HOUR);
        gone(old);
        stored(newer);
    }
}
