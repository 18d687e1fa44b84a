package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caretaker.server.testing.HttpReceiver;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is told of what by which rule: every channel here is named by one rule, which has its name. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class NotificationRulesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpReceiver RECEIVER = new HttpReceiver();
    private static final Database STORE = TestPostgres.controlStore();
    private static final Map<String, Map<String, Object>> RULES = new TreeMap<>(Map.of(
            "plain", Map.of(),
            "critical", Map.of("severity", "critical"),
            "warned", Map.of("severity", "warning"),
            "shops", Map.of("targets", List.of("shop", "outlet")),
            "chosen", Map.of("events", List.of("hold.set", "finding.new")),
            "successes", Map.of("events", List.of("schedule.succeeded")),
            "silent", Map.of("resolved", "false"),
            "hourly", Map.of("repeat", "1h")));
    private static final Map<String, String> GROUPED = new TreeMap<>(Map.of(
            "by-usual", "",
            "by-target", "target",
            "by-event", "event",
            "by-both", "target,event",
            "by-none", "none"));

    private static WholeServer server;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "whsec_MfKQ9r8GKYqTwUPD8ELPZIo2LaLaSw");
        Map<String, Object> properties = new TreeMap<>();
        RULES.forEach((name, values) -> {
            channel(properties, name, secret);
            values.forEach((key, value) -> rule(properties, name, key, value));
        });
        GROUPED.forEach((name, by) -> {
            channel(properties, name, secret);
            rule(properties, name, "group-wait", "2s");
            rule(properties, name, "targets", List.of("g1", "g2"));
            if (!by.isEmpty()) {
                rule(properties, name, "group-by", List.of(by.split(",")));
            }
        });
        properties.put("caretaker.notifications.retry-after", "100ms");
        properties.put("caretaker.control-store.url", STORE.url());
        properties.put("caretaker.control-store.user", STORE.user());
        properties.put("caretaker.control-store.password", STORE.password());
        server = WholeServer.start(TestPostgres.newest().database(), properties);
    }

    private static void channel(Map<String, Object> properties, String name, Path secret) {
        String prefix = "caretaker.notifications.channels." + name + ".";
        properties.put(prefix + "type", "webhook");
        properties.put(prefix + "url", RECEIVER.url("/" + name));
        properties.put(prefix + "secret-file", secret.toString());
        properties.put(prefix + "allow-private", "true");
        rule(properties, name, "channels", name);
    }

    private static void rule(Map<String, Object> properties, String name, String key, Object value) {
        properties.put("caretaker.notifications.rules." + name + "." + key, value);
    }

    @AfterAll
    static void stop() {
        server.close();
        RECEIVER.close();
    }

    /** Something to be told, as whatever causes it would write it. */
    private static final class Event {
        private final String topic;
        private String type = "finding.new";
        private String severity = "WARNING";
        private String target = "shop";
        private String resolves = "NULL";
        private String ago = "0 s";
        private boolean reminder;

        private Event(String topic) {
            this.topic = topic;
        }

        private Event of(String event, String how, String at) {
            type = event;
            severity = how;
            target = at;
            return this;
        }

        private Event ends(String begun) {
            resolves = "'" + begun + "'";
            return this;
        }

        private Event ago(String span) {
            ago = span;
            return this;
        }

        private Event again() {
            reminder = true;
            return this;
        }

        private String values() {
            return "(gen_random_uuid(), '%s', '%s', '%s', '%s', 'It is %s.', '{}', %s, clock_timestamp() - interval '%s', %s)"
                    .formatted(type, severity, target, topic, type, resolves, ago, reminder);
        }
    }

    private static void write(Event... events) {
        List<String> rows = Arrays.stream(events).map(Event::values).toList();
        STORE.execute(
                "INSERT INTO caretaker.notification (notification_id, type, severity, target, topic, summary, data,"
                        + " resolves, occurred, reminder) VALUES " + String.join(", ", rows));
        await("all that is written is told")
                .atMost(Duration.ofSeconds(60))
                .until(() -> STORE.number("SELECT (SELECT count(*) FROM caretaker.notification WHERE routed IS NULL)"
                                + " + (SELECT count(*) FROM caretaker.gathered WHERE message_id IS NULL)"
                                + " + (SELECT count(*) FROM caretaker.delivery WHERE state = 'PENDING')")
                        == 0);
    }

    /** Channels that were told of an event at a topic, each as often as it was. */
    private static List<String> told(String topic, String type) {
        return RULES.keySet().stream()
                .flatMap(name -> messages(name).stream()
                        .filter(event -> event.get("subject").asText().equals(topic)
                                && event.get("type").asText().equals("dev.caretaker." + type))
                        .map(event -> name))
                .toList();
    }

    private static List<JsonNode> messages(String channel) {
        return RECEIVER.received("/" + channel).stream()
                .map(one -> {
                    try {
                        return JSON.readTree(one.body());
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
    }

    private static String topic() {
        return "topics/" + UUID.randomUUID();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            run.failed         | CRITICAL | shop    | critical hourly plain shops silent warned
            run.failed         | CRITICAL | billing | critical hourly plain silent warned
            run.partial        | WARNING  | outlet  | hourly plain shops silent warned
            finding.new        | INFO     | billing | chosen hourly plain silent
            finding.new        | WARNING  | shop    | chosen hourly plain shops silent warned
            finding.worse      | CRITICAL | shop    | critical hourly plain shops silent warned
            hold.set           | INFO     | ''      | chosen hourly plain silent
            delivery.dead      | WARNING  | ''      | hourly plain silent warned
            schedule.succeeded | INFO     | shop    | successes
            """)
    void a_rule_wants_its_events_of_its_severity_or_worse_at_its_targets(
            String event, String severity, String target, String channels) {
        String topic = topic();
        write(new Event(topic).of(event, severity, target));
        assertThat(told(topic, event)).containsExactly(channels.split(" "));
    }

    @Test
    void an_end_is_told_to_who_was_told_of_the_beginning_unless_its_rule_wants_none() {
        String topic = topic();
        write(new Event(topic).of("finding.new", "WARNING", "shop").ago("1 min"));
        write(new Event(topic).of("finding.gone", "WARNING", "shop").ends("finding.new"));
        assertThat(told(topic, "finding.gone"))
                .as("chosen names only the beginning, and its end follows it")
                .containsExactly("chosen", "hourly", "plain", "shops", "warned");

        String unknown = topic();
        write(new Event(unknown).of("finding.gone", "WARNING", "shop").ends("finding.new"));
        assertThat(told(unknown, "finding.gone"))
                .as("nobody was told that it began")
                .isEmpty();
    }

    @Test
    void the_same_is_not_told_again_within_the_span_of_a_rule_and_is_after_it_or_after_its_end() {
        String topic = topic();
        write(new Event(topic).ago("180 min"));
        write(new Event(topic).ago("130 min"));
        assertThat(told(topic, "finding.new"))
                .containsOnlyOnce("hourly")
                .filteredOn("plain"::equals)
                .hasSize(2);
        write(new Event(topic).ago("110 min"));
        assertThat(told(topic, "finding.new").stream().filter("hourly"::equals))
                .as("seventy minutes after it was told")
                .hasSize(2);
        write(new Event(topic)
                .of("finding.gone", "WARNING", "shop")
                .ends("finding.new")
                .ago("100 min"));
        write(new Event(topic).ago("90 min"));
        assertThat(told(topic, "finding.new").stream().filter("hourly"::equals))
                .as("it began anew")
                .hasSize(3);
        write(new Event(topic()).ago("90 min"));
        assertThat(told(topic, "finding.new").stream().filter("hourly"::equals)).hasSize(3);
    }

    @Test
    void what_goes_on_is_told_again_by_rules_that_repeat_only_and_to_who_never_was_told() {
        String topic = topic();
        write(new Event(topic).of("expectation.broken", "CRITICAL", "shop").ago("90 min"));
        write(new Event(topic)
                .of("expectation.broken", "CRITICAL", "shop")
                .ago("60 min")
                .again());
        assertThat(told(topic, "expectation.broken")).doesNotHaveDuplicates().contains("hourly", "plain");
        write(new Event(topic)
                .of("expectation.broken", "CRITICAL", "shop")
                .ago("20 min")
                .again());
        assertThat(told(topic, "expectation.broken"))
                .containsExactly("critical", "hourly", "hourly", "plain", "shops", "silent", "warned");

        String grown = topic();
        write(new Event(grown).of("target.unreachable", "WARNING", "shop").ago("30 min"));
        write(new Event(grown)
                .of("target.unreachable", "CRITICAL", "shop")
                .ago("1 min")
                .again());
        assertThat(told(grown, "target.unreachable"))
                .as("critical was not told at first, and is by the reminder")
                .containsExactly("critical", "hourly", "plain", "shops", "silent", "warned");
    }

    @Test
    void what_happens_within_the_wait_is_one_message_of_what_the_rule_groups_by() {
        Event[] events = new Event[8];
        int next = 0;
        for (String target : List.of("g1", "g2")) {
            for (String type : List.of("run.failed", "fire.missed")) {
                for (int i = 0; i < 2; i++) {
                    events[next++] = new Event(topic()).of(type, "WARNING", target);
                }
            }
        }
        write(events);
        assertThat(sizes("by-usual")).as("by target").containsExactly(4, 4);
        assertThat(sizes("by-target")).containsExactly(4, 4);
        assertThat(sizes("by-event")).containsExactly(4, 4);
        assertThat(sizes("by-both")).containsExactly(2, 2, 2, 2);
        assertThat(sizes("by-none")).containsExactly(8);
        assertThat(types("by-event")).containsExactlyInAnyOrder(Set.of("run.failed"), Set.of("fire.missed"));
        assertThat(types("by-target")).containsOnly(Set.of("run.failed", "fire.missed"));
        assertThat(messages("by-target"))
                .extracting(message -> message.at("/data/target").asText())
                .containsExactlyInAnyOrder("g1", "g2");
        assertThat(messages("by-both"))
                .allSatisfy(message ->
                        assertThat(message.at("/data/by_event").size()).isEqualTo(1))
                .extracting(message -> message.at("/data/target").asText())
                .containsExactlyInAnyOrder("g1", "g1", "g2", "g2");
    }

    private static List<Integer> sizes(String channel) {
        return messages(channel).stream()
                .map(message -> message.at("/data/count").asInt())
                .sorted()
                .toList();
    }

    private static List<Set<String>> types(String channel) {
        return messages(channel).stream()
                .map(message -> {
                    Set<String> types = new TreeSet<>();
                    message.at("/data/by_event").fieldNames().forEachRemaining(types::add);
                    return types;
                })
                .toList();
    }

    @Test
    void a_channel_that_hangs_holds_up_no_other() {
        CountDownLatch over = new CountDownLatch(1);
        AtomicInteger hanging = new AtomicInteger();
        RECEIVER.answer(exchange -> {
            if (exchange.getRequestURI().getPath().equals("/silent")) {
                hanging.incrementAndGet();
                over.await(60, TimeUnit.SECONDS);
            }
            return 204;
        });
        try {
            String topic = topic();
            StringBuilder rows = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                rows.append(i == 0 ? "" : ", ")
                        .append(new Event(topic)
                                .of("run.failed", "CRITICAL", "shop")
                                .values());
            }
            STORE.execute("INSERT INTO caretaker.notification (notification_id, type, severity, target, topic, summary,"
                    + " data, resolves, occurred, reminder) VALUES " + rows);
            await("the others are told")
                    .atMost(Duration.ofSeconds(8)) // less than the ten that an attempt at the slow one takes
                    .until(() -> told(topic, "run.failed").stream()
                                    .filter("plain"::equals)
                                    .count()
                            == 20);
            assertThat(hanging.get()).as("attempts that hang").isPositive();
            assertThat(STORE.number("SELECT count(*) FROM caretaker.delivery d JOIN caretaker.notification n"
                            + " USING (notification_id) WHERE n.topic = '" + topic + "' AND d.channel = 'silent'"
                            + " AND d.state = 'DELIVERED'"))
                    .isZero();
        } finally {
            over.countDown();
            RECEIVER.answer(exchange -> 204);
        }
        write(new Event(topic()));
    }
}
