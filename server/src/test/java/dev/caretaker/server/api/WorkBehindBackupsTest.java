package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.ApplyPartitionSetsRequest;
import dev.caretaker.v1.BackupRequirement;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.Conversion;
import dev.caretaker.v1.ConversionState;
import dev.caretaker.v1.CutOver;
import dev.caretaker.v1.ExecuteUpkeepRequest;
import dev.caretaker.v1.PartitionRetirement;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanUpkeepRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunBackupResponse;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunReindexRequest;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.RunVacuumRequest;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.VacuumOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Work of every kind that would wait behind a backup while it reads. */
class WorkBehindBackupsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static Database target;
    private static BackupScene scene;
    private static WholeServer server;
    private static ConversionClient conversions;

    @BeforeAll
    static void start() throws IOException {
        target = BackupScene.of(
                TestPostgres.newest(),
                "CREATE TABLE t (id serial)",
                "CREATE TABLE jobs (id int PRIMARY KEY)",
                "CREATE TABLE converted (at timestamptz NOT NULL)",
                "CREATE TABLE parts (at timestamptz NOT NULL) PARTITION BY RANGE (at)",
                "CREATE TABLE rest (at timestamptz NOT NULL) PARTITION BY RANGE (at)",
                "CREATE TABLE rest_default PARTITION OF rest DEFAULT");
        scene = BackupScene.start(folder, Map.of("main", target, "alias", target));
        server = scene.server;
        conversions = ConversionClient.of(server);
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }

    /** Holds a sequence, at which a backup waits when it has its snapshot and its locks. */
    private static Connection held() throws SQLException {
        Connection other = target.connect();
        other.setAutoCommit(false);
        try (Statement statement = other.createStatement()) {
            statement.execute("ALTER SEQUENCE t_id_seq RENAME TO held");
        }
        return other;
    }

    private static TableName named(String name) {
        return TableName.newBuilder().setName(name).build();
    }

    private static RunVacuumRequest.Builder vacuum(String table) {
        return RunVacuumRequest.newBuilder()
                .setRequestId(id())
                .setTarget("main")
                .addTables(named(table));
    }

    private static String reindex() {
        return server.maintenance()
                .runReindex(RunReindexRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .addIndexes(named("jobs_pkey"))
                        .setForce(true)
                        .setAssumeFreeBytes(1L << 40)
                        .build())
                .next()
                .getEvent()
                .getRunId();
    }

    private static String rewrite() {
        return server.maintenance()
                .runVacuum(vacuum("t")
                        .setOptions(VacuumOptions.newBuilder().setFull(true))
                        .setAssumeFreeBytes(1L << 40)
                        .build())
                .next()
                .getEvent()
                .getRunId();
    }

    private static String upkeep() {
        for (String table : List.of("parts", "rest")) {
            server.partitions()
                    .applyPartitionSets(ApplyPartitionSetsRequest.newBuilder()
                            .setRequestId(id())
                            .addSets(ConversionClient.request(table, "at").getSet())
                            .build());
        }
        Plan plan = server.partitions()
                .planUpkeep(PlanUpkeepRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .build())
                .getPlan();
        return upkeep(plan);
    }

    private static String upkeep(Plan plan) {
        return server.partitions()
                .executeUpkeep(ExecuteUpkeepRequest.newBuilder()
                        .setRequestId(id())
                        .setPlanId(plan.getPlanId())
                        .setEtag(plan.getEtag())
                        .build())
                .next()
                .getEvent()
                .getRunId();
    }

    private static long partitions(String table) {
        return target.number("SELECT count(*) FROM pg_inherits WHERE inhparent = '" + table + "'::regclass");
    }

    private static void waits(String run, String why) {
        await("run " + run).atMost(LONG).untilAsserted(() -> {
            Run now = scene.calls.runOf(run);
            assertThat(now.getStateReason()).as(now.toString()).isEqualTo(why);
            assertThat(now.getState()).isEqualTo(RunState.RUN_STATE_WAITING_LOCK);
        });
    }

    private static void ends(String run) {
        await("run " + run).atMost(LONG).until(() -> scene.calls.runOf(run).getState() == RunState.RUN_STATE_ENDED);
        scene.calls.complete(run);
    }

    /** A run of upkeep between two statements, with a constraint on the default partition, that goes on tomorrow. */
    private static UUID guarding() {
        return guarding("NULL", "1", "now() + interval '1 day'", "{}");
    }

    /**
     * @param ended SQL: when the run has ended
     * @param fenced SQL: oid of the default partition
     * @param next SQL: when it is next tried to take the constraint away
     * @param details of the debt
     */
    private static UUID guarding(String ended, String fenced, String next, String details) {
        String like = server.maintenance()
                .runVacuum(vacuum("jobs").build())
                .next()
                .getEvent()
                .getRunId();
        ends(like);
        UUID run = UUID.randomUUID();
        server.store()
                .execute(
                        "INSERT INTO caretaker.scheduled_task (task_name, task_instance, execution_time, picked, version)"
                                + " SELECT 'run', '" + run + "', now() + interval '1 day', false, 1 WHERE " + ended
                                + " IS NULL",
                        "INSERT INTO caretaker.run (run_id, kind, target, state, state_since, desired, created_by, created,"
                                + " started, ended, outcome, row_limits, tuning) SELECT '" + run
                                + "', 'UPKEEP', target, CASE WHEN " + ended
                                + " IS NULL THEN 'WAITING_LOCK' ELSE 'ENDED' END, now(), desired,"
                                + " created_by, now(), now(), " + ended + ", CASE WHEN " + ended
                                + " IS NOT NULL THEN 'FAILED' END, row_limits, tuning FROM caretaker.run WHERE run_id = '"
                                + like + "'",
                        "INSERT INTO caretaker.debt (debt_id, kind, target, run_id, step, schema_name, object_name,"
                                + " table_schema, table_name, fenced_oid, message, details, incurred, next_try)"
                                + " VALUES (gen_random_uuid(), 'partition-check', 'main', '" + run
                                + "', 1, 'public', 'rest_default caretaker_adoption', 'public', 'rest', " + fenced
                                + ", 'A.', '" + details + "', now(), " + next + ")");
        return run;
    }

    @Test
    void a_backup_lets_its_locks_go_while_a_constraint_refuses_rows_that_only_a_later_statement_takes_away() {
        UUID run = guarding();
        Iterator<RunBackupResponse> stream = server.backups().runBackup(backup().build());
        try {
            assertThat(gaveWay(stream)).contains(run.toString());
            await().atMost(LONG)
                    .until(() -> target.number("SELECT count(*) FROM pg_stat_activity"
                                    + " WHERE application_name LIKE 'caretaker/backup %' AND xact_start IS NOT NULL"
                                    + " AND datname = current_database() AND backend_xmin IS NOT NULL")
                            == 0);
        } finally {
            goOn(run);
        }
        scene.calls.complete(scene.calls.ended(stream, message -> message.getEvent()));
    }

    @Test
    void a_partition_that_is_to_be_retired_stays_attached_until_the_backup_has_ended() throws SQLException {
        target.execute(
                "CREATE TABLE aged (at timestamptz NOT NULL) PARTITION BY RANGE (at)",
                "CREATE TABLE aged_old PARTITION OF aged FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')");
        server.partitions()
                .applyPartitionSets(ApplyPartitionSetsRequest.newBuilder()
                        .setRequestId(id())
                        .addSets(ConversionClient.request("aged", "at").getSet().toBuilder()
                                .setPauseCreation(true)
                                .setRetirement(PartitionRetirement.newBuilder().setDuration(Durations.fromDays(30))))
                        .build());
        Iterator<RunBackupResponse> stream;
        String retiring;
        try (Connection other = held()) {
            stream = server.backups().runBackup(backup().build());
            String id = stream.next().getEvent().getRunId();
            await().atMost(LONG).until(() -> scene.calls.runOf(id).getState() == RunState.RUN_STATE_RUNNING);
            retiring = upkeep(server.partitions()
                    .planUpkeep(PlanUpkeepRequest.newBuilder()
                            .setRequestId(id())
                            .addSets("aged")
                            .build())
                    .getPlan());
            waits(retiring, "Waits for backup run " + id + ", which keeps its locks on tables until it ends.");
            assertThat(partitions("aged")).isEqualTo(1);
            other.rollback();
        }
        scene.calls.complete(scene.calls.ended(stream, message -> message.getEvent()));
        ends(retiring);
        assertThat(partitions("aged")).isZero();
    }

    /** A run that ended long ago, whose constraint is to be taken away now. */
    @Test
    void a_stray_constraint_is_taken_away_when_the_backup_that_reads_its_table_has_ended() throws SQLException {
        target.execute(
                "CREATE TABLE stray (at timestamptz NOT NULL) PARTITION BY RANGE (at)",
                "CREATE TABLE stray_default PARTITION OF stray DEFAULT",
                "ALTER TABLE stray_default ADD CONSTRAINT caretaker_guard CHECK (true)");
        long oid = target.number("SELECT 'stray_default'::regclass::oid::bigint");
        Iterator<RunBackupResponse> stream;
        UUID run;
        try (Connection other = held()) {
            stream = server.backups().runBackup(backup().build());
            await().atMost(LONG)
                    .until(() ->
                            target.number("SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE"
                                            + " a.application_name LIKE 'caretaker/backup %' AND l.granted AND l.relation = "
                                            + oid)
                                    == 1);
            run = guarding(
                    "now() - interval '1 hour'",
                    String.valueOf(oid),
                    "now()",
                    "{\"oid\": " + oid + ", \"table\": {\"schema\": \"public\", \"name\": \"stray_default\"},"
                            + " \"constraint\": \"caretaker_guard\"}");
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(server.store()
                                    .value("SELECT answer FROM caretaker.debt WHERE run_id = '" + run + "'"))
                            .isEqualTo("Waits for a backup that reads it, and keeps its locks until it ends."));
            assertThat(constraints(oid)).isEqualTo(1);
            other.rollback();
        }
        scene.calls.complete(scene.calls.ended(stream, message -> message.getEvent()));
        await().atMost(LONG).until(() -> constraints(oid) == 0);
        target.execute("DROP TABLE stray");
    }

    @Test
    void a_backup_waits_for_a_constraint_that_a_run_has_left_long_ago_and_has_it_taken_away() {
        target.execute(
                "CREATE TABLE abandoned (at timestamptz NOT NULL) PARTITION BY RANGE (at)",
                "CREATE TABLE abandoned_default PARTITION OF abandoned DEFAULT",
                "ALTER TABLE abandoned_default ADD CONSTRAINT caretaker_guard CHECK (true)");
        long oid = target.number("SELECT 'abandoned_default'::regclass::oid::bigint");
        UUID run = guarding(
                "now() - interval '1 hour'",
                String.valueOf(oid),
                "now() + interval '1 day'",
                "{\"oid\": " + oid + ", \"table\": {\"schema\": \"public\", \"name\": \"abandoned_default\"},"
                        + " \"constraint\": \"caretaker_guard\"}");

        // A run at the target of the debt would have it tried by itself.
        Iterator<RunBackupResponse> stream =
                server.backups().runBackup(backup().setTarget("alias").build());

        assertThat(gaveWay(stream)).contains("is taken away that run " + run + " has left");
        scene.calls.complete(scene.calls.ended(stream, message -> message.getEvent()));
        assertThat(constraints(oid)).isZero();
        target.execute("DROP TABLE abandoned");
    }

    private static long constraints(long oid) {
        return target.number(
                "SELECT count(*) FROM pg_constraint WHERE conname = 'caretaker_guard' AND conrelid = " + oid);
    }

    @Test
    void a_backup_that_works_under_another_name_of_the_database_is_waited_for_as_well() throws SQLException {
        Iterator<RunBackupResponse> stream;
        String reindex;
        try (Connection other = held()) {
            stream = server.backups().runBackup(backup().setTarget("alias").build());
            String id = stream.next().getEvent().getRunId();
            await().atMost(LONG).until(() -> scene.calls.runOf(id).getState() == RunState.RUN_STATE_RUNNING);
            reindex = reindex();
            waits(
                    reindex,
                    "Waits for backup run " + id + " of target alias, the same database, which keeps its locks on"
                            + " tables until it ends.");
            other.rollback();
        }
        scene.calls.complete(scene.calls.ended(stream, message -> message.getEvent()));
        ends(reindex);
    }

    /** It waits behind a backup of another table, while the one that it needs is deleted. */
    @Test
    void a_run_that_waited_asks_again_for_the_backup_that_it_needs_when_it_begins() throws SQLException {
        target.execute("CREATE TABLE precious (id int PRIMARY KEY)", "INSERT INTO precious VALUES (1)");
        String needed = scene.calls.made(
                backup().setSelection(BackupSelection.newBuilder().addTables(named("precious"))));
        long file = target.number("SELECT pg_relation_filenode('precious')::bigint");
        Iterator<RunBackupResponse> stream;
        String rewrite;
        try (Connection other = held()) {
            stream = server.backups()
                    .runBackup(
                            backup().setSelection(BackupSelection.newBuilder().addTables(named("t")))
                                    .build());
            String id = stream.next().getEvent().getRunId();
            await().atMost(LONG).until(() -> scene.calls.runOf(id).getState() == RunState.RUN_STATE_RUNNING);
            rewrite = server.maintenance()
                    .runVacuum(vacuum("precious")
                            .setOptions(VacuumOptions.newBuilder().setFull(true))
                            .setAssumeFreeBytes(1L << 40)
                            .setRequireBackup(BackupRequirement.newBuilder().setWithin(Durations.fromMinutes(30)))
                            .build())
                    .next()
                    .getEvent()
                    .getRunId();
            waits(rewrite, "Waits for backup run " + id + ", which keeps its locks on tables until it ends.");
            server.store()
                    .execute("UPDATE caretaker.backup SET snapshot = snapshot - interval '1 hour'"
                            + " WHERE target = 'main' AND backup_id <> '" + id
                            + "'"); // as if it had waited for its window
            other.rollback();
        }
        scene.calls.complete(scene.calls.ended(stream, message -> message.getEvent()));
        await().atMost(LONG).until(() -> scene.calls.runOf(rewrite).getState() == RunState.RUN_STATE_ENDED);
        Run run = scene.calls.runOf(rewrite);
        assertThat(run.getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_FAILED);
        assertThat(run.getError().getReason()).isEqualTo("BACKUP_TOO_OLD");
        assertThat(run.getError().getMessage())
                .matches("Not begun\\. A backup of the last 30 minutes is required, and the newest backup that holds"
                        + " public\\.precious is 6\\d minutes old \\(caretaker " + needed + "\\)\\.");
        assertThat(target.number("SELECT pg_relation_filenode('precious')::bigint"))
                .isEqualTo(file);
    }

    private static String gaveWay(Iterator<RunBackupResponse> stream) {
        while (true) {
            RunEvent event = stream.next().getEvent();
            assertThat(event.hasFinished()).as(event.toString()).isFalse();
            if (event.getWarning().getCode().equals("BACKUP_GAVE_WAY")) {
                return event.getWarning().getMessage();
            }
        }
    }

    /** As if it had gone on, and ended: no backup waits for it any more. */
    private static void goOn(UUID run) {
        server.store()
                .execute(
                        "DELETE FROM caretaker.debt WHERE run_id = '" + run + "'",
                        "UPDATE caretaker.run SET state = 'ENDED', ended = now(), outcome = 'COMPLETE' WHERE run_id = '"
                                + run + "'",
                        "DELETE FROM caretaker.scheduled_task WHERE task_instance = '" + run + "'");
    }

    @Test
    void what_shuts_readers_out_or_waits_for_snapshots_waits_for_a_backup_and_says_so_and_all_else_goes_on()
            throws SQLException {
        Conversion planned =
                conversions.plan(ConversionClient.request("converted", "at").setCutOver(CutOver.CUT_OVER_ON_REQUEST));
        String conversion = conversions.startOnly(planned);
        await().atMost(LONG)
                .until(() -> conversions.get(planned).getState() == ConversionState.CONVERSION_STATE_WAITING);
        Iterator<RunBackupResponse> stream;
        String reindex;
        String rewrite;
        String upkeep;
        try (Connection other = held()) {
            stream = server.backups().runBackup(backup().build());
            String id = stream.next().getEvent().getRunId();
            await().atMost(LONG)
                    .until(() -> target.number("SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                                    + " WHERE a.application_name LIKE 'caretaker/backup %' AND l.granted"
                                    + " AND l.relation IN ('rest_default'::regclass, 'converted'::regclass)")
                            == 2);
            reindex = reindex();
            rewrite = rewrite();
            upkeep = upkeep();
            conversions.complete(planned);

            String why = "Waits for backup run " + id + ", which keeps its locks on tables until it ends.";
            waits(reindex, why);
            waits(rewrite, why);
            waits(upkeep, why);
            waits(conversion, why);
            assertThat(partitions("parts"))
                    .as("a table without a default partition")
                    .isPositive();
            assertThat(partitions("rest")).isEqualTo(1);
            assertThat(server.maintenance().runVacuum(vacuum("jobs").build()))
                    .toIterable()
                    .last()
                    .satisfies(
                            event -> assertThat(event.getEvent().getFinished().getOutcome())
                                    .isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE));
            assertThat(target.number("SELECT count(*) FROM pg_locks WHERE NOT granted AND mode <> 'AccessShareLock'"
                            + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"))
                    .as("requests behind which others would queue")
                    .isZero();
            other.rollback();
        }
        scene.calls.complete(scene.calls.ended(stream, message -> message.getEvent()));
        ends(reindex);
        ends(rewrite);
        ends(upkeep);
        ends(conversion);
        assertThat(partitions("rest")).isGreaterThan(1);
        assertThat(conversions.get(planned).getState()).isEqualTo(ConversionState.CONVERSION_STATE_CONVERTED);
    }
}
