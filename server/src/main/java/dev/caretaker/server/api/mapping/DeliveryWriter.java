package dev.caretaker.server.api.mapping;

import dev.caretaker.server.config.ChannelConfig;
import dev.caretaker.server.config.NotificationEvent;
import dev.caretaker.server.notify.Notifications;
import dev.caretaker.server.store.DeliveryRow;
import dev.caretaker.server.store.Notice;
import dev.caretaker.server.store.NoticePart;
import dev.caretaker.v1.Channel;
import dev.caretaker.v1.ChannelKind;
import dev.caretaker.v1.Delivery;
import dev.caretaker.v1.DeliveryState;
import dev.caretaker.v1.Gathering;
import dev.caretaker.v1.Notification;
import dev.caretaker.v1.NotificationPart;
import dev.caretaker.v1.NotificationSeverity;
import java.util.Optional;
import java.util.UUID;

/** Writes channels, and what is told to them, as messages. */
public final class DeliveryWriter {
    private static final String STATE = "DELIVERY_STATE_";

    private DeliveryWriter() {}

    public static Channel write(Notifications.View view) {
        Channel.Builder message = Channel.newBuilder()
                .setName(view.name())
                .setKind(view.channel().map(DeliveryWriter::kind).orElse(ChannelKind.CHANNEL_KIND_REMOVED))
                .addAllRules(view.rules())
                .setPending(view.pending())
                .setDead(view.dead());
        view.stop()
                .ifPresent(
                        stop -> message.setStopTime(Times.write(stop.stopped())).setStopReason(stop.reason()));
        return message.build();
    }

    private static ChannelKind kind(ChannelConfig channel) {
        return switch (channel) {
            case ChannelConfig.Webhook ignored -> ChannelKind.CHANNEL_KIND_WEBHOOK;
            case ChannelConfig.Email ignored -> ChannelKind.CHANNEL_KIND_EMAIL;
            case ChannelConfig.Slack ignored -> ChannelKind.CHANNEL_KIND_SLACK;
            case ChannelConfig.Lines ignored -> ChannelKind.CHANNEL_KIND_FILE;
            case ChannelConfig.Heartbeat ignored -> ChannelKind.CHANNEL_KIND_HEARTBEAT;
        };
    }

    public static Delivery write(DeliveryRow row) {
        boolean pending = row.state() == DeliveryRow.State.PENDING;
        Delivery.Builder message = Delivery.newBuilder()
                .setNotificationId(row.notice().id().toString())
                .setChannel(row.channel())
                .setEvent(row.notice().type())
                .setSeverity(severity(row.notice().severity()))
                .setTarget(row.notice().target())
                .setTopic(row.notice().topic())
                .setSummary(row.notice().summary())
                .setOccurTime(Times.write(row.notice().occurred()))
                .setState(DeliveryState.valueOf(STATE + row.state().name()))
                .setAttempts(row.attempts())
                .setError(row.error());
        return pending
                ? message.setNextAttemptTime(Times.write(row.due())).build()
                : message.setEndTime(Times.write(row.changed())).build();
    }

    public static Notification write(Notifications.Found found) {
        Notice notice = found.notice();
        Notification.Builder message = Notification.newBuilder()
                .setNotificationId(notice.id().toString())
                .setEvent(notice.type())
                .setSeverity(severity(notice.severity()))
                .setTarget(notice.target())
                .setTopic(notice.topic())
                .setSummary(notice.summary())
                .setOccurTime(Times.write(notice.occurred()))
                .setPartsLeftOut(notice.partsLeftOut())
                .addAllStill(notice.still());
        found.deliveries().forEach(row -> message.addDeliveries(write(row)));
        found.memberships()
                .forEach(membership -> message.addGatherings(Gathering.newBuilder()
                        .setChannel(membership.channel())
                        .setRule(membership.rule())
                        .setMessageId(membership.message().map(UUID::toString).orElse(""))));
        notice.parts().forEach(part -> message.addParts(write(part)));
        return message.build();
    }

    private static NotificationPart write(NoticePart part) {
        return NotificationPart.newBuilder()
                .setNotificationId(part.id())
                .setEvent(part.type())
                .setSeverity(severity(part.severity()))
                .setTarget(part.target())
                .setTopic(part.topic())
                .setSummary(part.summary())
                .setOccurTime(Times.write(part.occurred()))
                .build();
    }

    private static NotificationSeverity severity(NotificationEvent.Severity severity) {
        return NotificationSeverity.valueOf("NOTIFICATION_SEVERITY_" + severity.name());
    }

    /** Empty if it is not set or this server does not know it. */
    public static Optional<DeliveryRow.State> read(DeliveryState message) {
        return switch (message) {
            case DELIVERY_STATE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
            default -> Optional.of(DeliveryRow.State.valueOf(message.name().substring(STATE.length())));
        };
    }
}
