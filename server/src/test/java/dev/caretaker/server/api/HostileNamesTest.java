package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.caretaker.server.testing.Shadows;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.CheckStatus;
import dev.caretaker.v1.Comparison;
import dev.caretaker.v1.ComparisonOperator;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.ExecuteCleanupResponse;
import dev.caretaker.v1.Filter;
import dev.caretaker.v1.FilterList;
import dev.caretaker.v1.InList;
import dev.caretaker.v1.ListPartitionsRequest;
import dev.caretaker.v1.Mechanism;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.Retention;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunReindexRequest;
import dev.caretaker.v1.RunReindexResponse;
import dev.caretaker.v1.RunVacuumRequest;
import dev.caretaker.v1.RunVacuumResponse;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.Value;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A database whose search_path begins with operators, functions and casts of somebody else for everything. */
class HostileNamesTest {
    private static final String ROWS =
            " SELECT i, now() - CASE WHEN i %% %d = 0 THEN interval '30 days' ELSE interval '1 hour' END,"
                    + " CASE WHEN i %% 3 = 0 THEN 'open' ELSE 'done' END,"
                    + " (CASE WHEN i %% 5 = 0 THEN 'available' ELSE 'completed' END)::job_state FROM generate_series(1, 4000) i";

    private WholeServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.caretaker.server.testing.TestPostgres#both")
    void nothing_of_it_is_ever_called(TestPostgres postgres) throws SQLException {
        TestPostgres.Database target = postgres.database();
        String columns = " (id int PRIMARY KEY, ended timestamptz, st varchar(20), state state_dom)";
        target.execute(
                "CREATE TYPE job_state AS ENUM ('available', 'completed')",
                "CREATE DOMAIN state_dom AS job_state",
                "CREATE TABLE along" + columns,
                "CREATE INDEX ON along (ended)",
                "INSERT INTO along" + ROWS.formatted(50),
                "CREATE TABLE blocks" + columns,
                "INSERT INTO blocks" + ROWS.formatted(2),
                "CREATE TABLE listed" + columns,
                "INSERT INTO listed" + ROWS.formatted(200),
                "CREATE TABLE parent" + columns,
                "INSERT INTO parent" + ROWS.formatted(2),
                "CREATE TABLE child (id int PRIMARY KEY, parent bigint REFERENCES parent)",
                "CREATE INDEX ON child (parent)",
                "INSERT INTO child SELECT i, i FROM generate_series(1, 400) i",
                "CREATE TABLE circle (id int PRIMARY KEY, ended timestamptz, st varchar(20), state state_dom,"
                        + " before int REFERENCES circle)",
                "INSERT INTO circle" + ROWS.formatted(2),
                "UPDATE circle SET before = id - 2 WHERE id > 2",
                "CREATE INDEX ON circle (before)",
                "CREATE TABLE parted (id int, ended timestamptz) PARTITION BY RANGE (ended)",
                "CREATE TABLE parted_old PARTITION OF parted FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')",
                "CREATE TABLE parted_new PARTITION OF parted FOR VALUES FROM ('2020-02-01') TO ('2100-01-01')",
                "INSERT INTO parted SELECT i, '2020-01-05' FROM generate_series(1, 100) i",
                "INSERT INTO parted SELECT i, now() FROM generate_series(1, 50) i",
                "VACUUM ANALYZE");
        long done = target.number("SELECT count(*) FROM blocks WHERE st = 'done' AND state::job_state = 'completed'"
                + " AND ended < now() - interval '1 day'");
        long along = 80; // one in fifty
        long held = target.number("SELECT count(*) FROM parent WHERE st = 'done' AND state::job_state = 'completed'"
                + " AND ended < now() - interval '1 day' AND id <= 400");
        assertThat(Shadows.cast(target, "job_state")).isGreaterThan(5_000);
        server = WholeServer.start(target);

        apply(policy("along", false), policy("blocks", true), policy("listed", true), policy("parted", false));
        apply(policy("parent", true).toBuilder().setSkipPinned(true).build());
        apply(policy("circle", false).toBuilder().setSkipPinned(true).build());
        Plan plan = server.maintenance()
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .setExact(true)
                        .setProbe(true)
                        .build())
                .getPlan();
        assertThat(plan.getStepsList().stream().map(step -> step.getMechanism()))
                .as(plan.toString())
                .contains(
                        Mechanism.MECHANISM_INDEX_RANGE,
                        Mechanism.MECHANISM_BLOCK_RANGE,
                        Mechanism.MECHANISM_DROP_PARTITION);
        List<RunEvent> run = new ArrayList<>();
        server.maintenance()
                .executeCleanup(ExecuteCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .setPlanId(plan.getPlanId())
                        .setEtag(plan.getEtag())
                        .build())
                .forEachRemaining((ExecuteCleanupResponse response) -> run.add(response.getEvent()));
        assertThat(run.getLast().getFinished().getOutcome())
                .as(run.getLast().toString())
                .isIn(RunOutcome.RUN_OUTCOME_COMPLETE, RunOutcome.RUN_OUTCOME_PINNED);
        assertThat(left(target, "along")).isEqualTo(4_000 - along);
        assertThat(left(target, "blocks")).isEqualTo(4_000 - done);
        assertThat(left(target, "parent")).isEqualTo(4_000 - done + held);
        assertThat(left(target, "circle")).isEqualTo(2_000);
        assertThat(left(target, "parted")).isEqualTo(50);

        var checks = server.maintenance()
                .detectIssues(DetectIssuesRequest.newBuilder().setTarget("main").build())
                .getChecksList();
        assertThat(checks)
                .isNotEmpty()
                .allSatisfy(check -> assertThat(check.getStatus())
                        .as(check.toString())
                        .isNotEqualTo(CheckStatus.CHECK_STATUS_FAILED));
        server.maintenance()
                .listPartitions(
                        ListPartitionsRequest.newBuilder().setTarget("main").build());
        RunVacuumRequest vacuum =
                RunVacuumRequest.newBuilder().setTarget("main").build();
        server.maintenance()
                .runVacuum(vacuum.toBuilder()
                        .setRequestId(id())
                        .setValidateOnly(true)
                        .build())
                .forEachRemaining(event -> {});
        complete(events(server.maintenance()
                .runVacuum(vacuum.toBuilder()
                        .setRequestId(id())
                        .addTables(TableName.newBuilder().setName("blocks"))
                        .build())));
        RunReindexRequest reindex = RunReindexRequest.newBuilder()
                .setTarget("main")
                .setAssumeFreeBytes(1L << 40)
                .build();
        server.maintenance()
                .runReindex(reindex.toBuilder()
                        .setRequestId(id())
                        .setValidateOnly(true)
                        .build())
                .forEachRemaining(event -> {});
        List<RunEvent> rebuilt = new ArrayList<>();
        server.maintenance()
                .runReindex(reindex.toBuilder()
                        .setRequestId(id())
                        .addIndexes(TableName.newBuilder().setName("along_pkey"))
                        .setForce(true)
                        .build())
                .forEachRemaining((RunReindexResponse response) -> rebuilt.add(response.getEvent()));
        complete(rebuilt);
        assertThat(Shadows.calls(target)).isZero();
    }

    private static List<RunEvent> events(java.util.Iterator<RunVacuumResponse> responses) {
        List<RunEvent> events = new ArrayList<>();
        responses.forEachRemaining(response -> events.add(response.getEvent()));
        return events;
    }

    private static void complete(List<RunEvent> run) {
        assertThat(run.getLast().getFinished().getOutcome())
                .as(run.getLast().toString())
                .isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
    }

    private static long left(TestPostgres.Database target, String table) {
        return target.number("SELECT pg_catalog.count(*) FROM public." + table);
    }

    private void apply(Policy... policies) {
        server.policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addAllPolicies(List.of(policies))
                        .build());
    }

    private static Policy policy(String table, boolean filtered) {
        Policy.Builder policy = ValidationTest.GOOD.toBuilder()
                .setName(table)
                .setTable(TableName.newBuilder().setName(table))
                .setRetention(
                        Retention.newBuilder().setDuration(Duration.newBuilder().setSeconds(86_400)));
        if (filtered) {
            Filter status = Filter.newBuilder()
                    .setIn(InList.newBuilder().setColumn("st").addValues(text("done")))
                    .build();
            Filter state = Filter.newBuilder()
                    .setComparison(Comparison.newBuilder()
                            .setColumn("state")
                            .setOperator(ComparisonOperator.COMPARISON_OPERATOR_EQUAL)
                            .setValue(text("completed")))
                    .build();
            policy.setFilter(Filter.newBuilder()
                    .setAnd(FilterList.newBuilder().addFilters(status).addFilters(state)));
        }
        return policy.build();
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}
