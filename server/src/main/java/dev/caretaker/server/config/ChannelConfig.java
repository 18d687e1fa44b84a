package dev.caretaker.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where people or programs are told, under {@code caretaker.notifications.channels.<name>}. */
public sealed interface ChannelConfig {
    String name();

    /** As it is written in the configuration: webhook. */
    String type();

    /**
     * A receiver that speaks HTTP.
     *
     * @param url may hold a token of its owner
     * @param allowPrivate whether it may lie at an address that is not public: loopback, link-local, private
     * @param timeout of one request, from the look-up of its name to its answer
     */
    record Receiver(Secret url, boolean allowPrivate, Duration timeout) {}

    /**
     * CloudEvents, signed as Standard Webhooks.
     *
     * @param secret one or more, separated by spaces or lines
     */
    record Webhook(String name, Receiver receiver, Secret secret) implements ChannelConfig {
        @Override
        public String type() {
            return "webhook";
        }
    }

    /** An incoming webhook of Slack, or of what takes the same. */
    record Slack(String name, Receiver receiver) implements ChannelConfig {
        @Override
        public String type() {
            return "slack";
        }
    }

    /** A file to which a line is appended for every event. */
    record Lines(String name, Path path) implements ChannelConfig {
        @Override
        public String type() {
            return "file";
        }
    }

    /**
     * A URL that is called while all is well.
     *
     * @param schedules called after every success of these
     * @param every also called by every server at this interval while its control store answers
     */
    record Heartbeat(String name, Receiver receiver, List<String> schedules, Optional<Duration> every)
            implements ChannelConfig {
        @Override
        public String type() {
            return "heartbeat";
        }
    }
}
