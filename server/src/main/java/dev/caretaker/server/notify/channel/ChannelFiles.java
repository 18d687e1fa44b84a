package dev.caretaker.server.notify.channel;

import dev.caretaker.server.config.ChannelConfig;
import dev.caretaker.server.config.ChannelConfig.Receiver;
import dev.caretaker.server.config.ConfigException;
import dev.caretaker.server.config.NotificationsReader;
import dev.caretaker.server.config.Secret;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Whether the files that a channel is configured by are good as they are now: they are read again each time. */
public final class ChannelFiles {
    private ChannelFiles() {}

    /** What is wrong, clauses by configuration key. They quote nothing of the files. */
    public static Map<String, String> problems(ChannelConfig channel) {
        Map<String, String> problems = new TreeMap<>();
        channel.files().forEach(file -> file.problem().ifPresent(problem -> problems.put(file.key(), problem)));
        switch (channel) {
            case ChannelConfig.Webhook webhook -> {
                url(webhook.receiver(), problems);
                secret(webhook.secret(), problems);
            }
            case ChannelConfig.Slack slack -> url(slack.receiver(), problems);
            case ChannelConfig.Heartbeat heartbeat -> url(heartbeat.receiver(), problems);
            case ChannelConfig.Email email -> authority(email.server().authority(), problems);
            case ChannelConfig.Lines lines -> folder(lines).ifPresent(problem -> problems.put(pathKey(lines), problem));
        }
        return problems;
    }

    private static String pathKey(ChannelConfig.Lines lines) {
        return "caretaker.notifications.channels." + lines.name() + ".path";
    }

    /** A disk that is mounted later is no reason not to start. */
    private static Optional<String> folder(ChannelConfig.Lines lines) {
        return Files.isDirectory(lines.path().getParent())
                ? Optional.empty()
                : Optional.of("the folder of " + lines.path() + " is not there");
    }

    private static void url(Receiver receiver, Map<String, String> problems) {
        if (receiver.url() instanceof Secret.InFile file && !problems.containsKey(file.key())) {
            NotificationsReader.problem(read(file).strip())
                    .ifPresent(problem -> problems.put(file.key(), "what " + file.path() + " holds " + problem));
        }
        authority(receiver.authority(), problems);
    }

    private static void secret(Secret secret, Map<String, String> problems) {
        if (secret instanceof Secret.InFile file && !problems.containsKey(file.key())) {
            try {
                new Signature(secret).of("id", 0, new byte[0]);
            } catch (NotDeliveredException e) {
                problems.put(file.key(), e.getMessage());
            }
        }
    }

    private static void authority(Optional<Secret.InFile> authority, Map<String, String> problems) {
        if (authority.isPresent() && !problems.containsKey(authority.get().key())) {
            try {
                Trust.factory(authority);
            } catch (NotDeliveredException e) {
                problems.put(authority.get().key(), e.getMessage());
            }
        }
    }

    /** Empty if it has just gone. */
    private static String read(Secret.InFile file) {
        try {
            return file.reveal();
        } catch (ConfigException e) {
            return "";
        }
    }
}
