package dev.caretaker.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where people or programs are told, under {@code caretaker.notifications.channels.<name>}. */
public sealed interface ChannelConfig {
    String name();

    /** As it is written in the configuration: webhook. */
    String type();

    /** What of it is kept in files. */
    List<Secret.InFile> files();

    private static List<Secret.InFile> files(Secret... secrets) {
        return Arrays.stream(secrets)
                .filter(Secret.InFile.class::isInstance)
                .map(Secret.InFile.class::cast)
                .toList();
    }

    private static List<Secret.InFile> files(Receiver receiver, Secret... secrets) {
        return Stream.of(files(receiver.url()).stream(), receiver.authority().stream(), files(secrets).stream())
                .flatMap(files -> files)
                .toList();
    }

    /**
     * A receiver that speaks HTTP.
     *
     * @param url may hold a token of its owner
     * @param allowPrivate whether it may lie at an address that is not public: loopback, link-local, private
     * @param authority certificates, in PEM, that are believed instead of those of the JDK
     * @param timeout of one request, from the look-up of its name to its answer
     */
    record Receiver(Secret url, boolean allowPrivate, Optional<Secret.InFile> authority, Duration timeout) {}

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

        @Override
        public List<Secret.InFile> files() {
            return ChannelConfig.files(receiver, secret);
        }
    }

    /** An incoming webhook of Slack, or of what takes the same. */
    record Slack(String name, Receiver receiver) implements ChannelConfig {
        @Override
        public String type() {
            return "slack";
        }

        @Override
        public List<Secret.InFile> files() {
            return ChannelConfig.files(receiver);
        }
    }

    /** A file to which a line is appended for every event. */
    record Lines(String name, Path path) implements ChannelConfig {
        @Override
        public String type() {
            return "file";
        }

        @Override
        public List<Secret.InFile> files() {
            return List.of();
        }
    }

    /**
     * Mail by SMTP.
     *
     * @param from address, perhaps with a name
     * @param to the same of each who is told
     */
    record Email(String name, MailServer server, Optional<Login> login, String from, List<String> to)
            implements ChannelConfig {
        @Override
        public String type() {
            return "email";
        }

        @Override
        public List<Secret.InFile> files() {
            List<Secret.InFile> files =
                    new ArrayList<>(server.authority().stream().toList());
            login.ifPresent(given -> files.addAll(ChannelConfig.files(given.user(), given.password())));
            return files;
        }
    }

    /**
     * Who takes mail.
     *
     * @param allowPrivate whether it may lie at an address that is not public
     * @param authority certificates, in PEM, that are believed instead of those of the JDK
     * @param timeout of one mail, from the look-up of the name to the last answer
     */
    record MailServer(
            String host,
            int port,
            Tls tls,
            boolean allowPrivate,
            Optional<Secret.InFile> authority,
            Duration timeout) {}

    /** How a mail server is known to be who it is. */
    enum Tls {
        /** The connection begins without, and goes on with TLS or not at all. */
        STARTTLS(587),
        /** From the first byte on. */
        TLS(465),
        /** Not at all; to addresses that are not public only. */
        NONE(25);

        private final int port;

        Tls(int port) {
            this.port = port;
        }

        /** Where such servers usually listen. */
        public int port() {
            return port;
        }
    }

    /** Who says to a server who Caretaker is. */
    record Login(Secret user, Secret password) {}

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

        @Override
        public List<Secret.InFile> files() {
            return ChannelConfig.files(receiver);
        }
    }
}
