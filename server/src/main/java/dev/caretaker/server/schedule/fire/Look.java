package dev.caretaker.server.schedule.fire;

import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.schedule.CondensedRows;
import dev.caretaker.server.schedule.FireListener;
import dev.caretaker.server.schedule.Gate.Barrier;
import dev.caretaker.server.schedule.NominalTimes;
import dev.caretaker.server.schedule.NominalTimes.Time;
import dev.caretaker.server.schedule.time.ZoneRulesVersion;
import dev.caretaker.server.store.ControlStore;
import dev.caretaker.server.store.FireOutcome;
import dev.caretaker.server.store.FireRow;
import dev.caretaker.server.store.FireStore;
import dev.caretaker.server.store.ScheduleLine;
import dev.caretaker.server.store.ScheduleLine.Clock;
import dev.caretaker.server.store.ScheduleLine.Reckoning;
import dev.caretaker.server.store.ScheduleLineStore;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One schedule at one target is looked at: what is open is tried again, and every nominal time that is due gets its row. Of
 * several that are due, because no server was there, at most the newest is started.
 */
final class Look {
    /** Later than that somebody must have been missing. */
    private static final Duration ON_TIME = Duration.ofMinutes(1);

    private static final String NOBODY = "No server was there at the time.";
    /** Reason of a nominal time that passed before a server knew of it. */
    private static final String NEW_RULES = "NEW_ZONE_RULES";

    private static final String UNKNOWN_RULES =
            "It follows from rules of its time zone that no server knew at the time.";

    private final ControlStore control;
    private final ScheduleLineStore lines;
    private final FireStore fires;
    private final Turn turn;
    private final Attempt attempt;
    private final FireListener listener;
    private final OpenFires openFires;
    private final NominalTimes times;
    /** Whether a server that knew other rules of time zones reckoned that nothing would be due by now. */
    private final boolean newRules;

    private boolean running;
    private Instant settled;
    /** Its fires that are tried again, as long as they are as they were read. */
    private Optional<List<FireRow>> open = Optional.empty();

    Look(
            ControlStore control,
            ScheduleLineStore lines,
            FireStore fires,
            Turn turn,
            Attempt attempt,
            FireListener listener,
            OpenFires openFires,
            boolean running) {
        this.control = control;
        this.lines = lines;
        this.fires = fires;
        this.turn = turn;
        this.attempt = attempt;
        this.listener = listener;
        this.openFires = openFires;
        this.times = NominalTimes.of(turn.schedule());
        this.running = running;
        this.settled = turn.line().settled();
        this.newRules = turn.line()
                        .reckoning()
                        .filter(by -> !by.rules().equals(ZoneRulesVersion.known()))
                        .isPresent()
                && turn.line().nominal().filter(turn.now()::isBefore).isPresent();
    }

    /** Does what is due, and releases the line. */
    void take() {
        settleAnew();
        for (FireRow fire : open()) {
            boolean itsTurn =
                    !fire.retryAt().orElseThrow().isAfter(turn.now()) || OpenFires.waitsForRun(fire) && !running;
            if (itsTurn) {
                open = Optional.empty();
                running = openFires.again(fire, openFires.barrier(fire), running);
            }
        }
        List<Time> due = times.due(settled, turn.now(), NominalTimes.MOST_TOGETHER);
        if (!due.isEmpty()) {
            fresh(due);
        }
        Optional<Time> next = times.next(settled);
        lines.rest(
                turn.line(),
                next(due.size() == NominalTimes.MOST_TOGETHER, next),
                next.map(Time::nominal),
                new Reckoning(
                        ZoneRulesVersion.known(),
                        times.timing().offset(settled).map(offset -> new Clock(settled, offset))));
    }

    /** What was settled by rules of the time zone that are no longer those that are known: the same local times are. */
    private void settleAnew() {
        ScheduleLine line = turn.line();
        Instant anew = line.reckoning()
                .flatMap(Reckoning::clock)
                .filter(clock -> clock.at().equals(line.settled()))
                .map(clock -> times.timing().settledAnew(line.settled(), clock.offset()))
                .orElse(line.settled());
        if (!anew.equals(line.settled())) {
            lines.resettle(line, anew);
            settled = anew;
        }
    }

    private List<FireRow> open() {
        List<FireRow> read = open.orElseGet(() -> fires.open(turn.line()));
        open = Optional.of(read);
        return read;
    }

    private Optional<Instant> next(boolean more, Optional<Time> next) {
        if (more) {
            return Optional.of(turn.now());
        }
        return Stream.concat(next.map(Time::due).stream(), open().stream().flatMap(fire -> fire.retryAt().stream()))
                .min(Instant::compareTo);
    }

    private void fresh(List<Time> due) {
        Optional<Time> chosen = due.size() < NominalTimes.MOST_TOGETHER ? newest(due) : Optional.empty();
        Missed missed = new Missed(turn.line(), turn.gate(), turn.now());
        List<FireRow> before = new ArrayList<>();
        List<FireRow> after = new ArrayList<>();
        for (Time time : due) {
            if (chosen.filter(time::equals).isEmpty()) {
                boolean earlier = chosen.filter(start -> start.nominal().isAfter(time.nominal()))
                        .isPresent();
                (earlier ? before : after).add(missed.row(time, newRules ? NEW_RULES : "", whyMissed(time)));
            }
        }
        if (chosen.isPresent()) {
            if (!before.isEmpty()) {
                settle(before, chosen.get().nominal().minus(1, ChronoUnit.MICROS));
            }
            decide(chosen.get());
        }
        Instant upTo = due.getLast().nominal();
        if (settled.isBefore(upTo)) {
            settle(after, upTo);
        }
    }

    /** The newest that nothing stands in the way of and that is not too late. */
    private Optional<Time> newest(List<Time> due) {
        return due.reversed().stream()
                .filter(time -> turn.gate().at(time.nominal(), time.due()).isEmpty())
                .findFirst()
                .filter(time -> late(time).compareTo(ON_TIME) <= 0
                        || late(time).compareTo(turn.schedule().catchUp()) <= 0);
    }

    private Duration late(Time time) {
        return Duration.between(time.due(), turn.now());
    }

    private String whyMissed(Time time) {
        String nobody = newRules ? UNKNOWN_RULES : NOBODY;
        return late(time).compareTo(turn.schedule().catchUp()) > 0
                ? nobody + " It was " + Amounts.time(late(time)) + " late then, and is caught up within "
                        + Amounts.time(turn.schedule().catchUp()) + "."
                : nobody + " A later time is caught up.";
    }

    private void settle(List<FireRow> rows, Instant upTo) {
        List<FireRow> written = control.transaction(() -> {
            List<FireRow> ours = fires.putNew(CondensedRows.of(rows));
            lines.settle(turn.line(), upTo);
            return ours;
        });
        written.forEach(row -> listener.decided(row.schedule(), row.outcome(), row.times()));
        isSettled(upTo);
    }

    private void isSettled(Instant upTo) {
        settled = settled.isAfter(upTo) ? settled : upTo;
    }

    private void decide(Time time) {
        boolean late = late(time).compareTo(ON_TIME) > 0;
        FireRow fire = FireRow.of(turn.line(), time.nominal(), FireOutcome.WAITING, "", "", turn.now());
        Optional<Barrier> barrier = late ? turn.gate().at(time.nominal(), turn.now()) : Optional.empty();
        boolean queued = supersede();
        boolean started = false;
        if (barrier.isPresent()) {
            attempt.giveUp(fire, barrier.get());
        } else if (!running && !queued) {
            running = attempt.start(
                    fire, late ? FireOutcome.CAUGHT_UP : FireOutcome.STARTED, Optional.of(time.nominal()));
            started = running;
            if (started) {
                isSettled(time.nominal()); // in the transaction that started it
            }
        } else if (!queued && openFires.waits(running)) {
            attempt.waitForRun(fire);
        } else {
            attempt.giveUp(fire, attempt.overlap());
        }
        if (!started) {
            open = Optional.empty(); // it may be one of them now
        }
    }

    /** What was to be tried again gives way to the new; whether one is left that waits for the run before it. */
    private boolean supersede() {
        boolean queued = false;
        for (FireRow fire : open()) {
            if (OpenFires.waitsForRun(fire)) {
                queued = true;
            } else if (fire.trigger().isEmpty()) {
                attempt.supersede(fire);
                open = Optional.empty();
            }
        }
        return queued;
    }
}
