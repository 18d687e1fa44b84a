package dev.caretaker.server.store;

import dev.caretaker.server.config.NotificationEvent;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Notifications on their way. Any server delivers; none attempts what another does, as long as that one's lease lasts. */
@Singleton
public class DeliveryStore {
    private static final int MOST_ROUTED = 500;

    private final ControlStore store;

    DeliveryStore(ControlStore store) {
        this.store = store;
    }

    /**
     * Makes deliveries of what was written since, one server at a time.
     *
     * @param rules names the channels that are told
     * @return how many notifications were looked at
     */
    public int route(Function<Notice, List<String>> rules) {
        return store.transaction(() -> {
            boolean locked =
                    store.first("outbox_lock", row -> row.getBoolean("locked")).orElse(false);
            if (!locked) {
                return 0;
            }
            List<Unrouted> fresh = store.list("outbox_unrouted", Unrouted::read, MOST_ROUTED);
            for (Unrouted next : fresh) {
                List<String> channels = next.channel().map(List::of).orElseGet(() -> rules.apply(next.notice()));
                channels.forEach(
                        channel -> store.update("delivery_add", next.notice().id(), channel));
                store.update("outbox_routed", next.notice().id());
            }
            return fresh.size();
        });
    }

    /** Whether there is anything that {@link #route} has not seen; asks without a transaction. */
    public boolean hasUnrouted() {
        return !store.list("outbox_unrouted", Unrouted::read, 1).isEmpty();
    }

    /** Whether a channel was told of an event at the topic of a notice, after an instant and with no end of it since. */
    public boolean wasTold(Notice notice, NotificationEvent event, String channel, Instant after) {
        return store.first(
                        "delivery_told",
                        row -> row.getBoolean("told"),
                        notice.topic(),
                        event.text(),
                        channel,
                        notice.id(),
                        after,
                        notice.occurred(),
                        notice.occurred())
                .orElse(false);
    }

    /** Deliveries to a channel that are due, for one attempt each that takes less than {@code lease}. */
    public List<DeliveryRow> claim(String channel, Duration lease, int most) {
        return store.list("delivery_claim", DeliveryRow::read, UUID.randomUUID(), lease.toMillis(), channel, most);
    }

    /**
     * Notes how an attempt ended; nothing if its lease was lost.
     *
     * @param wait until the next, if it is still pending
     */
    public void end(DeliveryRow row, DeliveryRow.State state, String error, Duration wait) {
        store.update("delivery_end", state, error, wait.toMillis(), row.notice().id(), row.channel(), row.lease());
    }

    /** Newest first. */
    public List<DeliveryRow> list(Filter filter, Optional<Key> after, int limit) {
        return store.list(
                "delivery_list",
                DeliveryRow::read,
                filter.channel(),
                filter.target(),
                filter.state(),
                filter.notification(),
                after.map(Key::occurred),
                after.map(Key::id),
                after.map(Key::channel),
                limit);
    }

    /** Delivers again what has been delivered or given up, at one channel or all of its own. */
    public void again(UUID id, Optional<String> channel) {
        store.update("delivery_again", id, channel);
    }

    /** How many are on their way and were given up, by channel; channels without any are left out. */
    public List<Counts> counts() {
        return store.list(
                "delivery_counts",
                row -> new Counts(row.getString("channel"), row.getLong("pending"), row.getLong("dead")));
    }

    /** Deliveries that were given up, of what concerns a target or all, by channel. */
    public List<Deaths> deaths(String target) {
        return store.list("delivery_deaths", Deaths::read, target);
    }

    /** Forgets some that are older; returns how many. */
    public int prune(Duration age) {
        return store.update("outbox_prune", age.toMillis());
    }

    /** Which to list; empty means all. */
    public record Filter(
            Optional<String> channel,
            Optional<String> target,
            Optional<DeliveryRow.State> state,
            Optional<UUID> notification) {}

    /** How many deliveries of a channel are on their way, and were given up. */
    public record Counts(String channel, long pending, long dead) {}

    /** Place in the list. */
    public record Key(Instant occurred, UUID id, String channel) {}

    /** @param channel the only one that is told; empty: the rules say */
    private record Unrouted(Notice notice, Optional<String> channel) {
        static Unrouted read(ResultSet row) throws SQLException {
            return new Unrouted(Notice.read(row), Optional.ofNullable(row.getString("channel")));
        }
    }

    /**
     * What was given up at a channel.
     *
     * @param since when the oldest of them occurred
     * @param latest when the latest was given up
     * @param error of the latest
     */
    public record Deaths(String channel, long count, Instant since, Instant latest, String error) {
        static Deaths read(ResultSet row) throws SQLException {
            return new Deaths(
                    row.getString("channel"),
                    row.getLong("count"),
                    ControlStore.instant(row, "since"),
                    ControlStore.instant(row, "latest"),
                    row.getString("error"));
        }
    }
}
