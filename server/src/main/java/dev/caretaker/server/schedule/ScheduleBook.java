package dev.caretaker.server.schedule;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.ControlStore;
import dev.caretaker.server.store.FireOutcome;
import dev.caretaker.server.store.FireRow;
import dev.caretaker.server.store.FireStore;
import dev.caretaker.server.store.FireTrigger;
import dev.caretaker.server.store.Moments;
import dev.caretaker.server.store.ScheduleLine;
import dev.caretaker.server.store.ScheduleLineStore;
import dev.caretaker.server.store.SchedulePause;
import dev.caretaker.server.store.ScheduleStore;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Schedules, kept in the control store, by whose clock they go. */
@Singleton
final class ScheduleBook implements Schedules {
    /** Targets of a schedule that a preview asks, one after the other. */
    private static final int MOST_ASKED = 10;

    private final ControlStore control;
    private final ScheduleStore store;
    private final ScheduleLineStore lines;
    private final FireStore fires;
    private final StoredSchedules stored;
    private final Applying applying;
    private final Standings standings;
    private final Calendars calendars;
    private final Forecasts forecasts;
    private final Doubts doubts;

    ScheduleBook(
            ControlStore control,
            ScheduleStore store,
            ScheduleLineStore lines,
            FireStore fires,
            StoredSchedules stored,
            Applying applying,
            Standings standings,
            Calendars calendars,
            Forecasts forecasts,
            Doubts doubts) {
        this.control = control;
        this.store = store;
        this.lines = lines;
        this.fires = fires;
        this.stored = stored;
        this.applying = applying;
        this.standings = standings;
        this.calendars = calendars;
        this.forecasts = forecasts;
        this.doubts = doubts;
    }

    @Override
    public List<AppliedSchedule> apply(Change change, Actor actor) {
        return applying.apply(change, actor);
    }

    @Override
    public SchedulePage list(Optional<String> target, int pageSize, Optional<String> pageToken) {
        return stored.page(target, pageSize, pageToken);
    }

    @Override
    public StoredSchedule get(String name) {
        return stored.get(name);
    }

    @Override
    public List<Standing> standing(List<String> schedules) {
        return standings.of(schedules);
    }

    @Override
    public List<ExclusionCalendar> calendars() {
        return calendars.all();
    }

    @Override
    public ExclusionCalendar deleteCalendar(String name) {
        return control.transaction(() -> {
            store.lock();
            return calendars.delete(name, stored.all());
        });
    }

    @Override
    public StoredSchedule delete(String name, Optional<String> etag) {
        return applying.delete(name, etag);
    }

    @Override
    public StoredSchedule pause(String name, String reason, Optional<Instant> until, Actor actor) {
        return control.transaction(() -> {
            store.lock();
            get(name);
            Instant now = store.now();
            if (until.filter(end -> !end.isAfter(now)).isPresent()) {
                throw CaretakerException.invalid(
                        "end_time", "is past: it is " + Moments.second(now) + " by the clock of the control store");
            }
            store.pause(name, Optional.of(new SchedulePause(actor, reason, now, until)));
            return get(name);
        });
    }

    @Override
    public StoredSchedule resume(String name) {
        return control.transaction(() -> {
            store.lock();
            get(name);
            store.pause(name, Optional.empty());
            lines.resume(name);
            return get(name);
        });
    }

    @Override
    public List<FireRow> trigger(String name, Optional<String> target, FireTrigger trigger) {
        return control.transaction(() -> {
            store.lock();
            Instant now = store.now();
            List<FireRow> asked = stored.lines(name, target).stream()
                    .map(line -> FireRow.of(line, now, FireOutcome.WAITING, "", "Waits for a server.", now)
                            .triggeredBy(trigger)
                            .retriedAt(now))
                    .toList();
            asked.forEach(fire -> fires.put(fire, 0));
            lines.wake(name, target);
            return asked;
        });
    }

    @Override
    public List<Forecast> preview(
            String name, Optional<String> target, Optional<Instant> from, int times, boolean askTarget) {
        StoredSchedule schedule = get(name);
        Instant after = from.orElseGet(store::now);
        List<ScheduleLine> all = stored.lines(name, target);
        boolean asks = askTarget && all.size() <= MOST_ASKED;
        return all.stream()
                .flatMap(line ->
                        doubts
                                .told(schedule.schedule(), line, forecasts.of(schedule, line, after, times), asks)
                                .stream())
                .toList();
    }
}
