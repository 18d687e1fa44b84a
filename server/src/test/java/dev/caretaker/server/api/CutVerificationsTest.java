package dev.caretaker.server.api;

import static dev.caretaker.server.api.BackupCalls.backup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.backup.tool.Installed;
import dev.caretaker.server.backup.tool.PostgresTools;
import dev.caretaker.server.testing.TcpProxy;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.BackupVerdict;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunBackupRequest;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.VerifyBackupRequest;
import dev.caretaker.v1.VerifyBackupResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verifications on a scratch target whose wire is cut while rows are loaded there: whatever becomes of them, no scratch database stays. */
class CutVerificationsTest {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final String HOLD = "caretaker-test-hold-verification";

    @TempDir
    private static Path folder;

    private static Database target;
    private static TcpProxy wire;
    private static BackupScene scene;

    /** Rows wait when they are loaded, as long as there is a session of that name. */
    @BeforeAll
    static void start() throws IOException {
        target = BackupScene.of(
                TestPostgres.oldest(),
                "CREATE FUNCTION wait() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN WHILE EXISTS (SELECT FROM"
                        + " pg_catalog.pg_stat_activity WHERE application_name = '" + HOLD + "') LOOP"
                        + " PERFORM pg_catalog.pg_sleep(0.05), pg_catalog.pg_stat_clear_snapshot(); END LOOP;"
                        + " RETURN true; END $$",
                "CREATE TABLE slow (id int CHECK (public.wait()))",
                "INSERT INTO slow SELECT generate_series(1, 100)");
        wire = new TcpProxy(target.server().host(), target.server().port());
        Map<String, Object> further = new HashMap<>(Map.of(
                "caretaker.data-dir",
                folder.resolve("data").toString(),
                "caretaker.targets.far.url",
                wire.url(target.name()),
                "caretaker.targets.far.user",
                target.user(),
                "caretaker.targets.far.password",
                target.password(),
                "caretaker.targets.far.free-disk-space",
                "10GB",
                "caretaker.engine.retries",
                "5",
                "caretaker.engine.retry-backoff",
                "100ms",
                "caretaker.engine.unreachable-limit",
                "10s"));
        Optional<PostgresTools.Tools> tools = Installed.find(14, folder.resolve("installed"));
        tools.ifPresent(found -> further.put(
                "caretaker.backups.postgres-bin", found.dump().getParent().toString()));
        scene = BackupScene.start(folder, Map.of("main", target), further);
    }

    @AfterAll
    static void stop() throws IOException {
        scene.close();
        wire.close();
    }

    private static Connection held() throws SQLException {
        Connection hold = target.connect();
        try (Statement statement = hold.createStatement()) {
            statement.execute("SET application_name = '" + HOLD + "'");
        }
        return hold;
    }

    private static Iterator<VerifyBackupResponse> verification(String backup) {
        return scene.server
                .backups()
                .verifyBackup(VerifyBackupRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setBackupId(backup)
                        .setScratchTarget("far")
                        .setAllowSameServer(true)
                        .setActor("test")
                        .build());
    }

    /** Cuts the wire while rows are loaded, and returns when the run has noticed that. */
    private static void cut(String run) {
        await("rows are loaded")
                .atMost(LONG)
                .until(() -> target.number("SELECT count(*) FROM pg_stat_activity WHERE datname LIKE"
                                + " 'caretaker\\_verify\\_%' AND wait_event = 'PgSleep'")
                        == 1);
        wire.cut();
        await("the run waits for its target")
                .atMost(LONG)
                .until(() -> scene.calls.runOf(run).getState() == RunState.RUN_STATE_WAITING_LOCK);
    }

    private static long scratch() {
        return target.number("SELECT count(*) FROM pg_database WHERE datname LIKE 'caretaker\\_verify\\_%'");
    }

    private static void nothingStays() {
        await("no scratch database").atMost(LONG).until(() -> scratch() == 0);
        await("no debt")
                .atMost(LONG)
                .until(() -> scene.server
                                .store()
                                .number("SELECT count(*) FROM caretaker.debt WHERE kind = 'scratch-database'"
                                        + " AND settled IS NULL")
                        == 0);
    }

    private static void isProvenAtAnotherTry(RunBackupRequest.Builder order) throws SQLException {
        String backup = scene.calls.made(order);
        Iterator<VerifyBackupResponse> stream;
        List<RunEvent> events = new ArrayList<>();
        try (Connection _ = held()) {
            stream = verification(backup);
            events.add(stream.next().getEvent());
            cut(events.getFirst().getRunId());
            assertThat(scene.calls.get(backup).hasEvidence()).isFalse();
        }
        wire.mend();
        stream.forEachRemaining(message -> events.add(message.getEvent()));
        scene.calls.complete(events.getFirst().getRunId());
        assertThat(events).extracting(event -> event.getWarning().getCode()).contains("CONNECTION_LOST");
        assertThat(scene.calls.get(backup).getEvidence().getVerdict()).isEqualTo(BackupVerdict.BACKUP_VERDICT_PROVEN);
        assertThat(scene.calls.get(backup).getEarlierEvidenceList()).isEmpty();
        nothingStays();
    }

    @Test
    void a_table_copy_whose_verification_was_cut_is_proven_at_another_try() throws SQLException {
        isProvenAtAnotherTry(backup());
    }

    @Test
    void a_dump_whose_verification_was_cut_is_proven_at_another_try() throws SQLException {
        Installed.assume(14, folder.resolve("installed"));
        isProvenAtAnotherTry(backup().setEngine(BackupEngine.BACKUP_ENGINE_PG_DUMP));
    }

    @Test
    void where_the_wire_stays_cut_the_verification_fails_by_name_and_the_database_goes_when_it_is_mended()
            throws SQLException {
        String backup = scene.calls.made(backup());
        String run;
        try (Connection _ = held()) {
            Iterator<VerifyBackupResponse> stream = verification(backup);
            run = stream.next().getEvent().getRunId();
            cut(run);
            stream.forEachRemaining(ignored -> {});
        }
        Run ended = scene.calls.runOf(run);
        assertThat(ended.getOutcome()).as(ended.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_FAILED);
        assertThat(ended.getError().getReason()).isEqualTo("TARGET_UNREACHABLE");
        assertThat(scene.calls.get(backup).hasEvidence()).isFalse();
        assertThat(scene.server
                        .store()
                        .value("SELECT verified FROM caretaker.backup WHERE backup_id = '" + backup + "'"))
                .isNull();
        assertThat(scratch()).as("it cannot be dropped from here").isEqualTo(1);
        wire.mend();
        nothingStays();
    }
}
