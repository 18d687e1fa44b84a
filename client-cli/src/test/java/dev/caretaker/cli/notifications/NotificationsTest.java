package dev.caretaker.cli.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.Channel;
import dev.caretaker.v1.ChannelKind;
import dev.caretaker.v1.Delivery;
import dev.caretaker.v1.DeliveryState;
import dev.caretaker.v1.Gathering;
import dev.caretaker.v1.GetNotificationRequest;
import dev.caretaker.v1.GetNotificationResponse;
import dev.caretaker.v1.ListChannelsRequest;
import dev.caretaker.v1.ListChannelsResponse;
import dev.caretaker.v1.ListDeliveriesRequest;
import dev.caretaker.v1.ListDeliveriesResponse;
import dev.caretaker.v1.Notification;
import dev.caretaker.v1.NotificationPart;
import dev.caretaker.v1.NotificationSeverity;
import dev.caretaker.v1.RedeliverNotificationRequest;
import dev.caretaker.v1.RedeliverNotificationResponse;
import dev.caretaker.v1.TestChannelRequest;
import dev.caretaker.v1.TestChannelResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NotificationsTest {
    private static final Delivery DEAD = Delivery.newBuilder()
            .setNotificationId("n-1")
            .setChannel("ops")
            .setEvent("run.failed")
            .setSeverity(NotificationSeverity.NOTIFICATION_SEVERITY_CRITICAL)
            .setSummary("Cleanup at shop failed.")
            .setOccurTime(Timestamp.newBuilder().setSeconds(1_800_000_000))
            .setState(DeliveryState.DELIVERY_STATE_DEAD)
            .setAttempts(8)
            .setError("the answer is 500")
            .build();

    private final FakeServer server = new FakeServer();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void channels_are_listed_with_what_waits_and_what_was_given_up() {
        server.on(
                "ListChannels",
                ListChannelsRequest.class,
                request -> ListChannelsResponse.newBuilder()
                        .addChannels(Channel.newBuilder()
                                .setName("ops")
                                .setKind(ChannelKind.CHANNEL_KIND_WEBHOOK)
                                .addRules("urgent")
                                .setPending(2)
                                .setDead(3)
                                .setStopTime(Timestamp.newBuilder().setSeconds(1_767_225_600))
                                .setStopReason("the answer is 410: the receiver is gone"))
                        .build());
        assertThat(Cli.to(server).run("notifications", "channels").out())
                .containsPattern("ops +webhook +urgent +2 +3")
                .contains(
                        "ops is stopped since ",
                        ": the answer is 410: the receiver is gone. What is told to it waits until"
                                + " \"caretaker notifications test ops\" arrives.");
    }

    @Test
    void deliveries_are_listed_by_state_with_what_went_wrong() {
        server.on(
                "ListDeliveries",
                ListDeliveriesRequest.class,
                request -> ListDeliveriesResponse.newBuilder()
                        .addDeliveries(DEAD)
                        .setNextPageToken("more")
                        .build());
        assertThat(Cli.to(server)
                        .run("notifications", "list", "--state", "dead", "--channel", "ops", "--limit", "1")
                        .out())
                .contains(
                        "n-1", "run.failed", "critical", "dead after 8: the answer is 500", "Cleanup at shop failed.");
        ListDeliveriesRequest sent = server.request(ListDeliveriesRequest.class);
        assertThat(sent.getState()).isEqualTo(DeliveryState.DELIVERY_STATE_DEAD);
        assertThat(sent.getChannel()).isEqualTo("ops");
        assertThat(Cli.to(server)
                        .run("notifications", "list", "--state", "late")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void a_message_is_shown_with_its_events_and_an_event_with_its_message() {
        server.on(
                "GetNotification",
                GetNotificationRequest.class,
                request -> GetNotificationResponse.newBuilder()
                        .setNotification(Notification.newBuilder()
                                .setSummary("12 events at shop.")
                                .setEvent("events.grouped")
                                .setSeverity(NotificationSeverity.NOTIFICATION_SEVERITY_WARNING)
                                .addDeliveries(DEAD)
                                .addGatherings(Gathering.newBuilder()
                                        .setChannel("mail")
                                        .setRule("morning"))
                                .addParts(NotificationPart.newBuilder()
                                        .setEvent("finding.new")
                                        .setSeverity(NotificationSeverity.NOTIFICATION_SEVERITY_INFO)
                                        .setSummary("Table t is large."))
                                .setPartsLeftOut(11)
                                .addStill("findings at shop: 3 info"))
                        .build());
        assertThat(Cli.to(server).run("notifications", "show", "n-1").out())
                .contains("12 events at shop.", "events.grouped", "dead after 8", "and 11 more", "Table t is large.")
                .contains("findings at shop: 3 info")
                .containsPattern("mail +morning +still to come");
        assertThat(server.request(GetNotificationRequest.class).getNotificationId())
                .isEqualTo("n-1");
    }

    @Test
    void a_channel_is_tried_and_what_was_given_up_is_sent_again() {
        server.on(
                "TestChannel",
                TestChannelRequest.class,
                request -> TestChannelResponse.newBuilder()
                        .setNotificationId("n-2")
                        .build());
        assertThat(Cli.to(server).run("notifications", "test", "ops").out()).contains("Test n-2 is on its way");
        server.on(
                "RedeliverNotification",
                RedeliverNotificationRequest.class,
                request -> RedeliverNotificationResponse.newBuilder()
                        .addDeliveries(DEAD.toBuilder().clearError().setState(DeliveryState.DELIVERY_STATE_PENDING))
                        .build());
        assertThat(Cli.to(server).run("notifications", "redeliver", "n-1").out())
                .contains("n-1", "pending");
        assertThat(server.request(RedeliverNotificationRequest.class).getNotificationId())
                .isEqualTo("n-1");
    }
}
