package dev.caretaker.server.store;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** What became of the nominal times of schedules: one row each. */
@Singleton
public class FireStore {
    private final ControlStore store;
    private final ScheduleLineStore lines;
    private final OutboxStore outbox;

    FireStore(ControlStore store, ScheduleLineStore lines, OutboxStore outbox) {
        this.store = store;
        this.lines = lines;
        this.outbox = outbox;
    }

    /**
     * Writes a row that is not there yet, or that is open and as it was seen.
     *
     * @param attempts as it was seen; 0 for one that is new
     * @return false if somebody else has decided it
     */
    public boolean put(FireRow row, int attempts) {
        return store.transaction(() -> {
            boolean ours = write(row, attempts);
            if (ours) {
                outbox.fire(row);
                lines.decided(row);
            }
            return ours;
        });
    }

    /**
     * Writes rows that are not there yet; what was missed among them is told of once. To be called in a transaction.
     *
     * @return those that nobody else had written
     */
    public List<FireRow> putNew(List<FireRow> rows) {
        List<FireRow> ours = rows.stream().filter(row -> write(row, 0)).toList();
        outbox.missed(ours);
        ours.stream().reduce((first, last) -> last).ifPresent(lines::decided);
        return ours;
    }

    private boolean write(FireRow row, int attempts) {
        return store.update(
                        "fire_put",
                        row.schedule(),
                        row.target(),
                        row.nominal(),
                        row.outcome(),
                        row.reason(),
                        row.message(),
                        row.times(),
                        row.lastNominal(),
                        row.decided(),
                        row.retryAt(),
                        row.attempts(),
                        row.runId(),
                        row.earlierRuns().stream().map(UUID::toString).collect(Collectors.joining(",", "{", "}")),
                        row.planId(),
                        row.runOutcome(),
                        row.trigger().map(Json::write),
                        attempts)
                == 1;
    }

    /**
     * Writes the row of a fire that starts a run. To be called in the transaction that stores the run.
     *
     * @param settled nominal time up to which all have their rows then; empty for one out of turn
     * @return false if somebody else has decided it
     */
    public boolean start(ScheduleLine line, FireRow row, Optional<Instant> settled) {
        boolean ours = put(row, row.attempts() - 1);
        if (ours) {
            lines.started(line, row.runId().orElseThrow(), settled);
        }
        return ours;
    }

    /** Those of a line that are tried again, oldest first. */
    public List<FireRow> open(ScheduleLine line) {
        return store.list("fire_open", FireRow::read, line.schedule(), line.target());
    }

    /** The one that started a run. */
    public Optional<FireRow> ofRun(ScheduleLine line, UUID runId) {
        return store.first("fire_of_run", FireRow::read, line.schedule(), line.target(), runId);
    }

    /**
     * Notes how the run of a fire ended.
     *
     * @param retryAt when another is started for it
     */
    public void runEnded(
            FireRow row, Optional<Outcome> outcome, Optional<Instant> retryAt, String reason, String message) {
        store.update(
                "fire_run_ended",
                outcome,
                retryAt,
                reason,
                message,
                row.schedule(),
                row.target(),
                row.nominal(),
                row.runId());
    }

    /** Newest first. */
    public List<FireRow> list(Filter filter, Optional<Key> after, int limit) {
        return store.list(
                "fire_list",
                FireRow::read,
                filter.schedule(),
                filter.target(),
                filter.outcomes().isEmpty()
                        ? null
                        : ScheduleStore.texts(
                                filter.outcomes().stream().map(Enum::name).toList()),
                filter.from(),
                filter.to(),
                after.map(Key::nominal),
                after.map(Key::schedule),
                after.map(Key::target),
                limit);
    }

    /** The latest of every line of some schedules. */
    public List<FireRow> latest(Collection<String> schedules) {
        return store.list("fire_latest", FireRow::read, ScheduleStore.texts(schedules));
    }

    /** Those that a request asked for, by target. */
    public List<FireRow> ofRequest(String schedule, UUID request) {
        return store.list("fire_of_request", FireRow::read, schedule, request.toString());
    }

    /**
     * Which to list.
     *
     * @param outcomes empty means all
     * @param from nominal times not before
     * @param to nominal times before
     */
    public record Filter(
            Optional<String> schedule,
            Optional<String> target,
            Set<FireOutcome> outcomes,
            Optional<Instant> from,
            Optional<Instant> to) {}

    /** Place in the list. */
    public record Key(Instant nominal, String schedule, String target) {}

    /**
     * How long runs take.
     *
     * @param time median of them
     * @param runs so many
     */
    public record Usual(Duration time, int runs) {}

    /** How long the last ten runs of a schedule at a target took; empty if none has ended. */
    public Optional<Usual> usualTime(ScheduleLine line) {
        return store.first(
                        "fire_usual_time",
                        row -> new Usual(Duration.ofMillis(row.getLong("median_ms")), row.getInt("runs")),
                        line.schedule(),
                        line.target())
                .filter(usual -> usual.runs() > 0);
    }
}
