package dev.caretaker.server.api;

import static dev.caretaker.server.api.ScheduleScene.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caretaker.server.store.DeliveryStore;
import dev.caretaker.server.testing.HttpReceiver;
import dev.caretaker.v1.Channel;
import dev.caretaker.v1.Delivery;
import dev.caretaker.v1.DeliveryState;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.Finding;
import dev.caretaker.v1.Hold;
import dev.caretaker.v1.ListChannelsRequest;
import dev.caretaker.v1.ListDeliveriesRequest;
import dev.caretaker.v1.ListDeliveriesResponse;
import dev.caretaker.v1.RedeliverNotificationRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** What there is to tell leaves in the form that each channel wants, and again until it has arrived or is given up. */
abstract class DeliveriesThroughTheApiSuite extends NotificationsScene {
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
        receiver.answer(exchange -> {
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
    void what_cannot_arrive_is_dead_until_it_is_delivered_again_and_a_finding_of_no_target_that_it_is_not_about() {
        receiver.answer(exchange -> 410);
        String gone = test("ops");
        Delivery dead = ended(gone);
        assertThat(dead.getState()).isEqualTo(DeliveryState.DELIVERY_STATE_DEAD);
        assertThat(dead.getAttempts()).isEqualTo(1);
        assertThat(dead.getError()).contains("410");
        receiver.answer(exchange -> 500);
        String failing = test("ops");
        assertThat(ended(failing).getAttempts()).isEqualTo(4);
        assertThat(deliveries(delivery -> delivery.getState() == DeliveryState.DELIVERY_STATE_DEAD))
                .extracting(Delivery::getNotificationId)
                .contains(gone, failing);
        assertThat(scene.server
                        .maintenance()
                        .detectIssues(DetectIssuesRequest.newBuilder()
                                .setTarget("far")
                                .addChecks("notification-dead")
                                .build())
                        .getFindingsList())
                .as("tests of a channel are about no target")
                .isEmpty();
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
        receiver.answer(exchange -> 200);
        for (String id : List.of(gone, failing)) {
            redeliver(id);
            assertThat(ended(id).getState()).isEqualTo(DeliveryState.DELIVERY_STATE_DELIVERED);
        }
    }

    @Test
    void a_channel_whose_receiver_is_gone_is_stopped_and_told_elsewhere_until_a_test_of_it_arrives() {
        receiver.answer(exchange -> exchange.getRequestURI().getPath().equals("/ops") ? 410 : 200);
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

        receiver.answer(exchange -> 200);
        int before = receiver.received("/ops").size();
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
        assertThat(receiver.received("/ops")).as("left alone").hasSize(before);
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

    @Test
    void one_that_wants_to_be_left_alone_is_left_alone() {
        receiver.answer(exchange -> {
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
        assertThat(receiver.received("/private")).isEmpty();
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
        List<String> texts = receiver.received("/chat").stream()
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
    void what_was_given_up_is_found_by_the_clock_and_told_to_the_other_channels_until_it_is_delivered() {
        receiver.answer(exchange -> exchange.getRequestURI().getPath().equals("/ops") ? 500 : 204);
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

        receiver.answer(exchange -> 204);
        deliveries(delivery ->
                        delivery.getChannel().equals("ops") && delivery.getState() == DeliveryState.DELIVERY_STATE_DEAD)
                .forEach(delivery -> redeliver(delivery.getNotificationId()));
        until("its delivery", ofHold.and(delivery -> delivery.getState() == DeliveryState.DELIVERY_STATE_DELIVERED));
        assertThat(dead.getAttempts()).isEqualTo(4);
        assertThat(scene.store.number("SELECT count(*) FROM caretaker.finding WHERE check_id = 'notification-dead'"
                        + " AND object_name = 'ops' AND target = 'far'"))
                .as("it was about another target")
                .isZero();
        until("that it is over", ofChannel.and(delivery -> delivery.getEvent().equals("delivery.mended")));
        await("it is no finding any more").atMost(60, TimeUnit.SECONDS).until(() -> found("slow") == 0);
        release(hold);
    }

    /** Open findings of a target that say that channel "ops" could not be told. */
    private static long found(String target) {
        return scene.store.number("SELECT count(*) FROM caretaker.finding WHERE check_id = 'notification-dead'"
                + " AND object_name = 'ops' AND gone IS NULL AND target = '" + target + "'");
    }

    @Test
    void heartbeats_come_after_success_and_while_the_server_is_well() {
        scene.apply(ScheduleScene.vacuum("well", "main"));
        scene.apply(ScheduleScene.vacuum("other", "main"));
        int before = receiver.received("/beat").size();
        scene.trigger("other");
        scene.trigger("well");
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> receiver.received("/beat").size() == before + 1);
        assertThat(receiver.received("/alive")).isNotEmpty();
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
