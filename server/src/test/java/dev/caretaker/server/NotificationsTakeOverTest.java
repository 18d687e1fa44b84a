package dev.caretaker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.testing.HttpReceiver;
import dev.caretaker.server.testing.ServerHere;
import dev.caretaker.server.testing.ServerProcess;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.Delivery;
import dev.caretaker.v1.DeliveryState;
import dev.caretaker.v1.ListDeliveriesRequest;
import dev.caretaker.v1.NotificationServiceGrpc;
import dev.caretaker.v1.TestChannelRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two server processes on one control store share what there is to deliver; what one leaves behind, the other delivers. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class NotificationsTakeOverTest {
    private static final int MESSAGES = 40;

    private final TestPostgres.Database controlStore = TestPostgres.controlStore();
    private final TestPostgres.Database target = TestPostgres.newest().database();
    private final HttpReceiver receiver = new HttpReceiver();
    private ServerProcess first;
    private ServerHere second;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "whsec_MfKQ9r8GKYqTwUPD8ELPZIo2LaLaSw");
        String channel = """
                notifications:
                  retry-after: 1s
                  channels:
                    ops: {type: webhook, url: "%1$s", secret-file: "%2$s", allow-private: true, timeout: 5s}
                    morning: {type: webhook, url: "%3$s", secret-file: "%2$s", allow-private: true, timeout: 5s}
                  rules:
                    morning: {channels: morning, digest: daily, at: "00:00", zone: Europe/Berlin}
                """.formatted(receiver.url("/ops"), secret, receiver.url("/morning"));
        first = ServerProcess.start(folder, "first", controlStore, target, "2s", channel);
        second = ServerHere.start(folder, "second", controlStore, target, "2s", channel);
    }

    @AfterEach
    void end() {
        first.close();
        second.close();
        receiver.close();
    }

    @Test
    void each_message_is_sent_once_and_none_is_lost_with_a_server() {
        Set<String> sent = send();
        await().atMost(60, TimeUnit.SECONDS).until(() -> times().keySet().containsAll(sent));
        awaitDelivered(sent);
        assertThat(times().values()).as("nobody died").containsOnly(1L);

        // The receiver keeps whoever calls waiting, so that the server dies with deliveries in its hands: each has two
        // at a time.
        CountDownLatch dead = keepWaiting();
        Set<String> more = send();
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> times().keySet().stream().filter(more::contains).count() > 2);
        first.kill();
        Set<String> inHands = times().keySet();
        dead.countDown();
        awaitDelivered(more);
        assertThat(times().keySet()).containsAll(more);
        assertThat(inHands)
                .as("what was in nobody's hands when a server died comes once")
                .containsAll(times().entrySet().stream()
                        .filter(one -> one.getValue() > 1)
                        .map(Map.Entry::getKey)
                        .toList());
    }

    /** Whoever calls waits for the answer until the returned latch is counted down. */
    private CountDownLatch keepWaiting() {
        CountDownLatch latch = new CountDownLatch(1);
        receiver.answer(exchange -> {
            latch.await(90, TimeUnit.SECONDS);
            return 200;
        });
        return latch;
    }

    @Test
    void a_digest_is_one_although_a_server_dies_between_sending_and_noting_it() {
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> controlStore.number("SELECT count(*) FROM caretaker.digest") == 1);
        controlStore.execute(
                "INSERT INTO caretaker.notification (notification_id, type, severity, target, topic, summary,"
                        + " data, occurred) SELECT gen_random_uuid(), 'run.failed', 'CRITICAL', 'target', 'runs/' || i, 'Failed.',"
                        + " '{}', now() - interval '2 days' FROM generate_series(1, 300) i");
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> controlStore.number("SELECT count(*) FROM caretaker.gathered") == 300);
        CountDownLatch dead = keepWaiting();
        controlStore.execute("UPDATE caretaker.digest SET upto = now() - interval '5 days'");
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> !receiver.received("/morning").isEmpty());
        // Whichever has sent it is waiting for the answer.
        first.kill();
        dead.countDown();
        await().atMost(90, TimeUnit.SECONDS)
                .until(() ->
                        controlStore.number("SELECT count(*) FROM caretaker.delivery WHERE state = 'DELIVERED'") == 1);
        assertThat(receiver.received("/morning"))
                .hasSizeBetween(1, 2)
                .extracting(one -> one.headers().getFirst("webhook-id"))
                .containsOnly(receiver.received("/morning").getFirst().headers().getFirst("webhook-id"));
        assertThat(receiver.received("/morning").getFirst().text()).contains("300 events at target (300 critical)");
        assertThat(controlStore.number("SELECT count(*) FROM caretaker.delivery"))
                .isEqualTo(1);
    }

    private Set<String> send() {
        Set<String> sent = new TreeSet<>();
        for (int i = 0; i < MESSAGES; i++) {
            sent.add(NotificationServiceGrpc.newBlockingStub(second.channel())
                    .testChannel(TestChannelRequest.newBuilder()
                            .setRequestId(UUID.randomUUID().toString())
                            .setActor("test")
                            .setChannel("ops")
                            .build())
                    .getNotificationId());
        }
        return sent;
    }

    /** How often each has arrived. */
    private Map<String, Long> times() {
        return receiver.received("/ops").stream()
                .collect(Collectors.groupingBy(one -> one.headers().getFirst("webhook-id"), Collectors.counting()));
    }

    private void awaitDelivered(Set<String> sent) {
        await().atMost(90, TimeUnit.SECONDS)
                .until(() -> NotificationServiceGrpc.newBlockingStub(second.channel())
                        .listDeliveries(ListDeliveriesRequest.newBuilder()
                                .setState(DeliveryState.DELIVERY_STATE_DELIVERED)
                                .setPageSize(1_000)
                                .build())
                        .getDeliveriesList()
                        .stream()
                        .map(Delivery::getNotificationId)
                        .collect(Collectors.toSet())
                        .containsAll(sent));
    }
}
