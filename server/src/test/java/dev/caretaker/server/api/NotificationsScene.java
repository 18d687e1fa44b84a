package dev.caretaker.server.api;

import static dev.caretaker.server.api.ScheduleScene.id;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caretaker.server.testing.HttpReceiver;
import dev.caretaker.v1.Channel;
import dev.caretaker.v1.Delivery;
import dev.caretaker.v1.Hold;
import dev.caretaker.v1.ListChannelsRequest;
import dev.caretaker.v1.ListDeliveriesRequest;
import dev.caretaker.v1.RedeliverNotificationRequest;
import dev.caretaker.v1.ReleaseHoldRequest;
import dev.caretaker.v1.SetHoldRequest;
import dev.caretaker.v1.TestChannelRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A server that tells a receiver, a file and others what happens, all tests of a class the same. */
abstract class NotificationsScene {
    static final String KEY = "MfKQ9r8GKYqTwUPD8ELPZIo2LaLaSw";
    static final ObjectMapper JSON = new ObjectMapper();

    static HttpReceiver receiver;
    static ScheduleScene scene;

    @TempDir
    static Path folder;

    @BeforeAll
    static void start() throws IOException {
        receiver = new HttpReceiver();
        Path secret = Files.writeString(folder.resolve("secret"), "whsec_" + KEY + "\n");
        Map<String, Object> config = new TreeMap<>();
        config.put("ops.type", "webhook");
        config.put("ops.url", receiver.url("/ops"));
        config.put("ops.secret-file", secret.toString());
        config.put("ops.allow-private", "true");
        config.put("ops.timeout", "1s");
        config.put("private.type", "webhook");
        config.put("private.url", receiver.url("/private"));
        config.put("private.secret-file", secret.toString());
        config.put("chat.type", "slack");
        config.put("chat.url", receiver.url("/chat"));
        config.put("chat.allow-private", "true");
        config.put("book.type", "file");
        config.put("book.path", folder.resolve("book.jsonl").toString());
        config.put("beat.type", "heartbeat");
        config.put("beat.url", receiver.url("/beat"));
        config.put("beat.allow-private", "true");
        config.put("beat.schedules", List.of("well"));
        config.put("alive.type", "heartbeat");
        config.put("alive.url", receiver.url("/alive"));
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
        receiver.close();
    }

    @AfterEach
    void well() {
        receiver.answer(exchange -> 204);
    }

    static List<Delivery> deliveries(Predicate<Delivery> wanted) {
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

    static Delivery until(String what, Predicate<Delivery> wanted) {
        await(what).atMost(30, TimeUnit.SECONDS).until(() -> !deliveries(wanted).isEmpty());
        return deliveries(wanted).getFirst();
    }

    static String test(String channel) {
        return scene.server
                .notifications()
                .testChannel(TestChannelRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("anna")
                        .setChannel(channel)
                        .build())
                .getNotificationId();
    }

    static Delivery ended(String notification) {
        return until("an end", delivery -> delivery.getNotificationId().equals(notification) && delivery.hasEndTime());
    }

    static List<HttpReceiver.Received> told(String notification) {
        return receiver.received("/ops").stream()
                .filter(one -> notification.equals(one.headers().getFirst("webhook-id")))
                .toList();
    }

    static Hold hold(String reason) {
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

    static void release(Hold hold) {
        scene.server
                .holds()
                .releaseHold(ReleaseHoldRequest.newBuilder()
                        .setRequestId(id())
                        .setHoldId(hold.getHoldId())
                        .build());
    }

    static Channel channel(String name) {
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

    static void redeliver(String notification) {
        scene.server
                .notifications()
                .redeliverNotification(RedeliverNotificationRequest.newBuilder()
                        .setRequestId(id())
                        .setNotificationId(notification)
                        .build());
    }

    static Predicate<Delivery> about(String schedule, String event, String channel) {
        return delivery -> delivery.getTopic().startsWith("schedules/" + schedule + "/")
                && delivery.getEvent().equals(event)
                && delivery.getChannel().equals(channel)
                && delivery.hasEndTime();
    }
}
