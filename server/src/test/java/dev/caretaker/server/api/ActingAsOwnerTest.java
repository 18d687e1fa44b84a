package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.ApplyPartitionSetsRequest;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.CheckTargetRequest;
import dev.caretaker.v1.DefaultPartition;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.ExecuteCleanupResponse;
import dev.caretaker.v1.ExecuteUpkeepRequest;
import dev.caretaker.v1.PartitionGrid;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.PlanUpkeepRequest;
import dev.caretaker.v1.PlanWarning;
import dev.caretaker.v1.PlanWarningCode;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunReindexRequest;
import dev.caretaker.v1.RunVacuumRequest;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TargetProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A target that acts as the owner of each table, by a login that has no rights of its own. */
class ActingAsOwnerTest {

    @ParameterizedTest
    @MethodSource("dev.caretaker.server.testing.TestPostgres#both")
    void triggers_run_with_the_owners_rights(TestPostgres postgres) {
        TestPostgres.Database target = postgres.database();
        String owner = target.name() + "_owner";
        String login = target.name() + "_login";
        target.execute(
                "CREATE ROLE " + owner,
                "CREATE ROLE " + login + " LOGIN PASSWORD 'secret' NOINHERIT",
                "CREATE TABLE jobs (id int PRIMARY KEY, ended timestamptz)",
                "CREATE INDEX ON jobs (ended)",
                "INSERT INTO jobs SELECT i, now() - interval '30 days' FROM generate_series(1, 1000) i",
                "CREATE TABLE ran_as (who text)",
                "GRANT INSERT ON ran_as TO PUBLIC",
                "CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$BEGIN INSERT INTO public.ran_as VALUES (current_user); RETURN OLD; END$$",
                "CREATE TRIGGER tell BEFORE DELETE ON jobs FOR EACH ROW EXECUTE FUNCTION tell()",
                "ALTER TABLE jobs OWNER TO " + owner,
                "VACUUM ANALYZE");
        Map<String, Object> configuration = Map.of(
                "caretaker.targets.main.user", login,
                "caretaker.targets.main.password", "secret",
                "caretaker.targets.main.act-as", "owner");
        try (WholeServer server = WholeServer.start(target, configuration)) {
            apply(server);
            assertThat(check(server))
                    .extracting(TargetProblem::getRemediationSql)
                    .contains("GRANT \"" + owner + "\" TO \"" + login + "\"");
            target.execute("GRANT " + owner + " TO " + login);
            assertThat(check(server))
                    .extracting(TargetProblem::getMessage)
                    .noneMatch(message -> message.contains("owner") || message.contains("jobs"));

            Plan plan = server.maintenance()
                    .planCleanup(PlanCleanupRequest.newBuilder()
                            .setRequestId(id())
                            .setTarget("main")
                            .setExact(true)
                            .build())
                    .getPlan();
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
                    .isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        }
        assertThat(target.number("SELECT count(*) FROM jobs")).isZero();
        assertThat(target.number("SELECT count(*) FROM ran_as WHERE who = '" + owner + "'"))
                .isEqualTo(1_000);
        assertThat(target.number("SELECT count(*) FROM ran_as")).isEqualTo(1_000);
    }

    /** Its membership in the owner it does not inherit, so that its own rights say nothing about what can be done. */
    @ParameterizedTest
    @MethodSource("dev.caretaker.server.testing.TestPostgres#both")
    void named_tables_indexes_and_partitions_are_judged_by_what_their_owner_may_do(TestPostgres postgres) {
        TestPostgres.Database target = postgres.database();
        String owner = target.name() + "_owner";
        String login = target.name() + "_login";
        target.execute(
                "CREATE ROLE " + owner,
                "CREATE ROLE " + login + " LOGIN PASSWORD 'secret' NOINHERIT",
                "GRANT " + owner + " TO " + login,
                "CREATE TABLE jobs (id int PRIMARY KEY, ended timestamptz)",
                "CREATE TABLE events (at timestamptz NOT NULL) PARTITION BY RANGE (at)",
                "CREATE TABLE events_default PARTITION OF events DEFAULT",
                "INSERT INTO events VALUES (now())",
                "ALTER TABLE jobs OWNER TO " + owner,
                "ALTER TABLE events OWNER TO " + owner,
                "ALTER TABLE events_default OWNER TO " + owner,
                "GRANT CREATE ON SCHEMA public TO " + owner);
        Map<String, Object> configuration = Map.of(
                "caretaker.targets.main.user", login,
                "caretaker.targets.main.password", "secret",
                "caretaker.targets.main.act-as", "owner");
        try (WholeServer server = WholeServer.start(target, configuration)) {
            assertThat(vacuum(server)).as("the login sees nothing of others").contains("PACE_SEES_LITTLE");
            seeOthers(target, login);
            assertThat(vacuum(server)).as("the login sees all").doesNotContain("PACE_SEES_LITTLE");
            reindex(server);
            adopt(server);
        }
        assertThat(target.number("SELECT count(*) FROM events_default")).isZero();
        assertThat(target.number("SELECT count(*) FROM events")).isEqualTo(1);
        assertThat(target.number("SELECT count(DISTINCT relowner) FROM pg_class WHERE relname LIKE 'events%'"))
                .isEqualTo(1);
    }

    /** The codes of its warnings. */
    private static List<String> vacuum(WholeServer server) {
        List<RunEvent> events = new ArrayList<>();
        server.maintenance()
                .runVacuum(RunVacuumRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .addTables(TableName.newBuilder().setName("jobs"))
                        .build())
                .forEachRemaining(response -> events.add(response.getEvent()));
        assertComplete(events);
        return events.stream()
                .filter(RunEvent::hasWarning)
                .map(event -> event.getWarning().getCode())
                .toList();
    }

    private static void reindex(WholeServer server) {
        List<RunEvent> events = new ArrayList<>();
        server.maintenance()
                .runReindex(RunReindexRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .addIndexes(TableName.newBuilder().setName("jobs_pkey"))
                        .setForce(true)
                        .build())
                .forEachRemaining(response -> events.add(response.getEvent()));
        assertComplete(events);
    }

    private static void assertComplete(List<RunEvent> events) {
        assertThat(events.getLast().getFinished().getOutcome())
                .as(events.toString())
                .isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
    }

    private static void seeOthers(TestPostgres.Database target, String login) {
        if (target.number("SELECT current_setting('server_version_num')::int") >= 160_000) {
            target.execute("GRANT pg_monitor TO " + login + " WITH INHERIT TRUE");
        } else {
            target.execute("ALTER ROLE " + login + " INHERIT", "GRANT pg_monitor TO " + login);
        }
    }

    private static void adopt(WholeServer server) {
        server.partitions()
                .applyPartitionSets(ApplyPartitionSetsRequest.newBuilder()
                        .setRequestId(id())
                        .addSets(PartitionSet.newBuilder()
                                .setName("events")
                                .setTarget("main")
                                .setTable(TableName.newBuilder().setName("events"))
                                .setDefaultPartition(DefaultPartition.DEFAULT_PARTITION_ADOPT)
                                .setGrid(PartitionGrid.newBuilder()
                                        .setCalendar(CalendarGrid.newBuilder()
                                                .setUnit(CalendarUnit.CALENDAR_UNIT_MONTH)
                                                .setZone("UTC"))))
                        .build());
        Plan plan = server.partitions()
                .planUpkeep(PlanUpkeepRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .build())
                .getPlan();
        assertThat(plan.getWarningsList())
                .extracting(PlanWarning::getCode)
                .as("neither is the login no owner, nor can rows not be looked at")
                .containsExactly(
                        PlanWarningCode.PLAN_WARNING_CODE_NOT_COVERED_NOW,
                        PlanWarningCode.PLAN_WARNING_CODE_ROWS_REFUSED_MEANWHILE);
        List<RunEvent> events = new ArrayList<>();
        server.partitions()
                .executeUpkeep(ExecuteUpkeepRequest.newBuilder()
                        .setRequestId(id())
                        .setPlanId(plan.getPlanId())
                        .build())
                .forEachRemaining(response -> events.add(response.getEvent()));
        assertComplete(events);
    }

    private static void apply(WholeServer server) {
        server.policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies(ValidationTest.GOOD)
                        .build());
    }

    private static List<TargetProblem> check(WholeServer server) {
        return server.targets()
                .checkTarget(CheckTargetRequest.newBuilder().setTarget("main").build())
                .getCheck()
                .getProblemsList();
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}
