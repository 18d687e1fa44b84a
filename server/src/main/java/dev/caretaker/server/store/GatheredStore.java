package dev.caretaker.server.store;

import dev.caretaker.server.config.NotificationEvent;
import dev.caretaker.server.config.NotificationEvent.Severity;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Events that are told to channels as parts of messages. All is to be done where no other server does the same. */
@Singleton
public class GatheredStore {
    private final ControlStore store;

    GatheredStore(ControlStore store) {
        this.store = store;
    }

    /**
     * Events that become one message.
     *
     * @param digest whether it is one of a day or a week
     * @param key empty: whatever it is
     * @param before only what occurred before
     */
    public record Group(String channel, String rule, boolean digest, Optional<String> key, Optional<Instant> before) {}

    /**
     * That an event is part of a message.
     *
     * @param rule empty text: of no rule's own
     * @param message empty while it is still to come
     */
    public record Membership(String channel, String rule, Optional<UUID> message) {}

    /** A group whose wait is over, and how many it has. */
    public record Due(Group group, long events) {}

    /** Events of one kind in a group. */
    public record Count(String type, Severity severity, boolean ended, String target, long events) {}

    /**
     * A message to be sent.
     *
     * @param data more of it, by name
     */
    public record Message(
            UUID id,
            NotificationEvent event,
            Severity severity,
            String target,
            String topic,
            String summary,
            Map<String, Object> data) {}

    /** Up to when a digest was told, and what time it is. */
    public record Told(String rule, String channel, Instant upto, Instant now) {}

    public List<Due> due() {
        return store.list("gathered_due", GatheredStore::due);
    }

    private static Due due(ResultSet row) throws SQLException {
        Group group = new Group(
                row.getString("channel"),
                row.getString("rule"),
                false,
                Optional.of(row.getString("group_key")),
                Optional.empty());
        return new Due(group, row.getLong("events"));
    }

    /** The worst of them, and the beginning of things before their ends. */
    public List<Notice> members(Group group, int most) {
        return store.list(
                "gathered_members",
                Notice::read,
                group.digest(),
                group.channel(),
                group.rule(),
                group.key(),
                group.before(),
                most);
    }

    public List<Count> counts(Group group) {
        return store.list(
                "gathered_counts",
                row -> new Count(
                        row.getString("type"),
                        Severity.valueOf(row.getString("severity")),
                        row.getBoolean("ended"),
                        row.getString("target"),
                        row.getLong("events")),
                group.digest(),
                group.channel(),
                group.rule(),
                group.key(),
                group.before());
    }

    /** Each of them is sent by itself. */
    public void sendEach(Group group) {
        store.update("gathered_each", group.channel(), group.rule(), group.key());
        told(group, Optional.empty());
    }

    /** All of them are sent as one message. */
    public void send(Group group, Message message) {
        store.update(
                "message_add",
                message.id(),
                message.event().text(),
                message.severity(),
                message.target(),
                message.topic(),
                message.summary(),
                Json.write(message.data()),
                group.channel());
        store.update("delivery_add", message.id(), group.channel());
        told(group, Optional.of(message.id()));
    }

    private void told(Group group, Optional<UUID> message) {
        store.update(
                "gathered_told", message, group.digest(), group.channel(), group.rule(), group.key(), group.before());
    }

    /** Messages that an event is part of. */
    public List<Membership> memberships(UUID id) {
        return store.list(
                "gathered_of",
                row -> new Membership(
                        row.getString("channel"),
                        row.getString("rule"),
                        Optional.ofNullable(row.getObject("message_id", UUID.class))),
                id);
    }

    /** Digests that were begun. */
    public List<Told> digests() {
        return store.list(
                "digest_list",
                row -> new Told(
                        row.getString("rule"),
                        row.getString("channel"),
                        ControlStore.instant(row, "upto"),
                        ControlStore.instant(row, "now")));
    }

    /** A digest tells of what happens from now on, if it was not begun. */
    public void beginDigest(String rule, String channel) {
        store.update("digest_begin", rule, channel);
    }

    /** The rule of a digest is still there. */
    public void digestSeen(String rule, String channel) {
        store.update("digest_seen", rule, channel);
    }

    /** A digest that a rule tells a channel. */
    public record DigestOf(String rule, String channel) {}

    /**
     * Forgets digests, and what they have gathered, whose rule or channel no server has had for longer than that.
     *
     * @param kept those that this server has
     * @return how many events they had gathered
     */
    public int forgetDigests(Collection<DigestOf> kept, Duration longer) {
        return store.update("digest_orphans", longer.toMillis(), Json.write(kept));
    }

    public void digestTold(String rule, String channel, Instant upto) {
        store.update("digest_upto", upto, rule, channel);
    }
}
