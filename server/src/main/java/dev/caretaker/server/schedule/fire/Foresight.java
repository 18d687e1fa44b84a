package dev.caretaker.server.schedule.fire;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.OneByOne;
import dev.caretaker.server.run.VacuumRequest;
import dev.caretaker.server.schedule.Action;
import dev.caretaker.server.schedule.Gates;
import dev.caretaker.server.schedule.StoredSchedule;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.ScheduleLine;
import dev.caretaker.server.store.ScheduleLineStore;
import dev.caretaker.server.store.ScheduleLineStore.LineNow;
import dev.caretaker.server.vacuum.Vacuums;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at targets shortly before their time where many schedules are due in the same second: what is to be vacuumed is known
 * then, and none waits for the others' connections to be opened. What was seen serves once and not for long; where nothing was,
 * the target is looked at in time, as where few are due.
 */
@Singleton
final class Foresight {
    private static final Logger LOG = LoggerFactory.getLogger(Foresight.class);
    /** So many of one second are looked at in time. */
    static final int FEW = 8;

    private static final Duration AHEAD = Duration.ofMinutes(2);
    private static final Duration FRESH = Duration.ofMinutes(3);
    /** Of a tick, for a target that does not answer must not keep the others waiting for long. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private static final int MOST_LINES = 2_000;
    private static final int MOST_TABLES = 1_000;

    private final ScheduleLineStore lines;
    private final Gates gates;
    private final Vacuums vacuums;
    private final Map<Key, Seen> seen = new ConcurrentHashMap<>();
    private final OneByOne oneByOne = new OneByOne(LOG);
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile boolean stopping;

    Foresight(ScheduleLineStore lines, Gates gates, Vacuums vacuums) {
        this.lines = lines;
        this.gates = gates;
        this.vacuums = vacuums;
    }

    private record Key(String schedule, String target) {}

    /** Several schedules may want the same of a target. */
    private record Work(String target, Action.Vacuum action) {}

    /** @param at by System.nanoTime */
    private record Seen(Action.Vacuum action, List<VacuumRequest> tables, long at) {
        boolean isFresh() {
            return System.nanoTime() - at < FRESH.toNanos();
        }
    }

    @Scheduled(fixedDelay = "5s", initialDelay = "5s")
    void tick() {
        if (looking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("foresight").start(() -> {
                try {
                    look();
                } catch (CaretakerException e) {
                    LOG.debug("nothing is looked at before its time: {}", e.getMessage());
                } finally {
                    looking.set(false);
                }
            });
        }
    }

    @PreDestroy
    void stop() {
        stopping = true;
    }

    /** Looks at what is due together soon and was not looked at yet. */
    void look() {
        seen.values().removeIf(one -> !one.isFresh());
        long end = System.nanoTime() + LONGEST.toNanos();
        Map<Work, List<VacuumRequest>> now = new HashMap<>();
        lines.soon(AHEAD, MOST_LINES).stream()
                .collect(Collectors.groupingBy(
                        soon -> soon.line().due().orElseThrow().truncatedTo(ChronoUnit.SECONDS)))
                .values()
                .stream()
                .filter(together -> together.size() > FEW)
                .flatMap(List::stream)
                .takeWhile(soon -> !stopping && System.nanoTime() < end)
                .forEach(soon -> oneByOne.alone(soon.line().toString(), () -> look(soon, now)));
    }

    /** @param now what was looked at in the same round */
    private void look(LineNow soon, Map<Work, List<VacuumRequest>> now) {
        StoredSchedule schedule = StoredSchedule.of(soon.schedule());
        ScheduleLine line = soon.line();
        Instant due = line.due().orElseThrow();
        Key key = new Key(line.schedule(), line.target());
        if (!(schedule.schedule().action() instanceof Action.Vacuum vacuum)
                || isSeen(key, vacuum)
                || gates.of(schedule, line).at(due, due).isPresent()) {
            return;
        }
        try {
            List<VacuumRequest> tables = now.computeIfAbsent(
                    new Work(line.target(), vacuum),
                    work -> vacuums.select(Starting.vacuum(
                            work.target(), work.action(), schedule.schedule().deadline(), Actor.ENGINE)));
            if (tables.size() <= MOST_TABLES) {
                seen.put(key, new Seen(vacuum, tables, System.nanoTime()));
            }
        } catch (CaretakerException e) {
            LOG.debug("{} is looked at in time: {}", line, e.getMessage()); // what is wrong is told then
        }
    }

    private boolean isSeen(Key key, Action.Vacuum action) {
        return Optional.ofNullable(seen.get(key))
                .filter(one -> one.action().equals(action))
                .isPresent();
    }

    /** What was seen of a target for a schedule with that action, once; empty if nothing was, or long ago. */
    Optional<List<VacuumRequest>> take(String schedule, String target, Action.Vacuum action) {
        return Optional.ofNullable(seen.remove(new Key(schedule, target)))
                .filter(one -> one.isFresh() && one.action().equals(action))
                .map(Seen::tables);
    }
}
