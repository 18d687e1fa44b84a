package dev.caretaker.server.store;

import dev.caretaker.server.config.NotificationEvent;
import dev.caretaker.server.config.NotificationEvent.Severity;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What goes on for as long as it does: its beginning is told once, and so is its end, whichever servers look at it. */
@Singleton
public class ConditionStore {
    private final ControlStore store;
    private final OutboxStore outbox;

    ConditionStore(ControlStore store, OutboxStore outbox) {
        this.store = store;
        this.outbox = outbox;
    }

    /**
     * Something that goes on.
     *
     * @param topic tells it from others of its kind
     * @param summary a sentence
     * @param over a sentence that it is over
     * @param data more of it, by name
     */
    public record Condition(
            NotificationEvent event,
            Severity severity,
            String target,
            String topic,
            Instant since,
            String summary,
            String over,
            Map<String, String> data) {}

    /** A run that is paused. */
    public record Paused(
            UUID run, String kind, String target, Instant since, String actor, Optional<String> schedule) {}

    /** A conversion that waits for a person. */
    public record Waiting(UUID conversion, String target, TableName table, Instant since) {}

    /**
     * A plan that waits for a person.
     *
     * @param kind of what it is of: schedule or policy
     */
    public record Unusual(UUID plan, String kind, String name, String target, Instant since, Instant expires) {}

    /** A target that cannot be worked on. */
    public record Lost(String target, Instant since, String reason) {}

    /**
     * A schedule that does not start because its run before goes on.
     *
     * @param times nominal times in a row that came to nothing
     * @param since the first of them
     * @param run that is in the way
     */
    public record Overlapping(String schedule, String target, long times, Instant since, InTheWay run) {}

    /** A run that goes on, and since when. */
    public record InTheWay(UUID run, Instant began, String state) {}

    /**
     * Says what of a kind goes on now. What has begun since is told, what does not go on any more is told to be over, and what
     * was told long ago is told again to who wants that. Nothing if another server is saying so.
     *
     * @param again after how long it is told again
     */
    public void settle(NotificationEvent event, List<Condition> standing, Duration again) {
        if (standing.isEmpty() && known(event, again).isEmpty()) {
            return;
        }
        store.transaction(() -> {
            boolean locked = store.first("condition_lock", row -> row.getBoolean("locked"))
                    .orElse(false);
            if (locked) {
                Map<String, Known> known = known(event, again);
                for (Condition condition : standing) {
                    tell(condition, Optional.ofNullable(known.remove(condition.topic())));
                }
                known.values().forEach(gone -> over(gone.condition()));
            }
            return locked;
        });
    }

    /** By topic. */
    private Map<String, Known> known(NotificationEvent event, Duration again) {
        return store.list("condition_list", row -> Known.read(event, row), again.toMillis(), event.text()).stream()
                .collect(Collectors.toMap(one -> one.condition().topic(), Function.identity()));
    }

    private void tell(Condition condition, Optional<Known> known) {
        if (known.isEmpty()) {
            store.update(
                    "condition_add",
                    condition.event().text(),
                    condition.topic(),
                    condition.target(),
                    condition.severity(),
                    condition.summary(),
                    condition.over(),
                    Json.write(condition.data()),
                    condition.since());
            add(condition.event(), condition, condition.summary(), false);
        } else if (known.get().again()) {
            store.update("condition_told", condition.event().text(), condition.topic());
            add(condition.event(), condition, condition.summary(), true);
        }
    }

    private void over(Condition condition) {
        store.update("condition_over", condition.event().text(), condition.topic());
        String end = condition.event().endedBy().getFirst();
        add(NotificationEvent.of(end).orElseThrow(), condition, condition.over(), false);
    }

    private void add(NotificationEvent event, Condition condition, String summary, boolean reminder) {
        outbox.add(
                event,
                condition.severity(),
                condition.target(),
                condition.topic(),
                summary,
                condition.data(),
                UUID.randomUUID().toString(),
                reminder);
    }

    /** Sentences of what was told and goes on. */
    public List<String> standing(Optional<String> target) {
        return store.list("condition_standing", row -> row.getString("summary"), target);
    }

    /** Runs that somebody has paused for longer than that, no hold. */
    public List<Paused> paused(Duration longer) {
        return store.list(
                "condition_paused",
                row -> new Paused(
                        row.getObject("run_id", UUID.class),
                        row.getString("kind"),
                        row.getString("target"),
                        ControlStore.instant(row, "since"),
                        row.getString("actor"),
                        Optional.ofNullable(row.getString("schedule"))),
                longer.toMillis());
    }

    public List<Waiting> conversions() {
        return store.list(
                "condition_conversions",
                row -> new Waiting(
                        row.getObject("conversion_id", UUID.class),
                        row.getString("target"),
                        new TableName(row.getString("schema_name"), row.getString("table_name")),
                        ControlStore.instant(row, "since")));
    }

    public List<Unusual> plans() {
        return store.list(
                "condition_plans",
                row -> new Unusual(
                        row.getObject("plan_id", UUID.class),
                        row.getString("kind"),
                        row.getString("name"),
                        row.getString("target"),
                        ControlStore.instant(row, "since"),
                        ControlStore.instant(row, "expires")));
    }

    /** Schedules that were skipped at so many nominal times in a row because the run before was still going. */
    public List<Overlapping> overlaps(int times) {
        return store.list("condition_overlaps", ConditionStore::overlapping, times);
    }

    private static Overlapping overlapping(ResultSet row) throws SQLException {
        return new Overlapping(
                row.getString("schedule"),
                row.getString("target"),
                row.getLong("skipped"),
                ControlStore.instant(row, "since"),
                new InTheWay(
                        row.getObject("run_id", UUID.class),
                        ControlStore.instant(row, "began"),
                        row.getString("state")));
    }

    /** Something that a channel was to be told was given up, and since when. */
    public record Dead(String channel, Instant since) {}

    /** Channels at which something was given up, but for tests. */
    public List<Dead> deadDeliveries() {
        return store.list(
                "condition_dead", row -> new Dead(row.getString("channel"), ControlStore.instant(row, "since")));
    }

    /**
     * A partition set whose partitions come to their end.
     *
     * @param missing partitions that it wants and that do not exist
     * @param ends until when there are partitions without a gap; empty for integer keys
     * @param over whether that is past
     * @param since when it was looked at
     */
    public record Runway(
            String target, String set, long missing, Optional<Instant> ends, boolean over, Instant since) {}

    /** Sets that lack at least so many partitions, or have none for now. */
    public List<Runway> runways(int missing) {
        return store.list(
                "condition_runways",
                row -> new Runway(
                        row.getString("target"),
                        row.getString("name"),
                        row.getLong("missing"),
                        Optional.ofNullable(ControlStore.instant(row, "ends")),
                        row.getBoolean("over"),
                        ControlStore.instant(row, "since")),
                missing);
    }

    private record Known(Condition condition, boolean again) {
        static Known read(NotificationEvent event, ResultSet row) throws SQLException {
            Map<String, String> data = new LinkedHashMap<>();
            Json.read(row.getString("data"), Map.class)
                    .forEach((name, value) -> data.put(String.valueOf(name), String.valueOf(value)));
            Condition condition = new Condition(
                    event,
                    Severity.valueOf(row.getString("severity")),
                    row.getString("target"),
                    row.getString("topic"),
                    ControlStore.instant(row, "since"),
                    row.getString("summary"),
                    row.getString("over"),
                    data);
            return new Known(condition, row.getBoolean("again"));
        }
    }
}
