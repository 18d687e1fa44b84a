package dev.caretaker.server.store;

import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time of the control store, as far as this server knows it: its machine's clock, put right by what the store's says every few seconds.
 * Servers that share a store agree on the time by it, however wrong their machines are, and times that one of them has written can be
 * compared with the store's own. While the store is away the machine's clock goes on from there. What is compared with the times of files
 * or of certificates, or told to others' services, goes by the machine's.
 */
@Singleton
public final class StoreClock implements InstantSource {
    private static final Logger LOG = LoggerFactory.getLogger(StoreClock.class);
    /** More than machines are apart that are kept right. */
    private static final Duration NOTEWORTHY = Duration.ofSeconds(2);

    private final InstantSource machine;
    private volatile Duration ahead = Duration.ZERO;

    StoreClock(@Named("machine") InstantSource machine) {
        this.machine = machine;
    }

    @Override
    public Instant instant() {
        return machine.instant().plus(ahead);
    }

    /** How far the clock of the control store is ahead of this machine's, by the last look; negative if it is behind. */
    public Duration ahead() {
        return ahead;
    }

    /**
     * Puts it right, if it does not lie within what the store can have meant: it said its time at some moment between question and answer.
     *
     * @param store asks the store for its time
     */
    void agree(Supplier<Instant> store) {
        Instant asked = machine.instant();
        Instant told = store.get();
        Duration least = Duration.between(machine.instant(), told);
        Duration most = Duration.between(asked, told);
        Duration before = ahead;
        if (before.compareTo(least) >= 0 && before.compareTo(most) <= 0) {
            return;
        }
        ahead = least.plus(most).dividedBy(2).truncatedTo(ChronoUnit.MICROS);
        if (ahead.minus(before).abs().compareTo(NOTEWORTHY) > 0) {
            LOG.warn(
                    "the control store's clock is {} s {} this machine's: times are those of the store",
                    ahead.abs().toSeconds(),
                    ahead.isNegative() ? "behind" : "ahead of");
        }
    }
}
