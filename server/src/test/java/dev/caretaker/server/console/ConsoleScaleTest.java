package dev.caretaker.server.console;

import static dev.caretaker.server.console.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.caretaker.server.api.connect.Compression;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.ApplySchedulesRequest;
import dev.caretaker.v1.HoldServiceGrpc;
import dev.caretaker.v1.HoldServiceGrpc.HoldServiceBlockingStub;
import dev.caretaker.v1.PauseRunRequest;
import dev.caretaker.v1.ReleaseHoldRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunServiceGrpc;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.ScheduleServiceGrpc;
import dev.caretaker.v1.ScheduledVacuum;
import dev.caretaker.v1.ScheduledWork;
import dev.caretaker.v1.SetHoldRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

/**
 * A thousand targets, each with policies, a hold and schedules, and a run with a hundred thousand events: no page becomes larger than
 * 150 kB over the wire or takes longer than two seconds, and who follows such a run is told its latest events without waiting for the
 * others. Five times as long will do where nobody measures: see {@link ConsoleLoadTest}.
 */
class ConsoleScaleTest {
    private static final int TARGETS = 1_000;
    /** The others are away: to look at so many takes its time. */
    private static final int REACHED = 5;

    private static final String NOBODY = "jdbc:postgresql://127.0.0.1:1/away";
    private static final int POLICIES = 2_000;
    private static final int SCHEDULES = 12;
    private static final int EVENTS = 100_000;
    private static final int PARTS = 3_000;
    private static final int PAGES = Wire.MEASURED ? 20 : 1;
    private static final int BYTES = 150_000;
    private static final long MILLIS = 2_000;

    @Test
    void pages_of_a_thousand_targets_are_short_and_come_soon() {
        Database target = TestPostgres.newest().database();
        Database store = TestPostgres.newest().database();
        try (ConsoleServer server = ConsoleServer.start(target, store, 0, targets(target))) {
            much(server, store);
            Wire wire = new Wire(server);
            await().untilAsserted(() -> assertThat(targets(document(wire.get("/console/")))
                            .select("tbody")
                            .text())
                    .as("those that are listed")
                    .doesNotContain("Looking"));
            Document overview = document(wire.get("/console/"));

            for (String path : List.of(
                    "/console/",
                    "/console/targets",
                    "/console/targets?name=7&after=t0500",
                    "/console/targets?sort=worst&from=500",
                    "/console/targets/t0042",
                    "/console/targets/t0003",
                    "/console/runs",
                    "/console/policies",
                    "/console/policies?target=t0042",
                    "/console/policies/t0042/p0042",
                    "/console/policies/new",
                    "/console/schedules",
                    "/console/schedules/all-1",
                    "/console/fires",
                    "/console/holds",
                    "/console/findings?target=t0042",
                    "/console/findings?target=t0003",
                    "/console/partitions",
                    "/console/archives",
                    "/console/backups",
                    "/console/audit")) {
                small(wire.get(path, PAGES));
            }
            assertThat(overview.selectFirst(".figures").text()).contains("Targets 1,000");
            assertThat(targets(overview).select("tbody tr")).hasSize(100);
            assertThat(targets(overview).select("section > .more").text()).isEqualTo("900 more");
            assertThat(targets(overview).select("section > .more a").attr("href"))
                    .isEqualTo("/console/targets?sort=worst&from=100");
            assertThat(overview.select("section[aria-labelledby=coming]").text())
                    .contains("1,000 targets", "would not start at", "the others were not asked");
            assertThat(all(wire, "/console/targets", "#live")).isEqualTo(TARGETS);
            assertThat(all(wire, "/console/targets?sort=worst", "#live")).isEqualTo(TARGETS);
            assertThat(all(wire, "/console/policies", "main")).isEqualTo(POLICIES - 1);
            assertThat(document(wire.get("/console/policies"))
                            .select("main > section")
                            .last()
                            .text())
                    .as("the target that goes on on the next page")
                    .contains("1 of 2 policies of this target", "Without a choice: all 2 of this target");
            assertThat(document(wire.get("/console/schedules")).text())
                    .contains("with more than 10 targets only as it is");
            assertThat(document(wire.get("/console/holds"))
                            .select("#ended ~ ul")
                            .text())
                    .as("a hold that has ended, behind all that are in force")
                    .contains("the release of last week");
        }
    }

    @Test
    void a_run_with_a_hundred_thousand_events_is_shown_and_followed_from_its_end() throws Exception {
        Database store = TestPostgres.newest().database();
        try (ConsoleServer server = ConsoleServer.start(HostileDatabase.make(), store, 0, Map.of())) {
            HostileScene scene = HostileScene.bare(server);
            Run run = scene.slowRun("eventful");
            pause(server, run);
            await().until(() -> scene.run("/" + run.getRunId()).getState() == RunState.RUN_STATE_PAUSED);
            events(store, run);
            Wire wire = new Wire(server);
            String path = "/console/runs/" + run.getRunId();

            small(wire.get(path, PAGES));
            List<String> told = followed(wire, path);
            scene.cancel(run.getRunId());
            await().until(() -> scene.run("/" + run.getRunId()).getState() == RunState.RUN_STATE_ENDED);
            small(wire.get(path, PAGES));
            small(wire.get(path + "/report", PAGES));

            assertThat(String.join("\n", told)).contains("WAL 100,000");
            assertThat(told.stream().mapToInt(String::length).sum())
                    .as("characters until one is told everything")
                    .isLessThan(BYTES);
        }
    }

    @Test
    void pages_of_what_has_thousands_of_parts_are_short() throws IOException {
        ConsoleServer server = ConsoleServer.whole();
        HostileScene scene = HostileScene.of(server);
        Browser browser = Browser.signedIn(server);
        scene.table("sizeable", 10);
        String plan = browser.submit(
                        browser.get("/console/policies/main/sizeable").html(), "/console/plans", Map.of())
                .location();
        String upkeep = browser.submit(
                        browser.get("/console/partitions/parted").html(), "/console/upkeep", Map.of("set", "parted"))
                .location();
        await().until(() -> server.store().number("SELECT count(*) FROM caretaker.archive WHERE state = 'STORED'") > 0);
        String archive =
                browser.get("/console/archives").html().selectFirst("tbody a").attr("href");
        server.store()
                .execute(
                        manyMore("steps"),
                        manyMore("policies"),
                        manyMore("actions"),
                        "INSERT INTO caretaker.archive_part SELECT archive_id, part + i, spool_id, server, file || i, object"
                                + " || i, state, bytes, raw_bytes, row_count, row_hash, first_time, last_time, sha256 FROM"
                                + " caretaker.archive_part, generate_series(1, " + PARTS + ") i WHERE part = 1");

        for (String path : List.of(plan, upkeep, archive)) {
            Browser.Page page = browser.get(path);
            assertThat(page.html().select("#policies ~ table tbody tr"))
                    .as("policies of " + path)
                    .hasSize(path.equals(plan) ? 100 : 0);
            assertThat(page.html().select("ol.planned > li, #parts ~ table tbody tr"))
                    .as(path)
                    .hasSize(100);
            assertThat(page.html().select(".more").text()).as(path).contains("Next page", "more of");
            assertThat(browser.get(page.html().selectFirst(".more a[rel=next]").attr("href"))
                            .status())
                    .isEqualTo(200);
            assertThat(zipped(page.body())).as("bytes of " + path).isLessThan(BYTES);
        }
    }

    /** Of what plans are to do, cleanups by steps and upkeep by actions. */
    private static String manyMore(String work) {
        return "UPDATE caretaker.plan SET content = jsonb_set(content, '{" + work + "}', (SELECT jsonb_agg(one) FROM"
                + " jsonb_array_elements(content -> '" + work + "') one, generate_series(1, " + PARTS + ")))"
                + " WHERE jsonb_array_length(content -> '" + work + "') > 0";
    }

    private static int zipped(String page) throws IOException {
        return Compression.smaller(page.getBytes(StandardCharsets.UTF_8), Compression.GZIP)
                .orElseThrow()
                .length;
    }

    private static void small(Wire.Answers pages) {
        System.out.println(pages);
        assertThat(pages.bytes()).as("bytes of " + pages.path()).isLessThan(BYTES);
        assertThat(pages.median()).as("ms of " + pages.path()).isLessThanOrEqualTo(Wire.limit(MILLIS));
    }

    /** What one is sent who follows a run, until all of it was told; within the time of a page. */
    private static List<String> followed(Wire wire, String path) throws IOException {
        long begin = System.nanoTime();
        List<String> told = new ArrayList<>();
        var stream = wire.uri(path + "/events").toURL().openConnection();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(stream.getInputStream(), StandardCharsets.UTF_8))) {
            boolean log = false;
            for (String line = lines.readLine(); line != null && !(log && line.isEmpty()); line = lines.readLine()) {
                told.add(line);
                log |= line.equals("event: log");
            }
        }
        long millis = (System.nanoTime() - begin) / 1_000_000;
        System.out.printf("Who follows a run with %d events is told everything after %d ms%n", EVENTS, millis);
        assertThat(millis).as("ms until everything was told").isLessThanOrEqualTo(Wire.limit(MILLIS));
        return told;
    }

    /** Rows of all pages of a list, found by their links to the next. */
    private static int all(Wire wire, String first, String within) {
        int rows = 0;
        for (String path = first; !path.isEmpty(); ) {
            Document page = document(wire.get(path));
            rows += page.select(within + " tbody tr").size();
            path = page.select(within + " > .more a[rel=next]").attr("href");
        }
        return rows;
    }

    private static Element targets(Document overview) {
        return overview.selectFirst("section[aria-labelledby=targets]");
    }

    private static Document document(Wire.Answer answer) {
        return Jsoup.parse(answer.text());
    }

    private static void much(ConsoleServer server, Database store) {
        server.target()
                .execute(
                        "CREATE TABLE kept (id int PRIMARY KEY, \"<b>ended</b>\" timestamptz, note text)",
                        "CREATE INDEX ON kept (\"<b>ended</b>\")");
        HostileScene.bare(server).apply(HostileScene.policy("p0000", "kept"));
        // To apply them, their tables would have to be looked at, at each of the targets.
        store.execute("INSERT INTO caretaker.policy (target, name, content, etag, updated, updated_by)"
                + " SELECT target, name, jsonb_set(jsonb_set(content, '{name}', to_jsonb(name), false), '{target}',"
                + " to_jsonb(target), false), etag, updated, updated_by FROM (SELECT to_char(i % " + TARGETS
                + ", '\"t\"FM0000') AS target, to_char(i, '\"p\"FM0000') AS name, content, etag, updated, updated_by"
                + " FROM caretaker.policy, generate_series(1, " + (POLICIES - 1) + ") i) more"
                + " WHERE target <> 't0000'");
        ApplySchedulesRequest.Builder schedules = ApplySchedulesRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString());
        for (int i = 0; i < SCHEDULES; i++) {
            schedules.addSchedules(Schedule.newBuilder()
                    .setName("all-" + i)
                    .setAllTargets(true)
                    .setEvery(Duration.newBuilder().setSeconds((20 + i) * 86_400L))
                    .setWork(ScheduledWork.newBuilder().setVacuum(ScheduledVacuum.getDefaultInstance())));
        }
        ScheduleServiceGrpc.newBlockingStub(server.channel()).applySchedules(schedules.build());
        var holds = HoldServiceGrpc.newBlockingStub(server.channel());
        String earlier = hold(holds, 0, "the release of last week");
        holds.releaseHold(ReleaseHoldRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setHoldId(earlier)
                .build());
        for (int i = 0; i < TARGETS; i++) {
            hold(holds, i, "the release of this week");
        }
    }

    private static String hold(HoldServiceBlockingStub holds, int target, String reason) {
        return holds.setHold(SetHoldRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setTarget(name(target))
                        .setReason(reason)
                        .build())
                .getHold()
                .getHoldId();
    }

    private static void pause(ConsoleServer server, Run run) {
        RunServiceGrpc.newBlockingStub(server.channel())
                .pauseRun(PauseRunRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setRunId(run.getRunId())
                        .setReason("to look at it")
                        .build());
    }

    /** As many more as it would have told of in a day: progress each second or so, and what held it back. The last one is known. */
    private static void events(Database store, Run run) {
        String id = "'" + run.getRunId() + "'";
        store.execute(
                "INSERT INTO caretaker.run_event (run_id, sequence, at, progress, body)"
                        + " SELECT run_id, last_sequence + i, now() - (" + EVENTS
                        + " - i) * interval '1 second', i % 10 > 0,"
                        + " CASE WHEN i % 10 > 0 THEN jsonb_build_object('type', 'progress', 'step', 1, 'rowsDone', i / 10,"
                        + " 'rowsExpected', 20000, 'bytesDone', i * 10, 'walBytes', i * 20, 'rowsPerSecond', 50.5,"
                        + " 'batchDuration', 'PT0.02S', 'batchRows', 10, 'eta', 'PT1H', 'fraction', 0.1, 'phase', 'deleting',"
                        + " 'runRowsDone', i / 10)"
                        + " ELSE jsonb_build_object('type', 'warning', 'code', 'TEST', 'message', 'WAL ' ||"
                        + " to_char(i, 'FM999,999'), 'step', 1, 'metadata', '{}'::jsonb) END"
                        + " FROM caretaker.run, generate_series(1, " + EVENTS + ") i WHERE run_id = " + id,
                "UPDATE caretaker.run SET last_sequence = last_sequence + " + EVENTS + " WHERE run_id = " + id,
                "ANALYZE caretaker.run_event");
    }

    private static String name(int number) {
        return number == 0 ? ConsoleServer.TARGET : "t%04d".formatted(number);
    }

    private static Map<String, Object> targets(Database database) {
        Map<String, Object> more = new HashMap<>();
        for (int i = 1; i < TARGETS; i++) {
            String target = "caretaker.targets." + name(i) + ".";
            more.put(target + "url", i < REACHED ? database.url() : NOBODY);
            more.put(target + "user", database.user());
            more.put(target + "password", database.password());
        }
        return more;
    }
}
