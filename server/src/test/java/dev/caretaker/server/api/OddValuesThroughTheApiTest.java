package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.Duration;
import dev.caretaker.server.testing.OddValues;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.CheckReport;
import dev.caretaker.v1.CheckStatus;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.DetectIssuesResponse;
import dev.caretaker.v1.ListPartitionsRequest;
import dev.caretaker.v1.ListPartitionsResponse;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.Retention;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TimeColumn;
import dev.caretaker.v1.TimeColumnKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One value at the end of what its type can hold takes down no listing, no check and no plan. */
class OddValuesThroughTheApiTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final String TARGET = "main";

    @ParameterizedTest
    @MethodSource(BOTH)
    void are_listed_checked_and_planned_like_others(TestPostgres postgres) {
        Database database = postgres.database();
        database.execute(OddValues.partitionedTables().toArray(String[]::new));
        database.execute(OddValues.objects().toArray(String[]::new));
        database.execute(OddValues.datedTables().toArray(String[]::new));
        database.execute("ANALYZE");
        try (WholeServer server = WholeServer.start(database)) {
            ListPartitionsResponse listing = server.maintenance()
                    .listPartitions(ListPartitionsRequest.newBuilder()
                            .setTarget(TARGET)
                            .setPageSize(10_000)
                            .build());
            assertThat(listing.getPartitionsCount()).isEqualTo((int) database.number(
                    "SELECT count(*) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relkind = 'r'"));
            apply(server);
            everyCheckSeesAllOrSaysWhyNot(server);
            everyPolicyIsPlanned(server);
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void names_in_no_encoding_are_shown_by_their_bytes_and_the_others_go_on(TestPostgres postgres) {
        Database database = postgres.asciiDatabase();
        database.executeBytes(
                "CREATE TABLE \"caf\u00e9\" (id int, \"na\u00efve\" timestamptz)",
                "CREATE TABLE \"caf\u00e9 parts\" (\"na\u00efve\" timestamptz NOT NULL) PARTITION BY RANGE (\"na\u00efve\")",
                "CREATE TABLE \"caf\u00e9 1\" PARTITION OF \"caf\u00e9 parts\" FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')",
                "CREATE INDEX \"caf\u00e9 index\" ON \"caf\u00e9 parts\" (\"na\u00efve\")",
                "CREATE SEQUENCE \"caf\u00e9 sequence\" AS smallint",
                "SELECT setval('\"caf\u00e9 sequence\"', 32000)",
                "CREATE TABLE listed (k text) PARTITION BY LIST (k)",
                "CREATE TABLE listed_1 PARTITION OF listed FOR VALUES IN ('caf\u00e9')",
                "CREATE EXTENSION amcheck",
                "CREATE EXTENSION pgstattuple",
                "CREATE TABLE \"caf\u00e9 heavy\" (k int PRIMARY KEY, \"na\u00efve\" text)",
                "ALTER TABLE \"caf\u00e9 heavy\" ALTER \"na\u00efve\" SET STORAGE EXTERNAL",
                "INSERT INTO \"caf\u00e9 heavy\" SELECT g, repeat('x', 50000) FROM generate_series(1, 100) g",
                "CREATE TABLE heavy (k int PRIMARY KEY, v text)",
                "ALTER TABLE heavy ALTER v SET STORAGE EXTERNAL",
                "INSERT INTO heavy SELECT g, repeat('x', 50000) FROM generate_series(1, 100) g",
                "CREATE TABLE plain (id int)");
        try (WholeServer server = WholeServer.start(database)) {
            ListPartitionsResponse listing = server.maintenance()
                    .listPartitions(ListPartitionsRequest.newBuilder()
                            .setTarget(TARGET)
                            .setExact(true)
                            .build());
            assertThat(listing.getPartitionsList())
                    .extracting(partition -> partition.getName().getName())
                    .containsExactlyInAnyOrder("caf\\351 1", "listed_1");
            assertThat(listing.getTables(0).getKeyList()).containsExactly("na\\357ve");
            everyCheckSeesAllOrSaysWhyNot(server);
            List<String> withoutKey = new ArrayList<>();
            server.maintenance()
                    .detectIssues(DetectIssuesRequest.newBuilder()
                            .setTarget(TARGET)
                            .addChecks("table-without-primary-key")
                            .build())
                    .getFindingsList()
                    .forEach(finding -> withoutKey.add(finding.getObject()));
            assertThat(withoutKey).contains("caf\\351", "plain");
            indexesAreReadAndOnlyTablesThatCannotBeNamedLeftOut(server);
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void policies_that_cannot_be_held_against_the_database_are_told_as_unseen(TestPostgres postgres) {
        Database owner = postgres.database();
        Database keeper = owner.role("keeper");
        owner.execute(
                "CREATE TABLE jobs (id int PRIMARY KEY, k timestamptz)",
                "GRANT SELECT, DELETE ON jobs TO \"" + keeper.user() + "\"");
        try (WholeServer server = WholeServer.start(keeper)) {
            server.policies()
                    .applyPolicies(ApplyPoliciesRequest.newBuilder()
                            .setRequestId(UUID.randomUUID().toString())
                            .addPolicies(policy(
                                    "keep",
                                    "jobs",
                                    TimeColumn.newBuilder()
                                            .setName("k")
                                            .setKind(TimeColumnKind.TIME_COLUMN_KIND_TIMESTAMPTZ)))
                            .build());
            owner.execute("REVOKE SELECT ON pg_catalog.pg_enum FROM PUBLIC");
            List<CheckReport> checks = server.maintenance()
                    .detectIssues(DetectIssuesRequest.newBuilder()
                            .setTarget(TARGET)
                            .addAllChecks(List.of(
                                    "cleanup-overdue", "cleanup-unreached", "policy-lost", "policy-contradiction"))
                            .build())
                    .getChecksList();
            for (CheckReport check : checks) {
                assertThat(check.getStatus())
                        .as(check.getCheckId() + ": " + check.getReason())
                        .isEqualTo(CheckStatus.CHECK_STATUS_RAN);
                if (!check.getCheckId().equals("policy-contradiction")) {
                    assertThat(check.getUnseenObjects()).as(check.getCheckId()).isEqualTo(1);
                    assertThat(check.getReason()).contains("keep", "permission denied for table pg_enum");
                }
            }
        }
    }

    private static Policy policy(String name, String table, TimeColumn.Builder column) {
        return Policy.newBuilder()
                .setName(name)
                .setTarget(TARGET)
                .setTable(TableName.newBuilder().setSchema("public").setName(table))
                .setTimeColumn(column)
                .setAction(PolicyAction.POLICY_ACTION_DELETE)
                .setRetention(
                        Retention.newBuilder().setDuration(Duration.newBuilder().setSeconds(60 * 86_400)))
                .build();
    }

    private static void indexesAreReadAndOnlyTablesThatCannotBeNamedLeftOut(WholeServer server) {
        DetectIssuesResponse asked = server.maintenance()
                .detectIssues(DetectIssuesRequest.newBuilder()
                        .setTarget(TARGET)
                        .addAllChecks(List.of("index-corrupt", "index-bloat-exact", "large-values"))
                        .putThresholds("index-bloat-exact.min_bytes", "0")
                        .putThresholds("index-bloat-exact.min_percent", "0")
                        .build());
        for (CheckReport check : asked.getChecksList()) {
            boolean blind = check.getCheckId().equals("large-values");
            assertThat(check.getStatus())
                    .as(check.getCheckId() + ": " + check.getReason())
                    .isEqualTo(CheckStatus.CHECK_STATUS_RAN);
            assertThat(check.getUnseenObjects()).as(check.getCheckId()).isEqualTo(blind ? 1 : 0);
            assertThat(check.getReason()).contains(blind ? "public.caf\\351 heavy: its name" : "");
        }
        assertThat(asked.getFindingsList())
                .filteredOn(finding -> finding.getCheckId().equals("index-bloat-exact"))
                .extracting(
                        finding -> finding.getObject(),
                        finding -> finding.getRemediationSql().isEmpty())
                .contains(tuple("caf\\351 heavy_pkey", true), tuple("heavy_pkey", false));
        assertThat(asked.getFindingsList())
                .filteredOn(finding -> finding.getCheckId().equals("large-values"))
                .extracting(finding -> finding.getObject())
                .containsExactly("heavy.v");
    }

    private static void apply(WholeServer server) {
        ApplyPoliciesRequest.Builder request =
                ApplyPoliciesRequest.newBuilder().setRequestId(UUID.randomUUID().toString());
        for (String kind : OddValues.kindsOfTime().keySet()) {
            for (String suffix : List.of("", "_parts")) {
                String table = "dated_" + kind.toLowerCase(Locale.ROOT) + suffix;
                TimeColumn.Builder column = TimeColumn.newBuilder()
                        .setName("k")
                        .setKind(TimeColumnKind.valueOf("TIME_COLUMN_KIND_" + kind));
                if (kind.equals("TIMESTAMP") || kind.equals("DATE")) {
                    column.setZone("Asia/Tokyo");
                }
                request.addPolicies(policy(table, table, column));
            }
        }
        server.policies().applyPolicies(request.build());
    }

    private static void everyCheckSeesAllOrSaysWhyNot(WholeServer server) {
        DetectIssuesResponse found = server.maintenance()
                .detectIssues(DetectIssuesRequest.newBuilder().setTarget(TARGET).build());
        List<String> wrong = new ArrayList<>();
        for (CheckReport check : found.getChecksList()) {
            boolean blind = check.getUnseenObjects() > 0 && check.getReason().isEmpty();
            if (check.getStatus() == CheckStatus.CHECK_STATUS_FAILED || blind) {
                wrong.add(check.getCheckId() + " " + check.getUnseenObjects() + " " + check.getReason());
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static void everyPolicyIsPlanned(WholeServer server) {
        for (String kind : OddValues.kindsOfTime().keySet()) {
            for (String suffix : List.of("", "_parts")) {
                String policy = "dated_" + kind.toLowerCase(Locale.ROOT) + suffix;
                server.maintenance()
                        .planCleanup(PlanCleanupRequest.newBuilder()
                                .setRequestId(UUID.randomUUID().toString())
                                .setTarget(TARGET)
                                .addPolicies(policy)
                                .setExact(true)
                                .build());
            }
        }
    }
}
