package dev.caretaker.server.schedule.fire;

import dev.caretaker.server.schedule.CondensedRows;
import dev.caretaker.server.schedule.FireListener;
import dev.caretaker.server.schedule.Gate.Barrier;
import dev.caretaker.server.schedule.NominalTimes;
import dev.caretaker.server.schedule.NominalTimes.Time;
import dev.caretaker.server.store.ControlStore;
import dev.caretaker.server.store.FireRow;
import dev.caretaker.server.store.FireStore;
import dev.caretaker.server.store.ScheduleLine;
import dev.caretaker.server.store.ScheduleLineStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One schedule at one target is looked at by a server whose JDK does not know a time zone by which it goes. Another server may: what is
 * due is left to it for a minute, and refused then. Once a time is refused whose follower cannot be reckoned here, the next row
 * is written by the first server that knows the zone, for all times since.
 */
final class ZoneLook {
    private static final Logger LOG = LoggerFactory.getLogger(ZoneLook.class);
    private static final Duration OTHERS = Duration.ofMinutes(1);
    /** Nobody looks at it for so long: short, so that another server comes to it while something is due. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private static final Duration LATER = Duration.ofSeconds(30);

    private final ControlStore control;
    private final ScheduleLineStore lines;
    private final FireStore fires;
    private final Turn turn;
    private final OpenFires openFires;
    private final FireListener listener;
    private final Barrier barrier;

    ZoneLook(
            ControlStore control,
            ScheduleLineStore lines,
            FireStore fires,
            Turn turn,
            OpenFires openFires,
            FireListener listener,
            Barrier barrier) {
        this.control = control;
        this.lines = lines;
        this.fires = fires;
        this.turn = turn;
        this.openFires = openFires;
        this.listener = listener;
        this.barrier = barrier;
    }

    /**
     * Starts what goes by no zone, refuses what no other server has come to, and releases the line.
     *
     * @param running whether a run of the schedule goes on
     */
    void take(boolean running) {
        ScheduleLine line = turn.line();
        Instant over = turn.now().minus(OTHERS);
        again(over, running);
        List<Time> late = due(over);
        if (!late.isEmpty()) {
            refuse(late);
        }
        boolean isDue = line.due().filter(due -> !due.isAfter(turn.now())).isPresent();
        if (isDue) {
            lines.postpone(
                    line, next(late.isEmpty() ? line.settled() : late.getLast().nominal()));
        } else {
            lines.release(line);
        }
    }

    /** What is open: what only its zone stands in the way of is left to others until then. */
    private void again(Instant over, boolean before) {
        boolean running = before;
        for (FireRow fire : fires.open(turn.line())) {
            Optional<Barrier> first = openFires.barrier(fire);
            boolean zone = first.filter(barrier::equals).isPresent();
            boolean itsTurn = !fire.retryAt().orElseThrow().isAfter(zone ? over : turn.now())
                    || !zone && !running && OpenFires.waitsForRun(fire);
            if (itsTurn) {
                running = openFires.again(fire, first, running);
            }
        }
    }

    /** When somebody is to look again, as far as that is known here. */
    private Instant next(Instant settled) {
        Optional<Instant> nominal = turn.schedule().when().isKnown()
                ? NominalTimes.of(turn.schedule()).next(settled).map(Time::due)
                : turn.line().nominal().filter(settled::isBefore);
        Instant soon = turn.now().plus(SOON);
        Instant next = Stream.concat(
                        nominal.stream(),
                        fires.open(turn.line()).stream()
                                .map(fire -> fire.retryAt().orElseThrow()))
                .min(Instant::compareTo)
                .filter(turn.now().plus(LATER)::isAfter)
                .orElse(turn.now().plus(LATER));
        return next.isBefore(soon) ? soon : next;
    }

    /** Nominal times that were due by then, in order, as far as they are known here. */
    private List<Time> due(Instant then) {
        ScheduleLine line = turn.line();
        if (turn.schedule().when().isKnown()) {
            return NominalTimes.of(turn.schedule()).due(line.settled(), then, NominalTimes.MOST_TOGETHER);
        }
        Duration jitter = turn.schedule().jitter();
        return line
                .nominal()
                .filter(next ->
                        next.isAfter(line.settled()) && !next.plus(jitter).isAfter(then))
                .map(next -> new Time(next, next))
                .stream()
                .toList();
    }

    private void refuse(List<Time> times) {
        LOG.warn("schedule {} is refused: {}", turn.line(), barrier.message());
        List<FireRow> rows = CondensedRows.of(times.stream().map(this::row).toList());
        List<FireRow> written = control.transaction(() -> {
            List<FireRow> ours = rows.stream().filter(row -> fires.put(row, 0)).toList();
            lines.settle(turn.line(), times.getLast().nominal());
            return ours;
        });
        written.forEach(row -> listener.decided(row.schedule(), row.outcome(), row.times()));
    }

    private FireRow row(Time time) {
        Barrier first = turn.gate().at(time.nominal(), time.due()).orElse(barrier);
        return FireRow.of(turn.line(), time.nominal(), first.outcome(), first.reason(), first.message(), turn.now());
    }
}
