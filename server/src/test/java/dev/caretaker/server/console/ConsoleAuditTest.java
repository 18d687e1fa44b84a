package dev.caretaker.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.v1.HoldServiceGrpc;
import dev.caretaker.v1.ListHoldsRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Map;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

/** Who asked for what, in the console. */
class ConsoleAuditTest {
    private static final String REASON = "<script>alert(8)</script>" + HostileDatabase.TURNED;

    private final ConsoleServer server = ConsoleServer.shared();

    @Test
    void what_was_asked_in_the_console_is_found_by_what_it_is_about() {
        HostileScene scene = HostileScene.of(server);
        String policy = scene.table("audited", 10);
        String run = scene.planAndExecute(policy);
        String id = run.substring(run.lastIndexOf('/') + 1);
        Browser browser = Browser.signedIn(server);

        Document ofRun = browser.get(link(browser.get(run).html())).html();
        Document ofPolicy = browser.get(
                        link(browser.get("/console/policies/main/audited").html()))
                .html();

        assertThat(ofRun.select("tbody tr")).hasSize(1);
        assertThat(ofRun.select("tbody tr").text())
                .contains(ConsoleServer.CALLER, "Execute cleanup", "done", id.substring(0, 8));
        assertThat(ofRun.select("tbody a[href^=/console/runs/]").attr("href")).isEqualTo(run);
        assertThat(ofPolicy.select("tbody tr").text()).contains("Plan cleanup", "Apply policies");
    }

    @Test
    void what_was_refused_says_why_and_texts_are_texts() {
        Browser browser = Browser.signedIn(server);
        Document target = browser.get("/console/targets/main").html();
        browser.submit(target, "/console/targets/main/hold", Map.of("reason", REASON, "length", "1h"));
        browser.submit(target, "/console/targets/main/hold", Map.of("reason", "another", "length", "1h"));
        release(browser);

        Document refused = browser.get("/console/audit?method=SetHold&outcome=AUDIT_OUTCOME_REFUSED&target=main")
                .html();
        Document done = browser.get("/console/audit?method=SetHold&by=" + ConsoleServer.CALLER)
                .html();

        assertThat(refused.select("tbody tr").first().text()).contains("refused", "REQUEST_ID_REUSED");
        assertThat(done.select("tbody tr").text())
                .contains("<script>alert(8)</script>", "\\u202egnihton")
                .doesNotContain("\u202E");
    }

    @Test
    void a_filter_keeps_what_was_typed_and_lets_nothing_through_that_is_not_there() {
        Browser browser = Browser.signedIn(server);
        String typed = "\"><script>alert(9)</script>";

        Document page = browser.get("/console/audit?by=" + URLEncoder.encode(typed, StandardCharsets.UTF_8)
                        + "&from=2026-01-01&to=2026-01-02")
                .html();

        assertThat(page.select("main script")).isEmpty();
        assertThat(page.selectFirst("input[name=by]").val()).isEqualTo(typed);
        assertThat(page.selectFirst("input[name=from]").val()).isEqualTo("2026-01-01");
        assertThat(page.select(".empty").text()).contains("like that");
        assertThat(browser.get("/console/audit?from=yesterday").status()).isEqualTo(400);
        assertThat(browser.get("/console/audit?outcome=WELL").status()).isEqualTo(400);
        assertThat(browser.get("/console/runs?kind=WELL").status()).isEqualTo(400);
    }

    /** Of these two zones no day of the one has the moments of the same day in the other. */
    @Test
    void days_are_those_of_the_zone_that_the_browser_or_the_address_says() {
        Browser browser = Browser.signedIn(server);
        String session = browser.cookie();
        String first =
                browser.get("/console/audit").html().selectFirst("tbody time").attr("datetime");
        Instant at = Instant.parse(first);
        String day = LocalDate.ofInstant(at, ZoneId.of("Etc/GMT-14")).toString();
        String of = "/console/audit?from=" + day + "&to=" + day;

        Document east = browser.get(of + "&zone=Etc/GMT-14").html();
        Document west = browser.get(of + "&zone=Etc/GMT%2B12").html();
        browser.cookie(session + "; caretaker-zone=Etc%2FGMT-14");
        Document here = browser.get(of).html();
        browser.cookie(session + "; caretaker-zone=%zz");
        Document none = browser.get("/console/audit").html();

        assertThat(east.select("tbody time").eachAttr("datetime")).contains(first);
        assertThat(west.select("tbody time").eachAttr("datetime")).doesNotContain(first);
        assertThat(here.select("tbody time").eachAttr("datetime")).contains(first);
        assertThat(here.select(".lead").text()).contains("Days are those of Etc/GMT-14");
        assertThat(none.select(".lead").text()).contains("Days are those of UTC");
        assertThat(browser.get("/console/audit?zone=Nowhere").status()).isEqualTo(400);
    }

    @Test
    void a_filter_that_the_page_does_not_know_is_told_instead_of_all_entries_being_taken_for_some() {
        Browser browser = Browser.signedIn(server);

        Document misspelt = browser.get("/console/audit?day=2026-01-01&by=").html();

        assertThat(misspelt.select(".notice").text()).contains("knows no \"day\" in its address");
        assertThat(browser.get("/console/audit?by=&from=&to=&page=").html().select(".notice"))
                .isEmpty();
    }

    private void release(Browser browser) {
        HoldServiceGrpc.newBlockingStub(server.channel())
                .listHolds(ListHoldsRequest.newBuilder().setTarget("main").build())
                .getHoldsList()
                .stream()
                .filter(hold -> hold.getReason().equals(REASON))
                .forEach(hold -> browser.submit(
                        browser.get("/console/holds").html(),
                        "/console/holds/" + hold.getHoldId() + "/lift",
                        Map.of("sure", "on")));
    }

    private static String link(Document page) {
        Element link = page.selectFirst("a[href^=/console/audit?]");
        assertThat(link).as("a link to the audit").isNotNull();
        return link.attr("href");
    }
}
