package dev.caretaker.server.config;

import java.util.Arrays;
import java.util.Optional;

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
    HOLD_SET("hold.set"),
    HOLD_ENDED("hold.ended"),
    /** For heartbeats; other channels are told of it only by a rule that names it. */
    SCHEDULE_SUCCEEDED("schedule.succeeded"),
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
            case EXPECTATION_MET -> Optional.of(EXPECTATION_BROKEN);
            case HOLD_ENDED -> Optional.of(HOLD_SET);
            default -> Optional.empty();
        };
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
