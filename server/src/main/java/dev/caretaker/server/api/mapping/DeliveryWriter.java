package dev.caretaker.server.api.mapping;

import dev.caretaker.server.config.ChannelConfig;
import dev.caretaker.server.notify.Notifications;
import dev.caretaker.server.store.DeliveryRow;
import dev.caretaker.v1.Channel;
import dev.caretaker.v1.ChannelKind;
import dev.caretaker.v1.Delivery;
import dev.caretaker.v1.DeliveryState;
import dev.caretaker.v1.NotificationSeverity;
import java.util.Optional;

/** Writes channels, and what is told to them, as messages. */
public final class DeliveryWriter {
    private static final String STATE = "DELIVERY_STATE_";

    private DeliveryWriter() {}

    public static Channel write(Notifications.View view) {
        return Channel.newBuilder()
                .setName(view.channel().name())
                .setKind(kind(view.channel()))
                .addAllRules(view.rules())
                .setPending(view.pending())
                .setDead(view.dead())
                .build();
    }

    private static ChannelKind kind(ChannelConfig channel) {
        return switch (channel) {
            case ChannelConfig.Webhook ignored -> ChannelKind.CHANNEL_KIND_WEBHOOK;
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
                .setEvent(row.notice().event().text())
                .setSeverity(NotificationSeverity.valueOf(
                        "NOTIFICATION_SEVERITY_" + row.notice().severity().name()))
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

    /** Empty if it is not set or this server does not know it. */
    public static Optional<DeliveryRow.State> read(DeliveryState message) {
        return switch (message) {
            case DELIVERY_STATE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
            default -> Optional.of(DeliveryRow.State.valueOf(message.name().substring(STATE.length())));
        };
    }
}
