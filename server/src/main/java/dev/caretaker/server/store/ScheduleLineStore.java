package dev.caretaker.server.store;

import dev.caretaker.server.store.ScheduleLine.Clock;
import dev.caretaker.server.store.ScheduleLine.Reckoning;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Schedules at their targets, in the control store: when they are due, and which server looks at them. */
@Singleton
public class ScheduleLineStore {
    private final ControlStore store;
    private final ServerRoll roll;
    private final OutboxStore outbox;

    ScheduleLineStore(ControlStore store, ServerRoll roll, OutboxStore outbox) {
        this.store = store;
        this.roll = roll;
        this.outbox = outbox;
    }

    /** Lines of some schedules, by schedule and target. */
    public List<ScheduleLine> of(Collection<String> schedules) {
        return store.list("line_list", ScheduleLine::read, ScheduleStore.texts(schedules));
    }

    /**
     * A line whose expectation may be broken.
     *
     * @param within span within which success is expected; empty: none is any more
     */
    public record Watched(ScheduleLine line, Optional<Duration> within) {}

    /** Lines whose expectation is broken or was told to be: with very many schedules nothing is read of the others. */
    public List<Watched> watched() {
        return store.list(
                "line_watched",
                row -> new Watched(
                        ScheduleLine.read(row),
                        Optional.ofNullable(row.getString("expectation")).map(Duration::parse)));
    }

    /** Lines at a target, by schedule. */
    public List<ScheduleLine> ofTarget(String target) {
        return store.list("line_of_target", ScheduleLine::read, target);
    }

    /**
     * Makes the lines of a schedule those of these targets; a new one counts nominal times from now on. Of those that go nothing is expected
     * any more, and whoever was told that it had broken is told so. To be called in a transaction.
     *
     * @return fires of those that go that waited to be started and had started nothing: they are refused
     */
    public int set(String schedule, Collection<String> targets) {
        Instant now = store.now();
        of(List.of(schedule)).stream()
                .filter(line -> line.overdue() && !targets.contains(line.target()))
                .forEach(line -> outbox.expectationMet(line, false, now));
        String array = ScheduleStore.texts(targets);
        int waited = (int) store.list("fire_close", row -> row.getInt("attempts"), schedule, array).stream()
                .filter(attempts -> attempts == 0)
                .count();
        store.update("line_remove", schedule, array);
        store.update("line_add", array, schedule);
        return waited;
    }

    /** The schedule is due at other times: nominal times count from {@code now} on, by the clock of the control store. */
    public void retime(String schedule, Instant now) {
        store.update("line_retime", now, schedule);
    }

    /** Has somebody look at a schedule now, at all of its targets or one. */
    public void wake(String schedule, Optional<String> target) {
        store.update("line_wake", schedule, target);
    }

    /** Forgets failures and the pauses that followed from them. */
    public void resume(String schedule) {
        store.update("line_resume", schedule);
    }

    /**
     * A line with its schedule.
     *
     * @param now by the clock of the control store, when both were read
     */
    public record LineNow(ScheduleLine line, ScheduleRow schedule, Instant now) {
        static LineNow read(ResultSet row) throws SQLException {
            return new LineNow(
                    ScheduleLine.read(row), ScheduleRow.read(row, "schedule_pause"), ControlStore.instant(row, "now"));
        }

        /** Whether its time has come; else it is looked at because its run has ended. */
        public boolean isDue() {
            return line.due().filter(due -> !due.isAfter(now)).isPresent();
        }
    }

    /** Lines that are due, or whose run has ended, and that nobody else looks at: this server does until it releases them. */
    public List<LineNow> claim(int most) {
        return store.list("line_claim", LineNow::read, roll.self(), roll.self(), most);
    }

    /** Lines that will be due within some time, the next first. */
    public List<LineNow> soon(Duration within, int most) {
        return store.list("line_soon", LineNow::read, within.toMillis(), most);
    }

    public void release(ScheduleLine line) {
        store.update("line_release", line.schedule(), line.target(), roll.self());
    }

    /** All nominal times up to an instant have their rows. */
    public void settle(ScheduleLine line, Instant upTo) {
        store.update("line_settle", upTo, line.schedule(), line.target());
    }

    /**
     * Releases it, and says when to look again, unless somebody has asked for it earlier since {@code line} was read.
     *
     * @param nominal nominal time that is due next
     */
    public void rest(ScheduleLine line, Optional<Instant> due, Optional<Instant> nominal, Reckoning by) {
        store.update(
                "line_rest",
                line.due(),
                due,
                nominal,
                by.rules(),
                by.clock().map(Clock::offset).map(ZoneOffset::getTotalSeconds),
                by.clock().map(Clock::at),
                line.schedule(),
                line.target(),
                roll.self());
    }

    /** Releases it without knowing when it is due next: when to look again, unless somebody has asked for it earlier. */
    public void postpone(ScheduleLine line, Instant due) {
        store.update("line_postpone", line.due(), due, line.schedule(), line.target(), roll.self());
    }

    /** All nominal times up to another instant have their rows than up to that of the line: the rules of its time zone have changed. */
    public void resettle(ScheduleLine line, Instant upTo) {
        store.update("line_resettle", upTo, line.schedule(), line.target(), line.settled());
    }

    /**
     * Has somebody look now at all lines whose next nominal time was reckoned by other rules of time zones.
     *
     * @param rules version of those that this server knows
     */
    public void reckonAnew(String rules) {
        store.update("line_reckon_anew", rules);
    }

    /** @param settled empty for a fire out of turn */
    void started(ScheduleLine line, UUID runId, Optional<Instant> settled) {
        store.update("line_started", runId, settled, line.schedule(), line.target());
    }

    /**
     * A nominal time was decided, without a run: counts those in a row that came to nothing because the run before was still going.
     * One that somebody asked for out of turn is none of them.
     */
    void decided(FireRow row) {
        if (row.trigger().isPresent()
                || row.runId().isPresent()
                || row.retryAt().isPresent()) {
            return;
        }
        if (row.outcome() == FireOutcome.SKIPPED_OVERLAP) {
            store.update("line_overlapped", row.nominal(), row.schedule(), row.target());
        } else {
            store.update("line_unobstructed", row.schedule(), row.target());
        }
    }

    /**
     * Notes the end of its run.
     *
     * @param pause because of too many failures
     * @return false if somebody else has
     */
    public boolean ended(
            ScheduleLine line, UUID runId, int failures, Optional<SchedulePause> pause, Optional<Instant> succeeded) {
        return store.update(
                        "line_ended",
                        failures,
                        pause.map(Json::write),
                        succeeded,
                        line.schedule(),
                        line.target(),
                        runId)
                == 1;
    }
}
