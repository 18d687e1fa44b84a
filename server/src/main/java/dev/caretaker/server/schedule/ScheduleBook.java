package dev.caretaker.server.schedule;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.FieldViolation;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.error.Similar;
import dev.caretaker.server.schedule.AppliedSchedule.Result;
import dev.caretaker.server.schedule.UnfiredTimes.Why;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.CalendarRow;
import dev.caretaker.server.store.ControlStore;
import dev.caretaker.server.store.FireOutcome;
import dev.caretaker.server.store.FireRow;
import dev.caretaker.server.store.FireStore;
import dev.caretaker.server.store.FireTrigger;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.Moments;
import dev.caretaker.server.store.ScheduleLine;
import dev.caretaker.server.store.ScheduleLineStore;
import dev.caretaker.server.store.SchedulePause;
import dev.caretaker.server.store.ScheduleRow;
import dev.caretaker.server.store.ScheduleStore;
import dev.caretaker.server.store.Sha256;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Schedules, kept in the control store, by whose clock they go. */
@Singleton
final class ScheduleBook implements Schedules {
    private static final int ETAG_BYTES = 16;
    /** Targets of a schedule that a preview asks, one after the other. */
    private static final int MOST_ASKED = 10;

    private final ControlStore control;
    private final ScheduleStore store;
    private final ScheduleLineStore lines;
    private final FireStore fires;
    private final ScheduleFit fit;
    private final Gates gates;
    private final UnfiredTimes unfired;
    private final Forecasts forecasts;
    private final Doubts doubts;
    private final FireListener listener;

    ScheduleBook(
            ControlStore control,
            ScheduleStore store,
            ScheduleLineStore lines,
            FireStore fires,
            ScheduleFit fit,
            Gates gates,
            UnfiredTimes unfired,
            Forecasts forecasts,
            Doubts doubts,
            Optional<FireListener> listener) {
        this.control = control;
        this.store = store;
        this.lines = lines;
        this.fires = fires;
        this.fit = fit;
        this.gates = gates;
        this.unfired = unfired;
        this.forecasts = forecasts;
        this.doubts = doubts;
        this.listener = listener.orElse((schedule, outcome, times) -> {});
    }

    @Override
    public List<AppliedSchedule> apply(Change change, Actor actor) {
        // All policies may have to be read for that: nobody waits for it who changes a schedule or starts what is due.
        List<List<String>> warnings = fit.warnings(
                change.schedules().stream().map(ScheduleChange::schedule).toList());
        return counted(tally -> {
            store.lock();
            requireFit(change);
            Instant now = store.now();
            applyCalendars(change, actor, now);
            List<AppliedSchedule> applied = new ArrayList<>();
            for (int i = 0; i < change.schedules().size(); i++) {
                AppliedSchedule one = apply(change.schedules().get(i), actor, now, change.validateOnly(), tally);
                applied.add(new AppliedSchedule(one.schedule(), one.result(), warnings.get(i)));
            }
            if (change.prune()) {
                applied.addAll(prune(change, tally));
            }
            return applied;
        });
    }

    /** In one transaction, after which it is counted what became of nominal times in it. */
    private <T> T counted(Function<FireTally, T> work) {
        FireTally tally = new FireTally();
        T result = control.transaction(() -> work.apply(tally));
        tally.tell(listener);
        return result;
    }

    private void requireFit(Change change) {
        Set<String> calendars =
                change.calendars().stream().map(ExclusionCalendar::name).collect(Collectors.toCollection(HashSet::new));
        if (!change.prune()) {
            gates.calendars().forEach(calendar -> calendars.add(calendar.name()));
        }
        List<FieldViolation> violations = new ArrayList<>();
        for (int i = 0; i < change.schedules().size(); i++) {
            violations.addAll(fit.violations(
                    "schedules[" + i + "]", change.schedules().get(i).schedule(), calendars));
        }
        if (!violations.isEmpty()) {
            throw CaretakerException.invalid(violations);
        }
    }

    private void applyCalendars(Change change, Actor actor, Instant now) {
        if (change.validateOnly()) {
            return;
        }
        Map<String, ExclusionCalendar> before =
                gates.calendars().stream().collect(Collectors.toMap(ExclusionCalendar::name, Function.identity()));
        for (ExclusionCalendar calendar : change.calendars()) {
            if (!calendar.equals(before.get(calendar.name()))) {
                store.putCalendar(new CalendarRow(calendar.name(), Json.write(calendar), now, actor));
            }
        }
        if (change.prune()) {
            Set<String> kept =
                    change.calendars().stream().map(ExclusionCalendar::name).collect(Collectors.toSet());
            before.keySet().stream().filter(name -> !kept.contains(name)).forEach(store::deleteCalendar);
        }
    }

    private AppliedSchedule apply(
            ScheduleChange change, Actor actor, Instant now, boolean validateOnly, FireTally tally) {
        Schedule schedule = change.schedule();
        Optional<StoredSchedule> before = store.find(schedule.name()).map(StoredSchedule::of);
        requireEtag(schedule.name(), before, change.etag());
        StoredSchedule after = new StoredSchedule(
                schedule,
                Sha256.hex(Sha256.of(Json.write(schedule)), ETAG_BYTES),
                now,
                actor,
                before.flatMap(StoredSchedule::pause));
        Result result = before.isEmpty()
                ? Result.CREATED
                : before.get().etag().equals(after.etag()) ? Result.UNCHANGED : Result.UPDATED;
        if (!validateOnly && result != Result.UNCHANGED) {
            Set<String> targets = fit.targets(schedule);
            boolean sameTimes = before.filter(was -> was.schedule().when().equals(schedule.when()))
                    .isPresent();
            before.ifPresent(was -> {
                tally.add(unfired.write(
                        was, line -> !sameTimes && targets.contains(line.target()), now, Why.SCHEDULE_CHANGED));
                tally.add(unfired.write(was, line -> !targets.contains(line.target()), now, Why.SCHEDULE_NOT_FOUND));
            });
            store.put(
                    new ScheduleRow(schedule.name(), Json.write(schedule), after.etag(), now, actor, Optional.empty()));
            tally.closed(schedule.name(), lines.set(schedule.name(), targets));
            if (sameTimes) {
                lines.wake(schedule.name(), Optional.empty());
            } else {
                lines.retime(schedule.name(), now);
            }
        }
        return new AppliedSchedule(result == Result.UNCHANGED ? before.get() : after, result, List.of());
    }

    private List<AppliedSchedule> prune(Change change, FireTally tally) {
        Set<String> kept = change.schedules().stream()
                .map(wanted -> wanted.schedule().name())
                .collect(Collectors.toSet());
        List<StoredSchedule> others = all().stream()
                .filter(row -> !kept.contains(row.name()))
                .map(StoredSchedule::of)
                .toList();
        if (!change.validateOnly()) {
            others.forEach(other -> remove(other, tally));
        }
        return others.stream()
                .map(other -> new AppliedSchedule(other, Result.DELETED, List.of()))
                .toList();
    }

    private List<ScheduleRow> all() {
        return store.list(Optional.empty(), "", Integer.MAX_VALUE);
    }

    @Override
    public SchedulePage list(Optional<String> target, int pageSize, Optional<String> pageToken) {
        List<StoredSchedule> found = store.list(target, pageToken.orElse(""), pageSize + 1).stream()
                .map(StoredSchedule::of)
                .toList();
        if (found.size() <= pageSize) {
            return new SchedulePage(found, Optional.empty());
        }
        List<StoredSchedule> page = found.subList(0, pageSize);
        return new SchedulePage(page, Optional.of(page.getLast().schedule().name()));
    }

    @Override
    public StoredSchedule get(String name) {
        return store.find(name).map(StoredSchedule::of).orElseThrow(() -> notFound(name));
    }

    @Override
    public List<Standing> standing(List<String> schedules) {
        Map<String, Schedule> found = store.named(schedules).stream()
                .collect(Collectors.toMap(ScheduleRow::name, row -> Json.read(row.content(), Schedule.class)));
        Map<String, FireRow> latest = fires.latest(schedules).stream()
                .collect(Collectors.toMap(fire -> fire.schedule() + "/" + fire.target(), Function.identity()));
        Instant now = store.now();
        return lines.of(schedules).stream()
                .filter(line -> found.containsKey(line.schedule()))
                .map(line -> new Standing(
                        found.get(line.schedule()),
                        line,
                        next(found.get(line.schedule()), line, now),
                        Optional.ofNullable(latest.get(line.schedule() + "/" + line.target()))))
                .toList();
    }

    private static Optional<Instant> next(Schedule schedule, ScheduleLine line, Instant now) {
        return schedule.when().isKnown()
                ? NominalTimes.of(schedule)
                        .next(line.settled().isAfter(now) ? line.settled() : now)
                        .map(NominalTimes.Time::nominal)
                : line.nominal().filter(now::isBefore);
    }

    @Override
    public List<ExclusionCalendar> calendars() {
        return gates.calendars();
    }

    @Override
    public ExclusionCalendar deleteCalendar(String name) {
        return control.transaction(() -> {
            store.lock();
            List<ExclusionCalendar> known = gates.calendars();
            ExclusionCalendar before = known.stream()
                    .filter(calendar -> calendar.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> noCalendar(name, known));
            String users = all().stream()
                    .map(StoredSchedule::of)
                    .map(StoredSchedule::schedule)
                    .filter(schedule -> schedule.calendars().contains(name))
                    .map(Schedule::name)
                    .collect(Collectors.joining(", "));
            if (!users.isEmpty()) {
                throw CaretakerException.of(
                        Reason.CALENDAR_IN_USE,
                        "Calendar " + name + " is named by schedules: " + users + ".",
                        Map.of("calendar", name, "schedules", users));
            }
            store.deleteCalendar(name);
            return before;
        });
    }

    private static CaretakerException noCalendar(String name, List<ExclusionCalendar> known) {
        String question = Similar.question(
                name, known.stream().map(ExclusionCalendar::name).toList());
        return CaretakerException.of(
                Reason.CALENDAR_NOT_FOUND,
                "No calendar is named \"" + name + "\"" + (question.isEmpty() ? "." : question),
                Map.of("calendar", name));
    }

    @Override
    public StoredSchedule delete(String name, Optional<String> etag) {
        return counted(tally -> {
            store.lock();
            StoredSchedule before = get(name);
            requireEtag(name, Optional.of(before), etag);
            remove(before, tally);
            return before;
        });
    }

    private void remove(StoredSchedule schedule, FireTally tally) {
        tally.add(unfired.write(schedule, line -> true, store.now(), Why.SCHEDULE_NOT_FOUND));
        tally.closed(schedule.schedule().name(), lines.set(schedule.schedule().name(), List.of()));
        store.delete(schedule.schedule().name());
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
            List<FireRow> asked = linesOf(name, target)
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
        List<ScheduleLine> all = linesOf(name, target).toList();
        boolean asks = askTarget && all.size() <= MOST_ASKED;
        return all.stream()
                .flatMap(line ->
                        doubts
                                .told(schedule.schedule(), line, forecasts.of(schedule, line, after, times), asks)
                                .stream())
                .toList();
    }

    private Stream<ScheduleLine> linesOf(String name, Optional<String> target) {
        get(name);
        List<ScheduleLine> found = lines.of(List.of(name)).stream()
                .filter(line ->
                        target.filter(wanted -> !wanted.equals(line.target())).isEmpty())
                .toList();
        if (found.isEmpty() && target.isPresent()) {
            throw CaretakerException.invalid("target", "schedule " + name + " does not work at it");
        }
        return found.stream();
    }

    private static void requireEtag(String name, Optional<StoredSchedule> stored, Optional<String> wanted) {
        boolean matches = wanted.isEmpty()
                || stored.map(schedule -> schedule.etag().equals(wanted.get())).orElse(false);
        if (!matches) {
            throw CaretakerException.of(
                    Reason.ETAG_MISMATCH,
                    stored.isPresent()
                            ? "Schedule " + name + " was changed by somebody else."
                            : "Schedule " + name + " does not exist any more.",
                    Map.of(
                            "schedule",
                            name,
                            "etag",
                            stored.map(StoredSchedule::etag).orElse("")));
        }
    }

    private CaretakerException notFound(String name) {
        String question =
                Similar.question(name, all().stream().map(ScheduleRow::name).toList());
        return CaretakerException.of(
                Reason.SCHEDULE_NOT_FOUND,
                "No schedule is named \"" + name + "\"" + (question.isEmpty() ? "." : question),
                Map.of("schedule", name));
    }
}
