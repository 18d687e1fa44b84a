package dev.caretaker.server.notify.channel;

import dev.caretaker.server.config.ChannelConfig;
import dev.caretaker.server.config.NotificationsConfig;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The channels of the configuration, ready to be spoken to. */
@Singleton
public class Channels {
    private static final Logger LOG = LoggerFactory.getLogger(Channels.class);

    private final Map<String, Channel> channels = new TreeMap<>();

    Channels(NotificationsConfig config, Clock clock, @Named("machine") InstantSource machine) {
        config.channels().forEach((name, channel) -> {
            channels.put(name, channel(channel, config.source(), clock, machine));
            ChannelFiles.problems(channel)
                    .forEach((key, problem) ->
                            LOG.warn("{}: {}; channel {} is told when that is mended", key, problem, name));
        });
    }

    private static Channel channel(ChannelConfig config, URI source, Clock clock, InstantSource machine) {
        return switch (config) {
            case ChannelConfig.Webhook webhook ->
                new Webhook(webhook.receiver(), new Signature(webhook.secret()), source, machine);
            case ChannelConfig.Slack slack -> new Slack(slack.receiver());
            case ChannelConfig.Email email -> new Mail(email, source);
            case ChannelConfig.Lines lines -> new LinesFile(lines.path(), source);
            case ChannelConfig.Heartbeat heartbeat -> new Heartbeat(heartbeat.receiver(), clock);
        };
    }

    /** By name. */
    public Map<String, Channel> all() {
        return channels;
    }

    /** Calls the URL of a heartbeat now. */
    public void beat(ChannelConfig.Heartbeat heartbeat) throws NotDeliveredException {
        Heartbeat.beat(heartbeat.receiver());
    }
}
