package dev.caretaker.server.console;

import static dev.caretaker.server.console.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.console.Browser.Page;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.Hold;
import dev.caretaker.v1.HoldServiceGrpc;
import dev.caretaker.v1.ListHoldsRequest;
import dev.caretaker.v1.ReleaseHoldRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunServiceGrpc;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.WatchRunRequest;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What can be done in the console, without scripts: forms alone. */
class ConsoleWorkTest {
    private static final String REFRESH = "http-equiv=\"refresh\"";
    /** Asks for the forms, which are not there where the page loads itself. */
    private static final String ACTING = "?act=1";

    private final ConsoleServer server = ConsoleServer.shared();
    private final HostileScene scene = HostileScene.of(server);
    private Browser browser;

    @BeforeEach
    void signIn() {
        browser = Browser.signedIn(server);
    }

    @Test
    void a_policy_is_planned_executed_as_shown_and_its_end_is_told() {
        String table = scene.table("planned", 2_000);
        Document policy = browser.get("/console/policies/main/planned").html();

        String planned =
                browser.submit(policy, "/console/plans", Map.of("exact", "on")).location();
        Document plan = browser.get(planned).html();
        Document again = browser.get(planned).html();
        String run = browser.submit(plan, planned + "/execute", Map.of()).location();
        Page twice = browser.submit(plan, planned + "/execute", Map.of());
        Page other = browser.submit(again, planned + "/execute", Map.of());

        assertThat(plan.select(".planned li").text()).contains("2,000 rows");
        assertThat(plan.select("pre").text()).contains("DELETE", table);
        assertThat(twice.location()).as("of the same form, sent twice").isEqualTo(run);
        assertThat(other.status()).as("of another form").isEqualTo(409);
        await().untilAsserted(() ->
                assertThat(browser.get(run).html().select(".pill").text()).contains("complete"));
        Document ended = browser.get(run).html();
        assertThat(ended.select(".figures").text()).contains("Rows removed 2,000");
        Page report = browser.get(run + "/report");
        assertThat(report.html().title()).startsWith("Cleanup of main");
        assertThat(report.headers().get("content-security-policy")).contains("sandbox");
        assertThat(scene.run(run).getCreatedBy().getName()).isEqualTo(ConsoleServer.CALLER);
        assertThat(scene.run(run).getCreatedBy().getVerified()).isTrue();
    }

    /** Another session locks the table, so that planning waits. */
    @Test
    void a_plan_that_takes_long_has_a_page_that_goes_on_to_it_and_is_found_under_policies() throws Exception {
        Database target = TestPostgres.newest().database();
        try (ConsoleServer own = ConsoleServer.start(target, Map.of("caretaker.targets.main.lock-timeout", "60s"))) {
            HostileScene.bare(own).table("slowly_planned", 100);
            Browser unnamed = new Browser(own);
            Document policy =
                    unnamed.get("/console/policies/main/slowly_planned").html();
            String waiting;
            try (Connection other = target.connect();
                    Statement lock = other.createStatement()) {
                other.setAutoCommit(false);
                lock.execute("LOCK TABLE slowly_planned");
                waiting = unnamed.submit(policy, "/console/plans", Map.of("exact", "on"))
                        .location();

                Page page = unnamed.get(waiting);
                Element listed = unnamed.get("/console/policies").html().selectFirst("#planning + .lines a");

                assertThat(waiting).startsWith("/console/planning/");
                assertThat(page.html().selectFirst("h1").text()).isEqualTo("A plan for main is being made");
                assertThat(page.body()).contains(REFRESH);
                assertThat(listed.attr("href")).isEqualTo(waiting);
                other.rollback();
            }
            await().until(() -> unnamed.get(waiting).status() == 303);
            String plan = unnamed.get(waiting).location();
            assertThat(unnamed.get(plan).html().select(".planned li").text()).contains("100 rows");
            assertThat(unnamed.get("/console/policies").html().select("#planning"))
                    .isEmpty();
            assertThat(unnamed.get("/console/audit?method=PlanCleanup").html().select("tbody a[href='" + plan + "']"))
                    .as("where it is found later")
                    .isNotEmpty();
        }
    }

    @Test
    void a_plan_that_no_longer_fits_is_refused_with_what_to_do() {
        String table = scene.table("stale", 500);
        Document policy = browser.get("/console/policies/main/stale").html();
        String planned = browser.submit(policy, "/console/plans", Map.of()).location();
        Document plan = browser.get(planned).html();
        server.target().execute("ALTER TABLE " + table + " ADD COLUMN more int");

        Page refused = browser.submit(plan, planned + "/execute", Map.of());

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.html().text()).contains("PLAN_DRIFTED", "Make a new plan");
        assertThat(server.target().number("SELECT count(*) FROM " + table)).isEqualTo(600);
    }

    @Test
    void a_run_is_paused_tuned_resumed_and_cancelled_with_reasons() {
        Run slow = scene.slowRun("steered");
        String path = "/console/runs/" + slow.getRunId();

        browser.submit(browser.get(path + ACTING).html(), path + "/pause", Map.of("reason", "<i>lunch</i>"));
        await().until(() -> scene.run(path).getState() == RunState.RUN_STATE_PAUSED);
        Document paused = browser.get(path + ACTING).html();
        browser.submit(
                paused,
                path + "/tune",
                Map.of("max-rows-per-second", "20", "pace", "PACE_POLITE", "reason", "<i>peak</i>"));
        browser.submit(browser.get(path + ACTING).html(), path + "/resume", Map.of("reason", "after lunch"));
        await().until(() -> scene.run(path).getState() != RunState.RUN_STATE_PAUSED);
        Page cancelled =
                browser.submit(browser.get(path + ACTING).html(), path + "/cancel", Map.of("reason", "enough"));
        await().until(() -> scene.run(path).getState() == RunState.RUN_STATE_ENDED);

        assertThat(paused.text()).contains("Paused by ada: <i>lunch</i>");
        assertThat(paused.select("main form input[name=reason][required]"))
                .as("reasons that forms of a paused run ask for: to go on, to cancel, to tune")
                .hasSize(3);
        assertThat(events(slow))
                .anySatisfy(
                        event -> assertThat(event.getStateChanged().getReason()).contains("after lunch"))
                .anySatisfy(event -> {
                    assertThat(event.getWarning().getCode()).isEqualTo("TUNED");
                    assertThat(event.getWarning().getMessage()).isEqualTo("Settings changed by ada: <i>peak</i>");
                    assertThat(event.getWarning().getNote()).isTrue();
                });
        assertThat(browser.get("/console/audit?about=" + slow.getRunId()).html().text())
                .contains("Pause run", "<i>lunch</i>", "Tune run", "<i>peak</i>", "after lunch", "enough");
        assertThat(browser.get(cancelled.location())
                        .html()
                        .select("[role=status]")
                        .text())
                .contains("asked to stop");
        Run ended = scene.run(path);
        assertThat(ended.getTuning().getMaxRowsPerSecond()).isEqualTo(20);
        assertThat(ended.getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_CANCELLED);
        assertThat(browser.get(path).html().text()).contains("ada said: enough").doesNotContain("Why pause?");
    }

    @Test
    void whoever_follows_a_run_is_told_everything_as_it_is_and_then_what_happens() throws Exception {
        Run slow = scene.slowRun("followed");
        String path = "/console/runs/" + slow.getRunId();
        try (InputStream events = browser.open(path + "/events");
                BufferedReader lines = new BufferedReader(new InputStreamReader(events, StandardCharsets.UTF_8))) {
            List<String> told = until(lines, "event: log");
            browser.submit(browser.get(path + ACTING).html(), path + "/cancel", Map.of("reason", "seen enough"));
            List<String> after = until(lines, "event: ended");

            assertThat(told).contains("event: standing", "event: steps", "event: actions");
            assertThat(after).contains("event: said").anyMatch(line -> line.contains("cancelled"));
        }
    }

    @Test
    void whoever_follows_a_run_is_told_what_it_gives_way_to() throws Exception {
        Run slow = scene.slowRun("giving_way");
        String path = "/console/runs/" + slow.getRunId();
        try (InputStream events = browser.open(path + "/events");
                BufferedReader lines = new BufferedReader(new InputStreamReader(events, StandardCharsets.UTF_8))) {
            assertThat(lines.lines()
                            .anyMatch(line -> line.contains("Gives way to") && line.contains(": 50 rows a second")))
                    .as("until the run ended")
                    .isTrue();
        } finally {
            scene.cancel(slow.getRunId());
        }
    }

    @Test
    void without_scripts_forms_and_what_happened_are_behind_links_and_a_page_with_forms_does_not_load_itself() {
        Run slow = scene.slowRun("unscripted");
        String path = "/console/runs/" + slow.getRunId();

        Page live = browser.get(path);
        Page forms = browser.get(link(live, "Pause, tune or cancel it"));
        Page log = browser.get(link(live, "What happened lately"));

        assertThat(live.body()).contains(REFRESH);
        assertThat(live.html().select("main form")).isEmpty();
        assertThat(live.html().select(".events li")).isEmpty();
        assertThat(forms.body()).doesNotContain(REFRESH);
        assertThat(forms.html().select("main input[name=reason]"))
                .as("to pause, to cancel, to tune")
                .hasSize(3);
        assertThat(log.body()).contains(REFRESH);
        assertThat(log.html().select(".events li")).isNotEmpty();
        browser.submit(forms.html(), path + "/cancel", Map.of("reason", "over"));
        await().until(() -> scene.run(path).getState() == RunState.RUN_STATE_ENDED);
    }

    private static String link(Page page, String text) {
        return page.html().select("main a").stream()
                .filter(link -> link.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new AssertionError(page.body()))
                .attr("href");
    }

    @Test
    void a_number_that_is_none_is_refused_before_anything_is_asked() {
        Run slow = scene.slowRun("numbers");
        String path = "/console/runs/" + slow.getRunId();

        Page refused =
                browser.submit(browser.get(path + ACTING).html(), path + "/tune", Map.of("batch-target", "soon"));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.html().text()).contains("batch-target");
        browser.submit(browser.get(path + ACTING).html(), path + "/cancel", Map.of("reason", "over"));
    }

    @Test
    void a_hold_is_set_shown_and_released() {
        Document target = browser.get("/console/targets/main").html();

        Page held = browser.submit(
                target, "/console/targets/main/hold", Map.of("reason", "<b>release</b> day", "length", "1h"));
        Document shown = browser.get(held.location()).html();
        String release = shown.selectFirst("form[action^='/console/holds/']").attr("action");
        Page unsure = browser.submit(shown, release, Map.of());
        Page released = browser.submit(shown, release, Map.of("sure", "on"));

        assertThat(unsure.status()).as("without saying that one means it").isEqualTo(400);
        assertThat(unsure.html().text()).contains("still in force");
        assertThat(shown.select("#holds + .lines").text()).contains("<b>release</b> day", "set by ada");
        assertThat(browser.get(released.location()).html().select("form[action^='/console/holds/']"))
                .isEmpty();
    }

    @Test
    void a_hold_of_a_form_that_is_sent_twice_is_set_once_whatever_the_clock_says() {
        for (String page : List.of("/console/targets/main", "/console/holds")) {
            String action = page.endsWith("holds") ? page : page + "/hold";
            Map<String, String> fields =
                    Map.of("target", "main", "kind", "RUN_KIND_RESTORE", "reason", "twice " + page, "length", "1h");
            Document form = browser.get(page).html();

            Page first = browser.submit(form, action, fields);
            Page second = browser.submit(form, action, fields);

            assertThat(first.status()).as(first.body()).isEqualTo(303);
            assertThat(second.status()).as(second.body()).isEqualTo(303);
            assertThat(second.location()).isEqualTo(first.location());
            List<Hold> set = HoldServiceGrpc.newBlockingStub(server.channel())
                    .listHolds(ListHoldsRequest.getDefaultInstance())
                    .getHoldsList()
                    .stream()
                    .filter(hold -> hold.getReason().equals("twice " + page))
                    .toList();
            assertThat(set).as(page).hasSize(1);
            assertThat(set.getFirst().getEndTime().getSeconds()
                            - set.getFirst().getStartTime().getSeconds())
                    .isBetween(3_595L, 3_605L);
            release(set.getFirst());
        }
    }

    @Test
    void a_long_reason_is_cut_and_can_be_read_whole() {
        Document target = browser.get("/console/targets/main").html();
        String reason = "because ".repeat(100) + "of this";

        Page held = browser.submit(target, "/console/targets/main/hold", Map.of("reason", reason, "length", "1h"));
        Document shown = browser.follow(held).html();
        Element line = shown.selectFirst("#holds + .lines small");
        String release = shown.selectFirst("form[action^='/console/holds/']").attr("action");
        browser.submit(shown, release, Map.of("sure", "on"));

        assertThat(line.text()).startsWith("because because").contains("…");
        assertThat(line.select("details.whole").text()).startsWith("All of it").endsWith("because of this");
    }

    @Test
    void a_hold_without_a_length_is_refused_and_lasts_not_for_ever() {
        Document target = browser.get("/console/targets/main").html();

        for (Map<String, String> fields :
                List.of(Map.of("reason", "cut"), Map.of("reason", "cut", "length", "a while"))) {
            Page refused = browser.submit(target, "/console/targets/main/hold", fields);

            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.html().text()).contains("for how long");
        }
        assertThat(browser.get("/console/holds").html().text()).doesNotContain("cut");
    }

    private List<RunEvent> events(Run run) {
        List<RunEvent> all = new ArrayList<>();
        RunServiceGrpc.newBlockingStub(server.channel())
                .watchRun(WatchRunRequest.newBuilder().setRunId(run.getRunId()).build())
                .forEachRemaining(answer -> all.add(answer.getEvent()));
        return all;
    }

    private void release(Hold hold) {
        HoldServiceGrpc.newBlockingStub(server.channel())
                .releaseHold(ReleaseHoldRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setHoldId(hold.getHoldId())
                        .build());
    }

    private static List<String> until(BufferedReader lines, String last) throws Exception {
        List<String> told = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            told.add(line);
            if (line.equals(last)) {
                return told;
            }
        }
        throw new AssertionError("no '" + last + "' in " + told);
    }
}
