package dev.caretaker.server.api;

import static dev.caretaker.server.api.ScheduleScene.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.caretaker.server.config.RetentionConfig.Kept;
import dev.caretaker.server.store.DeliveryStore;
import dev.caretaker.server.store.GatheredStore;
import dev.caretaker.server.store.GatheredStore.DigestOf;
import dev.caretaker.server.store.retention.Forgetting;
import dev.caretaker.server.testing.HttpReceiver;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.Channel;
import dev.caretaker.v1.ChannelKind;
import dev.caretaker.v1.Delivery;
import dev.caretaker.v1.DeliveryState;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.ListChannelsRequest;
import dev.caretaker.v1.ListDeliveriesRequest;
import dev.caretaker.v1.MuteFindingRequest;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many events are one message, to people at once and to programs where a rule says so; and one digest is one. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class GatheredNotificationsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MANY = 10_000;

    private static final HttpReceiver RECEIVER = new HttpReceiver();
    private static final GreenMail MAIL = new GreenMail(new ServerSetup(0, "127.0.0.1", "smtp"));
    private static final Database STORE = TestPostgres.controlStore();
    private static final Database TARGET = TestPostgres.newest().database();
    private static WholeServer server;
    private static WholeServer other;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void start() throws IOException {
        MAIL.start();
        Path secret = Files.writeString(folder.resolve("secret"), "whsec_MfKQ9r8GKYqTwUPD8ELPZIo2LaLaSw");
        Map<String, Object> properties = new TreeMap<>();
        for (String hook : List.of("ops", "calm", "daily", "weekly")) {
            properties.putAll(channel(hook, "webhook", Map.of("url", RECEIVER.url("/" + hook), "secret-file", secret)));
        }
        properties.putAll(channel("chat", "slack", Map.of("url", RECEIVER.url("/chat"))));
        properties.putAll(channel(
                "mail",
                "email",
                Map.of(
                        "host", "127.0.0.1",
                        "port", MAIL.getSmtp().getPort(),
                        "tls", "none",
                        "from", "caretaker@example.org",
                        "to", "ops@example.org")));
        rule(properties, "people", Map.of("channels", List.of("chat", "mail")));
        rule(properties, "programs", Map.of("channels", "ops", "targets", List.of("main", "few", "after")));
        rule(properties, "calm", Map.of("channels", "calm", "group-wait", "1s"));
        rule(properties, "daily", Map.of("channels", "daily", "digest", "daily", "at", "00:00"));
        rule(
                properties,
                "weekly",
                Map.of(
                        "channels",
                        "weekly",
                        "digest",
                        "weekly",
                        "at",
                        "00:00",
                        "when-empty",
                        "true",
                        "targets",
                        "none"));
        properties.put("caretaker.control-store.url", STORE.url());
        properties.put("caretaker.control-store.user", STORE.user());
        properties.put("caretaker.control-store.password", STORE.password());
        server = WholeServer.start(TARGET, properties);
        other = WholeServer.start(TARGET, properties);
    }

    private static Map<String, Object> channel(String name, String type, Map<String, Object> more) {
        Map<String, Object> properties = new TreeMap<>();
        String prefix = "caretaker.notifications.channels." + name + ".";
        properties.put(prefix + "type", type);
        properties.put(prefix + "allow-private", "true");
        more.forEach((key, value) -> properties.put(prefix + key, value.toString()));
        return properties;
    }

    private static void rule(Map<String, Object> properties, String name, Map<String, Object> values) {
        values.forEach((key, value) -> properties.put("caretaker.notifications.rules." + name + "." + key, value));
    }

    @AfterAll
    static void stop() {
        server.close();
        other.close();
        RECEIVER.close();
        MAIL.stop();
    }

    /** Writes notifications as if they had been found, at a target of their own, so that tests do not see each other's. */
    private static void write(String target, int count, String batch, String occurred) {
        STORE.execute(
                "INSERT INTO caretaker.notification (notification_id, type, severity, target, topic, summary, data,"
                        + " occurred, batch) SELECT gen_random_uuid(), 'finding.new',"
                        + " CASE i % 100 WHEN 0 THEN 'CRITICAL' ELSE 'WARNING' END, '" + target + "', 'findings/"
                        + target + "/' || i,"
                        + " 'Table t' || i || ' <!channel> grew.', '{}', " + occurred + ", '" + batch
                        + "' FROM generate_series(1, " + count + ") i");
    }

    private static List<JsonNode> told(String hook, String target) {
        return RECEIVER.received("/" + hook).stream()
                .map(GatheredNotificationsTest::read)
                .filter(event -> event.at("/data/target").asText().equals(target))
                .toList();
    }

    private static JsonNode read(HttpReceiver.Received one) {
        try {
            return JSON.readTree(one.body());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> chat(String words) {
        return RECEIVER.received("/chat").stream()
                .map(one -> read(one).get("text").asText())
                .filter(text -> text.contains(words))
                .toList();
    }

    private static List<String> mails(String words) {
        return Arrays.stream(MAIL.getReceivedMessages())
                .map(GatheredNotificationsTest::subject)
                .filter(subject -> subject.contains(words))
                .toList();
    }

    private static String subject(MimeMessage mail) {
        try {
            return mail.getSubject();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Nothing is left to be done, for a while. */
    private static void quiet() {
        await("quiet")
                .during(Duration.ofMillis(2_500))
                .atMost(Duration.ofSeconds(120))
                .until(() -> STORE.number("SELECT (SELECT count(*) FROM caretaker.notification WHERE routed IS NULL"
                                + " AND type <> 'some.future') + (SELECT count(*) FROM caretaker.gathered"
                                + " WHERE message_id IS NULL AND NOT digest)"
                                + " + (SELECT count(*) FROM caretaker.delivery JOIN caretaker.notification USING (notification_id)"
                                + " WHERE state = 'PENDING' AND type <> 'some.future')")
                        == 0);
    }

    private static List<Delivery> deliveries(String channel) {
        return server.notifications()
                .listDeliveries(ListDeliveriesRequest.newBuilder()
                        .setChannel(channel)
                        .setPageSize(1_000)
                        .build())
                .getDeliveriesList();
    }

    @Test
    void ten_thousand_findings_at_once_are_one_message_to_people_and_to_who_waits() {
        write("flooded", MANY, "one detection", "clock_timestamp()");
        quiet();
        assertThat(mails("flooded: "))
                .singleElement()
                .satisfies(subject -> assertThat(subject).startsWith("[critical] flooded: 10000 events"));
        assertThat(chat("at flooded")).singleElement().satisfies(text -> {
            assertThat(text)
                    .startsWith("critical: 10000 events at flooded (100 critical, 9900 warning): 10000 finding.new.")
                    .contains("&lt;!channel&gt;")
                    .containsPattern("and 99\\d\\d more$");
            assertThat(text.length()).isLessThan(2_000);
        });
        assertThat(told("calm", "flooded")).singleElement().satisfies(event -> {
            assertThat(event.get("type").asText()).isEqualTo("dev.caretaker.events.grouped");
            assertThat(event.at("/data/count").asInt()).isEqualTo(MANY);
            assertThat(event.at("/data/by_event/finding.new").asInt()).isEqualTo(MANY);
            assertThat(event.at("/data/events").size()).isEqualTo(200);
            assertThat(event.at("/data/events/0/severity").asText()).isEqualTo("critical");
            assertThat(event.at("/data/events/0/type").asText()).isEqualTo("dev.caretaker.finding.new");
        });
    }

    @Test
    void what_is_alone_comes_by_itself_and_a_few_that_are_unrelated_do_too() {
        write("alone", 1, "", "clock_timestamp()");
        quiet();
        assertThat(mails("alone: Table t1")).hasSize(1);
        assertThat(told("calm", "alone"))
                .singleElement()
                .satisfies(event -> assertThat(event.get("type").asText()).isEqualTo("dev.caretaker.finding.new"));
        write("few", 3, "", "clock_timestamp()");
        quiet();
        assertThat(mails("few: Table t")).hasSize(3);
        assertThat(told("ops", "few")).hasSize(3);
        write("storm", 50, "", "clock_timestamp()");
        quiet();
        assertThat(mails("storm: ")).hasSize(1);
    }

    @Test
    void findings_are_told_when_they_are_new_worse_or_gone_and_not_while_nothing_changes() {
        TARGET.execute("CREATE TABLE keyless (id int)", "CREATE TABLE keyless_too (id int)");
        detect();
        quiet();
        assertThat(told("ops", "main"))
                .as("the first detection")
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.get("type").asText()).isEqualTo("dev.caretaker.events.grouped");
                    assertThat(event.at("/data/count").asInt()).isEqualTo(2);
                });
        assertThat(mails("main: 2 events")).hasSize(1);
        detect();
        quiet();
        assertThat(told("ops", "main")).hasSize(1);

        TARGET.execute("CREATE TABLE keyless_three (id int)", "CREATE TABLE keyless_four (id int)");
        detect();
        quiet();
        assertThat(told("ops", "main")).as("each by itself to a program").hasSize(3);
        assertThat(mails("main: 2 events")).as("as one to people").hasSize(2);
        STORE.execute("UPDATE caretaker.finding SET told = 'INFO' WHERE object_name = 'keyless'");
        detect();
        TARGET.execute("ALTER TABLE keyless ADD PRIMARY KEY (id)");
        detect();
        quiet();
        List<JsonNode> events = told("ops", "main");
        Map<String, JsonNode> last = events.subList(3, events.size()).stream()
                .collect(Collectors.toMap(event -> event.get("type").asText(), Function.identity()));
        assertThat(last)
                .as("messages to a program travel side by side, in no order")
                .containsOnlyKeys("dev.caretaker.finding.worse", "dev.caretaker.finding.gone");
        JsonNode gone = last.get("dev.caretaker.finding.gone");
        assertThat(gone.at("/data/resolves").asText()).isEqualTo("dev.caretaker.finding.new");
        assertThat(gone.at("/subject").asText())
                .isEqualTo(
                        last.get("dev.caretaker.finding.worse").at("/subject").asText());

        String finding = server
                .maintenance()
                .detectIssues(DetectIssuesRequest.newBuilder()
                        .setTarget("main")
                        .addChecks("table-without-primary-key")
                        .build())
                .getFindingsList()
                .stream()
                .filter(one -> one.getObject().equals("keyless_too"))
                .findFirst()
                .orElseThrow()
                .getFindingId();
        server.issues()
                .muteFinding(MuteFindingRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .setFindingId(finding)
                        .setReason("known")
                        .build());
        STORE.execute("UPDATE caretaker.finding SET told = 'INFO' WHERE finding_id = '" + finding + "'");
        detect();
        server.maintenance()
                .detectIssues(DetectIssuesRequest.newBuilder()
                        .setTarget("main")
                        .addChecks("table-large")
                        .putThresholds("table-large.min_bytes", "0")
                        .build());
        quiet();
        assertThat(told("ops", "main"))
                .as("what is muted, and what a call tries out, is told to nobody")
                .hasSize(events.size());
    }

    private static void detect() {
        server.maintenance()
                .detectIssues(DetectIssuesRequest.newBuilder()
                        .setTarget("main")
                        .addChecks("table-without-primary-key")
                        .build());
    }

    @Test
    void a_digest_comes_once_from_two_servers_and_an_empty_one_only_where_it_is_wanted() {
        write("digested", 5, "", "date_trunc('day', now(), 'UTC') - interval '10 hours'");
        STORE.execute(
                "INSERT INTO caretaker.finding (target, finding_id, check_id, severity, confidence, object_kind, schema_name,"
                        + " object_name, message, impact, impact_unit, evidence, blocks_vacuum, blocks_cleanup, first_seen, last_seen, status)"
                        + " SELECT 'digested', 'f' || i, 'c', 'WARNING', 'CERTAIN', 'table', 's', 'o', 'm', 0, 'NONE', '{}', false, false,"
                        + " now() - interval '90 days', now(), 'KNOWN' FROM generate_series(1, 3) i");
        await().atMost(30, TimeUnit.SECONDS).until(() -> STORE.number("SELECT count(*) FROM caretaker.digest") == 2);
        quiet();
        assertThat(told("daily", "digested")).isEmpty();
        passes();
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> !told("daily", "digested").isEmpty()
                        && !RECEIVER.received("/weekly").isEmpty());
        quiet();
        assertThat(told("daily", "digested")).singleElement().satisfies(event -> {
            assertThat(event.get("type").asText()).isEqualTo("dev.caretaker.events.digest");
            assertThat(event.at("/data/count").asInt()).isEqualTo(5);
            assertThat(event.at("/data/summary").asText())
                    .startsWith("Daily digest up to ")
                    .contains("5 events at digested");
            assertThat(event.at("/data/still"))
                    .as("what goes on since earlier")
                    .extracting(JsonNode::asText)
                    .contains("findings at digested: 3 warning");
        });
        assertThat(RECEIVER.received("/weekly"))
                .singleElement()
                .satisfies(one ->
                        assertThat(read(one).at("/data/summary").asText()).contains("Weekly digest", "0 events."));

        // Nothing has happened since: the daily one is not sent, and the weekly one of the same period is the same.
        passes();
        await().atMost(60, TimeUnit.SECONDS)
                .until(() ->
                        STORE.number("SELECT count(*) FROM caretaker.digest WHERE upto > now() - interval '8 days'")
                                == 2);
        quiet();
        assertThat(told("daily", "digested")).hasSize(1);
        assertThat(RECEIVER.received("/daily").stream()
                        .map(GatheredNotificationsTest::read)
                        .filter(event -> event.at("/data/count").asInt() == 0))
                .isEmpty();
        assertThat(RECEIVER.received("/weekly")).hasSize(1);
    }

    @Test
    void what_a_digest_has_gathered_is_forgotten_with_its_rule_once_no_server_has_had_it_for_a_while() {
        write("forgotten", 2, "", "clock_timestamp()");
        quiet();
        await().atMost(30, TimeUnit.SECONDS).until(() -> STORE.number("SELECT count(*) FROM caretaker.digest") >= 2);
        STORE.execute(
                "INSERT INTO caretaker.digest (rule, channel, upto, seen) VALUES"
                        + " ('former', 'daily', now(), now() - interval '2 hours'),"
                        + " ('fresh', 'daily', now(), now() - interval '10 minutes')",
                "INSERT INTO caretaker.gathered (notification_id, channel, rule, digest, group_key)"
                        + " SELECT notification_id, 'daily', rule, true, '' FROM caretaker.notification,"
                        + " unnest(ARRAY['former', 'fresh']) AS r (rule) WHERE target = 'forgotten' AND type = 'finding.new'",
                "UPDATE caretaker.digest SET seen = now() - interval '2 hours' WHERE rule = 'daily'");
        server.bean(GatheredStore.class).forgetDigests(List.of(new DigestOf("daily", "daily")), Duration.ofHours(1));
        assertThat(digests("former")).isZero();
        assertThat(digests("fresh")).as("another server may know its rule").isEqualTo(1 + 2);
        assertThat(digests("daily")).as("its rule is there").isGreaterThanOrEqualTo(1 + 2);
        await("a server that has the rule says so")
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> STORE.number("SELECT count(*) FROM caretaker.digest"
                                + " WHERE rule = 'daily' AND seen > now() - interval '10 minutes'")
                        == 1);
        STORE.execute("UPDATE caretaker.digest SET seen = now() - interval '2 hours' WHERE rule = 'fresh'");
        server.bean(GatheredStore.class).forgetDigests(List.of(new DigestOf("daily", "daily")), Duration.ofHours(1));
        assertThat(digests("fresh")).isZero();
    }

    /** Rows of a rule's digest, and of what it has gathered. */
    private static long digests(String rule) {
        return STORE.number("SELECT (SELECT count(*) FROM caretaker.digest WHERE rule = '" + rule
                + "') + (SELECT count(*) FROM caretaker.gathered WHERE rule = '" + rule + "' AND message_id IS NULL)");
    }

    /** Days go by. */
    private static void passes() {
        STORE.execute("UPDATE caretaker.digest SET upto = now() - interval '20 days'");
    }

    @Test
    void what_only_a_newer_server_knows_is_left_to_it_and_shown_by_its_name() {
        STORE.execute(
                "INSERT INTO caretaker.notification (notification_id, type, severity, target, topic, summary, data,"
                        + " occurred) VALUES (gen_random_uuid(), 'some.future', 'WARNING', '', 'x', 'New.', '{}', now())",
                "INSERT INTO caretaker.delivery (notification_id, channel, state, attempts, due, error, changed)"
                        + " SELECT notification_id, 'ops', 'PENDING', 0, now(), '', now() FROM caretaker.notification"
                        + " WHERE type = 'some.future'");
        write("after", 1, "", "clock_timestamp()");
        quiet();
        assertThat(told("ops", "after")).hasSize(1);
        assertThat(STORE.number(
                        "SELECT count(*) FROM caretaker.notification WHERE type = 'some.future' AND routed IS NULL"))
                .isEqualTo(1);
        assertThat(deliveries("ops"))
                .filteredOn(delivery -> delivery.getEvent().equals("some.future"))
                .singleElement()
                .satisfies(delivery -> assertThat(delivery.getState()).isEqualTo(DeliveryState.DELIVERY_STATE_PENDING));
    }

    @Test
    void what_waits_for_a_channel_that_was_removed_is_given_up_and_old_notifications_go() {
        write("removed", 2, "", "now() - interval '20 days'");
        STORE.execute("INSERT INTO caretaker.delivery (notification_id, channel, state, attempts, due, error, changed)"
                + " SELECT notification_id, 'former', 'PENDING', 0, now() - interval '2 hours', '', now()"
                + " FROM caretaker.notification WHERE target = 'removed'");
        DeliveryStore store = server.bean(DeliveryStore.class);
        assertThat(store.orphans(
                        List.of("former", "ops", "chat", "mail", "calm", "daily", "weekly"), Duration.ofHours(1)))
                .isZero();
        assertThat(store.orphans(List.of("ops", "chat", "mail", "calm", "daily", "weekly"), Duration.ofHours(3)))
                .isZero();
        store.orphans(List.of("ops", "chat", "mail", "calm", "daily", "weekly"), Duration.ofHours(1));
        assertThat(server.notifications()
                        .listChannels(ListChannelsRequest.getDefaultInstance())
                        .getChannelsList())
                .filteredOn(channel -> channel.getName().equals("former"))
                .singleElement()
                .satisfies(channel -> {
                    assertThat(channel.getKind()).isEqualTo(ChannelKind.CHANNEL_KIND_REMOVED);
                    assertThat(channel.getDead()).isEqualTo(2);
                });
        quiet();
        Forgetting forgetting = server.bean(Forgetting.class);
        assertThat(forgetting.forget(Kept.NOTIFICATIONS, Duration.ofDays(10))).isEqualTo(2);
        assertThat(forgetting.forget(Kept.NOTIFICATIONS, Duration.ofDays(10))).isZero();
        assertThat(server.notifications()
                        .listChannels(ListChannelsRequest.getDefaultInstance())
                        .getChannelsList())
                .extracting(Channel::getName)
                .doesNotContain("former");
    }
}
