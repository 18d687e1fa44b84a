package dev.caretaker.server.schedule;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.FieldViolation;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.schedule.AppliedSchedule.Result;
import dev.caretaker.server.schedule.UnfiredTimes.Why;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.ControlStore;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.ScheduleLineStore;
import dev.caretaker.server.store.ScheduleRow;
import dev.caretaker.server.store.ScheduleStore;
import dev.caretaker.server.store.Sha256;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Creates, changes and removes schedules: each together with its lines, one a target at which it works, and with the rows of
 * times that passed by its former definition.
 */
@Singleton
final class Applying {
    private static final int ETAG_BYTES = 16;

    private final ControlStore control;
    private final ScheduleStore store;
    private final ScheduleLineStore lines;
    private final StoredSchedules stored;
    private final Calendars calendars;
    private final ScheduleFit fit;
    private final UnfiredTimes unfired;
    private final FireListener listener;

    Applying(
            ControlStore control,
            ScheduleStore store,
            ScheduleLineStore lines,
            StoredSchedules stored,
            Calendars calendars,
            ScheduleFit fit,
            UnfiredTimes unfired,
            Optional<FireListener> listener) {
        this.control = control;
        this.store = store;
        this.lines = lines;
        this.stored = stored;
        this.calendars = calendars;
        this.fit = fit;
        this.unfired = unfired;
        this.listener = listener.orElse((schedule, outcome, times) -> {});
    }

    /** See {@link Schedules#apply}. */
    List<AppliedSchedule> apply(Schedules.Change change, Actor actor) {
        // All policies may have to be read for that: nobody waits for it who changes a schedule or starts what is due.
        List<List<String>> warnings = fit.warnings(
                change.schedules().stream().map(ScheduleChange::schedule).toList());
        return counted(tally -> {
            store.lock();
            requireFit(change);
            Instant now = store.now();
            if (!change.validateOnly()) {
                calendars.apply(change, actor, now);
            }
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

    /** See {@link Schedules#delete}. */
    StoredSchedule delete(String name, Optional<String> etag) {
        return counted(tally -> {
            store.lock();
            StoredSchedule before = stored.get(name);
            requireEtag(name, Optional.of(before), etag);
            remove(before, tally);
            return before;
        });
    }

    /** In one transaction, after which it is counted what became of nominal times in it. */
    private <T> T counted(Function<FireTally, T> work) {
        FireTally tally = new FireTally();
        T result = control.transaction(() -> work.apply(tally));
        tally.tell(listener);
        return result;
    }

    private void requireFit(Schedules.Change change) {
        Set<String> known = calendars.namesAfter(change);
        List<FieldViolation> violations = new ArrayList<>();
        for (int i = 0; i < change.schedules().size(); i++) {
            violations.addAll(fit.violations(
                    "schedules[" + i + "]", change.schedules().get(i).schedule(), known));
        }
        if (!violations.isEmpty()) {
            throw CaretakerException.invalid(violations);
        }
    }

    private AppliedSchedule apply(
            ScheduleChange change, Actor actor, Instant now, boolean validateOnly, FireTally tally) {
        Schedule schedule = change.schedule();
        Optional<StoredSchedule> before = stored.find(schedule.name());
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
            put(before, after, tally);
        }
        return new AppliedSchedule(result == Result.UNCHANGED ? before.get() : after, result, List.of());
    }

    private void put(Optional<StoredSchedule> before, StoredSchedule after, FireTally tally) {
        Schedule schedule = after.schedule();
        String name = schedule.name();
        Instant now = after.updated();
        Set<String> targets = fit.targets(schedule);
        boolean sameTimes = before.filter(was -> was.schedule().when().equals(schedule.when()))
                .isPresent();
        before.ifPresent(was -> {
            tally.add(unfired.write(
                    was, line -> !sameTimes && targets.contains(line.target()), now, Why.SCHEDULE_CHANGED));
            tally.add(unfired.write(was, line -> !targets.contains(line.target()), now, Why.SCHEDULE_NOT_FOUND));
        });
        store.put(new ScheduleRow(name, Json.write(schedule), after.etag(), now, after.updatedBy(), Optional.empty()));
        tally.closed(name, lines.set(name, targets));
        if (sameTimes) {
            lines.wake(name, Optional.empty());
        } else {
            lines.retime(name, now);
        }
    }

    private List<AppliedSchedule> prune(Schedules.Change change, FireTally tally) {
        Set<String> kept = change.schedules().stream()
                .map(wanted -> wanted.schedule().name())
                .collect(Collectors.toSet());
        List<StoredSchedule> others = stored.all().stream()
                .filter(other -> !kept.contains(other.schedule().name()))
                .toList();
        if (!change.validateOnly()) {
            others.forEach(other -> remove(other, tally));
        }
        return others.stream()
                .map(other -> new AppliedSchedule(other, Result.DELETED, List.of()))
                .toList();
    }

    private void remove(StoredSchedule schedule, FireTally tally) {
        String name = schedule.schedule().name();
        tally.add(unfired.write(schedule, line -> true, store.now(), Why.SCHEDULE_NOT_FOUND));
        tally.closed(name, lines.set(name, List.of()));
        store.delete(name);
    }

    private static void requireEtag(String name, Optional<StoredSchedule> before, Optional<String> wanted) {
        boolean matches = wanted.isEmpty()
                || before.map(schedule -> schedule.etag().equals(wanted.get())).orElse(false);
        if (!matches) {
            throw CaretakerException.of(
                    Reason.ETAG_MISMATCH,
                    before.isPresent()
                            ? "Schedule " + name + " was changed by somebody else."
                            : "Schedule " + name + " does not exist any more.",
                    Map.of(
                            "schedule",
                            name,
                            "etag",
                            before.map(StoredSchedule::etag).orElse("")));
        }
    }
}
