package dev.caretaker.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.console.Browser.Page;
import dev.caretaker.server.console.HostilePages.Visit;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

/**
 * Every page that the console declares, with something on it whose name tries to be more than a name. {@link ConsoleBrowserTest} opens
 * the same pages in a browser, where what runs would run.
 */
class ConsoleEveryPageTest {
    /** Attributes that begin with "on" are scripts, whichever they are. */
    static final String RUNS_BY_ITSELF =
            "script:not([src^=/console/assets/]), [style], [^on], [^hx-on], [href^=javascript:], [src^=javascript:],"
                    + " [action^=javascript:], [formaction]:not([formaction^=/console/]), img:not([src^=/console/]), iframe, object, embed";

    private final HostilePages pages = HostilePages.shared();
    private final Browser browser = Browser.signedIn(pages.server());

    @Test
    void no_page_is_left_out() {
        Set<String> visited = pages.visits().stream().map(Visit::route).collect(Collectors.toSet());

        assertThat(pages.server().pages())
                .as("pages of the console; a new one needs a visit in HostilePages")
                .hasSizeGreaterThan(20)
                .doesNotHaveDuplicates()
                .hasSameElementsAs(visited);
    }

    @Test
    void a_hostile_name_is_on_each_of_them_and_is_a_text() throws Exception {
        for (Visit visit : pages.visits()) {
            String sent = sent(visit);
            Document html = Jsoup.parse(sent);

            assertThat(seen(html)).as(visit.path()).contains(visit.shows());
            assertThat(html.select(RUNS_BY_ITSELF))
                    .as("what runs in " + visit.path())
                    .isEmpty();
            assertThat(html.select("img[src=x], i, s, b"))
                    .as("names that became elements in " + visit.path())
                    .isEmpty();
            assertThat(sent).as(visit.path()).doesNotContain("<script>alert", "\u202E");
        }
    }

    @Test
    void a_read_only_console_offers_on_none_of_them_to_change_anything() {
        int forms = 0;
        try (ConsoleServer readOnly = pages.server().readOnly()) {
            Browser reader = Browser.signedIn(readOnly);
            for (Visit visit : pages.visits()) {
                if (visit.isFramed() && !visit.route().equals("/sign-in")) {
                    Page page = reader.get(visit.path());

                    assertThat(page.status())
                            .as(visit.path() + ": " + page.body())
                            .isEqualTo(200);
                    assertThat(page.html().select("main form[method=post], main [formaction], main [hx-post]"))
                            .as(visit.path())
                            .isEmpty();
                    assertThat(page.html().select("main a").eachText())
                            .as(visit.path())
                            .doesNotContain("Pause, tune or cancel it", "Edit", "New policy");
                    forms += browser.get(visit.path())
                            .html()
                            .select("main form[method=post]")
                            .size();
                }
            }
        }
        assertThat(forms).as("forms of a console that may change things").isGreaterThan(10);
    }

    @Test
    void no_page_with_a_field_loads_itself_while_one_fills_it_in() throws Exception {
        int live = 0;
        for (Visit visit : pages.visits()) {
            String sent = sent(visit);
            if (visit.isFramed() && sent.contains("http-equiv=\"refresh\"")) {
                live++;
                assertThat(Jsoup.parse(sent).select("main input:not([type=hidden]), main textarea, main select"))
                        .as(visit.path())
                        .isEmpty();
            }
        }
        assertThat(live).as("pages that load themselves").isPositive();
    }

    @Test
    void what_is_not_there_is_told_by_the_name_that_was_asked_for() {
        String name = "<script>alert(30)</script>\u202E";
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8);

        for (String path : List.of("/targets/", "/schedules/", "/partitions/", "/policies/main/")) {
            Page page = browser.get("/console" + path + encoded);

            assertThat(page.status()).as(path).isBetween(400, 404);
            assertThat(page.html().select("[role=alert]").text())
                    .as(path)
                    .contains("<script>alert(30)</script>\\u202e");
            assertThat(page.html().select("main script")).as(path).isEmpty();
        }
    }

    /** The whole of a page, or all that a stream says until it ends by itself. */
    private String sent(Visit visit) throws Exception {
        if (!visit.route().endsWith("/events")) {
            Page page = browser.get(visit.path());
            assertThat(page.status()).as(visit.path() + ": " + page.body()).isEqualTo(200);
            return page.body();
        }
        try (var events = browser.open(visit.path())) {
            return new String(events.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("data: "))
                    .map(line -> line.substring("data: ".length()))
                    .collect(Collectors.joining("\n"));
        }
    }

    /** What one reads, and what stands in fields. */
    private static String seen(Document html) {
        return Stream.concat(
                        Stream.of(html.title(), html.body().text()),
                        html.select("input, textarea").stream().map(field -> field.val()))
                .collect(Collectors.joining("\n"));
    }
}
