package dev.caretaker.server.schedule.fire;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.OneByOne;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.Rush;
import dev.caretaker.server.schedule.FireListener;
import dev.caretaker.server.schedule.FireTally;
import dev.caretaker.server.schedule.Gate.Barrier;
import dev.caretaker.server.schedule.Gates;
import dev.caretaker.server.schedule.StoredSchedule;
import dev.caretaker.server.schedule.UnfiredTimes;
import dev.caretaker.server.schedule.UnfiredTimes.Why;
import dev.caretaker.server.schedule.time.ZoneRulesVersion;
import dev.caretaker.server.store.ControlStore;
import dev.caretaker.server.store.FireStore;
import dev.caretaker.server.store.ScheduleLine;
import dev.caretaker.server.store.ScheduleLineStore;
import dev.caretaker.server.store.ScheduleLineStore.LineNow;
import dev.caretaker.server.store.ScheduleStore;
import dev.caretaker.server.target.Targets;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has this server look at schedules that are due and that no other living server looks at. Every server does, so that
 * nothing waits for one that has died; what is due is told by the clock of the control store.
 */
@Singleton
final class FireClock {
    private static final Logger LOG = LoggerFactory.getLogger(FireClock.class);
    /** A look that failed for a reason of its own fails again at once. */
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);

    private static final Duration RELEASE_AGAIN = Duration.ofSeconds(1);
    private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(10);

    private final ControlStore control;
    private final ScheduleStore schedules;
    private final ScheduleLineStore lines;
    private final FireStore fires;
    private final Gates gates;
    private final UnfiredTimes unfired;
    private final RunEnds ends;
    private final FrozenRuns frozen;
    private final Starting starting;
    private final Targets targets;
    private final Rush rush;
    private final FireListener listener;
    private final LookPlaces places = new LookPlaces();
    private final SilentServers silent = new SilentServers(System::nanoTime);
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("fire-", 0).factory());
    private final OneByOne oneByOne = new OneByOne(LOG);
    private boolean met;
    private volatile boolean stopping;

    FireClock(
            ControlStore control,
            ScheduleStore schedules,
            ScheduleLineStore lines,
            FireStore fires,
            Gates gates,
            UnfiredTimes unfired,
            RunEnds ends,
            FrozenRuns frozen,
            Starting starting,
            Targets targets,
            Rush rush,
            Optional<FireListener> listener) {
        this.control = control;
        this.schedules = schedules;
        this.lines = lines;
        this.fires = fires;
        this.gates = gates;
        this.unfired = unfired;
        this.ends = ends;
        this.frozen = frozen;
        this.starting = starting;
        this.targets = targets;
        this.rush = rush;
        this.listener = listener.orElse((schedule, outcome, times) -> {});
    }

    @Scheduled(fixedDelay = "300ms")
    void tick() {
        try {
            if (!met) {
                oneByOne.alone("meeting the targets", this::meetTargets);
                met = true;
            }
            int free = stopping ? 0 : places.free();
            if (free > 0) {
                List<LineNow> claimed = lines.claim(free);
                if (claimed.stream().filter(LineNow::isDue).count() == LookPlaces.AT_ONCE) {
                    rush.begins();
                }
                for (LineNow line : claimed) {
                    LookPlaces.Place place = places.take();
                    threads.execute(() -> lookAtAll(line, place));
                }
            }
        } catch (CaretakerException e) {
            LOG.debug("schedules are looked at later: {}", e.getMessage());
        }
    }

    /**
     * Schedules of all targets are of those that are configured now, and what was reckoned by other rules of time zones than this server
     * knows is reckoned anew: it is due at other times, perhaps.
     */
    private void meetTargets() {
        FireTally tally = new FireTally();
        control.transaction(() -> {
            schedules.lock();
            Instant now = schedules.now();
            List<StoredSchedule> everywhere = schedules.list(Optional.empty(), "", Integer.MAX_VALUE).stream()
                    .map(StoredSchedule::of)
                    .filter(stored -> stored.schedule().target().isEmpty())
                    .toList();
            everywhere.forEach(stored -> {
                tally.add(unfired.write(
                        stored, line -> !targets.names().contains(line.target()), now, Why.SCHEDULE_NOT_FOUND));
                tally.closed(
                        stored.schedule().name(), lines.set(stored.schedule().name(), targets.names()));
            });
            lines.reckonAnew(ZoneRulesVersion.known());
            return everywhere;
        });
        tally.tell(listener);
    }

    /** What follows a look. */
    private enum After {
        /** The next one. */
        ANOTHER,
        /** The next tick: at once it would go the same way. */
        TICK,
        /** A pause: it failed for a reason of its own. */
        PAUSE
    }

    /** At that line, and then at others as long as any is due: of very many none waits for a tick. */
    private void lookAtAll(LineNow first, LookPlaces.Place place) {
        LineNow line = first;
        After after;
        try (place) {
            after = look(line);
            while (after == After.ANOTHER) {
                if (!place.another()) {
                    return;
                }
                Optional<LineNow> next = another();
                if (next.filter(LineNow::isDue).isEmpty()) {
                    rush.ends();
                }
                if (next.isEmpty()) {
                    return;
                }
                line = next.get();
                after = look(line);
            }
        }
        if (after == After.PAUSE) {
            rest(AFTER_FAILURE);
        }
        release(line.line());
    }

    private Optional<LineNow> another() {
        try {
            return stopping ? Optional.empty() : lines.claim(1).stream().findFirst();
        } catch (CaretakerException e) {
            return Optional.empty(); // the next tick tells
        }
    }

    private After look(LineNow claimed) {
        ScheduleLine line = claimed.line();
        try {
            lookAt(claimed);
            return After.ANOTHER;
        } catch (FireTaken e) {
            LOG.debug("{}: {}", line, e.getMessage());
            return After.TICK;
        } catch (CaretakerException e) {
            if (e.reason() == Reason.CONTROL_STORE_UNREACHABLE) {
                // An outage is told once, elsewhere.
                LOG.debug("schedule {} is looked at later: {}", line, e.getMessage());
                return After.TICK;
            }
            LOG.warn("schedule {} could not be looked at: {}", line, e.getMessage());
            return After.PAUSE;
        } catch (RuntimeException e) {
            LOG.warn("schedule {} could not be looked at", line, e);
            return After.PAUSE;
        }
    }

    private void lookAt(LineNow claimed) {
        StoredSchedule schedule = StoredSchedule.of(claimed.schedule());
        ScheduleLine line = claimed.line();
        boolean running = ends.isRunning(schedule.schedule(), line, claimed.now());
        Turn turn = new Turn(schedule.schedule(), line, gates.of(schedule, line), claimed.now());
        Attempt attempt = new Attempt(fires, starting, targets, silent, turn, listener);
        OpenFires open = new OpenFires(turn, attempt, frozen);
        Optional<Barrier> unknown = turn.gate().unknownZone();
        if (unknown.isPresent()) {
            new ZoneLook(control, lines, fires, turn, open, listener, unknown.get()).take(running);
            return;
        }
        new Look(control, lines, fires, turn, attempt, listener, open, running).take();
    }

    /** Until the control store hears of it: nobody else would look at it. */
    private void release(ScheduleLine line) {
        while (true) {
            try {
                lines.release(line);
                return;
            } catch (CaretakerException e) {
                if (stopping) {
                    return; // the roll of servers tells that this one is gone
                }
                rest(RELEASE_AGAIN);
            }
        }
    }

    private static void rest(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is being started is started. */
    @PreDestroy
    void stop() {
        stopping = true;
        try {
            if (!places.takeAll(SHUTDOWN_LIMIT)) {
                LOG.debug("some schedules are still being looked at");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
    }
}
