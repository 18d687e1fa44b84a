package dev.caretaker.server.api;

import static dev.caretaker.server.api.ConversionClient.assertComplete;
import static dev.caretaker.server.api.ConversionClient.events;
import static dev.caretaker.server.api.ConversionClient.id;
import static dev.caretaker.server.api.ConversionClient.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.ApplyPartitionSetsRequest;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.Conversion;
import dev.caretaker.v1.ConversionLoss;
import dev.caretaker.v1.ConversionState;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.ExecuteCleanupResponse;
import dev.caretaker.v1.ExecuteUpkeepRequest;
import dev.caretaker.v1.ExecuteUpkeepResponse;
import dev.caretaker.v1.GetPartitionSetRequest;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PartitioningResult;
import dev.caretaker.v1.PartitionsAhead;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.PlanUpkeepRequest;
import dev.caretaker.v1.PlanWarningCode;
import dev.caretaker.v1.Retention;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.SuggestPartitionSetRequest;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TimeColumn;
import dev.caretaker.v1.TimeColumnKind;
import dev.caretaker.v1.VerifyPartitioningRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** After a conversion the table's policy and its partition set go on by themselves; and whose rights conversions and upkeep need. */
class ConvertedTablesGoOnTest {

    @Test
    void upkeep_makes_partitions_and_the_policy_empties_the_old_one_from_its_old_end() {
        Database target = TestPostgres.newest().database();
        target.execute(
                "CREATE TABLE visits (id bigserial PRIMARY KEY, at timestamptz NOT NULL)",
                "CREATE INDEX ON visits (at)",
                "INSERT INTO visits (at) SELECT now() - i * interval '1 hour' FROM generate_series(1, 2400) i",
                "ANALYZE");
        try (WholeServer server = WholeServer.start(target)) {
            apply(server, "visits", "at");
            ConversionClient client = ConversionClient.of(server);
            assertComplete(client.begin(client.plan(
                    request("visits", "at").addAcceptedLosses(ConversionLoss.CONVERSION_LOSS_UNIQUE_NARROWED))));

            assertThat(server.partitions()
                            .verifyPartitioning(VerifyPartitioningRequest.newBuilder()
                                    .setTarget("main")
                                    .setTable(TableName.newBuilder().setName("visits"))
                                    .build())
                            .getChecksList())
                    .as("the old key still holds in the old partition, where it stops the copy that is tried")
                    .allMatch(check -> check.getResult() == PartitioningResult.PARTITIONING_RESULT_PASSED);

            assertComplete(clean(server));
            assertThat(target.number("SELECT count(*) FROM visits_legacy WHERE at < now() - interval '30 days'"))
                    .as("old rows left from the old end")
                    .isZero();
            assertThat(target.number("SELECT count(*) FROM visits_legacy")).isBetween(719L, 721L);

            PartitionSet kept = server.partitions()
                    .getPartitionSet(GetPartitionSetRequest.newBuilder()
                            .setName("visits")
                            .build())
                    .getSet();
            server.partitions()
                    .applyPartitionSets(ApplyPartitionSetsRequest.newBuilder()
                            .setRequestId(id())
                            .addSets(kept.toBuilder()
                                    .setAhead(PartitionsAhead.newBuilder().setPartitions(5)))
                            .build());
            assertComplete(upkeep(server));
            assertThat(target.number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'visits'::regclass"))
                    .as("the old one, and five ahead")
                    .isEqualTo(6);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.caretaker.server.testing.TestPostgres#both")
    void a_login_that_is_a_member_of_the_owner_converts_and_one_that_is_not_is_told_so(TestPostgres postgres) {
        Database target = postgres.database();
        String owner = target.name() + "_owner";
        String login = target.name() + "_login";
        target.execute(
                "CREATE ROLE " + owner,
                "CREATE ROLE " + login + " LOGIN PASSWORD 'secret'",
                "GRANT ALL ON SCHEMA public TO " + owner + ", " + login,
                "CREATE TABLE parents (id int PRIMARY KEY)",
                "INSERT INTO parents VALUES (1)",
                "ALTER TABLE parents OWNER TO " + owner,
                "CREATE TABLE jobs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n serial, at timestamptz NOT NULL,"
                        + " parent int REFERENCES parents)",
                "INSERT INTO jobs (at, parent) SELECT now(), 1 FROM generate_series(1, 10)",
                "CREATE VIEW seen AS SELECT id FROM jobs",
                "ALTER TABLE jobs OWNER TO " + owner,
                "ALTER VIEW seen OWNER TO " + owner);
        for (String actsAs : List.of("login", "owner")) {
            Map<String, Object> configuration = Map.of(
                    "caretaker.targets.main.user", login,
                    "caretaker.targets.main.password", "secret",
                    "caretaker.targets.main.act-as", actsAs);
            try (WholeServer server = WholeServer.start(target, configuration)) {
                ConversionClient client = ConversionClient.of(server);
                if (actsAs.equals("login")) {
                    assertThat(plan(client).getObstaclesList().toString())
                            .contains("can neither be nor act as its owner " + owner);
                    target.execute("GRANT " + owner + " TO " + login);
                }
                Conversion planned = plan(client);
                assertComplete(client.begin(planned));
                assertThat(target.value("SELECT string_agg(DISTINCT relowner::regrole::text, ',') FROM pg_class"
                                + " WHERE relname LIKE 'jobs%'"))
                        .isEqualTo(owner);
                assertThat(target.number("SELECT count(*) FROM seen")).isEqualTo(10);
                assertComplete(client.revert(planned));
                assertThat(client.get(planned).getState()).isEqualTo(ConversionState.CONVERSION_STATE_REVERTED);
            }
        }
    }

    @Test
    void a_login_without_the_owners_rights_is_told_the_grant_that_upkeep_needs() {
        Database target = TestPostgres.newest().database();
        String owner = target.name() + " Owner";
        String login = target.name() + "_upkeep";
        target.execute(
                "CREATE ROLE \"" + owner + "\"",
                "CREATE ROLE " + login + " LOGIN PASSWORD 'secret'",
                "GRANT ALL ON SCHEMA public TO \"" + owner + "\", " + login,
                "CREATE TABLE hours (at timestamptz) PARTITION BY RANGE (at)",
                "CREATE TABLE hours_2025_01 PARTITION OF hours FOR VALUES FROM ('2025-01-01Z') TO ('2025-02-01Z')",
                "ALTER TABLE hours OWNER TO \"" + owner + "\"",
                "ALTER TABLE hours_2025_01 OWNER TO \"" + owner + "\"");
        String grant = "GRANT \"" + owner + "\" TO " + login;
        Map<String, Object> configuration =
                Map.of("caretaker.targets.main.user", login, "caretaker.targets.main.password", "secret");
        try (WholeServer server = WholeServer.start(target, configuration)) {
            PartitionSet set = server.partitions()
                    .suggestPartitionSet(SuggestPartitionSetRequest.newBuilder()
                            .setTarget("main")
                            .setTable(TableName.newBuilder().setName("hours"))
                            .build())
                    .getSet();
            assertThat(server.partitions()
                            .applyPartitionSets(ApplyPartitionSetsRequest.newBuilder()
                                    .setRequestId(id())
                                    .addSets(set)
                                    .build())
                            .getSets(0)
                            .getWarningsList())
                    .anyMatch(warning -> warning.endsWith("until it is made a member: " + grant + "."));
            assertThat(planUpkeep(server).getWarningsList()).singleElement().satisfies(warning -> {
                assertThat(warning.getCode()).isEqualTo(PlanWarningCode.PLAN_WARNING_CODE_NOT_OWNER);
                assertThat(warning.getRemediationSql()).isEqualTo(grant);
            });
            target.execute(grant);
            assertThat(planUpkeep(server).getStepsList()).isNotEmpty();
        }
    }

    private static Conversion plan(ConversionClient client) {
        return client.plan(request("jobs", "at").addAcceptedLosses(ConversionLoss.CONVERSION_LOSS_UNIQUE_NARROWED));
    }

    private static void apply(WholeServer server, String table, String column) {
        server.policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies(ValidationTest.GOOD.toBuilder()
                                .setTable(TableName.newBuilder().setName(table))
                                .setTimeColumn(TimeColumn.newBuilder()
                                        .setName(column)
                                        .setKind(TimeColumnKind.TIME_COLUMN_KIND_TIMESTAMPTZ))
                                .setRetention(Retention.newBuilder()
                                        .setDuration(Duration.newBuilder().setSeconds(30 * 86_400L))))
                        .build());
    }

    private static List<RunEvent> clean(WholeServer server) {
        Plan plan = server.maintenance()
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .setExact(true)
                        .build())
                .getPlan();
        return events(
                server.maintenance()
                        .executeCleanup(ExecuteCleanupRequest.newBuilder()
                                .setRequestId(id())
                                .setPlanId(plan.getPlanId())
                                .setEtag(plan.getEtag())
                                .build()),
                ExecuteCleanupResponse::getEvent);
    }

    private static Plan planUpkeep(WholeServer server) {
        return server.partitions()
                .planUpkeep(PlanUpkeepRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .build())
                .getPlan();
    }

    private static List<RunEvent> upkeep(WholeServer server) {
        Plan plan = planUpkeep(server);
        return events(
                server.partitions()
                        .executeUpkeep(ExecuteUpkeepRequest.newBuilder()
                                .setRequestId(id())
                                .setPlanId(plan.getPlanId())
                                .setEtag(plan.getEtag())
                                .build()),
                ExecuteUpkeepResponse::getEvent);
    }
}
