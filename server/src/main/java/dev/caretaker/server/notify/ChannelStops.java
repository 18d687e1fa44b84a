package dev.caretaker.server.notify;

import dev.caretaker.server.config.ChannelConfig;
import dev.caretaker.server.config.ConfigException;
import dev.caretaker.server.config.NotificationsConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.OneByOne;
import dev.caretaker.server.store.DeliveryStore;
import dev.caretaker.server.store.DeliveryStore.Stop;
import dev.caretaker.server.store.Sha256;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops channels whose receiver answers 410: by Standard Webhooks it wants nothing any more. What is told to one waits until a test of it
 * arrives, or its receiver is another one: at another URL, or of another kind. A heartbeat is never stopped: that nobody calls is what its
 * owner raises the alarm at.
 */
@Singleton
final class ChannelStops {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelStops.class);
    private static final int HASH_BYTES = 16;

    private final NotificationsConfig config;
    private final DeliveryStore deliveries;
    private final OneByOne oneByOne = new OneByOne(LOG);

    ChannelStops(NotificationsConfig config, DeliveryStore deliveries) {
        this.config = config;
        this.deliveries = deliveries;
    }

    /** Its receiver is gone; false if that does not stop it. */
    boolean stop(String channel, String why) {
        Optional<String> receiver = receiver(channel);
        if (receiver.isPresent() && deliveries.stop(channel, why, receiver.get())) {
            LOG.warn("channel {} is stopped until a test of it arrives: {}", channel, why);
        }
        return receiver.isPresent();
    }

    /** A test of it has arrived. */
    void arrived(String channel) {
        if (deliveries.resume(channel)) {
            LOG.info("channel {} is told again: a test of it has arrived", channel);
        }
    }

    @Scheduled(fixedDelay = "10s")
    void tick() {
        try {
            oneByOne.each(deliveries.stops(), this::look);
        } catch (CaretakerException e) {
            LOG.debug("stopped channels are looked at later: {}", e.getMessage());
        }
    }

    private void look(Stop stop) {
        if (!config.channels().containsKey(stop.channel())) {
            return;
        }
        try {
            boolean same = url(stop.channel()).filter(stop.receiver()::equals).isPresent();
            if (!same && deliveries.resume(stop.channel())) {
                LOG.info("channel {} is told again: it has another receiver", stop.channel());
            }
        } catch (ConfigException e) {
            LOG.debug("whether channel {} has another receiver is seen later: {}", stop.channel(), e.getMessage());
        }
    }

    /** Empty for what has no URL, or none that can be read now. */
    private Optional<String> receiver(String channel) {
        try {
            return url(channel);
        } catch (ConfigException e) {
            return Optional.empty();
        }
    }

    /** Hash of its URL, which may hold a token; empty for what has none. Fails with ConfigException if it cannot be read now. */
    private Optional<String> url(String channel) {
        ChannelConfig.Receiver receiver = switch (config.channels().get(channel)) {
            case ChannelConfig.Webhook webhook -> webhook.receiver();
            case ChannelConfig.Slack slack -> slack.receiver();
            case null, default -> null;
        };
        return Optional.ofNullable(receiver)
                .map(one -> Sha256.hex(Sha256.of(one.url().reveal().strip()), HASH_BYTES));
    }
}
