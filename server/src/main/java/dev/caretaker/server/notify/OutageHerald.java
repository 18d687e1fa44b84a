package dev.caretaker.server.notify;

import dev.caretaker.server.config.NotificationEvent;
import dev.caretaker.server.config.NotificationEvent.Severity;
import dev.caretaker.server.config.NotificationsConfig;
import dev.caretaker.server.notify.channel.Channel;
import dev.caretaker.server.notify.channel.Channels;
import dev.caretaker.server.notify.channel.NotDeliveredException;
import dev.caretaker.server.store.ControlStore;
import dev.caretaker.server.store.Notice;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells that the control store does not answer while it does not: without the outbox, which is in it. Nothing of it is kept; each
 * server tells by itself, once an outage and channel, and tries again for as long as the outage lasts.
 */
@Singleton
final class OutageHerald {
    private static final Logger LOG = LoggerFactory.getLogger(OutageHerald.class);
    /** Servers notice an outage some seconds apart: within this they give it the same id as a rule. */
    private static final long SAME_MINUTES = 10;

    private final NotificationsConfig config;
    private final ControlStore store;
    private final Rules rules;
    private final Channels channels;
    private final Clock clock;
    private final Backoff backoff;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("outage-", 0).factory());
    private Optional<Outage> outage = Optional.empty();

    OutageHerald(NotificationsConfig config, ControlStore store, Rules rules, Channels channels, Clock clock) {
        this.config = config;
        this.store = store;
        this.rules = rules;
        this.channels = channels;
        this.clock = clock;
        this.backoff = new Backoff(config.retryAfter(), config.attempts());
    }

    /** An outage that goes on, and how far each channel is told of it. */
    private record Outage(Notice notice, Map<String, Attempts> told) {}

    /**
     * Attempts at one channel.
     *
     * @param open whether another is to be made, and none is under way
     * @param failed when the last one had failed, as System.nanoTime: nobody sets that
     * @param rest how long after that the next one is made
     */
    private record Attempts(int number, boolean open, long failed, Duration rest) {
        static final Attempts NONE = new Attempts(0, true, 0, Duration.ZERO);

        Attempts begun() {
            return new Attempts(number + 1, false, failed, rest);
        }

        Attempts again(Duration after) {
            return new Attempts(number, true, System.nanoTime(), after);
        }

        boolean isDue() {
            return open && (number == 0 || System.nanoTime() - failed >= rest.toNanos());
        }
    }

    @Scheduled(fixedDelay = "5s")
    void tick() {
        Optional<Duration> away = store.awayFor();
        if (away.isEmpty()) {
            outage = Optional.empty();
        } else if (away.get().compareTo(config.unreachableAfter()) >= 0) {
            Outage now = outage.orElseGet(
                    () -> new Outage(notice(clock.instant().minus(away.get())), new ConcurrentHashMap<>()));
            outage = Optional.of(now);
            tell(now);
        }
    }

    private Notice notice(Instant since) {
        Instant second = since.truncatedTo(ChronoUnit.SECONDS);
        String name = NotificationEvent.STORE_OUTAGE.text() + " " + config.source() + " "
                + since.getEpochSecond() / 60 / SAME_MINUTES;
        return new Notice(
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)),
                NotificationEvent.STORE_OUTAGE.text(),
                Severity.CRITICAL,
                "",
                "control-store",
                "The control store has not answered since " + second
                        + ": nothing is started, and nobody is told of anything else until it does.",
                Map.of("since", second.toString(), "ongoing", "true"),
                Optional.empty(),
                clock.instant());
    }

    private void tell(Outage now) {
        for (String name : rules.atOnce(now.notice())) {
            Attempts before = now.told().getOrDefault(name, Attempts.NONE);
            Optional<Channel> channel = Optional.ofNullable(channels.all().get(name));
            if (channel.isPresent() && before.isDue()) {
                Attempts attempt = before.begun();
                now.told().put(name, attempt);
                threads.execute(() -> attempt(now, name, channel.get(), attempt));
            }
        }
    }

    private void attempt(Outage now, String name, Channel channel, Attempts attempt) {
        String why;
        boolean lasting = false;
        try {
            channel.deliver(now.notice(), attempt.number());
            return;
        } catch (NotDeliveredException e) {
            why = e.getMessage();
            lasting = e.isLasting();
        } catch (RuntimeException e) {
            why = e.getClass().getSimpleName(); // such as a file that the courier is writing to
        }
        if (lasting || backoff.isOver(attempt.number())) {
            LOG.warn("{} is not told that the control store is away: {}", name, why);
        } else {
            now.told().put(name, attempt.again(backoff.after(attempt.number())));
        }
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }
}
