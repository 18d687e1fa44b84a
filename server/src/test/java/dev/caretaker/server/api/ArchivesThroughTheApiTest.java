package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import dev.caretaker.server.archive.ArchiveRequest;
import dev.caretaker.server.archive.Sealed;
import dev.caretaker.server.archive.place.FakeS3;
import dev.caretaker.server.archive.place.FakeS3.Kind;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.Archive;
import dev.caretaker.v1.ArchiveServiceGrpc.ArchiveServiceBlockingStub;
import dev.caretaker.v1.ArchiveState;
import dev.caretaker.v1.ArchiveVerdict;
import dev.caretaker.v1.DeleteArchiveRequest;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.ExecuteCleanupResponse;
import dev.caretaker.v1.GetArchiveRequest;
import dev.caretaker.v1.ListArchivesRequest;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.PlanWarningCode;
import dev.caretaker.v1.RestoreArchiveRequest;
import dev.caretaker.v1.RestoreArchiveResponse;
import dev.caretaker.v1.RestoredPartition;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.VerifyArchiveRequest;
import dev.caretaker.v1.VerifyArchiveResponse;
import dev.caretaker.v1.VerifyLevel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchivesThroughTheApiTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A value, NULL, and what is hard about each built-in type. */
    private static final String EVERY_TYPE = """
            CREATE TYPE mood AS ENUM ('sad', 'it''s "so", so');
            CREATE DOMAIN positive AS int CHECK (value > 0);
            CREATE TYPE pair AS (a int, "B c" text);
            CREATE TABLE "Every Type" (
                id int PRIMARY KEY, b bool, i2 int2, i8 int8, n numeric, n2 numeric(20, 5), f4 float4, f8 float8, m money,
                t text, v varchar(40), c char(8), nm name, by bytea, d date, tm time, tmz timetz, ts timestamp, tsz timestamptz,
                iv interval, u uuid, j json, jb jsonb, x xml, i inet, ci cidr, mac macaddr, bi bit(5), vb varbit, po point,
                ln line, ls lseg, bx box, pa path, pg polygon, ci2 circle, tsv tsvector, tsq tsquery, lsn pg_lsn, oid oid,
                r int4range, nr numrange, tr tstzrange, mr int4multirange, ia int[], ta text[], ja jsonb[], mo mood,
                po2 positive, pr pair, g int GENERATED ALWAYS AS (id * 2) STORED, "line" text, "a""b" text);
            INSERT INTO "Every Type" VALUES
              (1, true, -1, 9223372036854775807, 1e-30, 123456789012345.12345, 0.1, 1e300, -12.34, E'a,"b"\\n\\\\.\\t\\r\\x01', '', 'x  ',
               'n', '\\x00ff', '2026-02-28', '23:59:59.999999', '12:00+05:30', '2026-01-01 00:00:00.000001',
               '2026-01-01 00:00+02', '-1 mon 3 days -04:05:06', gen_random_uuid(), E'{"a": 1,\\n  "a": 2}', '{"z": null}', '<a>x</a>',
               '::1/64', '10.0.0.0/8', '08:00:2b:01:02:03', B'10101', B'1', '(1,2)', '{1,-1,0}', '[(0,0),(1,1)]', '(1,1),(0,0)',
               '((0,0),(1,1))', '((0,0),(1,0),(0,1))', '<(0,0),1>', 'a fat cat', 'fat & !cat', '16/B374D848', 42, '[1,5)',
               '(,1.5]', '[2026-01-01,)', '{[1,3),[5,7)}', '{1,NULL,{}}'::text[]::text::int[]::int[], ARRAY['a,"b"', NULL, ''], ARRAY['null'::jsonb, NULL],
               'it''s "so", so', 7, ROW(1, 'x "y", z'), DEFAULT, 'l', 'q'),
              (2, false, NULL, 0, 'NaN', 0, 'Infinity', 'NaN', 0, '', NULL, '', '', '', 'infinity', '24:00', NULL, '-infinity',
               'infinity', '00:00', NULL, 'null', 'null', NULL, NULL, NULL, NULL, NULL, '', NULL, NULL, NULL, NULL, NULL, NULL, NULL,
               '', NULL, NULL, NULL, 'empty', NULL, NULL, '{}', '{}', '{}', '{}', NULL, NULL, NULL, DEFAULT, '\\.', NULL),
              (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, E'\\u00e4\\u6c34\\U0001F600', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
               NULL, NULL, NULL, '"null"', '"null"', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
               NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, DEFAULT, NULL, NULL)
            """.replace("'{1,NULL,{}}'::text[]::text::int[]::int[]", "ARRAY[1, NULL]");

    @TempDir
    private static Path folder;

    private static FakeS3 s3;
    private static Database target;
    private static WholeServer server;
    private static ArchiveServiceBlockingStub archives;

    @BeforeAll
    static void start() throws IOException {
        s3 = new FakeS3();
        target = TestPostgres.newest().database();
        Files.createDirectories(folder.resolve("nas"));
        Map<String, Object> more = new HashMap<>();
        more.put("caretaker.data-dir", folder.resolve("data").toString());
        more.put("caretaker.archives.seal-wait", "20s");
        more.put("caretaker.archives.destinations.nas.type", "directory");
        more.put(
                "caretaker.archives.destinations.nas.path",
                folder.resolve("nas").toString());
        more.put("caretaker.archives.destinations.cold.type", "s3");
        more.put("caretaker.archives.destinations.cold.bucket", "bucket");
        more.put("caretaker.archives.destinations.cold.endpoint", s3.endpoint().toString());
        more.put("caretaker.archives.destinations.cold.path-style", "true");
        Files.writeString(folder.resolve("key"), "key\n");
        more.put(
                "caretaker.archives.destinations.cold.access-key-file",
                folder.resolve("key").toString());
        more.put(
                "caretaker.archives.destinations.cold.secret-key-file",
                folder.resolve("key").toString());
        server = WholeServer.start(target, more);
        archives = server.archives();
    }

    @AfterAll
    static void stop() {
        server.close();
        s3.close();
    }

    /** A table of that name with rows of 2025, one an hour. */
    private static void table(String name, int rows) {
        target.execute(
                "CREATE TABLE " + name + " (id int PRIMARY KEY, at timestamptz NOT NULL, body text)",
                "INSERT INTO " + name + " SELECT i, timestamptz '2025-01-01' + i * interval '1 hour',"
                        + " md5(i::text) || md5((-i)::text) || md5((i * 7)::text) FROM generate_series(0, " + (rows - 1)
                        + ") i");
    }

    private static ArchivingStep step(String table) {
        return new ArchivingStep(server, target, new TableName("public", table), Optional.of("at"));
    }

    private static String archived(String table, String destination) throws Exception {
        ArchivingStep step = step(table);
        ArchiveRequest request = step.request(ArchivingStep.terms(destination, "csv", "zstd"));
        Sealed sealed = step.archive(request, 500);
        assertThat(sealed.stored()).as(sealed.message()).isTrue();
        return request.id().toString();
    }

    private static Archive get(String id) {
        return archives.getArchive(
                        GetArchiveRequest.newBuilder().setArchiveId(id).build())
                .getArchive();
    }

    private static ArchiveVerdict verify(String id, VerifyLevel level) {
        Iterator<VerifyArchiveResponse> answers = archives.verifyArchive(VerifyArchiveRequest.newBuilder()
                .setArchiveId(id)
                .setLevel(level)
                .build());
        VerifyArchiveResponse last = null;
        while (answers.hasNext()) {
            last = answers.next();
        }
        return last.getVerdict();
    }

    private static RestoreArchiveRequest.Builder restore(String id) {
        return RestoreArchiveRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setArchiveId(id);
    }

    private static List<RunEvent> run(RestoreArchiveRequest.Builder request) {
        List<RunEvent> events = new ArrayList<>();
        Iterator<RestoreArchiveResponse> answers = archives.restoreArchive(request.build());
        while (answers.hasNext()) {
            events.add(answers.next().getEvent());
        }
        return events;
    }

    private static void restored(RestoreArchiveRequest.Builder request) {
        List<RunEvent> events = run(request);
        assertThat(events.getLast().getFinished().getOutcome())
                .as(events.toString())
                .isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
    }

    private static long count(String query) throws SQLException {
        try (Connection connection = target.connect()) {
            return ArchivingStep.number(connection, query);
        }
    }

    private static dev.caretaker.v1.TableName name(String name) {
        return dev.caretaker.v1.TableName.newBuilder()
                .setSchema("public")
                .setName(name)
                .build();
    }

    private static Timestamp time(String text) {
        return Timestamp.newBuilder()
                .setSeconds(Instant.parse(text).getEpochSecond())
                .build();
    }

    @ParameterizedTest
    @CsvSource({
        "csv, none, nas",
        "csv, gzip, cold",
        "csv, zstd, nas",
        "ndjson, none, cold",
        "ndjson, gzip, nas",
        "ndjson, zstd, cold"
    })
    void every_type_comes_back_to_an_equal_hash(String format, String compression, String destination)
            throws Exception {
        Database fresh = target;
        fresh.execute(
                "DROP TABLE IF EXISTS \"Every Type\", back",
                "DROP TYPE IF EXISTS mood, pair",
                "DROP DOMAIN IF EXISTS positive");
        fresh.execute(EVERY_TYPE);
        ArchivingStep step = new ArchivingStep(server, target, new TableName("public", "Every Type"), Optional.empty());
        ArchiveRequest request = step.request(ArchivingStep.terms(destination, format, compression));
        BigDecimal before = ArchivingStep.hash(target, request.source(), "\"Every Type\"");
        Sealed sealed = step.archive(request, 2);
        assertThat(sealed.stored()).as(sealed.message()).isTrue();
        assertThat(sealed.rows()).isEqualTo(3);
        String id = request.id().toString();
        assertThat(verify(id, VerifyLevel.VERIFY_LEVEL_RESTORED))
                .satisfies(verdict -> assertThat(verdict.getWhole())
                        .as(verdict.getFaultsList().toString())
                        .isTrue());
        restored(restore(id).setNewTable(name("back")));
        assertThat(ArchivingStep.hash(target, request.source(), "back")).isEqualByComparingTo(before);
        restored(restore(id).setOriginal(true));
        assertThat(ArchivingStep.hash(target, request.source(), "\"Every Type\""))
                .isEqualByComparingTo(before);
        restored(restore(id).setOriginal(true));
        assertThat(count("SELECT count(*) FROM \"Every Type\"")).isEqualTo(3);
    }

    @Test
    void an_archive_is_listed_shown_and_verified() throws Exception {
        table("shown", 20_000);
        String id = archived("shown", "nas");
        Archive archive = get(id);
        assertThat(archive.getState()).isEqualTo(ArchiveState.ARCHIVE_STATE_STORED);
        assertThat(archive.getRows()).isEqualTo(20_000);
        assertThat(archive.getPartsList()).hasSizeGreaterThan(1);
        assertThat(archive.getFirstTime()).isEqualTo(time("2025-01-01T00:00:00Z"));
        assertThat(archive.getColumnsList())
                .extracting(column -> column.getName() + " " + column.getType())
                .containsExactly("id integer", "at timestamp with time zone", "body text");
        assertThat(archives.listArchives(ListArchivesRequest.newBuilder()
                                .setTable(name("shown"))
                                .build())
                        .getArchivesList())
                .extracting(Archive::getArchiveId)
                .containsExactly(id);
        for (VerifyLevel level : List.of(
                VerifyLevel.VERIFY_LEVEL_STORED,
                VerifyLevel.VERIFY_LEVEL_READ_BACK,
                VerifyLevel.VERIFY_LEVEL_RESTORED)) {
            assertThat(verify(id, level).getFaultsList()).isEmpty();
        }
        assertThat(get(id).getVerifyLevel()).isEqualTo(VerifyLevel.VERIFY_LEVEL_RESTORED);
        assertThat(folder.resolve("data/spool/" + id)).doesNotExist();
    }

    @Test
    void a_flipped_byte_a_missing_part_and_another_manifest_are_told_and_refused() throws Exception {
        table("damaged", 12_000);
        String id = archived("damaged", "nas");
        Path place = folder.resolve("nas").resolve(get(id).getLocation());
        Path part = place.resolve(get(id).getParts(0).getObject());
        byte[] whole = Files.readAllBytes(part);
        byte[] flipped = whole.clone();
        flipped[whole.length / 2] ^= 4;
        Files.write(part, flipped);
        assertThat(verify(id, VerifyLevel.VERIFY_LEVEL_STORED).getWhole()).isTrue();
        assertThat(verify(id, VerifyLevel.VERIFY_LEVEL_READ_BACK).getFaultsList())
                .hasSize(1);
        assertThat(verify(id, VerifyLevel.VERIFY_LEVEL_STORED).getWhole()).isTrue();
        assertThat(get(id).getFault())
                .as("a shallow look does not take it back")
                .isNotEmpty();
        assertThat(run(restore(id).setNewTable(name("never")))
                        .getLast()
                        .getFinished()
                        .getError()
                        .getReason())
                .isEqualTo("ARCHIVE_DAMAGED");
        Files.delete(part);
        assertThat(verify(id, VerifyLevel.VERIFY_LEVEL_STORED).getFaultsList())
                .singleElement()
                .asString()
                .contains("missing");
        Files.write(part, whole);
        assertThat(verify(id, VerifyLevel.VERIFY_LEVEL_READ_BACK).getWhole()).isTrue();
        assertThat(get(id).getFault()).isEmpty();
        Path manifest = place.resolve("manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace("\"rows\":12000", "\"rows\":12001"));
        assertThat(verify(id, VerifyLevel.VERIFY_LEVEL_STORED).getFaultsList())
                .singleElement()
                .asString()
                .contains("manifest");
        assertThatThrownBy(() -> run(restore(id).setNewTable(name("never2"))))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("manifest");
    }

    @Test
    void what_cannot_be_stored_now_waits_in_the_spool_and_is_carried_later() throws Exception {
        table("later", 1_000);
        s3.faults(50, "PUT main/public.later", Kind.ANSWER, 403, "AccessDenied");
        ArchivingStep step = step("later");
        ArchiveRequest request = step.request(ArchivingStep.terms("cold", "csv", "gzip"));
        Thread healer = Thread.ofVirtual().start(() -> {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> !get(request.id().toString()).getProblem().isEmpty());
            assertThat(get(request.id().toString()).getProblem()).contains("AccessDenied");
            s3.heal();
        });
        step.archive(request, 400);
        healer.join();
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> get(request.id().toString()).getState() == ArchiveState.ARCHIVE_STATE_STORED);
        assertThat(verify(request.id().toString(), VerifyLevel.VERIFY_LEVEL_READ_BACK)
                        .getWhole())
                .isTrue();
    }

    @Test
    void an_answer_that_was_lost_is_no_other_object_and_what_is_there_is_never_overwritten() throws Exception {
        table("lost", 1_000);
        s3.fault("PUT main/public.lost", Kind.LOST, 0, "");
        assertThat(verify(archived("lost", "cold"), VerifyLevel.VERIFY_LEVEL_READ_BACK)
                        .getWhole())
                .isTrue();

        table("taken", 10);
        ArchivingStep step = step("taken");
        ArchiveRequest request = step.request(ArchivingStep.terms("nas", "csv", "none"));
        Path place = folder.resolve("nas/main/public.taken/" + LocalDate.now(ZoneOffset.UTC) + "_" + request.id());
        Files.createDirectories(place);
        Files.writeString(place.resolve("part-00001.csv"), "somebody else's");
        Thread healer = Thread.ofVirtual().start(() -> {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> !get(request.id().toString()).getProblem().isEmpty());
            try {
                assertThat(place.resolve("part-00001.csv")).hasContent("somebody else's");
                Files.delete(place.resolve("part-00001.csv"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        step.archive(request, 400);
        healer.join();
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> get(request.id().toString()).getState() == ArchiveState.ARCHIVE_STATE_STORED);
    }

    @Test
    void a_range_of_time_comes_back_into_a_table_that_has_changed_since() throws Exception {
        table("ranged", 10_000);
        String id = archived("ranged", "nas");
        target.execute(
                "ALTER TABLE ranged DROP COLUMN body, ADD COLUMN added int NOT NULL DEFAULT 7",
                "INSERT INTO ranged VALUES (24, now())");
        restored(restore(id)
                .setOriginal(true)
                .setFromTime(time("2025-01-02T00:00:00Z"))
                .setUntilTime(time("2025-01-03T00:00:00Z")));
        assertThat(count("SELECT count(*) FROM ranged WHERE added = 7")).isEqualTo(24);
        assertThat(count("SELECT count(*) FROM ranged WHERE at > now() - interval '1 day'"))
                .isOne();
        target.execute("ALTER TABLE ranged ADD COLUMN needed int");
        target.execute("UPDATE ranged SET needed = 1", "ALTER TABLE ranged ALTER needed SET NOT NULL");
        assertThatThrownBy(() -> run(restore(id).setOriginal(true))).hasMessageContaining("needed");
    }

    @Test
    void a_partition_becomes_one_again() throws Exception {
        target.execute(
                "CREATE TABLE whole (id int, at timestamptz NOT NULL, body text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
                "CREATE TABLE \"Part 2025\" PARTITION OF whole FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
                "INSERT INTO whole SELECT i, timestamptz '2025-01-01' + i * interval '1 hour', 'x' FROM generate_series(0, 4999) i");
        String id = archived("Part 2025", "cold");
        target.execute("DROP TABLE \"Part 2025\"");
        restored(restore(id).setPartition(RestoredPartition.newBuilder().setName(name("back_2025"))));
        assertThat(count("SELECT count(*) FROM whole")).isEqualTo(5_000);
        assertThat(count("SELECT count(*) FROM pg_inherits WHERE inhrelid = 'back_2025'::regclass"))
                .isOne();
        assertThatThrownBy(() -> run(
                        restore(id).setPartition(RestoredPartition.newBuilder().setName(name("back_2025")))))
                .hasMessageContaining("exists already");
    }

    @Test
    void names_that_could_lead_elsewhere_do_not() throws Exception {
        String odd = "../../\"Ä;ö% and 63 bytes of a name that goes on and on, x";
        target.execute(
                "CREATE TABLE " + Identifiers.quote(odd) + " (at timestamptz, \"sp ace\" int)",
                "INSERT INTO " + Identifiers.quote(odd) + " VALUES (now(), 1)");
        String id = archived(odd, "nas");
        Path place = folder.resolve("nas").resolve(get(id).getLocation()).normalize();
        assertThat(place).startsWith(folder.resolve("nas")).isDirectory();
        assertThat(get(id).getLocation()).doesNotContain("..").matches("[A-Za-z0-9_%./-]+");
        assertThat(verify(id, VerifyLevel.VERIFY_LEVEL_RESTORED).getWhole()).isTrue();
    }

    @Test
    void only_a_verified_newer_copy_or_force_lets_an_archive_go() throws Exception {
        table("copied", 100);
        String id = archived("copied", "nas");
        assertThatThrownBy(() -> delete(id, false)).hasMessageContaining("only copy");
        restored(restore(id).setOriginal(true));
        String copy = archived("copied", "cold");
        assertThat(delete(id, false).getState()).isEqualTo(ArchiveState.ARCHIVE_STATE_DELETED);
        assertThat(delete(id, false).getState()).isEqualTo(ArchiveState.ARCHIVE_STATE_DELETED);
        assertThat(folder.resolve("nas").resolve(get(id).getLocation())).doesNotExist();
        assertThatThrownBy(() -> verify(id, VerifyLevel.VERIFY_LEVEL_STORED)).hasMessageContaining("deleted");
        assertThat(delete(copy, true).getState()).isEqualTo(ArchiveState.ARCHIVE_STATE_DELETED);
        assertThat(s3.keys()).noneMatch(key -> key.contains(copy));
    }

    private static Archive delete(String id, boolean force) {
        return archives.deleteArchive(DeleteArchiveRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setArchiveId(id)
                        .setForce(force)
                        .build())
                .getArchive();
    }

    @Test
    void a_restore_that_is_asked_for_twice_under_one_id_loads_once() throws Exception {
        table("twice", 3_000);
        String id = archived("twice", "nas");
        RestoreArchiveRequest.Builder request = restore(id).setNewTable(name("twice_back"));
        restored(request);
        restored(request);
        assertThat(count("SELECT count(*) FROM twice_back")).isEqualTo(3_000);
    }

    @Test
    void restored_rows_stay_until_their_time_is_over() throws Exception {
        table("stays", 2_000);
        String id = archived("stays", "nas");
        target.execute("INSERT INTO stays VALUES (-1, '2024-06-01', 'older'), (-2, '2025-02-01', 'not restored')");
        server.policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .addPolicies(ValidationTest.GOOD.toBuilder()
                                .setName("old-stays")
                                .setTable(name("stays"))
                                .setTimeColumn(ValidationTest.GOOD.getTimeColumn().toBuilder()
                                        .setName("at")))
                        .build());
        assertThat(plan().getTotal().getRows()).isEqualTo(2);
        Plan before = plan();
        restored(restore(id).setOriginal(true).setFromTime(time("2025-01-15T00:00:00Z")));
        Plan after = plan();
        assertThat(after.getTotal().getRows()).isEqualTo(1);
        assertThat(after.getWarningsList())
                .filteredOn(warning -> warning.getCode() == PlanWarningCode.PLAN_WARNING_CODE_RESTORED_ROWS)
                .singleElement()
                .satisfies(warning -> assertThat(warning.getMessage()).contains("2025-01-15T00:00:00Z", id));
        assertThatThrownBy(() -> execute(before)).hasMessageContaining("rows of archive " + id);
        execute(after);
        assertThat(count("SELECT count(*) FROM stays WHERE at < '2025-01-01'")).isZero();
        assertThat(count("SELECT count(*) FROM stays WHERE at >= '2025-01-15'")).isEqualTo(2_000 - 14 * 24 + 1);
    }

    private static Plan plan() {
        return server.maintenance()
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .addPolicies("old-stays")
                        .setExact(true)
                        .build())
                .getPlan();
    }

    private static void execute(Plan plan) {
        Iterator<ExecuteCleanupResponse> events = server.maintenance()
                .executeCleanup(ExecuteCleanupRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setPlanId(plan.getPlanId())
                        .build());
        while (events.hasNext()) {
            events.next();
        }
    }

    @Test
    void nothing_is_left_of_an_archive_into_which_no_row_came() throws Exception {
        target.execute("CREATE TABLE none_left (id int, at timestamptz)");
        ArchivingStep step = step("none_left");
        ArchiveRequest request = step.request(ArchivingStep.terms("nas", "csv", "zstd"));
        assertThat(step.archive(request, 10).message()).contains("No row");
        assertThat(get(request.id().toString()).getState()).isEqualTo(ArchiveState.ARCHIVE_STATE_EMPTY);
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files)
                    .noneMatch(file -> file.toString().contains(request.id().toString()));
        }
    }
}
