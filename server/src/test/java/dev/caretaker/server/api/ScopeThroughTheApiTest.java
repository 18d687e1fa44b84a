package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.Finding;
import dev.caretaker.v1.ListPartitionsRequest;
import dev.caretaker.v1.Partition;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.Retention;
import dev.caretaker.v1.RunVacuumRequest;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TimeColumn;
import dev.caretaker.v1.TimeColumnKind;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Of a partitioned table all or nothing may be touched, wherever its partitions lie: the same for whatever is done. */
class ScopeThroughTheApiTest {
    private static WholeServer server;

    @BeforeAll
    static void start() {
        Database target = TestPostgres.newest().database();
        target.execute(
                "CREATE SCHEMA parts",
                "CREATE SCHEMA other",
                "CREATE TABLE ev (at timestamptz NOT NULL, v int) PARTITION BY RANGE (at)",
                "CREATE TABLE parts.ev_old PARTITION OF ev FOR VALUES FROM ('2020-06-01') TO ('2020-07-01')",
                "CREATE TABLE parts.ev_now PARTITION OF ev FOR VALUES FROM ('2020-07-01') TO ('2100-07-01')",
                "CREATE TABLE other.foreign_ev (at timestamptz NOT NULL, v int) PARTITION BY RANGE (at)",
                "CREATE TABLE public.foreign_old PARTITION OF other.foreign_ev FOR VALUES FROM ('2020-06-01') TO ('2020-07-01')",
                "CREATE TABLE parts.alone (id int)",
                "INSERT INTO ev SELECT '2020-06-15', g FROM generate_series(1, 2000) g",
                "INSERT INTO ev SELECT now(), g FROM generate_series(1, 2000) g",
                "INSERT INTO other.foreign_ev SELECT '2020-06-15', g FROM generate_series(1, 2000) g",
                "INSERT INTO parts.alone SELECT g FROM generate_series(1, 2000) g");
        server = WholeServer.start(target, Map.of("caretaker.targets.main.schemas", List.of("public")));
        server.policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .addPolicies(Policy.newBuilder()
                                .setName("ev")
                                .setTarget("main")
                                .setTable(TableName.newBuilder()
                                        .setSchema("public")
                                        .setName("ev"))
                                .setTimeColumn(TimeColumn.newBuilder()
                                        .setName("at")
                                        .setKind(TimeColumnKind.TIME_COLUMN_KIND_TIMESTAMPTZ))
                                .setAction(PolicyAction.POLICY_ACTION_DELETE)
                                .setRetention(Retention.newBuilder()
                                        .setDuration(Duration.newBuilder().setSeconds(60 * 86_400))))
                        .build());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void the_listing_has_the_partitions_of_its_tables_alone() {
        assertThat(server.maintenance()
                        .listPartitions(ListPartitionsRequest.newBuilder()
                                .setTarget("main")
                                .build())
                        .getPartitionsList())
                .extracting(Partition::getName)
                .extracting(TableName::getName)
                .containsExactly("ev_old", "ev_now");
    }

    @Test
    void checks_speak_of_them_and_of_nothing_else_there() {
        List<Finding> found = server.maintenance()
                .detectIssues(DetectIssuesRequest.newBuilder().setTarget("main").build())
                .getFindingsList();
        assertThat(found)
                .filteredOn(finding -> finding.getCheckId().equals("partition-beyond-retention"))
                .extracting(Finding::getMessage)
                .singleElement()
                .asString()
                .contains("parts.ev_old");
        assertThat(found)
                .extracting(Finding::getMessage)
                .noneMatch(message -> message.contains("foreign_") || message.contains("alone"));
    }

    @Test
    void vacuum_takes_them_with_their_table_and_by_themselves() {
        assertThat(vacuumed(RunVacuumRequest.newBuilder())).containsExactlyInAnyOrder("ev", "ev_old", "ev_now");
        assertThat(vacuumed(RunVacuumRequest.newBuilder()
                        .addTables(TableName.newBuilder().setSchema("parts").setName("ev_old"))))
                .containsExactly("ev_old");
    }

    private static List<String> vacuumed(RunVacuumRequest.Builder request) {
        return server
                .maintenance()
                .runVacuum(request.setRequestId(UUID.randomUUID().toString())
                        .setTarget("main")
                        .setValidateOnly(true)
                        .build())
                .next()
                .getEvent()
                .getAccepted()
                .getStepsList()
                .stream()
                .map(step -> step.getRelation().getName())
                .toList();
    }

    @Test
    void a_plan_drops_them() {
        assertThat(server.maintenance()
                        .planCleanup(PlanCleanupRequest.newBuilder()
                                .setRequestId(UUID.randomUUID().toString())
                                .setTarget("main")
                                .build())
                        .getPlan()
                        .getStepsList())
                .extracting(step -> step.getRelation().getName())
                .contains("ev_old");
    }
}
