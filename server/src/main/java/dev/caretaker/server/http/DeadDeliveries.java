package dev.caretaker.server.http;

import dev.caretaker.server.config.NotificationsConfig;
import dev.caretaker.server.store.DeliveryStore;
import dev.caretaker.server.store.DeliveryStore.Counts;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What was given up at each channel that is configured, whatever it is about: not all of it is about a target. */
@Singleton
final class DeadDeliveries {
    private final DeliveryStore deliveries;
    private final List<String> channels;

    DeadDeliveries(DeliveryStore deliveries, NotificationsConfig config) {
        this.deliveries = deliveries;
        this.channels = List.copyOf(config.channels().keySet());
    }

    /** How many by channel; none is a number, too. Fails with CONTROL_STORE_UNREACHABLE. */
    Map<String, Long> now() {
        Map<String, Long> dead = deliveries.counts().stream().collect(Collectors.toMap(Counts::channel, Counts::dead));
        Map<String, Long> all = new TreeMap<>();
        channels.forEach(channel -> all.put(channel, dead.getOrDefault(channel, 0L)));
        return all;
    }
}
