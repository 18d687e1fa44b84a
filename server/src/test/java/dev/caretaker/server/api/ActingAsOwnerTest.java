package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.CheckTargetRequest;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.ExecuteCleanupResponse;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunOutcome;
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
