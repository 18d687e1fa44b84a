package dev.caretaker.server.notify;

import dev.caretaker.server.config.NotificationEvent;
import dev.caretaker.server.config.NotificationEvent.Severity;
import dev.caretaker.server.config.NotificationsConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.OneByOne;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.store.ConditionStore;
import dev.caretaker.server.store.ConditionStore.Condition;
import dev.caretaker.server.store.ConditionStore.Dead;
import dev.caretaker.server.store.ConditionStore.Lost;
import dev.caretaker.server.store.ConditionStore.Overlapping;
import dev.caretaker.server.store.ConditionStore.Paused;
import dev.caretaker.server.store.ConditionStore.Runway;
import dev.caretaker.server.store.ConditionStore.Unusual;
import dev.caretaker.server.store.ConditionStore.Waiting;
import dev.caretaker.server.store.ContactStore;
import dev.caretaker.server.store.DeliveryStore;
import dev.caretaker.server.store.DeliveryStore.Stop;
import dev.caretaker.server.store.OutboxStore;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what goes on until somebody does something, and when it is over. Any server does. */
@Singleton
final class ConditionWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ConditionWatch.class);
    /** What goes on is written again; rules say whether, and how often, it is told. */
    private static final Duration REMINDER = Duration.ofHours(1);
    /** As the check partition-set-behind takes it: one is missing whenever a period has just begun. */
    private static final int MISSING_PARTITIONS = 2;

    /**
     * Nominal times that are skipped in a row before it is told. One skip is what the rule is for, and two come about on one slow night,
     * where a run takes a little more than twice its period. At the third the run has taken three whole periods: it hangs, or the
     * schedule cannot be kept.
     */
    private static final int SKIPS = 3;

    private final NotificationsConfig config;
    private final ConditionStore conditions;
    private final ContactStore contacts;
    private final DeliveryStore deliveries;
    private final OutboxStore outbox;
    private final OneByOne oneByOne = new OneByOne(LOG);

    ConditionWatch(
            NotificationsConfig config,
            ConditionStore conditions,
            ContactStore contacts,
            DeliveryStore deliveries,
            OutboxStore outbox) {
        this.config = config;
        this.conditions = conditions;
        this.contacts = contacts;
        this.deliveries = deliveries;
        this.outbox = outbox;
    }

    @Scheduled(fixedDelay = "5s")
    void tick() {
        if (config.channels().isEmpty()) {
            return;
        }
        try {
            oneByOne.alone("store.outage", () -> outbox.outage(config.unreachableAfter()));
            watch();
        } catch (CaretakerException e) {
            LOG.debug("what goes on is looked at later: {}", e.getMessage());
        }
    }

    private void watch() {
        settle(
                NotificationEvent.RUN_PAUSED,
                () -> conditions.paused(config.pausedAfter()).stream().map(ConditionWatch::paused));
        settle(
                NotificationEvent.CONVERSION_WAITING,
                () -> conditions.conversions().stream().map(ConditionWatch::waiting));
        settle(NotificationEvent.PLAN_WAITING, () -> conditions.plans().stream().map(ConditionWatch::unusual));
        settle(
                NotificationEvent.TARGET_UNREACHABLE,
                () -> contacts.lost(config.unreachableAfter()).stream().map(ConditionWatch::lost));
        settle(
                NotificationEvent.CHANNEL_STOPPED,
                () -> deliveries.stops().stream().map(ConditionWatch::stopped));
        settle(
                NotificationEvent.DELIVERY_DEAD,
                () -> conditions.deadDeliveries().stream().map(ConditionWatch::dead));
        settle(
                NotificationEvent.SCHEDULE_OVERLAPPING,
                () -> conditions.overlaps(SKIPS).stream().map(ConditionWatch::overlapping));
        settle(
                NotificationEvent.RUNWAY_SHORT,
                () -> conditions.runways(MISSING_PARTITIONS).stream().flatMap(ConditionWatch::runways));
    }

    private static Condition stopped(Stop one) {
        String which = "Channel " + one.channel();
        return new Condition(
                NotificationEvent.CHANNEL_STOPPED,
                Severity.CRITICAL,
                "",
                "channels/" + one.channel(),
                one.stopped(),
                which + " is stopped since " + second(one.stopped()) + ": " + one.reason()
                        + ". What is told to it waits until a test of it arrives.",
                which + " is told again.",
                Map.of("channel", one.channel(), "since", one.stopped().toString(), "reason", one.reason()));
    }

    private static Condition dead(Dead one) {
        return new Condition(
                NotificationEvent.DELIVERY_DEAD,
                Severity.WARNING,
                "",
                "deliveries/" + one.channel(),
                one.since(),
                "Notifications that channel " + one.channel() + " was to be told were given up, the first at "
                        + second(one.since()) + ": caretaker notifications list --state dead says why.",
                "No notification to channel " + one.channel() + " is given up any more.",
                Map.of("channel", one.channel(), "since", one.since().toString()));
    }

    private static Condition overlapping(Overlapping one) {
        String which = "Schedule " + one.schedule() + " at " + one.target();
        Map<String, String> data = new LinkedHashMap<>();
        data.put("schedule", one.schedule());
        data.put("times", Long.toString(one.times()));
        data.put("since", one.since().toString());
        data.put("run_id", one.run().run().toString());
        return new Condition(
                NotificationEvent.SCHEDULE_OVERLAPPING,
                Severity.WARNING,
                one.target(),
                "schedules/" + one.schedule() + "/" + one.target(),
                one.since(),
                which + " has been skipped " + one.times() + " times in a row since " + second(one.since())
                        + ": its run " + one.run().run() + ", started at "
                        + second(one.run().began()) + ", goes on ("
                        + one.run().state() + ").",
                which + " is no longer skipped because of the run before.",
                data);
    }

    private void settle(NotificationEvent event, Supplier<Stream<Condition>> standing) {
        oneByOne.alone(
                event.text(), () -> conditions.settle(event, standing.get().toList(), REMINDER));
    }

    /** What people need of an instant. */
    private static Instant second(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS);
    }

    private static Condition paused(Paused run) {
        String what = run.kind().charAt(0) + run.kind().substring(1).toLowerCase(Locale.ROOT)
                + run.schedule().map(schedule -> " of schedule " + schedule).orElse("") + " at " + run.target();
        Map<String, String> data = new LinkedHashMap<>();
        data.put("run_id", run.run().toString());
        data.put("kind", run.kind());
        data.put("since", run.since().toString());
        run.schedule().ifPresent(schedule -> data.put("schedule", schedule));
        return new Condition(
                NotificationEvent.RUN_PAUSED,
                Severity.WARNING,
                run.target(),
                "runs/" + run.run(),
                run.since(),
                what + " has been paused since " + second(run.since())
                        + (run.actor().isEmpty() ? "" : " by " + run.actor()) + " and waits for a person.",
                what + " is no longer paused.",
                data);
    }

    private static Condition waiting(Waiting one) {
        String table = "table " + one.table() + " at " + one.target();
        return new Condition(
                NotificationEvent.CONVERSION_WAITING,
                Severity.INFO,
                one.target(),
                "conversions/" + one.conversion(),
                one.since(),
                "The conversion of " + table + " is prepared: its cut-over waits until somebody asks for it.",
                "The conversion of " + table + " no longer waits for its cut-over.",
                Map.of(
                        "conversion_id",
                        one.conversion().toString(),
                        "table",
                        one.table().toString()));
    }

    private static Condition unusual(Unusual one) {
        return new Condition(
                NotificationEvent.PLAN_WAITING,
                Severity.WARNING,
                one.target(),
                "plans/" + one.plan(),
                one.since(),
                "A plan of " + one.kind() + " " + one.name() + " at " + one.target()
                        + " removes far more than usual: it waits for a person until " + second(one.expires()) + ".",
                "The plan of " + one.kind() + " " + one.name() + " at " + one.target()
                        + " no longer waits: it was executed or has expired.",
                Map.of(
                        "plan_id",
                        one.plan().toString(),
                        one.kind(),
                        one.name(),
                        "expires",
                        one.expires().toString()));
    }

    private static Condition lost(Lost one) {
        return new Condition(
                NotificationEvent.TARGET_UNREACHABLE,
                Severity.CRITICAL,
                one.target(),
                "targets/" + one.target(),
                one.since(),
                "Target " + one.target() + " cannot be worked on since " + second(one.since()) + ": " + one.reason()
                        + ".",
                "Target " + one.target() + " can be worked on again.",
                Map.of("since", one.since().toString(), "reason", one.reason()));
    }

    /** That partitions are missing, and, apart from that, that none is left for now. */
    private static Stream<Condition> runways(Runway one) {
        String which = "partition set " + one.set() + " at " + one.target();
        Map<String, String> data = new LinkedHashMap<>();
        data.put("set", one.set());
        data.put("missing", Long.toString(one.missing()));
        one.ends().ifPresent(end -> data.put("ends", second(end).toString()));
        String until = one.ends()
                .map(end -> "; those that there are " + (one.over() ? "ended at " : "last until ") + second(end))
                .orElse("");
        Condition behind = new Condition(
                NotificationEvent.RUNWAY_SHORT,
                Severity.WARNING,
                one.target(),
                "partition-sets/" + one.set(),
                one.since(),
                "The " + which + " lacks " + Amounts.count(one.missing(), "partition", "partitions") + " that it wants"
                        + until + ".",
                "The " + which + " lacks no partitions any more.",
                data);
        Condition over = new Condition(
                NotificationEvent.RUNWAY_SHORT,
                Severity.CRITICAL,
                one.target(),
                "partition-sets/" + one.set() + "/now",
                one.since(),
                "The " + which + " has no partition for the rows of now"
                        + one.ends()
                                .map(end -> ": the last one ended at " + second(end))
                                .orElse("")
                        + ".",
                "The " + which + " has a partition for the rows of now again.",
                data);
        return Stream.concat(
                one.missing() >= MISSING_PARTITIONS ? Stream.of(behind) : Stream.empty(),
                one.over() ? Stream.of(over) : Stream.empty());
    }
}
