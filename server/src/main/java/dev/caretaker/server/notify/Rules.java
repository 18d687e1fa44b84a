package dev.caretaker.server.notify;

import dev.caretaker.server.config.ChannelConfig;
import dev.caretaker.server.config.NotificationEvent;
import dev.caretaker.server.config.NotificationsConfig;
import dev.caretaker.server.config.NotificationsConfig.Rule;
import dev.caretaker.server.store.DeliveryStore;
import dev.caretaker.server.store.Notice;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Say which channels are told of a notice. */
@Singleton
final class Rules {
    private final NotificationsConfig config;
    private final DeliveryStore deliveries;

    Rules(NotificationsConfig config, DeliveryStore deliveries) {
        this.config = config;
        this.deliveries = deliveries;
    }

    /** Every channel once, however many rules name it. */
    List<String> channels(Notice notice) {
        TreeSet<String> told = new TreeSet<>();
        for (Rule rule : config.rules()) {
            if (concerns(rule, notice)) {
                rule.channels().stream()
                        .filter(channel -> wants(rule, channel, notice))
                        .forEach(told::add);
            }
        }
        if (notice.event() == NotificationEvent.SCHEDULE_SUCCEEDED) {
            config.channels().values().stream()
                    .filter(channel -> channel instanceof ChannelConfig.Heartbeat heartbeat
                            && heartbeat.schedules().contains(notice.data().get("schedule")))
                    .map(ChannelConfig::name)
                    .forEach(told::add);
        }
        return new ArrayList<>(told);
    }

    /** The end of something concerns whom the thing itself does. */
    private static boolean concerns(Rule rule, Notice notice) {
        boolean named =
                rule.events().contains(notice.event()) || ended(notice).stream().anyMatch(rule.events()::contains);
        boolean kind = rule.events().isEmpty() ? notice.event() != NotificationEvent.SCHEDULE_SUCCEEDED : named;
        return kind
                && notice.severity().compareTo(rule.severity()) >= 0
                && (rule.targets().isEmpty() || rule.targets().contains(notice.target()))
                && (notice.resolves().isEmpty() || rule.resolved());
    }

    /** What may have begun that ends with this: a run that is complete ends whatever the runs before have left. */
    private static List<NotificationEvent> ended(Notice notice) {
        return notice.event() == NotificationEvent.RUN_RECOVERED
                ? List.of(NotificationEvent.RUN_FAILED, NotificationEvent.RUN_PARTIAL)
                : notice.resolves().map(List::of).orElse(List.of());
    }

    private boolean wants(Rule rule, String channel, Notice notice) {
        if (notice.resolves().isPresent()) {
            return ended(notice).stream().anyMatch(event -> deliveries.wasTold(notice, event, channel, Instant.EPOCH));
        }
        return rule.repeat()
                .filter(span -> deliveries.wasTold(
                        notice, notice.event(), channel, notice.occurred().minus(span)))
                .isEmpty();
    }
}
