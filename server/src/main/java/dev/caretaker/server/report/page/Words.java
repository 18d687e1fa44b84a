package dev.caretaker.server.report.page;

import dev.caretaker.server.detect.Severity;
import dev.caretaker.server.report.HealthOpinion.Verdict;
import dev.caretaker.server.report.observe.StatementTimes;
import dev.caretaker.server.run.ThrottleSignal;
import dev.caretaker.server.store.FireOutcome;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.ReportRows.RunLine;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.Totals;
import java.util.Locale;
import java.util.Optional;

/** What constants are called in reports, and which tone they have: good, attention, critical or quiet. */
public final class Words {
    private static final String GOOD = "good";
    private static final String ATTENTION = "attention";
    private static final String CRITICAL = "critical";
    private static final String QUIET = "quiet";

    private Words() {}

    public static String of(Verdict verdict) {
        return switch (verdict) {
            case GOOD -> "All is well";
            case ATTENTION -> "Needs attention";
            case CRITICAL -> "Critical";
        };
    }

    public static String tone(Verdict verdict) {
        return switch (verdict) {
            case GOOD -> GOOD;
            case ATTENTION -> ATTENTION;
            case CRITICAL -> CRITICAL;
        };
    }

    public static String of(Severity severity) {
        return severity.name().toLowerCase(Locale.ROOT);
    }

    public static String tone(Severity severity) {
        return switch (severity) {
            case INFO -> QUIET;
            case WARNING -> ATTENTION;
            case CRITICAL -> CRITICAL;
        };
    }

    public static String of(RunKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Rows that were kept elsewhere before they were removed, and where if that is one place; empty if none were. */
    public static String kept(Totals totals) {
        long rows = totals.archived().stream().mapToLong(Totals.Archived::rows).sum();
        if (rows == 0) {
            return "";
        }
        return Show.count(rows) + " kept in "
                + (totals.archived().size() == 1
                        ? Show.visible(totals.archived().getFirst().place())
                        : totals.archived().size() + " places");
    }

    public static String title(RunKind kind) {
        return kind.name().charAt(0) + of(kind).substring(1);
    }

    /** How it ended, or that it has not. */
    public static String of(Optional<Outcome> outcome) {
        return outcome.map(Words::of).orElse("not ended");
    }

    private static String of(Outcome outcome) {
        return switch (outcome) {
            case SKIPPED -> "skipped";
            case COMPLETE -> "complete";
            case RESIDUAL -> "rows left";
            case PINNED -> "rows held back";
            case DEADLINE -> "out of time";
            case CANCELLED -> "cancelled";
            case FAILED -> "failed";
        };
    }

    /** How a run ended, or where it stands. */
    public static String of(RunLine run) {
        return run.outcome().isPresent() ? of(run.outcome()) : of(run.state());
    }

    public static String of(RunState state) {
        return switch (state) {
            case QUEUED -> "queued";
            case WAITING_WINDOW -> "waits for its window";
            case WAITING_LOCK -> "waits";
            case RUNNING -> "at work";
            case THROTTLED -> "gives way";
            case PAUSED -> "paused";
            case CANCELLING -> "is being cancelled";
            case ENDED -> "ended";
        };
    }

    public static String tone(Optional<Outcome> outcome) {
        return outcome.map(Words::tone).orElse(QUIET);
    }

    private static String tone(Outcome outcome) {
        return switch (outcome) {
            case COMPLETE -> GOOD;
            case SKIPPED -> QUIET;
            case RESIDUAL, PINNED, DEADLINE, CANCELLED -> ATTENTION;
            case FAILED -> CRITICAL;
        };
    }

    /** Where a run spent its time. */
    public static String tone(RunState state) {
        return switch (state) {
            case RUNNING -> GOOD;
            case THROTTLED, WAITING_WINDOW -> QUIET;
            case QUEUED, WAITING_LOCK, PAUSED, CANCELLING, ENDED -> ATTENTION;
        };
    }

    /** What became of a time at which a schedule was due; of one that was started, that its run failed. */
    public static String of(FireOutcome outcome) {
        return switch (outcome) {
            case WAITING -> "waiting";
            case STARTED, CAUGHT_UP -> "run failed";
            case SKIPPED_OVERLAP -> "skipped: run before still going";
            case SKIPPED_CALENDAR -> "skipped: calendar";
            case SKIPPED_WINDOW -> "skipped: window closed";
            case SKIPPED_PAUSED -> "skipped: paused";
            case SKIPPED_HOLD -> "skipped: on hold";
            case MISSED -> "missed: no server";
            case REFUSED -> "refused";
        };
    }

    public static String tone(FireOutcome outcome) {
        return switch (outcome) {
            case STARTED, CAUGHT_UP, REFUSED -> CRITICAL;
            case MISSED, SKIPPED_OVERLAP -> ATTENTION;
            case WAITING, SKIPPED_CALENDAR, SKIPPED_WINDOW, SKIPPED_PAUSED, SKIPPED_HOLD -> QUIET;
        };
    }

    /** Mean time of statements: "1.2 ms of 3,400 calls". */
    public static String mean(Optional<StatementTimes.Mean> mean) {
        return mean.map(known ->
                        Show.figure(known.milliseconds()) + " ms of " + Show.count(known.calls(), "call", "calls"))
                .orElse("unknown");
    }

    /** What a run waited for between batches; a signal that this server does not know as it is called. */
    public static String signal(String name) {
        for (ThrottleSignal signal : ThrottleSignal.values()) {
            if (signal.name().equals(name)) {
                return of(signal);
            }
        }
        return name.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String of(ThrottleSignal signal) {
        return switch (signal) {
            case PAUSE_RATIO -> "pause after each batch";
            case ROWS_PER_SECOND -> "limit of rows per second";
            case REPLICATION_LAG -> "a standby that lags behind";
            case WAL_BUDGET -> "limit of write-ahead log per second";
            case LOCK_WAITERS -> "sessions that wait for its locks";
            case OTHERS_AT_WORK -> "others at work";
            case LOG_WAITERS -> "sessions that wait for the log";
            case COMMIT_TIME -> "commits that take long";
        };
    }
}
