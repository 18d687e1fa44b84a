package dev.caretaker.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.console.Browser.Page;
import dev.caretaker.v1.AuditServiceGrpc;
import dev.caretaker.v1.GetPolicyRequest;
import dev.caretaker.v1.ListAuditEntriesRequest;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyServiceGrpc;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Policies written in the console, without scripts. */
class PolicyEditTest {
    private static final String APPLY = "/console/policies/apply";
    private static final String CONVERT = "/console/policies/convert";

    private final ConsoleServer server = ConsoleServer.shared();
    private final HostileScene scene = HostileScene.of(server);
    private Browser browser;

    @BeforeEach
    void signIn() {
        browser = Browser.signedIn(server);
    }

    @Test
    void a_form_that_is_sent_as_it_is_changes_nothing() {
        scene.table("formed", 10);
        Policy before = stored("formed");
        Document form = browser.get("/console/policies/main/formed/edit").html();

        Page applied = browser.submit(form, APPLY, fields(form));

        assertThat(applied.status()).as(applied.body()).isEqualTo(303);
        assertThat(stored("formed")).isEqualTo(before);
    }

    @Test
    void a_form_changes_what_it_shows_and_keeps_the_rest() {
        scene.table("reformed", 10);
        Document form = browser.get("/console/policies/main/reformed/edit").html();
        Map<String, String> fields = fields(form);
        fields.put("keep", "3 months");
        fields.put("max-percent", "7");
        fields.put("max-rows", "3000000000");

        browser.submit(form, APPLY, fields);

        Policy after = stored("reformed");
        assertThat(after.getRetention().getCalendar().getMonths()).isEqualTo(3);
        assertThat(after.getLimits().getMaxFraction()).isEqualTo(0.07);
        assertThat(after.getLimits().getMaxRows()).isEqualTo(3_000_000_000L);
        Document again = browser.get("/console/policies/main/reformed/edit").html();
        assertThat(again.selectFirst("[name=max-percent]").val()).isEqualTo("7");
        assertThat(again.selectFirst("[name=max-rows]").val()).isEqualTo("3000000000");
        assertThat(after.getFilter().getComparison().getValue().getStringValue())
                .isEqualTo("</td>");
    }

    @Test
    void spans_are_the_same_text_in_the_form_and_in_YAML_and_back() {
        scene.table("spanned", 10);
        String edit = "/console/policies/main/spanned/edit";
        Document form = browser.get(edit).html();
        Map<String, String> fields = fields(form);
        fields.put("keep", "90d");
        fields.put("deadline", "1h30m");

        browser.submit(form, APPLY, fields);
        Document yaml = browser.get(edit + "?as=yaml").html();
        String text = yaml.selectFirst("textarea").wholeText();
        browser.submit(yaml, APPLY, Map.of("yaml", text.replace("90d", "45d")));
        Document again = browser.get(edit).html();
        Policy before = stored("spanned");
        browser.submit(again, APPLY, fields(again));

        assertThat(form.selectFirst("[name=keep]").val()).isEqualTo("30d");
        assertThat(text).contains("duration: 90d", "deadline: 90m");
        assertThat(again.selectFirst("[name=keep]").val()).isEqualTo("45d");
        assertThat(again.selectFirst("[name=deadline]").val()).isEqualTo("90m");
        assertThat(before.getRetention().getDuration().getSeconds()).isEqualTo(45 * 86_400);
        assertThat(stored("spanned")).isEqualTo(before);
        assertThat(browser.get("/console/policies/main/spanned").html().text())
                .contains("Keeps 45 days", "1 h 30 min a run");
    }

    @Test
    void a_span_that_cannot_be_read_is_refused_and_the_rest_of_the_form_stays_as_it_was_written() {
        scene.table("unread", 10);
        Document form = browser.get("/console/policies/main/unread/edit").html();
        Map<String, String> fields = fields(form);
        fields.put("keep", "some weeks");
        fields.put("description", "written anew");

        Page answer = browser.submit(form, APPLY, fields);
        Document refused = answer.html();

        assertThat(answer.status()).isEqualTo(400);
        assertThat(refused.selectFirst("[role=alert]").text()).contains("90d");
        assertThat(refused.selectFirst("[name=keep]").val()).isEqualTo("some weeks");
        assertThat(refused.selectFirst("[name=description]").val()).isEqualTo("written anew");
        assertThat(stored("unread").getRetention().getDuration().getSeconds()).isEqualTo(30 * 86_400);
    }

    @Test
    void a_policy_that_does_not_fit_is_refused_with_what_was_written() {
        scene.table("unfit", 10);
        Document form = browser.get("/console/policies/main/unfit/edit?as=yaml").html();
        String yaml = form.selectFirst("textarea").wholeText().replace("<b>ended</b>", "nothing");

        Page refused = browser.submit(form, APPLY, Map.of("yaml", yaml));
        Page garbled = browser.submit(form, APPLY, Map.of("yaml", "{name: [a}"));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(garbled.status()).isEqualTo(400);
        assertThat(refused.html().selectFirst("[role=alert]").text()).contains("nothing");
        assertThat(refused.html().selectFirst("textarea").wholeText()).isEqualTo(yaml);
        assertThat(garbled.html().selectFirst("[role=alert]").text()).contains("Line 1");
        assertThat(garbled.html().selectFirst("textarea").wholeText()).isEqualTo("{name: [a}");
        assertThat(stored("unfit").getTimeColumn().getName()).isEqualTo("<b>ended</b>");
    }

    @Test
    void a_form_that_lost_what_it_began_from_says_so() {
        scene.table("unbegun", 10);
        Document form = browser.get("/console/policies/main/unbegun/edit").html();
        Map<String, String> fields = fields(form);
        fields.put("before", "");

        Page refused = browser.submit(form, APPLY, fields);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.html().text()).contains("does not say which policy it began from. Load the page again.");
    }

    @Test
    void nobody_writes_over_what_somebody_else_has_stored_meanwhile() {
        scene.table("raced", 10);
        Document mine = browser.get("/console/policies/main/raced/edit").html();
        Document other = browser.get("/console/policies/main/raced/edit").html();
        Map<String, String> theirs = fields(other);
        theirs.put("description", "theirs");
        Map<String, String> own = fields(mine);
        own.put("description", "mine");

        browser.submit(other, APPLY, theirs);
        Page refused = browser.submit(mine, APPLY, own);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.html().selectFirst("[role=alert]").text()).isNotBlank();
        assertThat(stored("raced").getDescription()).isEqualTo("theirs");
    }

    @Test
    void a_new_policy_begins_with_what_the_server_suggests_for_its_table() {
        server.target()
                .execute(
                        "CREATE TABLE suggested (id int PRIMARY KEY, created_at timestamptz NOT NULL)",
                        "CREATE INDEX ON suggested (created_at)",
                        "INSERT INTO suggested SELECT i, now() FROM generate_series(1, 100) i",
                        "ANALYZE suggested");
        Document form = browser.get("/console/policies/new?target=main&schema=public&table=suggested")
                .html();
        Map<String, String> fields = fields(form);
        fields.put("name", "suggested");

        browser.submit(form, APPLY, fields);

        assertThat(stored("suggested").getTimeColumn().getName()).isEqualTo("created_at");
    }

    @Test
    void a_condition_that_lost_its_column_is_refused_and_left_out_only_with_its_value() {
        scene.table("bared", 10);
        Document form = browser.get("/console/policies/main/bared/edit").html();
        Map<String, String> fields = fields(form);
        fields.put("condition-column", "");

        Page refused = browser.submit(form, APPLY, fields);
        Document again = refused.html();
        Policy kept = stored("bared");
        Map<String, String> emptied = fields(again);
        emptied.put("condition-value", "");
        Page applied = browser.submit(again, APPLY, emptied);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(again.selectFirst("[role=alert]").text()).contains("= '</td>'\" has no column");
        assertThat(again.selectFirst("[name=condition-column]").val()).isEmpty();
        assertThat(again.selectFirst("[name=condition-value]").val()).isEqualTo("'</td>'");
        assertThat(kept.hasFilter()).isTrue();
        assertThat(applied.status()).as(applied.body()).isEqualTo(303);
        assertThat(stored("bared").hasFilter()).isFalse();
    }

    @Test
    void a_new_policy_takes_the_place_of_none() {
        scene.table("taken", 10);
        Document form = browser.get("/console/policies/new?target=main&schema=public&table=taken")
                .html();
        Map<String, String> fields = fields(form);
        fields.put("name", "taken");
        fields.put("time-column", "<b>ended</b>");
        fields.put("keep", "1d");

        Page refused = browser.submit(form, APPLY, fields);
        Page checked = browser.post("/console/policies/check", fields);
        fields.put("name", "taken-not");
        fields.remove("request-id");
        Page applied = browser.submit(refused.html(), APPLY, fields);

        assertThat(refused.status()).as(refused.body()).isEqualTo(409);
        assertThat(refused.html().selectFirst("[role=alert]").text()).contains("has a policy taken already");
        assertThat(checked.html().text()).contains("It would be refused", "has a policy taken already");
        assertThat(stored("taken").getRetention().getDuration().getSeconds()).isEqualTo(30 * 86_400);
        assertThat(applied.location()).startsWith("/console/policies/main/taken-not");
    }

    @Test
    void what_is_checked_as_one_types_is_in_no_audit() {
        scene.table("overseen", 10);
        Document form = browser.get("/console/policies/main/overseen/edit").html();
        Map<String, String> fields = fields(form);
        int before = audited();

        Page fits = browser.post("/console/policies/check", fields);
        fields.put("time-column", "nothing");
        Page fitsNot = browser.post("/console/policies/check", fields);

        assertThat(fits.html().text()).contains("It is what is stored");
        assertThat(fitsNot.html().text()).contains("It would be refused");
        assertThat(audited()).isEqualTo(before);
        browser.submit(form, APPLY, fields);
        assertThat(audited()).as("what was meant").isEqualTo(before + 1);
    }

    @Test
    void what_is_checked_tells_each_field_that_differs_from_what_is_stored() {
        scene.table("differing", 10);
        String edit = "/console/policies/main/differing/edit";
        Map<String, String> form = fields(browser.get(edit).html());
        form.put("keep", "3 months");
        form.put("description", "");
        form.put("max-rows", "500");
        form.put("condition-value", "'<i>other</i>'");
        Document yaml = browser.get(edit + "?as=yaml").html();
        Map<String, String> text = fields(yaml);
        text.put("yaml", yaml.selectFirst("textarea").wholeText() + "allowCascade: true\n");

        Document ofForm = browser.post("/console/policies/check", form).html();
        Document ofYaml = browser.post("/console/policies/check", text).html();

        assertThat(ofForm.text()).contains("would replace what is stored, which differs in:");
        assertThat(ofForm.select(".changes > div").eachText())
                .containsExactly(
                        "retention.duration stored 30d new not set",
                        "retention.calendar.months stored not set new 3",
                        "retention.calendar.zone stored not set new UTC",
                        "filter stored note = '</td>' new note = '<i>other</i>'",
                        "limits.maxRows stored not set new 500",
                        "description stored </textarea><script>alert(3)</script> new not set");
        assertThat(ofYaml.select(".changes > div").eachText()).containsExactly("allowCascade stored not set new true");
        assertThat(stored("differing").getAllowCascade()).isFalse();
    }

    private int audited() {
        return AuditServiceGrpc.newBlockingStub(server.channel())
                .listAuditEntries(ListAuditEntriesRequest.newBuilder()
                        .setMethod("ApplyPolicies")
                        .setPageSize(1_000)
                        .build())
                .getEntriesCount();
    }

    @Test
    void what_is_written_goes_from_the_form_to_YAML_and_back_and_is_not_stored() {
        scene.table("carried", 10);
        Document form = browser.get("/console/policies/main/carried/edit").html();
        Map<String, String> fields = fields(form);
        fields.put("description", "half written");
        fields.put("keep", "45d");
        fields.put("to", "yaml");

        Document yaml = browser.post(CONVERT, fields).html();
        String text = yaml.selectFirst("textarea").wholeText();
        Map<String, String> back = fields(yaml);
        back.put("yaml", text.replace("45d", "46d"));
        back.put("to", "form");
        Document again = browser.post(CONVERT, back).html();
        back.put("yaml", "{name: [a}");
        Page garbled = browser.post(CONVERT, back);

        assertThat(text).contains("half written", "duration: 45d");
        assertThat(again.selectFirst("[name=description]").val()).isEqualTo("half written");
        assertThat(again.selectFirst("[name=keep]").val()).isEqualTo("46d");
        assertThat(garbled.status()).isEqualTo(400);
        assertThat(garbled.html().selectFirst("textarea").wholeText()).isEqualTo("{name: [a}");
        assertThat(stored("carried").getRetention().getDuration().getSeconds()).isEqualTo(30 * 86_400);
        Page applied = browser.submit(again, APPLY, fields(again));
        assertThat(applied.status()).as(applied.body()).isEqualTo(303);
        assertThat(stored("carried").getDescription()).isEqualTo("half written");
    }

    /** What a browser would send if nobody touched the form. */
    private static Map<String, String> fields(Document page) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (Element field : page.select("#policy-form [name]")) {
            if (field.attr("type").equals("checkbox") && !field.hasAttr("checked")) {
                continue;
            }
            // Of fields that are there more than once, as of conditions, the first alone: the others are empty here.
            fields.putIfAbsent(field.attr("name"), field.is("select") ? selected(field) : field.val());
        }
        return fields;
    }

    private static String selected(Element select) {
        Element chosen = select.selectFirst("option[selected]");
        Element option = chosen == null ? select.selectFirst("option") : chosen;
        return option.hasAttr("value") ? option.val() : option.text();
    }

    private Policy stored(String name) {
        return PolicyServiceGrpc.newBlockingStub(server.channel())
                .getPolicy(GetPolicyRequest.newBuilder()
                        .setTarget(ConsoleServer.TARGET)
                        .setName(name)
                        .build())
                .getPolicy();
    }
}
