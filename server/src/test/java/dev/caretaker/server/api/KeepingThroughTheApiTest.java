package dev.caretaker.server.api;

import static dev.caretaker.server.api.KeepingCalls.at;
import static dev.caretaker.server.api.KeepingCalls.id;
import static dev.caretaker.server.api.KeepingCalls.name;
import static dev.caretaker.server.api.KeepingCalls.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import dev.caretaker.server.archive.place.FakeS3;
import dev.caretaker.server.archive.place.FakeS3.Kind;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.Archive;
import dev.caretaker.v1.ArchiveDurability;
import dev.caretaker.v1.ArchiveServiceGrpc.ArchiveServiceBlockingStub;
import dev.caretaker.v1.ArchiveState;
import dev.caretaker.v1.ArchiveTo;
import dev.caretaker.v1.BucketUnit;
import dev.caretaker.v1.Comparison;
import dev.caretaker.v1.ComparisonOperator;
import dev.caretaker.v1.Filter;
import dev.caretaker.v1.FilterList;
import dev.caretaker.v1.GetArchiveRequest;
import dev.caretaker.v1.InList;
import dev.caretaker.v1.MeasureKind;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanWarning;
import dev.caretaker.v1.PlanWarningCode;
import dev.caretaker.v1.PlannedArchive;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.ReleaseHoldRequest;
import dev.caretaker.v1.RestoreArchiveRequest;
import dev.caretaker.v1.RollUp;
import dev.caretaker.v1.RollUpMeasure;
import dev.caretaker.v1.RunFinished;
import dev.caretaker.v1.RunKind;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.SetHoldRequest;
import dev.caretaker.v1.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies that keep rows, from their plan to rows that come back. */
class KeepingThroughTheApiTest {
    @TempDir
    private static Path folder;

    private static FakeS3 s3;
    private static Database target;
    private static WholeServer server;
    private static ArchiveServiceBlockingStub archives;
    private static KeepingCalls calls;

    @BeforeAll
    static void start() throws IOException {
        s3 = new FakeS3();
        target = TestPostgres.newest().database();
        Files.createDirectories(folder.resolve("nas"));
        Files.writeString(folder.resolve("key"), "key\n");
        Map<String, Object> more = new HashMap<>();
        more.put("caretaker.data-dir", folder.resolve("data").toString());
        more.put("caretaker.engine.retries", "1");
        String nas = "caretaker.archives.destinations.nas.";
        more.put(nas + "type", "directory");
        more.put(nas + "path", folder.resolve("nas").toString());
        String cold = "caretaker.archives.destinations.cold.";
        more.put(cold + "type", "s3");
        more.put(cold + "bucket", "bucket");
        more.put(cold + "endpoint", s3.endpoint().toString());
        more.put(cold + "path-style", "true");
        more.put(cold + "access-key-file", folder.resolve("key").toString());
        more.put(cold + "secret-key-file", folder.resolve("key").toString());
        server = WholeServer.start(target, more);
        archives = server.archives();
        calls = new KeepingCalls(server);
    }

    @AfterAll
    static void stop() {
        server.close();
        s3.close();
    }

    private static Filter compare(String column, ComparisonOperator operator, Value.Builder value) {
        return Filter.newBuilder()
                .setComparison(Comparison.newBuilder()
                        .setColumn(column)
                        .setOperator(operator)
                        .setValue(value))
                .build();
    }

    @Test
    void rows_come_back_by_a_filter_also_of_a_column_that_is_no_more() throws SQLException {
        target.execute(
                "CREATE TYPE colour AS ENUM ('red', 'it''s blue')",
                "CREATE DOMAIN amount AS numeric CHECK (value >= 0)",
                "CREATE TABLE filtered (id int PRIMARY KEY, at timestamptz, kind text, \"Co?lour\" colour, n amount, b bool)",
                "INSERT INTO filtered SELECT i, '2025-01-01', (ARRAY['a', 'b', 'c', NULL])[1 + i % 4],"
                        + " (ARRAY['red', 'it''s blue'])[1 + i % 2]::colour, i / 2.0, i % 3 = 0 FROM generate_series(1, 600) i",
                "CREATE TABLE filtered_before AS SELECT * FROM filtered");
        calls.complete(calls.plan(policy("filtered", at("nas"))));
        String archive = calls.archivesOf("filtered").getFirst().getArchiveId();
        target.execute("ALTER TABLE filtered DROP COLUMN b");
        Filter wanted = Filter.newBuilder()
                .setAnd(FilterList.newBuilder()
                        .addFilters(Filter.newBuilder()
                                .setIn(InList.newBuilder()
                                        .setColumn("kind")
                                        .addValues(Value.newBuilder().setStringValue("a"))
                                        .addValues(Value.newBuilder().setStringValue("b' OR true --"))
                                        .addValues(Value.newBuilder().setStringValue("c"))))
                        .addFilters(compare(
                                "Co?lour",
                                ComparisonOperator.COMPARISON_OPERATOR_EQUAL,
                                Value.newBuilder().setStringValue("red")))
                        .addFilters(compare(
                                "n",
                                ComparisonOperator.COMPARISON_OPERATOR_GREATER,
                                Value.newBuilder().setStringValue("100.5")))
                        .addFilters(compare(
                                "b",
                                ComparisonOperator.COMPARISON_OPERATOR_EQUAL,
                                Value.newBuilder().setBoolValue(true))))
                .build();
        long expected = target.number("SELECT count(*) FROM filtered_before WHERE kind IN ('a', 'c') AND"
                + " \"Co?lour\" = 'red' AND n > 100.5 AND b");
        RunFinished original = calls.restore(RestoreArchiveRequest.newBuilder()
                .setArchiveId(archive)
                .setOriginal(true)
                .setFilter(wanted));
        assertThat(original.getTotals().getRowsRestored()).isEqualTo(expected).isPositive();
        assertThat(original.getTotals().getRowsLeftOut()).isEqualTo(600 - expected);
        assertThat(target.number("SELECT count(*) FROM filtered")).isEqualTo(expected);
        RunFinished made = calls.restore(RestoreArchiveRequest.newBuilder()
                .setArchiveId(archive)
                .setNewTable(name("filtered_back"))
                .setFilter(Filter.newBuilder().setNot(wanted)));
        assertThat(made.getTotals().getRowsRestored())
                .isEqualTo(target.number("SELECT count(*) FROM filtered_before WHERE NOT (kind IN ('a', 'c') AND"
                        + " \"Co?lour\" = 'red' AND n > 100.5 AND b)"));
        for (Filter wrong : List.of(
                compare(
                        "kin",
                        ComparisonOperator.COMPARISON_OPERATOR_EQUAL,
                        Value.newBuilder().setStringValue("a")),
                compare(
                        "Co?lour",
                        ComparisonOperator.COMPARISON_OPERATOR_LESS,
                        Value.newBuilder().setStringValue("red")),
                compare(
                        "id",
                        ComparisonOperator.COMPARISON_OPERATOR_EQUAL,
                        Value.newBuilder().setStringValue("1")))) {
            assertThatThrownBy(() -> calls.restore(RestoreArchiveRequest.newBuilder()
                            .setArchiveId(archive)
                            .setOriginal(true)
                            .setFilter(wrong)))
                    .hasMessageContaining("filter.comparison");
        }
    }

    @Test
    void a_restore_that_is_refused_leaves_nothing_behind_that_policies_would_spare() throws SQLException {
        target.execute(
                "CREATE TABLE frozen (id int PRIMARY KEY, at timestamptz)",
                "INSERT INTO frozen SELECT i, '2025-01-01' FROM generate_series(1, 10) i");
        calls.complete(calls.plan(policy("frozen", at("nas"))));
        String archive = calls.archivesOf("frozen").getFirst().getArchiveId();
        String hold = server.holds()
                .setHold(SetHoldRequest.newBuilder()
                        .setRequestId(id())
                        .addKinds(RunKind.RUN_KIND_RESTORE)
                        .setReason("freeze")
                        .build())
                .getHold()
                .getHoldId();
        assertThatThrownBy(() -> calls.restore(RestoreArchiveRequest.newBuilder()
                        .setArchiveId(archive)
                        .setOriginal(true)
                        .setKeep(Duration.newBuilder().setSeconds(86_400))))
                .hasMessageContaining("freeze");
        server.holds()
                .releaseHold(ReleaseHoldRequest.newBuilder()
                        .setRequestId(id())
                        .setHoldId(hold)
                        .build());
        target.execute("INSERT INTO frozen VALUES (11, '2025-01-02')");
        calls.complete(calls.plan(policy("frozen", at("nas"))));
        assertThat(target.number("SELECT count(*) FROM frozen")).isZero();
    }

    @Test
    void a_destination_that_takes_nothing_is_told_by_the_plan_and_before_the_first_delete() throws SQLException {
        target.execute(
                "CREATE TABLE refused (id int, at timestamptz)",
                "INSERT INTO refused SELECT i, '2025-01-01' FROM generate_series(1, 100) i");
        Policy.Builder policy = policy("refused", at("cold"));
        s3.faults(50, "POST caretaker-writable", Kind.ANSWER, 403, "AccessDenied");
        assertThat(calls.plan(policy).getWarningsList())
                .filteredOn(PlanWarning::getBlocking)
                .anySatisfy(warning -> {
                    assertThat(warning.getCode()).isEqualTo(PlanWarningCode.PLAN_WARNING_CODE_ARCHIVE_DOES_NOT_FIT);
                    assertThat(warning.getMessage()).contains("cold", "AccessDenied");
                });
        s3.heal();
        Plan plan = calls.plan(policy);
        s3.faults(50, "POST caretaker-writable", Kind.ANSWER, 403, "AccessDenied");
        RunFinished finished = calls.execute(plan);
        s3.heal();
        assertThat(finished.getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_FAILED);
        assertThat(finished.getError().getMessage()).contains("takes nothing now", "AccessDenied");
        assertThat(target.number("SELECT count(*) FROM refused")).isEqualTo(100);
        assertThat(s3.unfinishedUploads()).isZero();
    }

    @Test
    void rows_are_at_their_destination_before_they_leave_if_that_is_awaited() throws SQLException {
        target.execute(
                "CREATE TABLE awaited (id int, at timestamptz, body text)",
                "INSERT INTO awaited SELECT i, '2025-01-01', md5(i::text) FROM generate_series(1, 30000) i",
                "CREATE TABLE awaited_before AS SELECT * FROM awaited");
        ArchiveTo.Builder to = at("cold");
        to.getStoreBuilder()
                .setDurable(ArchiveDurability.ARCHIVE_DURABILITY_REMOTE)
                .setFormat("ndjson");
        s3.faults(2, "PUT main/public.awaited", Kind.ANSWER, 503, "SlowDown");
        s3.fault("PUT main/public.awaited", Kind.LOST, 0, "");
        RunFinished finished = calls.complete(calls.plan(policy("awaited", to)));
        assertThat(finished.getTotals().getRowsDeleted()).isEqualTo(30_000);
        Archive archive = archives.getArchive(GetArchiveRequest.newBuilder()
                        .setArchiveId(calls.archivesOf("awaited").getFirst().getArchiveId())
                        .build())
                .getArchive();
        assertThat(archive.getState()).isEqualTo(ArchiveState.ARCHIVE_STATE_STORED);
        assertThat(archive.getRows()).isEqualTo(30_000);
        assertThat(archive.getPartsList()).hasSizeGreaterThan(1);
        calls.restore(RestoreArchiveRequest.newBuilder()
                .setArchiveId(archive.getArchiveId())
                .setNewTable(name("awaited_back")));
        assertSame("awaited_back", "awaited_before");
    }

    private static void assertSame(String one, String other) throws SQLException {
        assertThat(target.number("SELECT count(*) FROM ((TABLE " + one + " EXCEPT ALL TABLE " + other
                        + ") UNION ALL (TABLE " + other + " EXCEPT ALL TABLE " + one + ")) d"))
                .isZero();
    }

    @Test
    void rows_are_archived_and_rolled_up_with_their_children_in_one_policy() throws SQLException {
        target.execute(
                "CREATE TABLE orders (id int PRIMARY KEY, at timestamptz, state text)",
                "CREATE TABLE lines (order_id int REFERENCES orders ON DELETE CASCADE, line int, PRIMARY KEY (order_id, line))",
                "CREATE TABLE notes (order_id int, line int, note text,"
                        + " FOREIGN KEY (order_id, line) REFERENCES lines ON DELETE CASCADE)",
                "CREATE INDEX ON notes (order_id, line)",
                "INSERT INTO orders SELECT i, CASE WHEN i <= 300 THEN timestamptz '2025-01-01' ELSE now() END,"
                        + " (ARRAY['paid', 'sent'])[1 + i % 2] FROM generate_series(1, 400) i",
                "INSERT INTO lines SELECT i, l FROM generate_series(1, 400) i, generate_series(1, 3) l",
                "INSERT INTO notes SELECT order_id, line, 'n' || order_id FROM lines WHERE order_id % 4 = 0",
                "CREATE TABLE orders_before AS SELECT * FROM orders",
                "CREATE TABLE lines_before AS SELECT * FROM lines",
                "CREATE TABLE notes_before AS SELECT * FROM notes",
                "ANALYZE");
        Policy.Builder policy = policy("orders", at("nas").setWithChildren(true))
                .setRollUp(RollUp.newBuilder()
                        .setInto(name("order_sums"))
                        .setBucket(BucketUnit.BUCKET_UNIT_MONTH)
                        .addBy("state")
                        .addMeasures(
                                RollUpMeasure.newBuilder().setName("orders").setKind(MeasureKind.MEASURE_KIND_COUNT)));
        assertThat(calls.plan(policy).getWarningsList())
                .filteredOn(PlanWarning::getBlocking)
                .extracting(PlanWarning::getCode)
                .as("what cascades is for the policy to allow")
                .contains(PlanWarningCode.PLAN_WARNING_CODE_CASCADE);
        Plan plan = calls.plan(policy.setAllowCascade(true));
        assertThat(plan.getWarningsList())
                .filteredOn(warning -> warning.getCode() == PlanWarningCode.PLAN_WARNING_CODE_CHILDREN_ARCHIVED)
                .extracting(warning -> warning.getRelation().getName())
                .containsExactlyInAnyOrder("lines", "notes");
        assertThat(plan.getSteps(0).getMoreArchivesList())
                .extracting(PlannedArchive::getPlace)
                .contains("public.order_sums", "nas");
        RunFinished finished = calls.complete(plan);
        assertThat(finished.getTotals().getRowsDeleted()).isEqualTo(300);
        assertThat(finished.getTotals().getRowsCascaded()).isEqualTo(900 + 225);
        assertThat(target.number("SELECT sum(orders) FROM order_sums")).isEqualTo(300);
        for (String table : List.of("orders", "lines", "notes")) {
            Archive archive = calls.archivesOf(table).getFirst();
            assertThat(archive.getState()).isEqualTo(ArchiveState.ARCHIVE_STATE_STORED);
            assertThat(calls.restore(RestoreArchiveRequest.newBuilder()
                                    .setArchiveId(archive.getArchiveId())
                                    .setNewTable(name(table + "_back")))
                            .getTotals()
                            .getRowsRestored())
                    .isEqualTo(archive.getRows());
            target.execute("CREATE TABLE " + table + "_both AS TABLE " + table + " UNION ALL TABLE " + table + "_back");
            assertSame(table + "_both", table + "_before");
        }
    }

    @Test
    void a_key_that_may_be_null_tells_no_rows_apart() throws SQLException {
        target.execute(
                "CREATE TABLE nullable (id int UNIQUE, at timestamptz)",
                "INSERT INTO nullable SELECT NULL, '2025-01-01' FROM generate_series(1, 10)");
        calls.complete(calls.plan(policy("nullable", at("nas"))));
        String archive = calls.archivesOf("nullable").getFirst().getArchiveId();
        assertThatThrownBy(() -> calls.restore(
                        RestoreArchiveRequest.newBuilder().setArchiveId(archive).setOriginal(true)))
                .hasMessageContaining("without NULLs");
        assertThat(calls.restore(RestoreArchiveRequest.newBuilder()
                                .setArchiveId(archive)
                                .setNewTable(name("nullable_back")))
                        .getTotals()
                        .getRowsRestored())
                .isEqualTo(10);
    }
}
