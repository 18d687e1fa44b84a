package dev.caretaker.server.console;

import static dev.caretaker.server.console.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.console.HostilePages.Visit;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;

/** What only a browser shows: what is live, what scripts do, and what those see who do not see. */
@EnabledIf(
        value = "dev.caretaker.server.console.Chrome#isThere",
        disabledReason = "Chromium and its driver are not installed (apt-get install chromium chromium-driver)")
class ConsoleBrowserTest {
    private static final String AXE = "/axe.min.js";
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);

    private final ConsoleServer server = ConsoleServer.shared();
    private final HostileScene scene = HostileScene.of(server);

    @BeforeEach
    void signIn() {
        Chrome.look(1200, "light");
        Chrome.signIn(server);
    }

    @Test
    void a_plan_is_executed_and_watched_to_its_end_without_loading_the_page_again() {
        scene.table("watched", 3_000);
        open("/console/policies/main/watched");
        press("form[action='/console/plans'] button");
        press("form[action$='/execute'] button");
        driver().executeScript("window.here = true");

        await().untilAsserted(() -> assertThat(text(".pill")).contains("complete"));

        await().until(() -> driver().getTitle().equals("complete · Cleanup of main · Caretaker"));
        assertThat(driver().executeScript("return window.here")).isEqualTo(true);
        assertThat(driver().findElements(By.linkText("Report"))).isNotEmpty();
        assertThat(text(".events")).contains("Ended: complete");
        assertThat(Chrome.said()).isEmpty();
    }

    @Test
    void a_page_of_a_run_goes_on_when_its_server_comes_back() {
        Database target = TestPostgres.newest().database();
        Database store = TestPostgres.controlStore();
        ConsoleServer first = ConsoleServer.start(target, store, 0, Map.of());
        int port = first.port();
        HostileScene own = HostileScene.bare(first);
        Run slow = own.slowRun("restarted");
        driver().get("http://127.0.0.1:" + port + "/console/runs/" + slow.getRunId());
        await().until(() -> !driver().findElements(By.cssSelector(".events li")).isEmpty());

        first.close();
        await().until(() -> driver().findElement(By.cssSelector(".link-lost")).isDisplayed());
        try (ConsoleServer second = ConsoleServer.start(target, store, port, Map.of())) {
            await().until(() ->
                    !driver().findElement(By.cssSelector(".link-lost")).isDisplayed());
            HostileScene.bare(second).cancel(slow.getRunId());

            await().untilAsserted(() -> assertThat(text(".pill")).contains("cancelled"));
        }
        Chrome.said();
    }

    @Test
    void a_page_that_nobody_looks_at_leaves_its_connection_to_others_and_catches_up_when_somebody_does() {
        Run slow = scene.slowRun("unseen");
        String path = "/console/runs/" + slow.getRunId();
        open(path);
        await().until(() -> !driver().findElements(By.cssSelector(".events li")).isEmpty());
        hide(true);

        scene.cancel(slow.getRunId());
        Browser other = Browser.signedIn(server);
        await().untilAsserted(() ->
                assertThat(other.get(path).html().select(".pill").text()).contains("cancelled"));
        assertThat(text(".pill")).doesNotContain("cancelled");
        assertThat(driver().findElement(By.cssSelector(".link-lost")).isDisplayed())
                .isFalse();

        hide(false);
        await().untilAsserted(() -> assertThat(text(".pill")).contains("cancelled"));
        await().untilAsserted(() -> assertThat(text(".events")).contains("Ended: cancelled"));
        assertThat(Chrome.said()).isEmpty();
    }

    @Test
    void who_watches_when_his_session_ends_is_told_to_sign_in_again_and_watches_on() {
        Run slow = scene.slowRun("outlived");
        open("/console/runs/" + slow.getRunId());
        await().until(() -> !driver().findElements(By.cssSelector(".events li")).isEmpty());
        assertThat(driver().findElement(By.cssSelector(".signed-out")).isDisplayed())
                .isFalse();

        hide(true);
        driver().manage().deleteAllCookies();
        hide(false);
        await().until(() -> driver().findElement(By.cssSelector(".signed-out")).isDisplayed());
        assertThat(driver().findElement(By.cssSelector(".link-lost")).isDisplayed())
                .isFalse();

        press(".signed-out a");
        driver().findElement(By.name("token")).sendKeys(ConsoleServer.TOKEN);
        driver().findElement(By.cssSelector("main button")).click();
        await().until(() -> driver().getCurrentUrl().endsWith("/console/runs/" + slow.getRunId()));
        await().until(() -> !driver().findElements(By.cssSelector(".events li")).isEmpty());
        scene.cancel(slow.getRunId());
        assertThat(Chrome.said()).isEmpty();
    }

    @Test
    void who_reads_what_happened_is_not_sent_to_its_top_by_what_happens_next() {
        Run slow = scene.slowRun("scrolled");
        open("/console/runs/" + slow.getRunId());
        await().until(() -> driver().findElements(By.cssSelector(".events li")).size() > 2);
        driver().executeScript("document.styleSheets[0].insertRule('.events{max-height:2rem!important}');"
                + " document.getElementById('happened').scrollTop = 12");

        scene.cancel(slow.getRunId());

        await().untilAsserted(() -> assertThat(text(".events")).contains("Ended: cancelled"));
        assertThat(driver().executeScript("return document.getElementById('happened').scrollTop"))
                .isEqualTo(12L);
        assertThat(Chrome.said()).isEmpty();
    }

    /** As behind a proxy that holds back what streams. */
    @Test
    void a_run_whose_stream_hangs_says_so_and_is_cancelled_all_the_same() {
        Run slow = scene.slowRun("held_back");
        Object script = driver().executeCdpCommand(
                        "Page.addScriptToEvaluateOnNewDocument",
                        Map.of(
                                "source",
                                "window.EventSource = class extends EventTarget { static CLOSED = 2; readyState = 0; close() {} }"))
                .get("identifier");
        try {
            open("/console/runs/" + slow.getRunId());
            await().until(() ->
                    driver().findElement(By.cssSelector(".link-lost")).isDisplayed());
            press("[sse-swap=actions] a");
            say("form[action$='/cancel']", "reason", "without a stream");

            await().until(() -> scene.run("/" + slow.getRunId()).getState() == RunState.RUN_STATE_ENDED);
        } finally {
            driver().executeCdpCommand("Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", script));
        }
    }

    /** As if another tab were in front. */
    private static void hide(boolean hidden) {
        driver().executeScript(
                        "Object.defineProperty(document, 'hidden', {value: arguments[0], configurable: true});"
                                + " document.dispatchEvent(new Event('visibilitychange'))",
                        hidden);
    }

    @Test
    void a_run_is_paused_tuned_and_cancelled_with_a_reason_while_one_watches() {
        Run slow = scene.slowRun("steered_there");
        open("/console/runs/" + slow.getRunId());
        await().until(() -> !driver().findElements(By.cssSelector(".events li")).isEmpty());

        say("form[action$='/pause']", "reason", "lunch");
        await().untilAsserted(() -> assertThat(text(".pill")).contains("paused"));
        assertThat(text("main")).contains("lunch");

        say("form[action$='/tune']", Map.of("max-rows-per-second", "70", "reason", "fewer than before"));
        await().until(() -> scene.run("/" + slow.getRunId()).getTuning().getMaxRowsPerSecond() == 70);
        await().untilAsserted(() -> assertThat(text(".events")).contains("Settings changed by ada: fewer than before"));

        say("form[action$='/cancel']", "reason", "enough for today");
        await().untilAsserted(() -> assertThat(text(".pill")).contains("cancelled"));
        assertThat(text("main")).contains("enough for today");
        assertThat(Chrome.said()).isEmpty();
    }

    @Test
    void a_stale_plan_is_refused_in_words() {
        scene.table("outdated", 500);
        open("/console/policies/main/outdated");
        press("form[action='/console/plans'] button");
        server.target().execute("ALTER TABLE outdated ADD COLUMN more int");

        press("form[action$='/execute'] button");

        assertThat(text("[role=alert]")).isNotEmpty();
        assertThat(text("main")).contains("PLAN_DRIFTED", "Make a new plan");
    }

    @Test
    void a_token_that_nobody_has_is_refused() {
        driver().manage().deleteAllCookies();
        open("/console/runs");
        driver().findElement(By.name("token")).sendKeys("guessed");
        driver().findElement(By.cssSelector("main button")).click();

        await().untilAsserted(() -> assertThat(text("[role=alert]")).contains("No caller"));
        assertThat(driver().manage().getCookies())
                .noneMatch(cookie -> cookie.getName().contains("session"));
        Chrome.said();
    }

    @Test
    void a_policy_is_checked_against_its_table_as_one_types() {
        scene.table("typed", 10);
        open("/console/policies/main/typed/edit");
        await().untilAsserted(() -> assertThat(text("#verdict")).contains("It is what is stored"));

        WebElement column = driver().findElement(By.name("time-column"));
        column.clear();
        column.sendKeys("nothing");

        await().untilAsserted(() -> assertThat(text("#verdict")).contains("refused", "nothing"));
        column.clear();
        column.sendKeys("<b>ended</b>");
        WebElement keep = driver().findElement(By.name("keep"));
        keep.clear();
        keep.sendKeys("45d");

        await().untilAsserted(() -> assertThat(text("#verdict dt")).isEqualTo("retention.duration"));
        assertThat(text("#verdict .changes").replaceAll("\\s+", " ")).contains("stored 30d new 45d");
        assertThat(driver().findElements(By.cssSelector("#verdict dt"))).hasSize(1);
        assertThat(Chrome.said()).isEmpty();
    }

    @Test
    void what_is_typed_outlives_the_session_and_goes_with_the_next() {
        scene.table("outlasting", 10);
        open("/console/policies/main/outlasting/edit");
        await().untilAsserted(() -> assertThat(text("#verdict")).contains("It is what is stored"));
        String tab = driver().getWindowHandle();
        driver().manage().deleteAllCookies();

        WebElement description = driver().findElement(By.name("description"));
        description.clear();
        description.sendKeys("typed with care");
        await().until(() ->
                driver().findElement(By.cssSelector(".session-over")).isDisplayed());
        Chrome.said();
        driver().switchTo().newWindow(WindowType.TAB);
        Chrome.signIn(server);
        driver().close();
        driver().switchTo().window(tab);
        driver().executeScript("dispatchEvent(new Event('focus'))");

        await().until(() ->
                !driver().findElement(By.cssSelector(".session-over")).isDisplayed());
        await().untilAsserted(() -> assertThat(text("#verdict")).contains("would replace what is stored"));
        press("form[action='/console/policies/apply'] button.primary");
        assertThat(text("main")).contains("typed with care");
        assertThat(Chrome.said()).isEmpty();
    }

    @Test
    void YAML_is_checked_as_one_types_too_and_has_what_was_typed_in_the_form() {
        scene.table("twofold", 10);
        open("/console/policies/main/twofold/edit");
        WebElement description = driver().findElement(By.name("description"));
        description.clear();
        description.sendKeys("of the form");

        press(".tabs button[value=yaml]");
        WebElement yaml = driver().findElement(By.name("yaml"));
        assertThat(yaml.getDomProperty("value")).contains("of the form");
        await().untilAsserted(() -> assertThat(text("#verdict")).contains("would replace what is stored"));
        yaml.sendKeys("\nnonsense: 1");

        await().untilAsserted(() -> assertThat(text("#verdict")).contains("refused", "nonsense"));
        assertThat(Chrome.said()).isEmpty();
    }

    @Test
    void by_the_keyboard_one_skips_to_the_page_and_reaches_its_links_which_show_where_one_is() {
        open("/console/runs");
        WebElement first = tab();
        assertThat(first.getText()).isEqualTo("Skip to the page");
        assertThat(first.getLocation().getX()).as("seen once one is on it").isNotNegative();

        first.sendKeys(Keys.ENTER);
        WebElement within = tab();

        assertThat((Boolean)
                        driver().executeScript("return document.querySelector('main').contains(arguments[0])", within))
                .as("after skipping the navigation: " + within.getTagName())
                .isTrue();
        assertThat(within.getCssValue("outline-style")).isEqualTo("solid");
        List<String> reached = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            reached.add(tab().getTagName());
        }
        assertThat(reached).contains("button", "a");
    }

    private static WebElement tab() {
        driver().switchTo().activeElement().sendKeys(Keys.TAB);
        return driver().switchTo().activeElement();
    }

    @Test
    void Enter_in_a_field_of_a_policy_stores_it() {
        scene.table("entered", 10);
        open("/console/policies/main/entered/edit");
        WebElement description = driver().findElement(By.name("description"));
        description.clear();

        description.sendKeys("by the key", Keys.ENTER);

        await().until(() -> driver().getCurrentUrl().endsWith("/console/policies/main/entered"));
        assertThat(text("main")).contains("by the key");
        assertThat(text(".notice")).as("told once").isEqualTo("The policy is stored.");
        driver().navigate().refresh();
        assertThat(driver().findElements(By.cssSelector(".notice"))).isEmpty();
    }

    @Test
    void SQL_is_copied_and_what_could_not_be_copied_is_told() {
        open("/console/findings?target=main");
        List<WebElement> findings = driver().findElements(By.cssSelector("tbody th a"));
        List<String> pages =
                findings.stream().map(finding -> finding.getDomProperty("href")).toList();
        String page = pages.stream()
                .filter(one -> {
                    driver().get(one);
                    return !driver().findElements(By.id("remedy")).isEmpty();
                })
                .findFirst()
                .orElseThrow(() -> new AssertionError("no finding with SQL among " + pages));
        driver().executeCdpCommand(
                        "Browser.grantPermissions",
                        Map.of(
                                "origin",
                                "http://" + server.address(),
                                "permissions",
                                List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
        try {
            WebElement copy = driver().findElement(By.cssSelector("[data-copy]"));
            copy.click();
            await().until(() -> copy.getText().equals("Copied"));
            assertThat(driver().executeAsyncScript("navigator.clipboard.readText().then(arguments[0])"))
                    .isEqualTo(driver().executeScript("return document.getElementById('remedy').textContent"));

            driver().get(page);
            driver().executeScript("navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))");
            WebElement again = driver().findElement(By.cssSelector("[data-copy]"));
            again.click();
            await().until(() -> again.getText().equals("Not copied"));
        } finally {
            driver().executeCdpCommand("Browser.resetPermissions", Map.of());
        }
        assertThat(Chrome.said()).isEmpty();
    }

    @Test
    void a_theme_that_is_chosen_stays_until_another_one_is() {
        open("/console/runs");
        String light = background();
        WebElement theme = driver().findElement(By.cssSelector("[data-theme-button]"));
        assertThat(theme.getText()).isEqualTo("Theme: auto");
        theme.click();
        assertThat(theme.getText()).isEqualTo("Theme: light");
        theme.click();
        assertThat(theme.getText()).isEqualTo("Theme: dark");
        String dark = background();

        open("/console/policies");

        WebElement there = driver().findElement(By.cssSelector("[data-theme-button]"));
        assertThat(dark).as("in a browser that likes light").isNotEqualTo(light);
        assertThat(background()).isEqualTo(dark);
        assertThat(there.getText()).isEqualTo("Theme: dark");
        there.click();
        assertThat(there.getText()).isEqualTo("Theme: auto");
        assertThat(background()).isEqualTo(light);
    }

    private static String background() {
        return (String) driver().executeScript("return getComputedStyle(document.body).backgroundColor");
    }

    @Test
    void the_calendar_has_the_days_of_the_browser_until_those_of_UTC_are_chosen_which_is_remembered() {
        Chrome.zone("Pacific/Auckland");
        try {
            open("/console/runs");
            open("/console/schedules");
            assertThat(text("#weeks + .lead")).contains("Days of Pacific/Auckland", "Show days of UTC");

            press("[data-zone]");
            open("/console/schedules");

            assertThat(text("#weeks + .lead")).contains("Days of UTC", "Show days of Pacific/Auckland");
            open("/console/audit");
            assertThat(text(".head .lead")).contains("Days are those of UTC");
            press("[data-zone]");
            open("/console/audit");
            assertThat(text(".head .lead")).contains("Days are those of Pacific/Auckland");
        } finally {
            Chrome.zone("");
        }
        assertThat(Chrome.said()).isEmpty();
    }

    @Test
    void times_are_told_in_the_zone_of_the_browser_with_UTC_beside() {
        Chrome.zone("Asia/Kolkata");
        try {
            open("/console/runs");
            WebElement time = driver().findElement(By.cssSelector("main time"));
            Instant at = Instant.parse(time.getDomAttribute("datetime"));
            String utc = CLOCK.format(at.atOffset(ZoneOffset.UTC));
            String here = CLOCK.format(at.atZone(ZoneId.of("Asia/Kolkata")));

            assertThat(time.findElement(By.tagName("small")).getText()).endsWith(utc + " UTC");
            assertThat((String) driver().executeScript("return arguments[0].firstChild.textContent.trim()", time))
                    .as("beside UTC")
                    .endsWith(" " + here);
            assertThat(here).isNotEqualTo(utc);
        } finally {
            Chrome.zone("");
        }
    }

    /** Each page with something hostile on it: {@link ConsoleEveryPageTest} says that none is left out. */
    @Test
    void nothing_keeps_those_out_who_do_not_see_or_use_no_mouse_and_no_name_does_anything() throws IOException {
        HostilePages pages = HostilePages.shared();
        Chrome.signIn(pages.server());
        String axe = axe();
        SoftAssertions.assertSoftly(softly -> {
            for (Visit visit : pages.visits()) {
                if (visit.isFramed()) {
                    driver().get("http://" + pages.server().address() + visit.path());
                    await().untilAsserted(
                                    () -> assertThat(read()).as(visit.path()).contains(visit.shows()));
                    looksWell(softly, visit.path(), axe);
                }
            }
        });
    }

    /** Within the console a report runs nothing, what looks at it included. */
    @Test
    void nothing_keeps_those_out_of_reports() throws IOException {
        HostilePages pages = HostilePages.shared();
        Browser browser = Browser.signedIn(pages.server());
        String axe = axe();
        for (Visit visit : pages.visits()) {
            if (visit.route().endsWith("/report")) {
                byte[] report = browser.get(visit.path()).body().getBytes(StandardCharsets.UTF_8);
                driver().get("data:text/html;charset=utf-8;base64,"
                        + Base64.getEncoder().encodeToString(report));
                assertThat(read()).contains(visit.shows());
                SoftAssertions.assertSoftly(softly -> looksWell(softly, visit.path(), axe));
            }
        }
    }

    /** Wide and light, narrow and dark. A script of a name would open a window, without which the browser answers nothing. */
    private static void looksWell(SoftAssertions softly, String path, String axe) {
        driver().executeScript(axe);
        for (String scheme : List.of("light", "dark")) {
            Chrome.look(scheme.equals("light") ? 1200 : 400, scheme);
            Object serious = driver().executeAsyncScript("const done = arguments[arguments.length - 1];"
                    + "axe.run(document, {resultTypes: ['violations']}).then(found => done(found.violations"
                    + ".filter(one => ['serious', 'critical'].includes(one.impact))"
                    + ".map(one => one.id + ': ' + one.nodes.map(node => node.html).slice(0, 3).join(' | '))))");

            softly.assertThat((List<?>) serious).as(path + " " + scheme).isEmpty();
            softly.assertThat(driver().executeScript("const root = document.documentElement;"
                            + " return root.scrollWidth - root.clientWidth"))
                    .as("how much wider than the window is " + path + " " + scheme)
                    .isEqualTo(0L);
            softly.assertThat(Chrome.said()).as(path).isEmpty();
        }
        Chrome.look(1200, "light");
    }

    /** All texts of the page and what stands in its fields. */
    private static String read() {
        return (String) driver().executeScript("return [document.title, document.body.textContent,"
                + " ...[...document.querySelectorAll('input, textarea')].map(field => field.value)]"
                + ".join(' ').replace(/\\s+/g, ' ')");
    }

    private static String axe() throws IOException {
        try (InputStream script = ConsoleBrowserTest.class.getResourceAsStream(AXE)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void open(String path) {
        driver().get("http://" + server.address() + path);
    }

    private static void say(String form, String field, String text) {
        say(form, Map.of(field, text));
    }

    /** Fills fields of a form, and posts it: at once, since what is live may put another form in its place. */
    private static void say(String form, Map<String, String> fields) {
        await().until(() -> !driver().findElements(By.cssSelector(form)).isEmpty());
        driver().executeScript(
                        "const form = document.querySelector(arguments[0]);"
                                + " for (const [name, text] of Object.entries(arguments[1])) { form.elements[name].value = text; }"
                                + " form.requestSubmit()",
                        form,
                        fields);
    }

    private static void press(String selector) {
        String before = driver().getCurrentUrl();
        driver().findElement(By.cssSelector(selector)).click();
        await().until(() -> !driver().getCurrentUrl().equals(before));
    }

    /** What is read there now; the page may be changing. */
    private static String text(String selector) {
        return (String) driver().executeScript(
                        "const one = document.querySelector(arguments[0]); return one ? one.innerText : ''", selector);
    }

    private static ChromeDriver driver() {
        return Chrome.driver();
    }
}
