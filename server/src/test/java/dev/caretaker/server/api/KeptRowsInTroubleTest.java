package dev.caretaker.server.api;

import static dev.caretaker.server.api.KeepingCalls.at;
import static dev.caretaker.server.api.KeepingCalls.name;
import static dev.caretaker.server.api.KeepingCalls.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.archive.place.FakeS3;
import dev.caretaker.server.archive.place.FakeS3.Kind;
import dev.caretaker.server.testing.SmallDisk;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.Archive;
import dev.caretaker.v1.ArchiveDurability;
import dev.caretaker.v1.ArchivePart;
import dev.caretaker.v1.ArchiveState;
import dev.caretaker.v1.ArchiveTo;
import dev.caretaker.v1.ArchivedColumn;
import dev.caretaker.v1.GetArchiveRequest;
import dev.caretaker.v1.RestoreArchiveRequest;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunFinished;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.Tuning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Rows leave into files while a disk is full, a bucket refuses, their table is altered, or a trigger keeps them: each is in its
 * table or in its archive, once, and the run says by name what was in its way.
 */
class KeptRowsInTroubleTest {
    private static final int ROWS = 6_000;
    private static final int YOUNG = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Several batches, however fast the machine is: something may happen in the middle. */
    private static final Tuning SLOWLY =
            Tuning.newBuilder().setMaxRowsPerSecond(3_000).build();

    @TempDir
    private static Path folder;

    private static FakeS3 s3;
    private static SmallDisk spool;
    private static SmallDisk nas;
    private static Database target;
    private static WholeServer server;
    private static KeepingCalls calls;

    @BeforeAll
    static void start() throws Exception {
        s3 = new FakeS3();
        spool = SmallDisk.at(folder.resolve("spool"), 8);
        nas = SmallDisk.at(folder.resolve("nas"), 32);
        target = TestPostgres.newest().database();
        String key = Files.writeString(folder.resolve("key"), "key\n").toString();
        Map<String, Object> more = new HashMap<>();
        more.put("caretaker.engine.retries", "4");
        more.put("caretaker.engine.retry-backoff", "100ms");
        more.put("caretaker.engine.sweep-interval", "500ms");
        more.put("caretaker.engine.progress-interval", "50ms");
        more.put("caretaker.archives.seal-wait", "1s");
        more.put("caretaker.archives.spool", folder.resolve("spool").toString());
        more.put("caretaker.archives.destinations.nas.type", "directory");
        more.put(
                "caretaker.archives.destinations.nas.path",
                folder.resolve("nas").toString());
        String cold = "caretaker.archives.destinations.cold.";
        more.put(cold + "type", "s3");
        more.put(cold + "bucket", "bucket");
        more.put(cold + "endpoint", s3.endpoint().toString());
        more.put(cold + "path-style", "true");
        more.put(cold + "access-key-file", key);
        more.put(cold + "secret-key-file", key);
        server = WholeServer.start(target, more);
        calls = new KeepingCalls(server);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        s3.close();
        spool.close();
        nas.close();
    }

    @AfterEach
    void mend() throws IOException {
        s3.heal();
        spool.free();
        nas.free();
    }

    /** Half a kilobyte a row, which no compression makes smaller. */
    private static void table(String name) {
        target.execute(
                "CREATE TABLE " + name + " (id int PRIMARY KEY, at timestamptz, note text, body text)",
                "INSERT INTO " + name + " SELECT i, CASE WHEN i <= " + ROWS
                        + " THEN timestamptz '2025-01-01' + i * interval '1 minute' ELSE now() END, 'n' || i % 7,"
                        + " (SELECT string_agg(md5((i * 16 + j)::text), '') FROM generate_series(0, 15) j)"
                        + " FROM generate_series(1, " + (ROWS + YOUNG) + ") i",
                "CREATE INDEX ON " + name + " (at)",
                "CREATE TABLE " + name + "_before AS TABLE " + name,
                "ANALYZE " + name);
    }

    private static ArchiveTo.Builder uncompressed(String destination) {
        ArchiveTo.Builder to = at(destination);
        to.getStoreBuilder().setCompression("none");
        return to;
    }

    private static RunFinished execute(String table, ArchiveTo.Builder to, Consumer<RunEvent> seen) {
        return calls.execute(calls.plan(policy(table, to)), Tuning.getDefaultInstance(), seen);
    }

    /** Does something as soon as some rows have left. */
    private static RunFinished inTheMiddle(String table, ArchiveTo.Builder to, Runnable action) {
        AtomicBoolean done = new AtomicBoolean();
        return calls.execute(calls.plan(policy(table, to)), SLOWLY, event -> {
            if (event.getProgress().getRunRowsDone() > 0 && done.compareAndSet(false, true)) {
                action.run();
            }
        });
    }

    private static void assertFailed(RunFinished finished, String reason) {
        assertThat(finished.getOutcome()).as(finished.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_FAILED);
        assertThat(finished.getError().getReason()).as(finished.toString()).isEqualTo(reason);
    }

    private static Archive archive(String table) {
        return server.archives()
                .getArchive(GetArchiveRequest.newBuilder()
                        .setArchiveId(calls.archivesOf(table).getFirst().getArchiveId())
                        .build())
                .getArchive();
    }

    private static long left(String table) {
        return target.number("SELECT count(*) FROM " + table);
    }

    /** As soon as what was in the way is gone, the archive is stored, and together with its table it is what there was. */
    private static void assertNothingLost(String table, RunFinished run) {
        await().atMost(PATIENCE).until(() -> archive(table).getState() == ArchiveState.ARCHIVE_STATE_STORED);
        Archive archive = archive(table);
        assertThat(archive.getRowsInDoubt()).isZero();
        assertThat(archive.getRows()).isEqualTo(run.getTotals().getRowsDeleted());
        calls.restore(RestoreArchiveRequest.newBuilder()
                .setArchiveId(archive.getArchiveId())
                .setNewTable(name(table + "_back")));
        String was = "SELECT id, at, body FROM " + table + "_before";
        String is = "(SELECT id, at, body FROM " + table + " UNION ALL SELECT id, at, body FROM " + table + "_back)";
        assertThat(target.number("SELECT count(*) FROM ((" + was + " EXCEPT ALL " + is + ") UNION ALL (" + is
                        + " EXCEPT ALL " + was + ")) d"))
                .isZero();
    }

    @Test
    void a_run_whose_spool_is_full_goes_on_when_there_is_room() throws Exception {
        assumeThat(spool.isSmall()).as("a small file system can be made here").isTrue();
        table("crammed");
        spool.fill(1 << 20);
        List<String> told = new ArrayList<>();
        RunFinished finished = execute("crammed", uncompressed("nas"), event -> {
            if (event.getWarning().getCode().equals("BATCH_RETRIED")) {
                told.add(event.getWarning().getMessage());
                free(spool);
            }
        });
        assertThat(finished.getOutcome()).as(finished.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(told).first().asString().contains("The spool takes no rows", "No space left on device");
        assertThat(finished.getTotals().getRowsDeleted()).isEqualTo(ROWS);
        assertNothingLost("crammed", finished);
    }

    private static void free(SmallDisk disk) {
        try {
            disk.free();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Of what cannot be carried away; else that makes room, and the run goes on. */
    @Test
    void a_spool_that_stays_full_ends_the_run_and_what_has_left_is_stored_when_there_is_room() throws Exception {
        assumeThat(spool.isSmall()).as("a small file system can be made here").isTrue();
        table("stuck");
        spool.fill(1 << 20);
        nas.fill(64 << 10);
        RunFinished finished = execute("stuck", uncompressed("nas"), event -> {});
        assertFailed(finished, "SPOOL_FAILED");
        assertThat(finished.getTotals().getRowsDeleted()).isBetween(1L, ROWS - 1L);
        assertThat(left("stuck")).isEqualTo(ROWS + YOUNG - finished.getTotals().getRowsDeleted());
        mend();
        assertNothingLost("stuck", finished);
    }

    @Test
    void rows_wait_in_the_spool_while_their_destination_is_full() throws Exception {
        assumeThat(nas.isSmall()).as("a small file system can be made here").isTrue();
        table("waiting");
        nas.fill(1 << 20);
        List<String> warnings = new ArrayList<>();
        RunFinished finished = execute(
                "waiting",
                uncompressed("nas"),
                event -> warnings.add(event.getWarning().getCode()));
        assertThat(finished.getOutcome()).as(finished.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(warnings).contains("ARCHIVE_NOT_STORED");
        assertThat(finished.getDebtsList()).isNotEmpty();
        assertThat(left("waiting")).isEqualTo(YOUNG);
        assertThat(archive("waiting").getState()).isEqualTo(ArchiveState.ARCHIVE_STATE_SEALED);
        assertThat(archive("waiting").getProblem()).contains("No space left on device");
        nas.free();
        assertNothingLost("waiting", finished);
        try (Stream<Path> files = Files.walk(folder.resolve("nas"))) {
            assertThat(files.filter(file -> file.toString().contains(".unfinished")))
                    .isEmpty();
        }
    }

    @Test
    void a_bucket_that_refuses_for_good_ends_a_run_that_waits_for_it_and_each_row_is_in_its_table_or_there() {
        table("refusing");
        ArchiveTo.Builder to = at("cold");
        to.getStoreBuilder().setDurable(ArchiveDurability.ARCHIVE_DURABILITY_REMOTE);
        RunFinished finished = inTheMiddle(
                "refusing", to, () -> s3.faults(1_000, "PUT main/public.refusing", Kind.ANSWER, 403, "AccessDenied"));
        assertFailed(finished, "DESTINATION_UNREACHABLE");
        assertThat(finished.getError().getMessage()).contains("AccessDenied");
        long deleted = finished.getTotals().getRowsDeleted();
        assertThat(deleted).isBetween(1L, ROWS - 1L);
        assertThat(left("refusing")).isEqualTo(ROWS + YOUNG - deleted);
        await("all that has left is there, verified")
                .atMost(PATIENCE)
                .until(() -> archive("refusing").getPartsList().stream()
                                .filter(ArchivePart::getStored)
                                .mapToLong(ArchivePart::getRows)
                                .sum()
                        == deleted);
        assertThat(archive("refusing").getState()).isNotEqualTo(ArchiveState.ARCHIVE_STATE_STORED);
        s3.heal();
        assertNothingLost("refusing", finished);
        assertThat(s3.keys().stream().filter(key -> key.startsWith("main/public.refusing/") && !key.endsWith(".json")))
                .as("objects of batches that were rolled back have no part")
                .hasSameSizeAs(archive("refusing").getPartsList());
    }

    @ParameterizedTest
    @CsvSource({
        "added, ADD COLUMN more int DEFAULT 7",
        "dropped, DROP COLUMN note",
        "retyped, ALTER COLUMN id TYPE bigint"
    })
    void a_table_that_is_altered_in_the_middle_ends_the_run_and_its_manifest_is_that_of_the_rows_that_left(
            String table, String change) {
        table(table);
        RunFinished finished =
                inTheMiddle(table, at("nas"), () -> target.execute("ALTER TABLE " + table + " " + change));
        assertFailed(finished, "RELATION_CHANGED");
        assertThat(finished.getTotals().getRowsDeleted()).isBetween(1L, ROWS - 1L);
        assertNothingLost(table, finished);
        assertThat(archive(table).getColumnsList())
                .extracting(ArchivedColumn::getName, ArchivedColumn::getType)
                .containsExactly(
                        tuple("id", "integer"),
                        tuple("at", "timestamp with time zone"),
                        tuple("note", "text"),
                        tuple("body", "text"));
    }

    @ParameterizedTest
    @CsvSource({"suppressed, ''", "marked, UPDATE marked SET note = 'deleted' WHERE id = OLD.id;"})
    void a_trigger_that_keeps_rows_ends_the_run_and_they_are_in_no_archive(String table, String instead) {
        table(table);
        trigger(table, "IF OLD.id > 4000 THEN " + instead + " RETURN NULL; END IF; RETURN OLD;");
        RunFinished finished = execute(table, at("nas"), event -> {});
        assertFailed(finished, "DELETE_SUPPRESSED");
        assertThat(finished.getError().getMessage()).contains("change");
        assertThat(finished.getTotals().getRowsDeleted()).isBetween(1L, 4_000L);
        assertNothingLost(table, finished);
    }

    @Test
    void rows_that_a_trigger_changes_on_their_way_are_archived_as_they_were() {
        table("changed");
        target.execute("CREATE TABLE seen (id int)");
        trigger("changed", "INSERT INTO seen VALUES (OLD.id); OLD.body := 'changed'; OLD.id := -1; RETURN OLD;");
        RunFinished finished = execute("changed", at("nas"), event -> {});
        assertThat(finished.getOutcome()).as(finished.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(left("seen")).as("it fires once a row").isEqualTo(ROWS);
        assertNothingLost("changed", finished);
    }

    private static void trigger(String table, String body) {
        target.execute(
                "CREATE OR REPLACE FUNCTION change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + body + " END $$",
                "CREATE TRIGGER change BEFORE DELETE ON " + table + " FOR EACH ROW EXECUTE FUNCTION change()");
    }
}
