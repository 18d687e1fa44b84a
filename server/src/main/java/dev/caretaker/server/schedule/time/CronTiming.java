package dev.caretaker.server.schedule.time;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;

/**
 * A cron expression in a time zone, by the rule that Debian's cron documents for summer time (cron(8) of Debian): what is due
 * at a fixed time that does not exist is due right after the gap, what is due at one that exists twice is due at the first, and
 * what has a wildcard as its minute or hour follows real time. Unlike there the rule holds for gaps of any length: a day that
 * a country skips is one.
 */
public final class CronTiming implements Timing {
    /** How far ahead is looked: 29 February on a given weekday comes at least every 40 years. */
    public static final int HORIZON_YEARS = 41;

    private final Cron cron;
    private final ZoneId zone;

    private CronTiming(Cron cron, ZoneId zone) {
        this.cron = cron;
        this.zone = zone;
    }

    /**
     * Reads an expression.
     *
     * @param name of the schedule, from which {@code H} follows
     * @throws InvalidCron if it cannot be read, or if it is never due
     */
    public static CronTiming read(String text, String name, ZoneId zone) {
        Cron cron = Cron.read(text, name);
        LocalDateTime any = LocalDateTime.of(2000, 1, 1, 0, 0);
        if (cron.next(any, any.plusYears(HORIZON_YEARS)).isEmpty()) {
            throw new InvalidCron("is never due: no month that it names has such a day");
        }
        return new CronTiming(cron, zone);
    }

    @Override
    public Optional<Instant> next(Instant after) {
        return cron.followsClock() ? nextByClock(after) : nextFixed(after);
    }

    @Override
    public Optional<ZoneOffset> offset(Instant at) {
        return cron.followsClock()
                ? Optional.empty()
                : Optional.of(zone.getRules().getOffset(at));
    }

    @Override
    public Instant settledAnew(Instant settled, ZoneOffset then) {
        return offset(settled).filter(now -> !now.equals(then)).isPresent()
                ? instant(LocalDateTime.ofInstant(settled, then))
                : settled;
    }

    @Override
    public boolean isShifted(Instant nominal) {
        return !cron.matches(LocalDateTime.ofInstant(nominal, zone));
    }

    /** Local times in order, each at its one instant, until one is late enough. */
    private Optional<Instant> nextFixed(Instant after) {
        LocalDateTime local = LocalDateTime.ofInstant(after, zone);
        LocalDateTime last = local.plusYears(HORIZON_YEARS);
        Optional<LocalDateTime> next = cron.next(local, last);
        while (next.isPresent()) {
            Instant instant = instant(next.get());
            if (instant.isAfter(after)) {
                return Optional.of(instant);
            }
            next = cron.next(next.get(), last);
        }
        return Optional.empty();
    }

    private Instant instant(LocalDateTime local) {
        ZoneOffsetTransition change = zone.getRules().getTransition(local);
        return change != null && change.isGap()
                ? change.getInstant()
                : local.atZone(zone).withEarlierOffsetAtOverlap().toInstant();
    }

    /** From one change of the offset to the next, between which local and real time go alike. */
    private Optional<Instant> nextByClock(Instant after) {
        ZoneRules rules = zone.getRules();
        Instant start = after.plusNanos(1);
        Instant horizon = LocalDateTime.ofInstant(after, ZoneOffset.UTC)
                .plusYears(HORIZON_YEARS)
                .toInstant(ZoneOffset.UTC);
        while (start.isBefore(horizon)) {
            ZoneOffset offset = rules.getOffset(start);
            ZoneOffsetTransition change = rules.nextTransition(start);
            Instant end = change == null || change.getInstant().isAfter(horizon) ? horizon : change.getInstant();
            LocalDateTime before = LocalDateTime.ofInstant(start, offset).minusNanos(1);
            Instant last = end;
            Optional<Instant> found = cron.next(before, LocalDateTime.ofInstant(end, offset))
                    .map(local -> local.toInstant(offset))
                    .filter(instant -> instant.isBefore(last));
            if (found.isPresent()) {
                return found;
            }
            start = end;
        }
        return Optional.empty();
    }
}
