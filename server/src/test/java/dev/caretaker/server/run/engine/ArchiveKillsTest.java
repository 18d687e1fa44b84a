package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import dev.caretaker.server.archive.Manifest;
import dev.caretaker.server.archive.SweepNow;
import dev.caretaker.server.archive.Verification;
import dev.caretaker.server.archive.place.Destinations;
import dev.caretaker.server.archive.place.FakeS3;
import dev.caretaker.server.archive.spool.SpoolFolder;
import dev.caretaker.server.store.ArchivePartRow;
import dev.caretaker.server.store.ArchiveRow;
import dev.caretaker.server.store.ArchiveStore;
import dev.caretaker.server.testing.CrashableServer;
import dev.caretaker.server.testing.EmbeddedServer;
import dev.caretaker.server.testing.ServerProcess;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.Archive;
import dev.caretaker.v1.ArchiveDurability;
import dev.caretaker.v1.ArchiveServiceGrpc;
import dev.caretaker.v1.ArchiveServiceGrpc.ArchiveServiceBlockingStub;
import dev.caretaker.v1.ArchiveState;
import dev.caretaker.v1.ArchiveTable;
import dev.caretaker.v1.ArchiveTo;
import dev.caretaker.v1.BucketUnit;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.ListArchivesRequest;
import dev.caretaker.v1.MaintenanceServiceGrpc;
import dev.caretaker.v1.MeasureKind;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.PlanWarningCode;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.PolicyServiceGrpc;
import dev.caretaker.v1.RestoreArchiveRequest;
import dev.caretaker.v1.RestoreArchiveResponse;
import dev.caretaker.v1.Retention;
import dev.caretaker.v1.RollUp;
import dev.caretaker.v1.RollUpMeasure;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunFinished;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunServiceGrpc;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TimeColumn;
import dev.caretaker.v1.TimeColumnKind;
import dev.caretaker.v1.Tuning;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kill -9 of the server, of the target, or of both, at random moments, over all destinations and formats: whatever is left, archive and
 * table together are the rows that there were, each once; what is counted is what left; and no file is there that no archive names.
 *
 * <p>How many kills there are says the system property {@code caretaker.archive.kills}.
 */
class ArchiveKillsTest {
    private static final int KILLS = Integer.getInteger("caretaker.archive.kills", 3);
    /** A long run meets many kills in one step. */
    private static final int OLD = KILLS > 20 ? 30_000 : 9_000;

    private static final int YOUNG = 1_000;
    private static final java.time.Duration PATIENCE = java.time.Duration.ofMinutes(5);

    private final Random random;
    private final long seed = Long.getLong(
            "caretaker.archive.kills.seed", ThreadLocalRandom.current().nextLong());
    private final int firstWay;
    private final Database control = TestPostgres.controlStore();

    @TempDir
    private Path folder;

    private FakeS3 s3;
    private CrashableServer target;
    private ServerProcess server;
    private int kills;
    private int round;

    ArchiveKillsTest() {
        random = new Random(seed);
        firstWay = random.nextInt(27);
    }

    /** What a round is about. */
    private record Way(String destination, String format, String compression, boolean awaited, boolean figures) {}

    @Test
    void archive_and_table_together_are_what_there_was() throws Exception {
        Files.createDirectories(folder.resolve("nas"));
        Files.writeString(folder.resolve("key"), "key\n");
        try (FakeS3 bucket = new FakeS3();
                CrashableServer postgres =
                        new CrashableServer(EmbeddedServer.values()[random.nextInt(EmbeddedServer.values().length)])) {
            s3 = bucket;
            target = postgres;
            server = start();
            while (kills < KILLS) {
                round(pick());
                round++;
            }
            sweep();
        } finally {
            server.close();
        }
    }

    /** The next of all combinations, 27 with their compressions; which is the first differs from run to run. */
    private Way pick() {
        int way = firstWay + round;
        return new Way(
                List.of("nas", "cold", "table").get(way % 3),
                List.of("csv", "ndjson", "parquet").get(way / 3 % 3),
                List.of("none", "gzip", "zstd").get(way / 9 % 3),
                random.nextBoolean(),
                random.nextBoolean());
    }

    private void round(Way way) throws Exception {
        String because = "seed " + seed + ", round " + round + ", " + way;
        String table = "t" + round;
        target.execute(
                "CREATE TABLE " + table + " (id int, at timestamptz, body text)",
                "INSERT INTO " + table + " SELECT i, CASE WHEN i <= " + OLD
                        + " THEN timestamptz '2025-01-01' ELSE now() END,"
                        + " repeat(md5(i::text), 1 + i % 20) FROM generate_series(1, " + (OLD + YOUNG) + ") i",
                random.nextBoolean() ? "CREATE INDEX ON " + table + " (at)" : "SELECT 1",
                "CREATE TABLE before_" + table + " AS SELECT * FROM " + table,
                "ANALYZE " + table,
                "CHECKPOINT");
        String run = execute(table, way);
        while (kills < KILLS && !get(run).getState().equals(RunState.RUN_STATE_ENDED)) {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(900)); // a moment that nobody chose
            kill();
        }
        await(because).atMost(PATIENCE).until(() -> get(run).getState() == RunState.RUN_STATE_ENDED);
        Run ended = get(run);
        assertThat(ended.getOutcome()).as(because + ": " + ended).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        assertThat(target.number("SELECT count(*) FROM " + table)).as(because).isEqualTo(YOUNG);
        assertThat(ended.getTotals().getRowsDeleted())
                .as(because + ": " + ended)
                .isEqualTo(OLD);
        if (way.destination().equals("table")) {
            target.execute("ALTER TABLE " + table + "_old RENAME TO back_" + table);
        } else {
            restore(table, because);
        }
        String there = "SELECT * FROM " + table + " UNION ALL SELECT * FROM back_" + table;
        String was = "SELECT * FROM before_" + table;
        assertThat(target.number("SELECT count(*) FROM ((" + there + " EXCEPT ALL " + was + ") UNION ALL (" + was
                        + " EXCEPT ALL (" + there + "))) d"))
                .as(because)
                .isZero();
        if (way.figures()) {
            assertThat(target.number("SELECT sum(rows) FROM sums_" + table))
                    .as(because)
                    .isEqualTo(OLD);
        }
        target.execute("DROP TABLE " + table + ", before_" + table + ", back_" + table);
    }

    private void restore(String table, String because) {
        await(because)
                .atMost(PATIENCE)
                .until(() -> archives(table).stream()
                        .allMatch(archive -> archive.getState() == ArchiveState.ARCHIVE_STATE_STORED));
        assertThat(archives(table)).as(because).hasSize(1);
        Archive archive = archives(table).getFirst();
        assertThat(archive.getRows()).as(because).isEqualTo(OLD);
        Iterator<RestoreArchiveResponse> events = archives()
                .restoreArchive(RestoreArchiveRequest.newBuilder()
                        .setRequestId(id())
                        .setArchiveId(archive.getArchiveId())
                        .setNewTable(name("back_" + table))
                        .build());
        RunFinished finished = RunFinished.getDefaultInstance();
        while (events.hasNext()) {
            finished = events.next().getEvent().getFinished();
        }
        assertThat(finished.getOutcome()).as(because + ": " + finished).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
    }

    private void kill() throws IOException {
        kills++;
        int who = random.nextInt(3);
        if (who != 1) {
            server.kill();
        }
        if (who != 0) {
            target.kill();
            target.start();
        }
        if (who != 1) {
            server.close();
            forgetLibraries();
            server = start();
        }
    }

    /** What DuckDB has unpacked: 100 MB each time. */
    private void forgetLibraries() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith("libduckdb"))
                    .toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private ServerProcess start() throws IOException {
        return ServerProcess.start(
                folder,
                "server" + kills,
                control,
                "url: \"" + target.url() + "\", user: postgres, password: postgres",
                "200ms",
                """
                archives:
                  spool: '%1$s/spool'
                  seal-wait: 20s
                  parquet-driver: '%3$s'
                  destinations:
                    nas: {type: directory, path: '%1$s/nas'}
                    cold: {type: s3, bucket: b, endpoint: '%2$s', path-style: true,
                           access-key-file: '%1$s/key', secret-key-file: '%1$s/key'}
                """.formatted(folder, s3.endpoint(), System.getProperty("caretaker.test.duckdb")));
    }

    private String execute(String table, Way way) {
        ArchiveTo.Builder to = ArchiveTo.newBuilder();
        if (way.destination().equals("table")) {
            to.setTable(ArchiveTable.newBuilder().setName(name("{table}_old")));
        } else {
            to.getStoreBuilder()
                    .setDestination(way.destination())
                    .setFormat(way.format())
                    .setCompression(way.compression())
                    .setPartBytes(1 << 20)
                    .setDurable(
                            way.awaited()
                                    ? ArchiveDurability.ARCHIVE_DURABILITY_REMOTE
                                    : ArchiveDurability.ARCHIVE_DURABILITY_SPOOL);
        }
        Policy.Builder policy = Policy.newBuilder()
                .setName(table)
                .setTarget("target")
                .setTable(name(table))
                .setTimeColumn(
                        TimeColumn.newBuilder().setName("at").setKind(TimeColumnKind.TIME_COLUMN_KIND_TIMESTAMPTZ))
                .setRetention(
                        Retention.newBuilder().setDuration(Duration.newBuilder().setSeconds(86_400)))
                .setAction(PolicyAction.POLICY_ACTION_ARCHIVE)
                .setArchive(to);
        if (way.figures()) {
            policy.setRollUp(RollUp.newBuilder()
                    .setInto(name("sums_" + table))
                    .setBucket(BucketUnit.BUCKET_UNIT_DAY)
                    .addMeasures(RollUpMeasure.newBuilder().setName("rows").setKind(MeasureKind.MEASURE_KIND_COUNT)));
        }
        PolicyServiceGrpc.newBlockingStub(server.channel())
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies(policy)
                        .build());
        var maintenance = MaintenanceServiceGrpc.newBlockingStub(server.channel());
        String plan = maintenance
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("target")
                        .addPolicies(table)
                        .build())
                .getPlan()
                .getPlanId();
        return maintenance
                .executeCleanup(ExecuteCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .setPlanId(plan)
                        .addOverrideWarnings(PlanWarningCode.PLAN_WARNING_CODE_LARGE_SHARE)
                        .setTuning(Tuning.newBuilder()
                                .setBatchTarget(Duration.newBuilder().setNanos(20_000_000))
                                .setMaxRowsPerSecond(3_000))
                        .build())
                .next()
                .getEvent()
                .getRunId();
    }

    private Run get(String run) {
        return await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
                .until(
                        () -> RunServiceGrpc.newBlockingStub(server.channel())
                                .withDeadlineAfter(10, TimeUnit.SECONDS)
                                .getRun(dev.caretaker.v1.GetRunRequest.newBuilder()
                                        .setRunId(run)
                                        .build())
                                .getRun(),
                        found -> true);
    }

    private ArchiveServiceBlockingStub archives() {
        return ArchiveServiceGrpc.newBlockingStub(server.channel());
    }

    private List<Archive> archives(String table) {
        return archives()
                .listArchives(
                        ListArchivesRequest.newBuilder().setTable(name(table)).build())
                .getArchivesList();
    }

    /** What crashes have left goes with the daily sweep, and nothing else. */
    private void sweep() throws IOException, SQLException {
        Map<String, Object> settings = Map.of(
                "caretaker.archives.spool", folder.resolve("spool").toString(),
                "caretaker.archives.destinations.nas.type", "directory",
                "caretaker.archives.destinations.nas.path",
                        folder.resolve("nas").toString(),
                "caretaker.archives.destinations.cold.type", "s3",
                "caretaker.archives.destinations.cold.bucket", "b",
                "caretaker.archives.destinations.cold.endpoint", s3.endpoint().toString(),
                "caretaker.archives.destinations.cold.path-style", "true",
                "caretaker.archives.destinations.cold.access-key-file",
                        folder.resolve("key").toString(),
                "caretaker.archives.destinations.cold.secret-key-file",
                        folder.resolve("key").toString());
        server.kill();
        try (TestEngine engine = TestEngine.start(control.url(), target.url(), settings)) {
            ArchiveStore store = engine.bean(ArchiveStore.class);
            SweepNow.run(
                    store,
                    engine.bean(SpoolFolder.class),
                    engine.bean(Destinations.class),
                    engine.bean(Verification.class));
            Set<String> named = new TreeSet<>();
            Set<String> there = new TreeSet<>();
            ArchiveStore.Filter all = new ArchiveStore.Filter(
                    Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);
            for (ArchiveRow archive : store.list(all, Optional.empty(), 1_000)) {
                assertThat(archive.state()).as(archive.toString()).isEqualTo(ArchiveRow.State.STORED);
                assertThat(archive.fault()).isEmpty();
                named.add(archive.location() + Manifest.NAME);
                for (ArchivePartRow part : store.parts(archive.id())) {
                    named.add(archive.location() + part.object());
                }
            }
            Path nas = folder.resolve("nas");
            files(nas).forEach(file -> there.add(nas.relativize(file).toString()));
            there.addAll(s3.keys());
            assertThat(there).as("seed " + seed).isEqualTo(named);
            assertThat(s3.unfinishedUploads()).isZero();
            assertThat(files(folder.resolve("spool")).stream()
                            .map(file -> file.getFileName().toString())
                            .collect(Collectors.toSet()))
                    .as("seed " + seed)
                    .isEqualTo(Set.of("spool-id"));
        }
    }

    private static List<Path> files(Path below) throws IOException {
        try (Stream<Path> files = Files.walk(below)) {
            return new ArrayList<>(files.filter(Files::isRegularFile).toList());
        }
    }

    private static TableName name(String name) {
        return TableName.newBuilder().setSchema("public").setName(name).build();
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}
