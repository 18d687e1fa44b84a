package dev.caretaker.server.store;

import dev.caretaker.server.config.NotificationEvent;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Notifications on their way. Any server delivers; none attempts what another does, as long as that one's lease lasts. */
@Singleton
public class DeliveryStore {
    private final ControlStore store;

    DeliveryStore(ControlStore store) {
        this.store = store;
    }

    /** Does work in one transaction while no other server does any of the kind; empty if one does. */
    public <T> Optional<T> alone(Supplier<T> work) {
        return store.transaction(() -> {
            boolean locked =
                    store.first("outbox_lock", row -> row.getBoolean("locked")).orElse(false);
            return locked ? Optional.of(work.get()) : Optional.empty();
        });
    }

    /** What the rules have not been asked about, oldest first. */
    public List<Unrouted> unrouted(int most) {
        return store.list("outbox_unrouted", Unrouted::read, array(NotificationEvent.known()), most);
    }

    /** The rules have been asked about notices: these are told. */
    public void routed(Map<UUID, List<Told>> told) {
        List<Object[]> alone = new ArrayList<>();
        List<Object[]> gathered = new ArrayList<>();
        told.forEach((id, channels) -> channels.forEach(one -> {
            if (one.gathering().isEmpty()) {
                alone.add(new Object[] {id, one.channel()});
            } else {
                gathered.add(values(id, one.channel(), one.gathering().get()));
            }
        }));
        store.batch("delivery_add", alone);
        store.batch("gathered_add", gathered);
        store.batch(
                "outbox_routed",
                told.keySet().stream().map(id -> new Object[] {id}).toList());
    }

    private static Object[] values(UUID id, String channel, Told.Gathering gathering) {
        return new Object[] {
            id,
            channel,
            gathering.rule(),
            gathering.digest(),
            gathering.key(),
            gathering.delay().map(Duration::toMillis)
        };
    }

    /**
     * Whether a channel was told of an event at the topic of a notice, after an instant and with no end of it since.
     *
     * @param inDigests whether it counts that it is, or is to be, in a digest
     */
    public boolean wasTold(Notice notice, NotificationEvent event, String channel, Instant after, boolean inDigests) {
        return store.first(
                        "delivery_told",
                        row -> row.getBoolean("told"),
                        notice.topic(),
                        event.text(),
                        notice.id(),
                        after,
                        notice.occurred(),
                        channel,
                        channel,
                        inDigests,
                        array(event.endedBy()),
                        notice.occurred())
                .orElse(false);
    }

    /** Gives up what is due for longer than that at channels that are not among these; returns how much. */
    public int orphans(Collection<String> channels, Duration overdue) {
        return store.update("delivery_orphans", array(channels), overdue.toMillis(), overdue.toMillis());
    }

    /** Names without commas and braces, as an array of Postgres. */
    static String array(Collection<String> names) {
        return names.stream().collect(Collectors.joining(",", "{", "}"));
    }

    /** Deliveries to a channel that are due, for one attempt each that takes less than {@code lease}. */
    public List<DeliveryRow> claim(String channel, Duration lease, int most) {
        return store.list(
                "delivery_claim",
                DeliveryRow::read,
                UUID.randomUUID(),
                lease.toMillis(),
                channel,
                array(NotificationEvent.known()),
                most);
    }

    /**
     * Notes how an attempt ended; nothing if its lease was lost.
     *
     * @param wait until the next, if it is still pending
     */
    public void end(DeliveryRow row, DeliveryRow.State state, String error, Duration wait) {
        store.update("delivery_end", state, error, wait.toMillis(), row.notice().id(), row.channel(), row.lease());
    }

    /** Has it wait for its channel, which is stopped, as if nobody had attempted it; nothing if its lease was lost. */
    public void await(DeliveryRow row, String error) {
        store.update("delivery_wait", error, row.notice().id(), row.channel(), row.lease());
    }

    /**
     * A channel whose receiver is gone.
     *
     * @param reason a clause
     * @param receiver hash of its URL
     */
    public record Stop(String channel, Instant stopped, String reason, String receiver) {
        static Stop read(ResultSet row) throws SQLException {
            return new Stop(
                    row.getString("channel"),
                    ControlStore.instant(row, "stopped"),
                    row.getString("reason"),
                    row.getString("receiver"));
        }
    }

    /** Has no server attempt anything but tests at a channel; false if it was so already. */
    public boolean stop(String channel, String reason, String receiver) {
        return store.update("channel_stop", channel, reason, receiver) == 1;
    }

    /** Ends that; false if it was not stopped. */
    public boolean resume(String channel) {
        return store.update("channel_resume", channel) == 1;
    }

    /** Forgets which channels were stopped for longer than that that are not among these. */
    public void forgetStops(Collection<String> channels, Duration longer) {
        store.update("channel_stop_orphans", array(channels), longer.toMillis());
    }

    /** Channels that are stopped, by name. */
    public List<Stop> stops() {
        return store.list("channel_stops", Stop::read);
    }

    public Optional<Notice> find(UUID id) {
        return store.first("notification_find", Notice::read, id);
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

    /** Deliveries that were given up, of what concerns a target, by channel. */
    public List<Deaths> deaths(String target) {
        return store.list("delivery_deaths", Deaths::read, target);
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
