package dev.caretaker.server.notify;

import dev.caretaker.server.config.ChannelConfig;
import dev.caretaker.server.config.NotificationEvent;
import dev.caretaker.server.config.NotificationsConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.OneByOne;
import dev.caretaker.server.notify.channel.Channel;
import dev.caretaker.server.notify.channel.Channels;
import dev.caretaker.server.notify.channel.NotDeliveredException;
import dev.caretaker.server.store.DeliveryRow;
import dev.caretaker.server.store.DeliveryStore;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers what is due, at least once each. Every server does; a delivery is leased for the time of one attempt, so that what
 * a server leaves behind that dies is attempted by another. Each channel has places of its own: a slow one holds up no other.
 */
@Singleton
final class Courier {
    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
    /** Beyond the longest time of an attempt: to note how it ended. */
    private static final Duration LEASE_MARGIN = Duration.ofSeconds(10);

    private final DeliveryStore deliveries;
    private final Router router;
    private final Channels channels;
    private final NotificationsConfig config;
    private final Backoff backoff;
    private final ChannelStops stops;
    private final DeliveryListener listener;
    private final Map<String, Semaphore> places = new ConcurrentHashMap<>();
    private final Map<String, Long> beats = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("courier-", 0).factory());
    private final OneByOne oneByOne = new OneByOne(LOG);
    private volatile boolean stopping;

    Courier(
            DeliveryStore deliveries,
            Router router,
            Channels channels,
            NotificationsConfig config,
            ChannelStops stops,
            Optional<DeliveryListener> listener) {
        this.deliveries = deliveries;
        this.router = router;
        this.channels = channels;
        this.config = config;
        this.stops = stops;
        this.listener = listener.orElse(channel -> {});
        this.backoff = new Backoff(config.retryAfter(), config.attempts());
        channels.all().forEach((name, channel) -> places.put(name, new Semaphore(channel.atOnce())));
    }

    @Scheduled(fixedDelay = "1s")
    void tick() {
        try {
            oneByOne.alone("routing notifications", router::route);
            oneByOne.each(
                    channels.all().keySet(), name -> claim(name, channels.all().get(name)));
            oneByOne.each(
                    config.channels().keySet(), name -> beat(config.channels().get(name)));
        } catch (CaretakerException e) {
            LOG.debug("notifications are delivered later: {}", e.getMessage());
        }
    }

    private void claim(String name, Channel channel) {
        Semaphore free = places.get(name);
        int most = stopping ? 0 : free.drainPermits();
        int begun = 0;
        try {
            if (most > 0) {
                for (DeliveryRow row : deliveries.claim(name, channel.limit().plus(LEASE_MARGIN), most)) {
                    threads.execute(() -> {
                        try {
                            attemptAll(row, name, channel);
                        } finally {
                            free.release();
                        }
                    });
                    begun++;
                }
            }
        } finally {
            free.release(most - begun);
        }
    }

    /** One after the other, as long as any is due. */
    private void attemptAll(DeliveryRow first, String name, Channel channel) {
        try {
            attempt(first, channel);
            while (!stopping) {
                var next = deliveries.claim(name, channel.limit().plus(LEASE_MARGIN), 1);
                if (next.isEmpty()) {
                    return;
                }
                attempt(next.getFirst(), channel);
            }
        } catch (CaretakerException e) {
            LOG.debug("a delivery to {} is attempted again later: {}", name, e.getMessage());
        }
    }

    private void attempt(DeliveryRow row, Channel channel) {
        try {
            channel.deliver(row.notice(), row.attempts());
            deliveries.end(row, DeliveryRow.State.DELIVERED, "", Duration.ZERO);
            if (isTest(row)) {
                stops.arrived(row.channel());
            }
        } catch (NotDeliveredException e) {
            if (e.isGone() && stops.stop(row.channel(), e.getMessage()) && !isTest(row)) {
                listener.failed(row.channel());
                deliveries.await(row, e.getMessage());
                return;
            }
            failed(
                    row,
                    e.getMessage(),
                    e.isLasting() || backoff.isOver(row.attempts()),
                    e.notBefore().orElse(Duration.ZERO));
        } catch (CaretakerException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.warn("{} could not be told of {}", row.channel(), row.notice().id(), e);
            failed(row, e.getClass().getSimpleName(), backoff.isOver(row.attempts()), Duration.ZERO);
        }
    }

    /** A test is over with its answer; all else waits for a channel that is stopped. */
    private static boolean isTest(DeliveryRow row) {
        return row.notice().type().equals(NotificationEvent.CHANNEL_TEST.text());
    }

    private void failed(DeliveryRow row, String why, boolean dead, Duration notBefore) {
        listener.failed(row.channel());
        if (dead) {
            LOG.warn("{} is not told of \"{}\": {}", row.channel(), row.notice().type(), why);
        }
        Duration wait = backoff.after(row.attempts());
        deliveries.end(
                row,
                dead ? DeliveryRow.State.DEAD : DeliveryRow.State.PENDING,
                why,
                wait.compareTo(notBefore) < 0 ? notBefore : wait);
    }

    /** By every server whose control store answers: the last of them to fall silent is missed. */
    private void beat(ChannelConfig channel) {
        if (channel instanceof ChannelConfig.Heartbeat heartbeat
                && heartbeat.every().isPresent()
                && !stopping) {
            long now = System.nanoTime();
            Long last = beats.get(heartbeat.name());
            if (last == null || now - last >= heartbeat.every().get().toNanos()) {
                beats.put(heartbeat.name(), now);
                threads.execute(() -> oneByOne.alone("sending a heartbeat", () -> beatNow(heartbeat)));
            }
        }
    }

    private void beatNow(ChannelConfig.Heartbeat heartbeat) {
        try {
            channels.beat(heartbeat);
        } catch (NotDeliveredException e) {
            LOG.warn("heartbeat {} was not sent: {}", heartbeat.name(), e.getMessage());
        }
    }

    @PreDestroy
    void stop() {
        stopping = true;
        threads.shutdownNow();
    }
}
