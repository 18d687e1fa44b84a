package dev.caretaker.server.notify;

import dev.caretaker.server.config.ChannelConfig;
import dev.caretaker.server.config.NotificationsConfig;
import dev.caretaker.server.config.NotificationsConfig.Rule;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.notify.channel.ChannelFiles;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.DeliveryRow;
import dev.caretaker.server.store.DeliveryStore;
import dev.caretaker.server.store.GatheredStore;
import dev.caretaker.server.store.Notice;
import dev.caretaker.server.store.OutboxStore;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Channels, and what was told to them. All methods throw {@link CaretakerException}. */
@Singleton
public class Notifications {
    /** Deliveries on one page, at most. */
    public static final int LARGEST_PAGE = 1_000;

    private final NotificationsConfig config;
    private final DeliveryStore deliveries;
    private final GatheredStore gathered;
    private final OutboxStore outbox;

    Notifications(NotificationsConfig config, DeliveryStore deliveries, GatheredStore gathered, OutboxStore outbox) {
        this.config = config;
        this.deliveries = deliveries;
        this.gathered = gathered;
        this.outbox = outbox;
    }

    /**
     * A channel as it is shown.
     *
     * @param channel empty: it is no longer in the configuration
     * @param rules names of those that name it
     * @param stop that its receiver is gone, if it is
     */
    public record View(
            String name,
            Optional<ChannelConfig> channel,
            List<String> rules,
            long pending,
            long dead,
            Optional<DeliveryStore.Stop> stop) {}

    /** By name; also those that are no longer configured, as long as something did not reach them. */
    public List<View> channels() {
        Map<String, DeliveryStore.Counts> counts = deliveries.counts().stream()
                .collect(Collectors.toMap(DeliveryStore.Counts::channel, Function.identity()));
        Map<String, DeliveryStore.Stop> stops =
                deliveries.stops().stream().collect(Collectors.toMap(DeliveryStore.Stop::channel, Function.identity()));
        SortedSet<String> names = new TreeSet<>(config.channels().keySet());
        names.addAll(counts.keySet());
        return names.stream()
                .map(name -> {
                    DeliveryStore.Counts count = counts.getOrDefault(name, new DeliveryStore.Counts(name, 0, 0));
                    return new View(
                            name,
                            Optional.ofNullable(config.channels().get(name)),
                            rules(name),
                            count.pending(),
                            count.dead(),
                            Optional.ofNullable(stops.get(name)));
                })
                .toList();
    }

    private List<String> rules(String channel) {
        return config.rules().stream()
                .filter(rule -> rule.channels().contains(channel))
                .map(Rule::name)
                .toList();
    }

    /** Sends a test. Fails with CHANNEL_NOT_FOUND. */
    public void test(UUID id, String channel, Actor actor) {
        if (!config.channels().containsKey(channel)) {
            throw CaretakerException.of(
                    Reason.CHANNEL_NOT_FOUND,
                    "The configuration has no channel " + channel + ".",
                    Map.of("channel", channel));
        }
        outbox.test(id, channel, actor.name());
    }

    /** Newest first. */
    public List<DeliveryRow> list(DeliveryStore.Filter filter, Optional<DeliveryStore.Key> after, int limit) {
        return deliveries.list(filter, after, limit);
    }

    /**
     * A notification and who is told of it.
     *
     * @param memberships messages that it is part of
     */
    public record Found(Notice notice, List<DeliveryRow> deliveries, List<GatheredStore.Membership> memberships) {}

    /** Fails with NOTIFICATION_NOT_FOUND. */
    public Found get(UUID id) {
        Notice notice = deliveries
                .find(id)
                .orElseThrow(() -> CaretakerException.of(
                        Reason.NOTIFICATION_NOT_FOUND,
                        "There is no notification " + id + ".",
                        Map.of("notification_id", id.toString())));
        DeliveryStore.Filter filter =
                new DeliveryStore.Filter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(id));
        return new Found(notice, deliveries.list(filter, Optional.empty(), LARGEST_PAGE), gathered.memberships(id));
    }

    /** Delivers again. Fails with NOTIFICATION_NOT_FOUND. */
    public List<DeliveryRow> redeliver(UUID id, Optional<String> channel) {
        deliveries.again(id, channel);
        DeliveryStore.Filter filter =
                new DeliveryStore.Filter(channel, Optional.empty(), Optional.empty(), Optional.of(id));
        List<DeliveryRow> found = deliveries.list(filter, Optional.empty(), LARGEST_PAGE);
        if (found.isEmpty()) {
            throw CaretakerException.of(
                    Reason.NOTIFICATION_NOT_FOUND,
                    "No channel" + channel.map(name -> " " + name).orElse("") + " was told of a notification " + id
                            + ".",
                    Map.of("notification_id", id.toString()));
        }
        return found;
    }

    /** What is wrong with files that channels are configured by, as they are now: clauses by configuration key. */
    public Map<String, String> badFiles() {
        Map<String, String> bad = new TreeMap<>();
        config.channels().values().forEach(channel -> bad.putAll(ChannelFiles.problems(channel)));
        return bad;
    }

    /** Deliveries that were given up, of what concerns a target, by channel. */
    public List<DeliveryStore.Deaths> deaths(String target) {
        return deliveries.deaths(target);
    }
}
