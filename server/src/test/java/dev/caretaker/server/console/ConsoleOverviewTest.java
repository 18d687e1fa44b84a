package dev.caretaker.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.store.Tuning;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.ApplySchedulesRequest;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.ScheduleServiceGrpc;
import dev.caretaker.v1.ScheduledVacuum;
import dev.caretaker.v1.ScheduledWork;
import java.util.Map;
import java.util.UUID;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

/** The first page of a server with much to do: what it tells is of all there is, not of a first page of it. */
class ConsoleOverviewTest {
    private static final int RUNS = 2_300;
    private static final int PAUSED = 40;
    private static final int SCHEDULES = 120;
    /** Each run that has ended removed ten rows by one step. */
    private static final String STEPS =
            "INSERT INTO caretaker.run_step (run_id, ordinal, kind, schema_name, table_name, total_schema, total_table,"
                    + " policy, rows_expected, parameters, outcome, totals)"
                    + " SELECT run_id, 1, 'vacuum', 'public', 't', 'public', 't', '', 0, '{}', outcome, jsonb_set('"
                    + Json.write(Totals.NONE) + "', '{rowsDeleted}', '10')"
                    + " FROM caretaker.run WHERE state = 'ENDED' ON CONFLICT DO NOTHING";

    @Test
    void it_counts_all_runs_of_a_day_and_finds_the_schedule_that_is_due_next_among_many() {
        Database store = TestPostgres.newest().database();
        try (ConsoleServer server = ConsoleServer.start(TestPostgres.newest().database(), store, 0, Map.of())) {
            runs(store);
            schedules(server);
            Document page = new Browser(server).get("/console/").html();

            assertThat(page.selectFirst(".figures").text())
                    .contains("At work now 40", "Runs in 24 hours 2,300", "1 failed", "Rows removed 23,000");
            assertThat(page.selectFirst("section[aria-labelledby=day] tbody tr").text())
                    .as("the oldest, which failed")
                    .contains("failed");
            assertThat(page.selectFirst("section[aria-labelledby=day] .more").text())
                    .isEqualTo("2,288 more");
            assertThat(page.selectFirst("section[aria-labelledby=open] .more").text())
                    .isEqualTo("20 more");
            assertThat(page.selectFirst("section[aria-labelledby=coming] li").text())
                    .contains("zz-soonest");
        }
    }

    @Test
    void a_run_that_took_longer_than_a_day_is_told_when_it_has_ended() {
        Database store = TestPostgres.newest().database();
        try (ConsoleServer server = ConsoleServer.start(TestPostgres.newest().database(), store, 0, Map.of())) {
            ended(store, "FAILED", 30, 1);
            ended(store, "COMPLETE", 40, 25);
            Document page = new Browser(server).get("/console/").html();

            assertThat(page.select("section[aria-labelledby=day] tbody tr"))
                    .hasSize(1)
                    .first()
                    .satisfies(row -> assertThat(row.text()).contains("failed", "29.0 h"));
            assertThat(page.selectFirst(".figures").text())
                    .contains("Runs in 24 hours 1", "1 failed", "Rows removed 10");
        }
    }

    /** One that was accepted and ended so many hours ago, and removed ten rows. */
    private static void ended(Database store, String outcome, int accepted, int ended) {
        store.execute(
                "INSERT INTO caretaker.run (run_id, kind, target, state, desired, outcome, started, ended, created_by, created,"
                        + " state_since, row_limits, tuning) VALUES (gen_random_uuid(), 'VACUUM', 'main', 'ENDED', 'RUNNING', '"
                        + outcome + "', now() - interval '" + accepted + " hours', now() - interval '" + ended
                        + " hours', '"
                        + Json.write(new Actor("ada", false)) + "', now() - interval '" + accepted + " hours', now(), '"
                        + Json.write(RowLimits.NONE) + "', '" + Json.write(Tuning.DEFAULT) + "')",
                STEPS);
    }

    @Test
    void a_page_of_a_run_does_not_wait_for_what_never_comes_and_says_so() {
        Database store = TestPostgres.newest().database();
        try (ConsoleServer server = ConsoleServer.start(TestPostgres.newest().database(), store, 0, Map.of())) {
            runs(store);
            Object run = store.value("SELECT run_id FROM caretaker.run WHERE state = 'PAUSED' LIMIT 1");
            Browser.Page page = new Browser(server).get("/console/runs/" + run + "?log=1");

            assertThat(page.status()).isEqualTo(200);
            assertThat(page.html().select("#log ~ div").text()).contains("It could not be read");
        }
    }

    /** Those of a day, of which the oldest has failed, and some that are paused. */
    private static void runs(Database store) {
        String rest = "'" + Json.write(new Actor("ada", false)) + "', now() - i * interval '1 second', now(), '"
                + Json.write(RowLimits.NONE) + "', '" + Json.write(Tuning.DEFAULT) + "' FROM generate_series(1, ";
        String into =
                "INSERT INTO caretaker.run (run_id, kind, target, state, desired, outcome, ended, created_by, created,"
                        + " state_since, row_limits, tuning) SELECT gen_random_uuid(), 'VACUUM', 'main', ";
        store.execute(
                into + "'ENDED', 'RUNNING', CASE i WHEN " + RUNS + " THEN 'FAILED' ELSE 'COMPLETE' END, now(), " + rest
                        + RUNS + ") i",
                into + "'PAUSED', 'PAUSED', NULL, NULL, " + rest + PAUSED + ") i",
                STEPS);
    }

    /** By name the last of them is due first. */
    private static void schedules(ConsoleServer server) {
        ApplySchedulesRequest.Builder request = ApplySchedulesRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString());
        for (int i = 0; i < SCHEDULES; i++) {
            request.addSchedules(schedule("a%03d".formatted(i), 366L * 86_400));
        }
        request.addSchedules(schedule("zz-soonest", 7 * 86_400));
        ScheduleServiceGrpc.newBlockingStub(server.channel()).applySchedules(request.build());
    }

    private static Schedule schedule(String name, long seconds) {
        return Schedule.newBuilder()
                .setName(name)
                .setTarget(ConsoleServer.TARGET)
                .setEvery(Duration.newBuilder().setSeconds(seconds))
                .setWork(ScheduledWork.newBuilder().setVacuum(ScheduledVacuum.getDefaultInstance()))
                .build();
    }
}
