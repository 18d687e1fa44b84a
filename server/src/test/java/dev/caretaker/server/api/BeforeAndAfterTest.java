package dev.caretaker.server.api;

import static dev.caretaker.server.api.ScheduleScene.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.report.observe.LaterLooks;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.ExecuteCleanupResponse;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.ObservedTable;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunObservation;
import dev.caretaker.v1.RunVacuumRequest;
import dev.caretaker.v1.RunVacuumResponse;
import dev.caretaker.v1.TableName;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What runs tell of their tables before and after them. */
class BeforeAndAfterTest {
    private static final Database STORE = TestPostgres.controlStore();
    private static final Database TARGET = TestPostgres.newest().database();
    private static WholeServer server;

    @BeforeAll
    static void start() {
        TARGET.execute(
                "CREATE EXTENSION pg_stat_statements",
                "CREATE TABLE jobs (id int PRIMARY KEY, body text)",
                "INSERT INTO jobs SELECT i, repeat('x', 100) FROM generate_series(1, 20000) i",
                "DELETE FROM jobs WHERE id % 2 = 0");
        server = WholeServer.start(TARGET, Map.of("caretaker.control-store.url", STORE.url()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Run vacuumed() {
        Iterator<RunVacuumResponse> events = server.maintenance()
                .runVacuum(RunVacuumRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .addTables(TableName.newBuilder().setName("jobs"))
                        .build());
        RunEvent last = RunEvent.getDefaultInstance();
        while (events.hasNext()) {
            last = events.next().getEvent();
        }
        Run run = run(last.getRunId());
        assertThat(last.getFinished().getObservation()).isEqualTo(run.getObservation());
        return run;
    }

    private static Run run(String id) {
        return server.runs()
                .getRun(GetRunRequest.newBuilder().setRunId(id).build())
                .getRun();
    }

    private static ObservedTable onlyTable(RunObservation seen) {
        assertThat(seen.getTablesList()).hasSize(1);
        return seen.getTables(0);
    }

    private static void use(int times) {
        for (int i = 0; i < times; i++) {
            TARGET.execute("SELECT count(*) FROM jobs WHERE id < " + i);
        }
    }

    @Test
    void a_run_tells_size_and_dead_rows_before_and_after_and_statements_a_day_later() {
        use(3);
        await().atMost(10, TimeUnit.SECONDS)
                .until(() ->
                        TARGET.number("SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'jobs'") == 10_000);
        Run run = vacuumed();
        RunObservation seen = run.getObservation();
        assertThat(seen.getBeforeTime().getSeconds())
                .isLessThanOrEqualTo(seen.getAfterTime().getSeconds());
        assertThat(onlyTable(seen).getBefore().getDeadRows()).isEqualTo(10_000);
        assertThat(onlyTable(seen).getAfter().getDeadRows()).isZero();
        assertThat(onlyTable(seen).getAfter().getBytes()).isPositive();
        assertThat(onlyTable(seen).getStatementsBefore().getCalls()).isGreaterThanOrEqualTo(3);
        assertThat(onlyTable(seen).hasStatementsAfter()).isFalse();
        assertThat(seen.getNextLookTime().getSeconds() - seen.getAfterTime().getSeconds())
                .isBetween(86_390L, 86_410L);

        use(5);
        server.bean(LaterLooks.class).look();
        assertThat(run(run.getRunId()).getObservation().hasLaterTime()).isFalse();
        STORE.execute("UPDATE caretaker.run_observation SET due = now()");
        server.bean(LaterLooks.class).look();
        RunObservation later = run(run.getRunId()).getObservation();
        assertThat(later.hasLaterTime()).isTrue();
        assertThat(later.hasNextLookTime()).isFalse();
        assertThat(onlyTable(later).getStatementsAfter().getCalls()).isEqualTo(5);
        assertThat(onlyTable(later).getStatementsAfter().getMeanMilliseconds()).isPositive();
        assertThat(later.toString()).doesNotContain("SELECT");
    }

    @Test
    void of_a_cleanup_the_statements_of_others_are_told_and_not_its_own() {
        TARGET.execute(
                "CREATE TABLE events (id int PRIMARY KEY, ended timestamptz)",
                "INSERT INTO events SELECT i, now() - (i - 5) * interval '1 day' FROM generate_series(1, 1000) i",
                "ANALYZE events",
                "SELECT count(*) FROM events WHERE id < 10",
                "SELECT count(*) FROM events WHERE id < 20");
        server.policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(id())
                        .addPolicies(ScheduleScene.policy("events", "main", "events"))
                        .build());
        Run first = cleaned();
        assertThat(first.getTotals().getRowsDeleted()).isGreaterThan(900);
        ObservedTable events = onlyTable(first.getObservation());
        assertThat(events.getTable().getName()).isEqualTo("events");
        assertThat(events.getBefore().getBytes()).isPositive();
        assertThat(events.getAfter().getBytes())
                .as("a DELETE gives nothing back")
                .isGreaterThanOrEqualTo(events.getBefore().getBytes());
        assertThat(events.getStatementsBefore().getCalls()).isEqualTo(3);

        TARGET.execute("UPDATE events SET ended = now() - interval '30 days' WHERE id = 1");
        Run second = cleaned();
        assertThat(second.getTotals().getRowsDeleted()).as(second.toString()).isEqualTo(1);
        assertThat(onlyTable(second.getObservation()).getStatementsBefore().getCalls())
                .as("with those of the first cleanup there were more")
                .isEqualTo(4);
        TARGET.execute("SELECT count(*) FROM events WHERE id < 30");
        STORE.execute("UPDATE caretaker.run_observation SET due = now()");
        server.bean(LaterLooks.class).look();
        assertThat(onlyTable(run(first.getRunId()).getObservation())
                        .getStatementsAfter()
                        .getCalls())
                .as("since the first cleanup")
                .isEqualTo(2);
    }

    private static Run cleaned() {
        Plan plan = server.maintenance()
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .addPolicies("events")
                        .build())
                .getPlan();
        Iterator<ExecuteCleanupResponse> events = server.maintenance()
                .executeCleanup(ExecuteCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .setPlanId(plan.getPlanId())
                        .build());
        RunEvent last = RunEvent.getDefaultInstance();
        while (events.hasNext()) {
            last = events.next().getEvent();
        }
        return run(last.getRunId());
    }

    @Test
    void statistics_that_were_reset_are_told() {
        Run run = vacuumed();
        TARGET.execute("SELECT pg_stat_statements_reset()");
        use(2);
        STORE.execute("UPDATE caretaker.run_observation SET due = now()");
        server.bean(LaterLooks.class).look();
        ObservedTable jobs = onlyTable(run(run.getRunId()).getObservation());
        assertThat(jobs.getStatementsAfter().getCalls()).isEqualTo(2);
        assertThat(jobs.getNotesList()).anyMatch(note -> note.contains("were reset in between"));
    }
}
