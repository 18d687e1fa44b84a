package dev.caretaker.server.api;

import static dev.caretaker.server.api.ScheduleScene.id;
import static dev.caretaker.server.api.ScheduleScene.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caretaker.server.store.DeliveryStore;
import dev.caretaker.server.testing.HttpReceiver;
import dev.caretaker.v1.Channel;
import dev.caretaker.v1.DeleteScheduleRequest;
import dev.caretaker.v1.Delivery;
import dev.caretaker.v1.DeliveryState;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.Finding;
import dev.caretaker.v1.Hold;
import dev.caretaker.v1.ListChannelsRequest;
import dev.caretaker.v1.ListDeliveriesRequest;
import dev.caretaker.v1.ListDeliveriesResponse;
import dev.caretaker.v1.NotificationSeverity;
import dev.caretaker.v1.RedeliverNotificationRequest;
import dev.caretaker.v1.ReleaseHoldRequest;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.SetHoldRequest;
import dev.caretaker.v1.TestChannelRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens is told to whom the rules name, in the form that each channel wants, and told again until it has arrived. */
class NotificationsThroughTheApiTest {
    private static final String KEY = "MfKQ9r8GKYqTwUPD8ELPZIo2LaLaSw";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final HttpReceiver RECEIVER = new HttpReceiver();
    private static ScheduleScene scene;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void start() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "whsec_" + KEY + "\n");
        Map<String, Object> config = new TreeMap<>();
        config.put("ops.type", "webhook");
        config.put("ops.url", RECEIVER.url("/ops"));
        config.put("ops.secret-file", secret.toString());
        config.put("ops.allow-private", "true");
        config.put("ops.timeout", "1s");
        config.put("private.type", "webhook");
        config.put("private.url", RECEIVER.url("/private"));
        config.put("private.secret-file", secret.toString());
        config.put("chat.type", "slack");
        config.put("chat.url", RECEIVER.url("/chat"));
        config.put("chat.allow-private", "true");
        config.put("book.type", "file");
        config.put("book.path", folder.resolve("book.jsonl").toString());
        config.put("beat.type", "heartbeat");
        config.put("beat.url", RECEIVER.url("/beat"));
        config.put("beat.allow-private", "true");
        config.put("beat.schedules", List.of("well"));
        config.put("alive.type", "heartbeat");
        config.put("alive.url", RECEIVER.url("/alive"));
        config.put("alive.allow-private", "true");
        config.put("alive.every", "1s");
        Map<String, Object> properties = new TreeMap<>();
        config.forEach((key, value) -> properties.put("caretaker.notifications.channels." + key, value));
        properties.put("caretaker.notifications.attempts", "4");
        properties.put("caretaker.notifications.retry-after", "100ms");
        properties.put("caretaker.notifications.rules.all.channels", List.of("ops", "book"));
        properties.put("caretaker.notifications.rules.all.repeat", "1h");
        properties.put("caretaker.notifications.rules.holds.channels", "chat");
        properties.put("caretaker.notifications.rules.holds.events", "hold.set");
        scene = new ScheduleScene(properties);
    }

    @AfterAll
    static void stop() throws IOException {
        scene.close();
        RECEIVER.close();
    }

    @AfterEach
    void well() {
        RECEIVER.answer(exchange -> 204);
    }

    private static List<Delivery> deliveries(Predicate<Delivery> wanted) {
        return scene
                .server
                .notifications()
                .listDeliveries(
                        ListDeliveriesRequest.newBuilder().setPageSize(1_000).build())
                .getDeliveriesList()
                .stream()
                .filter(wanted)
                .toList();
    }

    private static Delivery until(String what, Predicate<Delivery> wanted) {
        await(what).atMost(30, TimeUnit.SECONDS).until(() -> !deliveries(wanted).isEmpty());
        return deliveries(wanted).getFirst();
    }

    private static String test(String channel) {
        return scene.server
                .notifications()
                .testChannel(TestChannelRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("anna")
                        .setChannel(channel)
                        .build())
                .getNotificationId();
    }

    private static Delivery ended(String notification) {
        return until("an end", delivery -> delivery.getNotificationId().equals(notification) && delivery.hasEndTime());
    }

    private static List<HttpReceiver.Received> told(String notification) {
        return RECEIVER.received("/ops").stream()
                .filter(one -> notification.equals(one.headers().getFirst("webhook-id")))
                .toList();
    }

    private static Hold hold(String reason) {
        return scene.server
                .holds()
                .setHold(SetHoldRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("anna")
                        .setTarget("slow")
                        .setReason(reason)
                        .build())
                .getHold();
    }

    private static void release(Hold hold) {
        scene.server
                .holds()
                .releaseHold(ReleaseHoldRequest.newBuilder()
                        .setRequestId(id())
                        .setHoldId(hold.getHoldId())
                        .build());
    }

    @Test
    void a_webhook_gets_a_CloudEvent_that_it_can_verify() throws Exception {
        String id = test("ops");
        assertThat(ended(id).getState()).isEqualTo(DeliveryState.DELIVERY_STATE_DELIVERED);
        HttpReceiver.Received got = told(id).getFirst();
        assertThat(got.headers().getFirst("Content-Type")).startsWith("application/cloudevents+json");
        String timestamp = got.headers().getFirst("webhook-timestamp");
        assertThat(System.currentTimeMillis() / 1_000 - Long.parseLong(timestamp))
                .isBetween(-5L, 60L);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(KEY), "HmacSHA256"));
        String signed = id + "." + timestamp + "." + got.text();
        assertThat(got.headers().getFirst("webhook-signature"))
                .isEqualTo("v1,"
                        + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8))));
        JsonNode event = JSON.readTree(got.body());
        assertThat(event.get("specversion").asText()).isEqualTo("1.0");
        assertThat(event.get("id").asText()).isEqualTo(id);
        assertThat(event.get("type").asText()).isEqualTo("dev.caretaker.channel.test");
        assertThat(event.get("source").asText()).isEqualTo("/caretaker");
        assertThat(event.at("/data/summary").asText()).contains("asked for by anna");
    }

    @Test
    void what_does_not_arrive_is_sent_again_with_the_same_id_until_it_does() {
        AtomicInteger times = new AtomicInteger();
        CountDownLatch third = new CountDownLatch(1);
        RECEIVER.answer(exchange -> {
            if (!exchange.getRequestURI().getPath().equals("/ops")) {
                return 204;
            }
            int time = times.incrementAndGet();
            if (time == 2) {
                third.await(60, TimeUnit.SECONDS); // longer than anybody waits for the answer
            } else if (time == 3) {
                third.countDown();
            }
            return time < 3 ? 500 : 200;
        });
        String id = test("ops");
        Delivery delivery = ended(id);
        assertThat(delivery.getState()).isEqualTo(DeliveryState.DELIVERY_STATE_DELIVERED);
        assertThat(delivery.getAttempts()).isEqualTo(3);
        assertThat(told(id)).hasSize(3);
    }

    @Test
    void what_cannot_arrive_is_dead_and_a_finding_until_it_is_delivered_again() {
        RECEIVER.answer(exchange -> 410);
        String gone = test("ops");
        Delivery dead = ended(gone);
        assertThat(dead.getState()).isEqualTo(DeliveryState.DELIVERY_STATE_DEAD);
        assertThat(dead.getAttempts()).isEqualTo(1);
        assertThat(dead.getError()).contains("410");
        RECEIVER.answer(exchange -> 500);
        String failing = test("ops");
        assertThat(ended(failing).getAttempts()).isEqualTo(4);
        assertThat(scene.server
                        .maintenance()
                        .detectIssues(DetectIssuesRequest.newBuilder()
                                .setTarget("main")
                                .addChecks("notification-dead")
                                .build())
                        .getFindingsList())
                .extracting(Finding::getMessage)
                .anyMatch(message -> message.contains("did not reach the channel ops"));
        assertThat(scene.server
                        .notifications()
                        .listChannels(ListChannelsRequest.getDefaultInstance())
                        .getChannelsList())
                .filteredOn(channel -> channel.getName().equals("ops"))
                .singleElement()
                .satisfies(channel -> {
                    assertThat(channel.getDead()).isGreaterThanOrEqualTo(2);
                    assertThat(channel.getRulesList()).containsExactly("all");
                });
        RECEIVER.answer(exchange -> 200);
        for (String id : List.of(gone, failing)) {
            redeliver(id);
            assertThat(ended(id).getState()).isEqualTo(DeliveryState.DELIVERY_STATE_DELIVERED);
        }
    }

    @Test
    void a_channel_whose_receiver_is_gone_is_stopped_and_told_elsewhere_until_a_test_of_it_arrives() {
        RECEIVER.answer(exchange -> exchange.getRequestURI().getPath().equals("/ops") ? 410 : 200);
        Hold first = hold("on its way when the receiver goes");
        Predicate<Delivery> ofFirst = delivery -> delivery.getTopic().equals("holds/" + first.getHoldId())
                && delivery.getEvent().equals("hold.set")
                && delivery.getChannel().equals("ops");
        Delivery back = until(
                "it is answered 410",
                ofFirst.and(delivery -> delivery.getError().contains("410")));
        assertThat(back.getState()).isEqualTo(DeliveryState.DELIVERY_STATE_PENDING);
        assertThat(back.getAttempts()).as("it does not count").isZero();
        String gone = test("ops");
        assertThat(ended(gone).getState()).isEqualTo(DeliveryState.DELIVERY_STATE_DEAD);
        assertThat(channel("ops").hasStopTime()).isTrue();
        assertThat(channel("ops").getStopReason()).isEqualTo("the answer is 410: the receiver is gone");
        assertThat(channel("book").hasStopTime()).isFalse();
        Predicate<Delivery> ofChannel = delivery -> delivery.getTopic().equals("channels/ops");
        Delivery stopped = until(
                "that it is stopped",
                ofChannel.and(delivery -> delivery.getEvent().equals("channel.stopped") && delivery.hasEndTime()));
        assertThat(stopped.getChannel()).as("not the one that is gone").isEqualTo("book");
        assertThat(stopped.getSummary()).startsWith("Channel ops is stopped since");

        RECEIVER.answer(exchange -> 200);
        int before = RECEIVER.received("/ops").size();
        Hold hold = hold("nobody hears of it yet");
        Predicate<Delivery> ofHold = delivery -> delivery.getTopic().equals("holds/" + hold.getHoldId())
                && delivery.getEvent().equals("hold.set");
        until(
                "the others hear of it",
                ofHold.and(delivery -> delivery.getChannel().equals("book") && delivery.hasEndTime()));
        Delivery waits =
                until("it waits", ofHold.and(delivery -> delivery.getChannel().equals("ops")));
        assertThat(waits.getState()).isEqualTo(DeliveryState.DELIVERY_STATE_PENDING);
        assertThat(waits.getAttempts()).isZero();
        assertThat(RECEIVER.received("/ops")).as("left alone").hasSize(before);
        assertThat(scene.server
                        .maintenance()
                        .detectIssues(DetectIssuesRequest.newBuilder()
                                .setTarget("slow")
                                .addChecks("notification-dead")
                                .build())
                        .getFindingsList())
                .extracting(Finding::getMessage)
                .anyMatch(message -> message.contains("the receiver is gone, and the channel is stopped"));

        assertThat(ended(test("ops")).getState()).isEqualTo(DeliveryState.DELIVERY_STATE_DELIVERED);
        until("what has waited", ofHold.and(delivery -> delivery.getChannel().equals("ops") && delivery.hasEndTime()));
        until(
                "what was on its way",
                ofFirst.and(delivery -> delivery.getState() == DeliveryState.DELIVERY_STATE_DELIVERED));
        assertThat(channel("ops").hasStopTime()).isFalse();
        until(
                "that it is told again",
                ofChannel.and(delivery -> delivery.getEvent().equals("channel.resumed")));
        release(first);
        release(hold);
    }

    @Test
    void a_channel_of_another_kind_is_told_again_and_the_stop_of_one_that_was_removed_is_forgotten() {
        scene.store.execute("INSERT INTO caretaker.channel_stop (channel, stopped, reason, receiver) VALUES"
                + " ('book', now(), 'it was a webhook then', 'of its URL'),"
                + " ('former', now() - interval '2 hours', 'it was removed', 'of its URL'),"
                + " ('fresh', now(), 'it was removed just now', 'of its URL')");
        await("that it is told again")
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> !channel("book").hasStopTime());
        scene.server.bean(DeliveryStore.class).forgetStops(List.of("book", "ops"), Duration.ofHours(1));
        assertThat(scene.store.number("SELECT count(*) FROM caretaker.channel_stop WHERE channel = 'former'"))
                .isZero();
        assertThat(scene.store.number("SELECT count(*) FROM caretaker.channel_stop WHERE channel = 'fresh'"))
                .as("another server may know it")
                .isEqualTo(1);
        scene.store.execute("DELETE FROM caretaker.channel_stop WHERE channel = 'fresh'");
    }

    private static Channel channel(String name) {
        return scene
                .server
                .notifications()
                .listChannels(ListChannelsRequest.getDefaultInstance())
                .getChannelsList()
                .stream()
                .filter(channel -> channel.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void one_that_wants_to_be_left_alone_is_left_alone() {
        RECEIVER.answer(exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "600");
            return 429;
        });
        String id = test("ops");
        Delivery waiting = until(
                "a refusal",
                delivery -> delivery.getNotificationId().equals(id)
                        && !delivery.getError().isEmpty());
        assertThat(waiting.getState()).isEqualTo(DeliveryState.DELIVERY_STATE_PENDING);
        assertThat(waiting.getNextAttemptTime().getSeconds() - System.currentTimeMillis() / 1_000)
                .isBetween(550L, 610L);
    }

    @Test
    void a_private_address_is_refused_where_the_channel_does_not_allow_it() {
        Delivery refused = ended(test("private"));
        assertThat(refused.getState()).isEqualTo(DeliveryState.DELIVERY_STATE_DEAD);
        assertThat(refused.getError()).contains("no public address");
        assertThat(RECEIVER.received("/private")).isEmpty();
    }

    @Test
    void a_hold_and_its_end_are_told_and_a_chat_takes_nothing_for_markup() throws IOException {
        Hold hold = hold("see <!channel> @channel `x`\n*now* & <http://evil.example|here>");
        release(hold);
        Delivery set = until(
                "a hold",
                delivery -> delivery.getChannel().equals("chat")
                        && delivery.getEvent().equals("hold.set")
                        && delivery.getTopic().endsWith(hold.getHoldId())
                        && delivery.hasEndTime());
        until(
                "its end",
                delivery -> delivery.getChannel().equals("chat")
                        && delivery.getEvent().equals("hold.ended")
                        && delivery.getTopic().equals(set.getTopic())
                        && delivery.hasEndTime());
        List<String> texts = RECEIVER.received("/chat").stream()
                .map(one -> {
                    try {
                        return JSON.readTree(one.body()).get("text").asText();
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
        assertThat(texts).anyMatch(text -> text.startsWith("info: Work is on hold at slow"));
        assertThat(texts)
                .as("times to the second")
                .noneMatch(text -> text.contains("on hold") && text.matches(".*\\d\\.\\d+Z.*"));
        assertThat(texts).anyMatch(text -> text.startsWith("resolved: Work goes on at slow"));
        assertThat(texts)
                .allSatisfy(text -> assertThat(text).doesNotContain("<", ">", "@channel", "`", "*", "\n", "://e"));
        List<String> lines = Files.readAllLines(folder.resolve("book.jsonl"));
        assertThat(lines)
                .isNotEmpty()
                .allSatisfy(line ->
                        assertThat(JSON.readTree(line).get("type").asText()).startsWith("dev.caretaker."));
    }

    @Test
    void that_a_channel_could_not_be_told_is_told_to_the_others_and_not_to_itself() {
        scene.store.execute(
                "INSERT INTO caretaker.notification (notification_id, type, severity, target, topic, summary, data, occurred)"
                        + " VALUES (gen_random_uuid(), 'finding.new', 'WARNING', 'main', 'findings/main/dead',"
                        + " 'notification-dead found channel ops.', '{\"check\": \"notification-dead\", \"object\": \"ops\"}',"
                        + " clock_timestamp())");
        until(
                "what the other is told",
                delivery -> delivery.getTopic().equals("findings/main/dead")
                        && delivery.getChannel().equals("book"));
        assertThat(deliveries(delivery -> delivery.getTopic().equals("findings/main/dead")))
                .extracting(Delivery::getChannel)
                .containsExactly("book");
    }

    @Test
    void a_run_that_failed_and_an_expectation_that_broke_are_told_without_rows_and_so_is_their_end() {
        scene.target.execute(
                "CREATE TABLE guarded (id serial PRIMARY KEY, ended timestamptz)",
                "CREATE TABLE guards (guarded int PRIMARY KEY REFERENCES guarded)",
                "INSERT INTO guarded (id, ended) VALUES (987654, now() - interval '30 days')",
                "INSERT INTO guards SELECT id FROM guarded");
        scene.apply(ScheduleScene.policy("guarded", "main", "guarded"));
        scene.apply(ScheduleScene.cleanup("ill", "main", "guarded").setExpectSuccessWithin(seconds(60)));
        scene.trigger("ill");
        Delivery failed = until("a failure", about("ill", "run.failed", "ops"));
        assertThat(failed.getSummary()).isEqualTo("Cleanup of schedule ill at main failed: PINNED_BY_FOREIGN_KEY.");
        assertThat(told(failed.getNotificationId()).getFirst().text()).doesNotContain("987654");
        scene.store.execute(
                "UPDATE caretaker.schedule_line SET created = now() - interval '1 hour' WHERE schedule = 'ill'");
        until("a broken expectation", about("ill", "expectation.broken", "ops"));
        String again = scene.trigger("ill").getRunId();
        await().atMost(30, TimeUnit.SECONDS).until(() -> scene.run(again).getState() == RunState.RUN_STATE_ENDED);
        ended(test("book")); // what was written before it has been asked about by then
        assertThat(deliveries(delivery -> delivery.getTopic().equals("schedules/ill/main")
                        && delivery.getEvent().equals("run.failed")
                        && delivery.getChannel().equals("ops")))
                .as("it is not told twice within the hour")
                .hasSize(1);

        // A run that was done in part in between hides nothing of the failure before it.
        scene.store.execute(
                "INSERT INTO caretaker.notification (notification_id, type, severity, target, topic, summary,"
                        + " data, occurred, routed) VALUES (gen_random_uuid(), 'run.partial', 'WARNING', 'main',"
                        + " 'schedules/ill/main', 'In part.', '{}', clock_timestamp(), clock_timestamp())");
        scene.target.execute("DELETE FROM guards");
        scene.trigger("ill");
        Delivery recovered = until("a recovery", about("ill", "run.recovered", "ops"));
        assertThat(recovered.getSummary()).contains("ended well again");
        assertThat(recovered.getSeverity()).isEqualTo(failed.getSeverity());
        until("an expectation that is met", about("ill", "expectation.met", "ops"));
        assertThat(deliveries(about("ill", "expectation.broken", "ops"))).hasSize(1);
        assertThat(deliveries(about("ill", "schedule.succeeded", "ops"))).isEmpty();
    }

    @Test
    void a_run_that_was_done_in_part_is_told_with_its_outcome_and_so_is_the_next_that_is_complete() {
        scene.target.execute(
                "CREATE TABLE held (id serial PRIMARY KEY, ended timestamptz)",
                "CREATE TABLE holders (held int PRIMARY KEY REFERENCES held)",
                "INSERT INTO held (ended) SELECT now() - interval '30 days' FROM generate_series(1, 3)",
                "INSERT INTO holders VALUES (1)",
                "CREATE TABLE many (id int PRIMARY KEY, ended timestamptz)",
                "CREATE INDEX ON many (ended)",
                "INSERT INTO many SELECT i, now() - interval '30 days' FROM generate_series(1, 5000) i",
                "ANALYZE");
        scene.apply(ScheduleScene.policy("held", "main", "held").setSkipPinned(true));
        scene.apply(ScheduleScene.cleanup("held", "main", "held"));
        scene.trigger("held");
        assertThat(until("pinned rows", about("held", "run.partial", "ops")).getSummary())
                .isEqualTo("Cleanup of schedule held at main is done in part: PINNED.");
        scene.target.execute("DELETE FROM holders");
        scene.trigger("held");
        until("a complete run", about("held", "run.recovered", "ops"));

        scene.apply(ScheduleScene.policy("many", "slow", "many"));
        scene.apply(ScheduleScene.cleanup("many", "slow", "many").setDeadline(seconds(2)));
        scene.trigger("many");
        Delivery late = until("a deadline", about("many", "run.partial", "ops"));
        assertThat(late.getSummary()).isEqualTo("Cleanup of schedule many at slow is done in part: DEADLINE.");
        assertThat(late.getSeverity()).isEqualTo(NotificationSeverity.NOTIFICATION_SEVERITY_WARNING);
    }

    @Test
    void what_was_given_up_is_found_by_the_clock_and_told_to_the_other_channels_until_it_is_delivered() {
        RECEIVER.answer(exchange -> exchange.getRequestURI().getPath().equals("/ops") ? 500 : 204);
        Hold hold = hold("nobody hears of it at ops");
        Predicate<Delivery> ofHold = delivery -> delivery.getTopic().equals("holds/" + hold.getHoldId())
                && delivery.getEvent().equals("hold.set")
                && delivery.getChannel().equals("ops");
        Delivery dead = until(
                "it is given up", ofHold.and(delivery -> delivery.getState() == DeliveryState.DELIVERY_STATE_DEAD));
        Predicate<Delivery> ofChannel =
                delivery -> delivery.getTopic().equals("deliveries/ops") && delivery.hasEndTime();
        Delivery told = until(
                "that it was given up",
                ofChannel.and(delivery -> delivery.getEvent().equals("delivery.dead")));
        assertThat(told.getChannel()).as("not the one that could not be told").isEqualTo("book");
        assertThat(told.getSummary()).startsWith("Notifications that channel ops was to be told were given up");
        assertThat(deliveries(delivery -> delivery.getTopic().equals("deliveries/ops")))
                .extracting(Delivery::getChannel)
                .containsOnly("book");
        await("a finding, though nobody looks for any")
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> found("slow") == 1);

        RECEIVER.answer(exchange -> 204);
        deliveries(delivery ->
                        delivery.getChannel().equals("ops") && delivery.getState() == DeliveryState.DELIVERY_STATE_DEAD)
                .forEach(delivery -> redeliver(delivery.getNotificationId()));
        until("its delivery", ofHold.and(delivery -> delivery.getState() == DeliveryState.DELIVERY_STATE_DELIVERED));
        assertThat(dead.getAttempts()).isEqualTo(4);
        until("that it is over", ofChannel.and(delivery -> delivery.getEvent().equals("delivery.mended")));
        await("it is no finding any more").atMost(60, TimeUnit.SECONDS).until(() -> found("slow") == 0);
        release(hold);
    }

    /** Open findings of a target that say that channel "ops" could not be told. */
    private static long found(String target) {
        return scene.store.number("SELECT count(*) FROM caretaker.finding WHERE check_id = 'notification-dead'"
                + " AND object_name = 'ops' AND gone IS NULL AND target = '" + target + "'");
    }

    private static void redeliver(String notification) {
        scene.server
                .notifications()
                .redeliverNotification(RedeliverNotificationRequest.newBuilder()
                        .setRequestId(id())
                        .setNotificationId(notification)
                        .build());
    }

    @Test
    void whoever_was_told_of_a_broken_expectation_is_told_when_its_schedule_is_deleted() {
        scene.apply(ScheduleScene.vacuum("given-up", "main").setExpectSuccessWithin(seconds(60)));
        scene.store.execute(
                "UPDATE caretaker.schedule_line SET created = now() - interval '1 hour' WHERE schedule = 'given-up'");
        until("a broken expectation", about("given-up", "expectation.broken", "ops"));

        scene.server
                .schedules()
                .deleteSchedule(DeleteScheduleRequest.newBuilder()
                        .setRequestId(ScheduleScene.id())
                        .setName("given-up")
                        .build());

        Delivery over = until("the end of it", about("given-up", "expectation.met", "ops"));
        assertThat(over.getSummary()).isEqualTo("Success of schedule given-up at main is no longer expected.");
    }

    private static Predicate<Delivery> about(String schedule, String event, String channel) {
        return delivery -> delivery.getTopic().startsWith("schedules/" + schedule + "/")
                && delivery.getEvent().equals(event)
                && delivery.getChannel().equals(channel)
                && delivery.hasEndTime();
    }

    @Test
    void a_fire_that_is_refused_is_told() {
        scene.target.execute("CREATE TABLE nothing (id int PRIMARY KEY, ended timestamptz)");
        scene.apply(ScheduleScene.policy("lost", "main", "nothing"));
        scene.target.execute("DROP TABLE nothing");
        scene.apply(ScheduleScene.cleanup("refused", "main", "lost"));
        scene.trigger("refused");
        assertThat(until("a refusal", about("refused", "fire.refused", "ops")).getSummary())
                .startsWith("Schedule refused at main could not start");
        scene.target.execute("CREATE TABLE nothing (id int PRIMARY KEY, ended timestamptz)");
        scene.trigger("refused");
        assertThat(until("its end", about("refused", "run.recovered", "ops")).getSummary())
                .isEqualTo("Cleanup of schedule refused at main ended well again.");
    }

    @Test
    void fires_that_were_missed_are_told_of_together() {
        scene.apply(ScheduleScene.vacuum("late", "main").setEvery(seconds(600)).setCatchUp(seconds(0)));
        scene.store.execute("UPDATE caretaker.schedule_line SET settled = now() - interval '1 day', due = now()"
                + " WHERE schedule = 'late'");
        Delivery missed = until("missed fires", about("late", "fire.missed", "ops"));
        assertThat(missed.getSummary()).containsPattern("was missed 14[0-9] times from");
        assertThat(deliveries(about("late", "fire.missed", "ops"))).hasSize(1);
    }

    @Test
    void heartbeats_come_after_success_and_while_the_server_is_well() {
        scene.apply(ScheduleScene.vacuum("well", "main"));
        scene.apply(ScheduleScene.vacuum("other", "main"));
        int before = RECEIVER.received("/beat").size();
        scene.trigger("other");
        scene.trigger("well");
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> RECEIVER.received("/beat").size() == before + 1);
        assertThat(RECEIVER.received("/alive")).isNotEmpty();
    }

    @Test
    void lists_have_pages_and_what_is_wrong_with_a_request_is_told() {
        for (int i = 0; i < 3; i++) {
            ended(test("ops"));
        }
        ListDeliveriesRequest.Builder request =
                ListDeliveriesRequest.newBuilder().setChannel("ops").setPageSize(2);
        ListDeliveriesResponse first = scene.server.notifications().listDeliveries(request.build());
        ListDeliveriesResponse second = scene.server
                .notifications()
                .listDeliveries(request.setPageToken(first.getNextPageToken()).build());
        assertThat(first.getDeliveriesList()).hasSize(2);
        assertThat(second.getDeliveriesList()).isNotEmpty().doesNotContainAnyElementsOf(first.getDeliveriesList());
        assertThat(scene.server
                        .notifications()
                        .listChannels(ListChannelsRequest.getDefaultInstance())
                        .getChannelsList())
                .extracting(Channel::getName)
                .containsExactly("alive", "beat", "book", "chat", "ops", "private");
        assertThat(ErrorDetails.of(() -> test("nobody")).reason()).isEqualTo("CHANNEL_NOT_FOUND");
        assertThat(ErrorDetails.of(() -> scene.server
                                .notifications()
                                .redeliverNotification(RedeliverNotificationRequest.newBuilder()
                                        .setRequestId(id())
                                        .setNotificationId(id())
                                        .build()))
                        .reason())
                .isEqualTo("NOTIFICATION_NOT_FOUND");
    }
}
