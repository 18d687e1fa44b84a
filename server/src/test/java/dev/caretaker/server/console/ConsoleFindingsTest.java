package dev.caretaker.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.console.Browser.Page;
import java.util.List;
import java.util.Map;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

/** Findings in the console, without scripts. */
class ConsoleFindingsTest {
    private static final String LIST = "/console/findings?target=main";

    private final ConsoleServer server = ConsoleServer.shared();

    @Test
    void a_finding_has_its_evidence_and_SQL_and_is_muted_with_a_reason() {
        HostileScene.of(server);
        Browser browser = Browser.signedIn(server);
        Page looked = browser.get(LIST + "&look=now");
        String path = found(browser.follow(looked).html()).selectFirst("a").attr("href");

        Document finding = browser.get(path).html();
        Map<String, String> fields = Map.of("reason", "<i>known</i>", "length", "7d");
        Page first = browser.submit(finding, "/console/finding/mute", fields);
        Page twice = browser.submit(finding, "/console/finding/mute", fields);
        Document muted = browser.follow(first).html();
        Document without = browser.get(LIST).html();
        Document with = browser.get(LIST + "&all=1").html();
        Document shown = browser.follow(browser.submit(muted, "/console/finding/unmute", Map.of()))
                .html();

        assertThat(looked.location()).as("where a reload does not look again").isEqualTo(LIST);
        assertThat(finding.select(".facts").text()).contains("Object index " + HostileDatabase.TWIN, "First seen");
        assertThat(finding.select("#remedy").text()).contains("DROP INDEX CONCURRENTLY", HostileDatabase.TWIN);
        assertThat(twice.status()).as("of the same form, sent twice").isEqualTo(303);
        assertThat(muted.select("main > .notice").text()).contains("Muted by ada", "until", "<i>known</i>");
        assertThat(without.select("tbody").text()).doesNotContain(HostileDatabase.TWIN);
        assertThat(found(with).select(".tag").text()).contains("muted");
        assertThat(shown.select("main > .notice").text()).doesNotContain("Muted by");
        assertThat(found(browser.get(LIST).html()).select(".tag").text()).doesNotContain("muted");
    }

    @Test
    void a_page_beyond_the_last_says_so_and_leads_to_the_first_and_a_number_that_is_none_is_refused() {
        Browser browser = Browser.signedIn(server);

        Document beyond = browser.get(LIST + "&from=100000").html();

        assertThat(beyond.select("section .empty").text()).isEqualTo("There are no more.");
        assertThat(beyond.select("section .more a").eachAttr("href")).containsExactly(LIST);
        for (String from : List.of("3000000000", "-1", "soon")) {
            assertThat(browser.get(LIST + "&from=" + from).status()).as(from).isEqualTo(400);
        }
    }

    private static Element found(Document list) {
        return list.select("tbody tr").stream()
                .filter(row -> row.text().contains(HostileDatabase.TWIN))
                .findFirst()
                .orElseThrow(() -> new AssertionError(list.text()));
    }
}
