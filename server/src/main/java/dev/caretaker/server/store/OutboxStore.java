package dev.caretaker.server.store;

import dev.caretaker.server.config.NotificationEvent;
import dev.caretaker.server.config.NotificationEvent.Severity;
import dev.caretaker.server.error.CaretakerException;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What there is to tell. Each method is to be called in the transaction of what causes it, so that both are there or
 * neither. Messages of Postgres stay away: they may quote rows and statements.
 */
@Singleton
public class OutboxStore {
    private static final int MOST_NAMED = 100;

    private final ControlStore store;

    OutboxStore(ControlStore store) {
        this.store = store;
    }

    /** A run has ended; true. */
    boolean runEnded(UUID runId) {
        store.update("outbox_run_ended", runId);
        return true;
    }

    /** What became of a nominal time. */
    void fire(FireRow row) {
        switch (row.outcome()) {
            case MISSED -> missed(List.of(row));
            // A plan that waits for a person is told as long as it waits.
            case REFUSED -> {
                if (!row.reason().equals("UNUSUAL_VOLUME")) {
                    refused(row);
                }
            }
            default -> {}
        }
    }

    private void refused(FireRow row) {
        Map<String, String> data = data(row);
        data.put("reason", row.reason());
        row.planId().ifPresent(plan -> data.put("plan_id", plan.toString()));
        add(
                NotificationEvent.FIRE_REFUSED,
                Severity.WARNING,
                row.target(),
                topic(row.schedule(), row.target()),
                "Schedule " + row.schedule() + " at " + row.target() + " could not start what was due at "
                        + Moments.second(row.nominal()) + ": " + row.reason() + ".",
                data,
                row.nominal() + " " + row.attempts());
    }

    /** Nominal times of one schedule at one target at which no server was there. */
    void missed(List<FireRow> rows) {
        List<FireRow> missed =
                rows.stream().filter(row -> row.outcome() == FireOutcome.MISSED).toList();
        if (missed.isEmpty()) {
            return;
        }
        FireRow first = missed.getFirst();
        long times = missed.stream().mapToLong(FireRow::times).sum();
        Map<String, String> data = data(first);
        data.put("times", Long.toString(times));
        data.put("last_nominal_time", missed.getLast().lastNominal().toString());
        add(
                NotificationEvent.FIRE_MISSED,
                Severity.WARNING,
                first.target(),
                topic(first.schedule(), first.target()),
                "Schedule " + first.schedule() + " at " + first.target() + " was missed "
                        + (times == 1
                                ? "at " + Moments.second(first.nominal())
                                : times + " times from " + Moments.second(first.nominal()) + " on")
                        + (first.reason().isEmpty()
                                ? ": no server was there."
                                : ": the rules of its time zone have changed."),
                data,
                first.nominal().toString());
    }

    private static Map<String, String> data(FireRow row) {
        Map<String, String> data = new LinkedHashMap<>();
        data.put("schedule", row.schedule());
        data.put("nominal_time", row.nominal().toString());
        return data;
    }

    void holdSet(HoldRow hold) {
        hold(
                NotificationEvent.HOLD_SET,
                hold,
                "Work is on hold at " + place(hold) + " since " + Moments.second(hold.since()) + " by "
                        + hold.setBy().name()
                        + hold.until()
                                .map(end -> " until " + Moments.second(end))
                                .orElse("") + ": " + hold.reason());
    }

    void holdEnded(HoldRow hold) {
        hold(
                NotificationEvent.HOLD_ENDED,
                hold,
                "Work goes on at " + place(hold) + ". It was on hold: " + hold.reason());
    }

    private static String place(HoldRow hold) {
        return hold.target().orElse("all targets");
    }

    private void hold(NotificationEvent event, HoldRow hold, String summary) {
        Map<String, String> data = new LinkedHashMap<>();
        data.put("hold_id", hold.id().toString());
        data.put("kinds", hold.kinds().stream().map(Enum::name).sorted().collect(Collectors.joining(",")));
        add(event, Severity.INFO, hold.target().orElse(""), "holds/" + hold.id(), summary, data, "");
    }

    /**
     * The expectation of a schedule is broken. Written at most once within {@code again}, whichever server finds out.
     *
     * @param since when it last succeeded, or was made
     */
    public void expectationBroken(ScheduleLine line, Instant since, Duration within, Duration again, Instant now) {
        store.transaction(() -> {
            int ours = store.update("line_overdue", line.schedule(), line.target(), line.succeeded(), again.toMillis());
            if (ours == 1) {
                Map<String, String> data = expectation(line);
                data.put("since", since.toString());
                data.put("within", within.toString());
                add(
                        NotificationEvent.EXPECTATION_BROKEN,
                        Severity.CRITICAL,
                        line.target(),
                        topic(line.schedule(), line.target()),
                        "No run of schedule " + line.schedule() + " at " + line.target() + " has ended well since "
                                + Moments.second(since) + "; success is expected within " + Moments.span(within) + ".",
                        data,
                        now.toString(),
                        line.overdue());
            }
            return ours;
        });
    }

    /**
     * It is no longer broken; nothing if it was not known to be.
     *
     * @param met false: nothing is expected any more
     */
    public void expectationMet(ScheduleLine line, boolean met, Instant now) {
        store.transaction(() -> {
            int ours = store.update("line_expected", line.schedule(), line.target());
            if (ours == 1) {
                add(
                        NotificationEvent.EXPECTATION_MET,
                        Severity.CRITICAL,
                        line.target(),
                        topic(line.schedule(), line.target()),
                        met
                                ? "A run of schedule " + line.schedule() + " at " + line.target()
                                        + " has ended well again."
                                : "Success of schedule " + line.schedule() + " at " + line.target()
                                        + " is no longer expected.",
                        expectation(line),
                        now.toString());
            }
            return ours;
        });
    }

    private static Map<String, String> expectation(ScheduleLine line) {
        Map<String, String> data = new LinkedHashMap<>();
        data.put("schedule", line.schedule());
        return data;
    }

    /**
     * Tells that the control store was away, if it was for long and answers again, whoever noticed it first.
     *
     * @param longer what is not worth telling
     */
    public void outage(Duration longer) {
        Duration away = store.takeOutage();
        if (away.compareTo(longer) < 0) {
            return;
        }
        try {
            store.update(
                    "outage_told",
                    "The control store did not answer for " + away.toSeconds()
                            + " s: nothing was started, and nobody was told of anything.",
                    Json.write(Map.of("seconds", Long.toString(away.toSeconds()))),
                    away.toMillis());
        } catch (CaretakerException e) {
            store.giveBackOutage(away);
            throw e;
        }
    }

    /** A report was written; telling it twice is telling it once. */
    public void reportReady(UUID runId, String target, String file, String format) {
        Map<String, String> data = new LinkedHashMap<>();
        data.put("run_id", runId.toString());
        data.put("file", file);
        data.put("format", format);
        add(
                NotificationEvent.REPORT_READY,
                Severity.INFO,
                target,
                "reports/" + target,
                "A report of " + target + " is ready: " + file + ".",
                data,
                runId.toString());
    }

    /** Backups of a target were deleted because they were kept for long enough. */
    void backupsExpired(String target, List<UUID> backups) {
        String first = backups.getFirst().toString();
        Map<String, String> data = new LinkedHashMap<>();
        data.put(
                "backups",
                backups.stream().map(UUID::toString).limit(MOST_NAMED).collect(Collectors.joining(",")));
        data.put("count", Integer.toString(backups.size()));
        add(
                NotificationEvent.BACKUP_EXPIRED,
                Severity.INFO,
                target,
                "backups/" + target,
                backups.size() == 1
                        ? "Backup " + first + " of " + target + " was kept for long enough, and is deleted."
                        : backups.size() + " backups of " + target + " were kept for long enough, and are deleted: "
                                + first + " and others.",
                data,
                first);
    }

    /** Somebody tries a channel. Writing it twice is writing it once. */
    public void test(UUID id, String channel, String asker) {
        store.update(
                "outbox_add",
                id,
                NotificationEvent.CHANNEL_TEST.text(),
                Severity.INFO,
                "",
                "channels/" + channel,
                "This is a test of channel " + channel + ", asked for by " + asker + ".",
                Json.write(Map.of("channel", channel)),
                null,
                channel,
                false);
    }

    private static String topic(String schedule, String target) {
        return "schedules/" + schedule + "/" + target;
    }

    /** @param occasion what tells it from other events of the same kind at the same topic */
    private void add(
            NotificationEvent event,
            Severity severity,
            String target,
            String topic,
            String summary,
            Map<String, String> data,
            String occasion) {
        add(event, severity, target, topic, summary, data, occasion, false);
    }

    /**
     * Writes an event.
     *
     * @param occasion what tells it from other events of the same kind at the same topic
     * @param reminder whether it was told before, and goes on
     */
    void add(
            NotificationEvent event,
            Severity severity,
            String target,
            String topic,
            String summary,
            Map<String, String> data,
            String occasion,
            boolean reminder) {
        String name = event.text() + " " + topic + " " + occasion;
        store.update(
                "outbox_add",
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)),
                event.text(),
                severity,
                target,
                topic,
                summary,
                Json.write(data),
                event.resolves().map(NotificationEvent::text),
                null,
                reminder);
    }
}
