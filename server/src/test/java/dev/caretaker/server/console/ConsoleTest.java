package dev.caretaker.server.console;

import static dev.caretaker.server.console.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.console.Browser.Page;
import dev.caretaker.server.store.Sha256;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.Run;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The frame of the console: who gets in, what a browser is told to keep out, and what names cannot do. */
class ConsoleTest {
    private final ConsoleServer server = ConsoleServer.shared();

    @BeforeEach
    void scene() {
        HostileScene.of(server);
    }

    @Test
    void who_is_not_signed_in_signs_in_and_comes_to_what_he_asked_for() {
        Browser browser = new Browser(server);

        Page refused = browser.get("/console/runs?target=main");
        Document form = browser.follow(refused).html();
        Page entered = browser.submit(form, "/console/sign-in", Map.of("token", ConsoleServer.TOKEN));
        Page back = browser.follow(entered);

        assertThat(form.title()).startsWith("Sign in");
        assertThat(back.location()).isEqualTo("/console/runs?target=main");
        assertThat(browser.get(back.location()).html().selectFirst(".user").text())
                .isEqualTo(ConsoleServer.CALLER);
    }

    @Test
    void a_token_that_nobody_has_is_refused_in_words() {
        Browser browser = new Browser(server);

        Page page = browser.post("/console/sign-in", Map.of("token", "guessed"));

        assertThat(page.status()).isEqualTo(401);
        assertThat(page.html().selectFirst("[role=alert]").text()).contains("No caller");
        assertThat(browser.cookie()).isEmpty();
    }

    @Test
    void nobody_is_sent_elsewhere_after_signing_in() {
        Browser browser = Browser.signedIn(server);

        for (String to :
                new String[] {"https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)"}) {
            Page entered = browser.post("/console/sign-in", Map.of("token", ConsoleServer.TOKEN, "to", to));
            assertThat(browser.follow(entered).location()).isEqualTo("/console/");
        }
    }

    @Test
    void a_session_is_a_cookie_that_scripts_do_not_see_and_forms_of_other_sites_do_not_send() {
        Page page = new Browser(server).post("/console/sign-in", Map.of("token", ConsoleServer.TOKEN));

        assertThat(page.headers().get("set-cookie"))
                .contains("; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/console")
                .doesNotContain(ConsoleServer.TOKEN);
    }

    @Test
    void servers_of_two_control_stores_on_one_host_sign_nobody_out_of_the_other() {
        Browser browser = Browser.signedIn(server);
        try (ConsoleServer other = ConsoleServer.start(server.target(), Map.of())) {
            Browser there = new Browser(other);
            there.get("/console/");

            assertThat(name(there.cookie())).isNotEqualTo(name(browser.cookie()));
            browser.cookie(there.cookie() + "; " + browser.cookie());
            assertThat(browser.get("/console/runs").status()).isEqualTo(200);
        }
    }

    private static String name(String cookie) {
        return cookie.substring(0, cookie.indexOf('='));
    }

    @Test
    void every_answer_tells_browsers_what_not_to_do_with_it() {
        Browser browser = Browser.signedIn(server);

        for (String path : List.of("/console/", "/console/nothing", "/console/policies/main/script/edit")) {
            assertThat(browser.get(path).headers())
                    .as(path)
                    .containsEntry("x-content-type-options", "nosniff")
                    .containsEntry("x-frame-options", "DENY")
                    .containsEntry("cache-control", "no-store")
                    .containsEntry("referrer-policy", "same-origin")
                    .containsEntry("cross-origin-opener-policy", "same-origin")
                    .containsEntry("cross-origin-resource-policy", "same-origin")
                    .doesNotContainKey("strict-transport-security")
                    .hasEntrySatisfying(
                            "permissions-policy",
                            policy -> assertThat(policy).contains("camera=()", "microphone=()", "geolocation=()"))
                    .hasEntrySatisfying(
                            "content-security-policy",
                            policy -> assertThat(policy).startsWith("default-src 'none'"));
        }
    }

    @Test
    void a_file_is_kept_only_under_the_version_that_it_has() {
        Browser browser = Browser.signedIn(server);
        String sheet = browser.get("/console/")
                .html()
                .selectFirst("link[rel=stylesheet]")
                .attr("href");

        Page own = browser.get(sheet);
        Page other = browser.get(sheet.replaceFirst("/assets/[^/]+/", "/assets/0123456789ab/"));

        assertThat(own.headers().get("cache-control")).contains("immutable", "max-age=31536000");
        assertThat(own.headers()).containsEntry("x-content-type-options", "nosniff");
        assertThat(other.body()).isEqualTo(own.body());
        assertThat(other.headers()).containsEntry("cache-control", "no-store");
        assertThat(browser.get("/console/assets/0123456789ab/nothing.js").status())
                .isEqualTo(404);
    }

    @Test
    void a_session_that_was_changed_is_none() {
        Browser browser = Browser.signedIn(server);
        String cookie = browser.cookie();
        int middle = cookie.length() / 2;
        char other = cookie.charAt(middle) == 'A' ? 'B' : 'A';

        browser.cookie(cookie.substring(0, middle) + other + cookie.substring(middle + 1));

        assertThat(browser.get("/console/").location()).startsWith("/console/sign-in");
    }

    @Test
    void who_watches_without_a_session_is_told_so_as_an_event() throws Exception {
        try (InputStream events = new Browser(server).open("/console/runs/" + UUID.randomUUID() + "/events")) {
            assertThat(new String(events.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("event: expired\ndata: -\n\n");
        }
    }

    @Test
    void a_page_of_something_that_is_called_events_leads_to_the_form() {
        for (String page : new String[] {"/console/policies/main/events", "/console/schedules/events"}) {
            assertThat(new Browser(server).get(page).location()).startsWith("/console/sign-in");
        }
    }

    @Test
    void who_signs_out_is_out() {
        Browser browser = Browser.signedIn(server);
        Document page = browser.get("/console/").html();

        browser.submit(page, "/console/sign-out", Map.of());

        assertThat(browser.get("/console/").location()).startsWith("/console/sign-in");
    }

    @Test
    void a_form_of_another_page_is_refused() {
        Browser browser = Browser.signedIn(server);
        Document page = browser.get("/console/targets/main").html();
        Browser other = Browser.signedIn(server);

        assertThat(other.submit(page, "/console/targets/main/hold", Map.of("reason", "x", "length", "1h"))
                        .status())
                .as("with the token of another session")
                .isEqualTo(403);
        assertThat(browser.post("/console/plans", Map.of("target", "main")).status())
                .as("without a token")
                .isEqualTo(403);
        assertThat(browser.post(
                                "/console/sign-in",
                                Map.of("token", ConsoleServer.TOKEN),
                                Map.of("Sec-Fetch-Site", "cross-site"))
                        .status())
                .as("of another site")
                .isEqualTo(403);
    }

    @Test
    void a_form_whose_session_is_over_is_kept_and_sent_by_who_signs_in_again() {
        Browser browser = Browser.signedIn(server);
        String action = "/console/targets/main/hold";
        Document target = browser.get("/console/targets/main").html();
        Map<String, String> written = hidden(target, action);
        written.putAll(Map.of("reason", "typed for\nlong <b>", "length", "1h"));
        browser.cookie("");

        Page out = browser.post(action, written, HERE);
        browser.post("/console/sign-in", Map.of("token", ConsoleServer.TOKEN));
        Page asked = browser.post(action, hidden(out.html(), action), HERE);
        Page held = browser.post(action, hidden(asked.html(), action), HERE);

        assertThat(out.status()).isEqualTo(401);
        assertThat(out.html().selectFirst("[role=alert]").text()).contains("nothing is lost", "Sign in again");
        assertThat(asked.status()).as("before somebody has read it").isEqualTo(403);
        assertThat(asked.html().select(".facts").text()).contains("reason", "long <b>", "length", "1h");
        assertThat(held.status()).as(held.body()).isEqualTo(303);
        Document shown = browser.follow(held).html();
        Element release = shown.select("#holds + .lines li").stream()
                .filter(one -> one.text().contains("long <b>"))
                .findFirst()
                .orElseThrow();
        browser.submit(shown, release.selectFirst("form").attr("action"), Map.of("sure", "on"));
    }

    /** As browsers say it of forms that the console wrote. */
    private static final Map<String, String> HERE = Map.of("Sec-Fetch-Site", "same-origin");

    private static Map<String, String> hidden(Document page, String action) {
        Map<String, String> fields = new LinkedHashMap<>();
        page.selectFirst("main form[action='" + action + "']")
                .select("input[type=hidden]")
                .forEach(input -> fields.put(input.attr("name"), input.val()));
        return fields;
    }

    @Test
    void a_script_without_a_session_is_told_so_and_its_page_stays() {
        for (String page : List.of("/console/", "/console/targets?name=x")) {
            Page answer = new Browser(server).get(page, Map.of("HX-Request", "true"));

            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.body()).isEmpty();
            assertThat(answer.headers()).doesNotContainKeys("hx-redirect", "location");
        }
    }

    @Test
    void a_page_of_another_site_may_lead_here_and_makes_the_server_look_at_nothing() {
        Browser browser = Browser.signedIn(server);
        Map<String, String> opened =
                Map.of("Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document");
        Map<String, String> link = new HashMap<>(opened);
        link.put("Sec-Fetch-User", "?1");
        Map<String, String> picture =
                Map.of("Sec-Fetch-Site", "same-site", "Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "image");
        Map<String, String> frame =
                Map.of("Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "iframe");

        assertThat(browser.get("/console/findings?target=main", link).status()).isEqualTo(200);
        for (Map<String, String> elsewhere : List.of(picture, frame)) {
            assertThat(browser.get("/console/findings?target=main", elsewhere).status())
                    .isEqualTo(403);
        }
        Page unasked = browser.get("/console/findings?target=main&look=now&all=1", opened);
        assertThat(unasked.status()).isEqualTo(403);
        assertThat(unasked.html().selectFirst("main a.button").attr("href"))
                .isEqualTo("/console/findings?target=main&all=1");
        assertThat(browser.get("/console/", opened).html().title()).startsWith("Not loaded yet");
        assertThat(new Browser(server).get("/console/", opened).location())
                .as("who is not signed in may sign in")
                .startsWith("/console/sign-in");
        for (String page : List.of("/findings?target=main&", "/targets/main?", "/schedules/paused?")) {
            String look = "/console" + page + "look=now";
            assertThat(browser.get(look, link).status()).as(look).isEqualTo(403);
            assertThat(browser.get(look, Map.of("Sec-Fetch-Site", "same-origin"))
                            .location())
                    .as(look)
                    .isEqualTo("/console" + page.substring(0, page.length() - 1));
        }
    }

    @Test
    void the_token_of_forms_is_another_text_on_each_page_and_good_on_each() {
        Browser browser = Browser.signedIn(server);
        Document first = browser.get("/console/targets/main").html();
        Document second = browser.get("/console/targets/main").html();

        assertThat(first.selectFirst("input[name=form-token]").val())
                .isNotEqualTo(second.selectFirst("input[name=form-token]").val());
        assertThat(browser.submit(first, "/console/targets/main/hold", Map.of("reason", "x"))
                        .html()
                        .text())
                .as("taken, but for its length")
                .contains("for how long");
    }

    @Test
    void who_watches_is_told_that_his_session_is_over_once_his_token_is_taken_out() throws Exception {
        Path tokens = Files.createTempFile("caretaker-tokens", "");
        String line = ConsoleServer.CALLER + ": " + HexFormat.of().formatHex(Sha256.of(ConsoleServer.TOKEN)) + "\n";
        Files.writeString(tokens, line);
        try (ConsoleServer own = ConsoleServer.start(
                TestPostgres.newest().database(), Map.of("caretaker.listen.tokens-file", tokens.toString()))) {
            Run slow = HostileScene.bare(own).slowRun("revoked");
            Browser browser = Browser.signedIn(own);
            try (InputStream events = browser.open("/console/runs/" + slow.getRunId() + "/events");
                    BufferedReader lines = new BufferedReader(new InputStreamReader(events, StandardCharsets.UTF_8))) {
                assertThat(lines.lines().anyMatch("event: log"::equals)).isTrue();

                Files.writeString(tokens, line.replace(ConsoleServer.CALLER, "# " + ConsoleServer.CALLER));

                assertThat(lines.lines().toList()).endsWith("event: expired", "data: -", "");
            }
        } finally {
            Files.delete(tokens);
        }
    }

    /** Follows every link that a page has. Whatever is added to the console is looked at here. */
    @Test
    void every_link_leads_to_a_page_that_runs_nothing_of_its_own_and_shows_names_as_they_are() {
        Browser browser = Browser.signedIn(server);
        Set<String> seen = new LinkedHashSet<>();
        Deque<String> next = new ArrayDeque<>(Set.of("/console/"));
        int scripts = 0;
        int hebrew = 0;
        while (!next.isEmpty()) {
            String path = next.remove();
            if (seen.size() > 150 || !seen.add(path)) {
                continue;
            }
            Page page = browser.get(path);
            if (page.status() == 303 && page.headers().get("location").startsWith("/console/upkeep/")) {
                page = browser.follow(page); // a plan of upkeep has a page of its own
            }
            assertThat(page.status()).as(path + ": " + page.body()).isEqualTo(200);
            if (path.contains("/report")) {
                continue;
            }
            Document html = page.html();
            assertThat(page.headers().get("content-security-policy"))
                    .contains("default-src 'none'", "script-src 'self'", "form-action 'self'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(html.select(ConsoleEveryPageTest.RUNS_BY_ITSELF + ", style, b"))
                    .as("what runs or styles by itself in " + path)
                    .isEmpty();
            assertThat(html.text()).as(path).doesNotContain("\u202E");
            assertThat(turning(html))
                    .as("names from the right that turn what stands beside them in " + path)
                    .isEmpty();
            hebrew += html.text().contains(HostileDatabase.HEBREW) ? 1 : 0;
            scripts += html.text().contains(HostileDatabase.SCRIPT) ? 1 : 0;
            for (Element link : html.select("a[href^=/console/]")) {
                String href = link.attr("href");
                next.add(href.contains("look=now") ? "/console/" : href);
            }
        }
        assertThat(seen).hasSizeGreaterThan(10).anyMatch(path -> path.startsWith("/console/runs/"));
        assertThat(scripts).as("pages that show the name of the table").isGreaterThan(2);
        assertThat(hebrew).as("pages that show a name from the right").isGreaterThan(5);
    }

    /** Texts from the right to the left that are not in an element that isolates them alone. */
    private static List<String> turning(Document page) {
        return page.body()
                .nodeStream(TextNode.class)
                .filter(text -> text.text()
                        .codePoints()
                        .anyMatch(c -> Character.getDirectionality(c) == Character.DIRECTIONALITY_RIGHT_TO_LEFT))
                .filter(text -> Stream.iterate(text.parent(), parent -> parent != null, Node::parent)
                        .filter(parent ->
                                List.of("bdi", "option", "textarea", "title").contains(parent.nodeName()))
                        .findFirst()
                        .filter(parent -> !parent.attr("dir").equals("ltr"))
                        .isEmpty())
                .map(TextNode::text)
                .toList();
    }

    @Test
    void an_address_that_there_is_not_says_so_within_the_console() {
        Browser browser = Browser.signedIn(server);

        assertThat(browser.get("/console/nothing").status()).isEqualTo(404);
        assertThat(browser.get("/console/targets/nothing")
                        .html()
                        .selectFirst("[role=alert]")
                        .text())
                .contains("nothing");
    }

    @Test
    void an_address_takes_the_methods_that_it_has_and_says_which() {
        Browser browser = Browser.signedIn(server);

        for (String method : List.of("PUT", "DELETE", "OPTIONS", "PATCH")) {
            Page refused = browser.ask(method, "/console/runs");
            assertThat(refused.status()).as(method).isEqualTo(405);
            assertThat(refused.headers()).containsEntry("allow", "GET, HEAD, POST");
        }
        Page form = browser.get("/console/plans");
        assertThat(form.status()).isEqualTo(405);
        assertThat(form.headers()).containsEntry("allow", "POST");
        assertThat(browser.ask("HEAD", "/console/runs").status()).isEqualTo(200);
        assertThat(browser.get("/consoleXruns").status()).isEqualTo(404);
    }

    @Test
    void the_overview_tells_of_targets_once_they_were_looked_at() {
        Browser browser = Browser.signedIn(server);

        await().untilAsserted(() -> assertThat(browser.get("/console/")
                        .html()
                        .select("#live table")
                        .first()
                        .text())
                .contains(ConsoleServer.TARGET)
                .doesNotContain("Looking"));
    }

    @Test
    void a_page_that_loads_itself_does_not_tell_once_more_what_was_done() {
        Document page = Browser.signedIn(server).get("/console/?done=released").html();

        assertThat(page.select(".notice").text()).isEqualTo("The hold is released.");
        assertThat(page.head().selectFirst("noscript").data()
                        + page.head().selectFirst("noscript").html())
                .contains("url=/console/")
                .doesNotContain("done");
    }

    @Test
    void a_console_may_be_read_only_and_without_tokens_asks_for_a_name() {
        try (ConsoleServer open = ConsoleServer.start(server.target(), Map.of("caretaker.http.console", "read-only"))) {
            Browser browser = new Browser(open);
            Document before = browser.get("/console/targets/main").html();
            Page named = browser.post("/console/sign-in", Map.of("name", "Grace <b>Hopper</b>"));
            Document after = browser.get("/console/targets/main").html();

            assertThat(before.select("form[method=post]")).isEmpty();
            for (String section : before.select("nav[aria-label^=Parts] a").eachAttr("href")) {
                assertThat(browser.get(section).html().select("main form[method=post]"))
                        .as(section)
                        .isEmpty();
            }
            assertThat(browser.follow(named).location()).isEqualTo("/console/");
            assertThat(after.selectFirst(".user").text()).isEqualTo("Grace <b>Hopper</b>");
            String token = after.selectFirst("input[name=form-token]").val();
            Page tried = browser.post("/console/targets/main/hold", Map.of("form-token", token, "reason", "x"));
            assertThat(tried.status()).isEqualTo(403);
            assertThat(tried.html().text()).contains("read-only");
            assertThat(browser.submit(after, "/console/sign-out", Map.of()).status())
                    .isEqualTo(303);
        }
    }
}
