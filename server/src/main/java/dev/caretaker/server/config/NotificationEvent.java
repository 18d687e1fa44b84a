package dev.caretaker.server.config;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What can be told of. The names are part of the API: receivers switch on them. */
public enum NotificationEvent {
    RUN_FAILED("run.failed"),
    /** Rows were left, or time ran out. */
    RUN_PARTIAL("run.partial"),
    /** The first run of a schedule that is complete after one that was not. */
    RUN_RECOVERED("run.recovered"),
    /** A plan far larger than usual waits for a person. */
    PLAN_WAITING("plan.waiting"),
    FIRE_MISSED("fire.missed"),
    FIRE_REFUSED("fire.refused"),
    /** No run of a schedule has ended well for longer than expected. */
    EXPECTATION_BROKEN("expectation.broken"),
    EXPECTATION_MET("expectation.met"),
    /** A schedule was skipped several times in a row because its run before goes on. */
    SCHEDULE_OVERLAPPING("schedule.overlapping"),
    SCHEDULE_UNOBSTRUCTED("schedule.unobstructed"),
    HOLD_SET("hold.set"),
    HOLD_ENDED("hold.ended"),
    PLAN_SETTLED("plan.settled"),
    /** Somebody paused a run long ago. */
    RUN_PAUSED("run.paused"),
    RUN_RESUMED("run.resumed"),
    /** Only the cut-over is missing, and a person is to ask for it. */
    CONVERSION_WAITING("conversion.waiting"),
    CONVERSION_SETTLED("conversion.settled"),
    TARGET_UNREACHABLE("target.unreachable"),
    TARGET_REACHABLE("target.reachable"),
    /** Partitions of a set come to their end, by the clock. */
    RUNWAY_SHORT("runway.short"),
    RUNWAY_RESTORED("runway.restored"),
    /** The receiver of a channel is gone, and nothing is told to it until it is back. */
    CHANNEL_STOPPED("channel.stopped"),
    CHANNEL_RESUMED("channel.resumed"),
    /** Something was given up that a channel was to be told. */
    DELIVERY_DEAD("delivery.dead"),
    DELIVERY_MENDED("delivery.mended"),
    /** The control store does not answer, or did not for a while. */
    STORE_OUTAGE("store.outage"),
    FINDING_NEW("finding.new"),
    FINDING_WORSE("finding.worse"),
    FINDING_GONE("finding.gone"),
    /** A report that started by itself was written. */
    REPORT_READY("report.ready"),
    /** Retention has deleted backups. */
    BACKUP_EXPIRED("backup.expired"),
    /** For heartbeats; other channels are told of it only by a rule that names it. */
    SCHEDULE_SUCCEEDED("schedule.succeeded"),
    /** Several events as one message. */
    GROUPED("events.grouped"),
    /** What happened since the last of its kind. */
    DIGEST("events.digest"),
    /** Somebody tries a channel. */
    CHANNEL_TEST("channel.test");

    private final String text;

    NotificationEvent(String text) {
        this.text = text;
    }

    /** As in the configuration: run.failed. */
    public String text() {
        return text;
    }

    /** The event whose end this is, whatever came before; a run's recovery tells itself what it recovers from. */
    public Optional<NotificationEvent> resolves() {
        return switch (this) {
            case RUN_RECOVERED -> Optional.empty();
            default -> ends().stream().findFirst();
        };
    }

    /** What is over when this happens. */
    public Set<NotificationEvent> ends() {
        return switch (this) {
            case RUN_RECOVERED -> EnumSet.of(RUN_FAILED, RUN_PARTIAL, FIRE_REFUSED);
            case EXPECTATION_MET -> EnumSet.of(EXPECTATION_BROKEN);
            case SCHEDULE_UNOBSTRUCTED -> EnumSet.of(SCHEDULE_OVERLAPPING);
            case HOLD_ENDED -> EnumSet.of(HOLD_SET);
            case PLAN_SETTLED -> EnumSet.of(PLAN_WAITING);
            case RUN_RESUMED -> EnumSet.of(RUN_PAUSED);
            case CONVERSION_SETTLED -> EnumSet.of(CONVERSION_WAITING);
            case TARGET_REACHABLE -> EnumSet.of(TARGET_UNREACHABLE);
            case CHANNEL_RESUMED -> EnumSet.of(CHANNEL_STOPPED);
            case DELIVERY_MENDED -> EnumSet.of(DELIVERY_DEAD);
            case RUNWAY_RESTORED -> EnumSet.of(RUNWAY_SHORT);
            case FINDING_GONE -> EnumSet.of(FINDING_NEW, FINDING_WORSE);
            default -> EnumSet.noneOf(NotificationEvent.class);
        };
    }

    /** Names of what ends this. */
    public List<String> endedBy() {
        return Arrays.stream(values())
                .filter(event -> event.ends().contains(this))
                .map(NotificationEvent::text)
                .toList();
    }

    /** Names of all that this server knows. */
    public static List<String> known() {
        return Arrays.stream(values()).map(NotificationEvent::text).toList();
    }

    /** Whether a rule may name it: not what only carries other events, or is sent to one channel by hand. */
    public boolean isForRules() {
        return this != GROUPED && this != DIGEST && this != CHANNEL_TEST;
    }

    public static Optional<NotificationEvent> of(String text) {
        return Arrays.stream(values()).filter(event -> event.text.equals(text)).findFirst();
    }

    /** How much it matters. */
    public enum Severity {
        INFO,
        WARNING,
        CRITICAL
    }
}
