package dev.caretaker.server.console.show;

import dev.caretaker.v1.CatchUpVerdict;
import dev.caretaker.v1.HealthVerdict;
import dev.caretaker.v1.Mechanism;
import dev.caretaker.v1.Pace;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunKind;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.Severity;
import dev.caretaker.v1.ThrottleSignal;
import dev.caretaker.v1.TimeColumnKind;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What constants of the API are called on pages, and which tone they have: good, attention, critical or quiet. */
public final class Words {
    private static final String GOOD = "good";
    private static final String ATTENTION = "attention";
    private static final String CRITICAL = "critical";
    private static final String QUIET = "quiet";

    private static final String SIGNAL = "THROTTLE_SIGNAL_";
    private static final Pattern HELD_BACK = Pattern.compile("Held back by ([A-Z_]+)\\.");
    private static final Set<String> SIGNALS = Arrays.stream(ThrottleSignal.values())
            .map(signal -> signal.name().replace(SIGNAL, ""))
            .collect(Collectors.toUnmodifiableSet());

    private Words() {}

    public static String of(HealthVerdict verdict) {
        return switch (verdict) {
            case HEALTH_VERDICT_GOOD -> "Well";
            case HEALTH_VERDICT_ATTENTION -> "Needs attention";
            case HEALTH_VERDICT_CRITICAL -> "Critical";
            case HEALTH_VERDICT_UNSPECIFIED, UNRECOGNIZED -> "Not known";
        };
    }

    public static String tone(HealthVerdict verdict) {
        return switch (verdict) {
            case HEALTH_VERDICT_GOOD -> GOOD;
            case HEALTH_VERDICT_ATTENTION -> ATTENTION;
            case HEALTH_VERDICT_CRITICAL -> CRITICAL;
            case HEALTH_VERDICT_UNSPECIFIED, UNRECOGNIZED -> QUIET;
        };
    }

    /** Of a reason: the same in one word. */
    public static String grade(HealthVerdict verdict) {
        return switch (verdict) {
            case HEALTH_VERDICT_CRITICAL -> CRITICAL;
            case HEALTH_VERDICT_ATTENTION -> ATTENTION;
            case HEALTH_VERDICT_GOOD, HEALTH_VERDICT_UNSPECIFIED, UNRECOGNIZED -> "note";
        };
    }

    public static String of(Severity severity) {
        return lower(severity.name(), "SEVERITY_");
    }

    public static String tone(Severity severity) {
        return switch (severity) {
            case SEVERITY_CRITICAL -> CRITICAL;
            case SEVERITY_WARNING -> ATTENTION;
            case SEVERITY_INFO, SEVERITY_UNSPECIFIED, UNRECOGNIZED -> QUIET;
        };
    }

    /** "Cleanup", "Backup verification". */
    public static String of(RunKind kind) {
        return switch (kind) {
            case RUN_KIND_CLEANUP -> "Cleanup";
            case RUN_KIND_VACUUM -> "Vacuum";
            case RUN_KIND_REINDEX -> "Reindex";
            case RUN_KIND_ROUTINE -> "Routine";
            case RUN_KIND_UPKEEP -> "Upkeep";
            case RUN_KIND_RESTORE -> "Restore";
            case RUN_KIND_BACKUP -> "Backup";
            case RUN_KIND_BACKUP_VERIFY -> "Backup verification";
            case RUN_KIND_ARCHIVE_VERIFY -> "Archive verification";
            case RUN_KIND_UNSPECIFIED, UNRECOGNIZED -> "Run";
        };
    }

    public static String of(RunState state) {
        return switch (state) {
            case RUN_STATE_QUEUED -> "queued";
            case RUN_STATE_WAITING_WINDOW -> "waits for its window";
            case RUN_STATE_WAITING_LOCK -> "waits";
            case RUN_STATE_RUNNING -> "at work";
            case RUN_STATE_THROTTLED -> "gives way";
            case RUN_STATE_PAUSED -> "paused";
            case RUN_STATE_CANCELLING -> "is being cancelled";
            case RUN_STATE_ENDED -> "ended";
            case RUN_STATE_UNSPECIFIED, UNRECOGNIZED -> "not known";
        };
    }

    public static String tone(RunState state) {
        return switch (state) {
            // Who gives way does what he should.
            case RUN_STATE_RUNNING, RUN_STATE_THROTTLED -> GOOD;
            case RUN_STATE_PAUSED, RUN_STATE_CANCELLING, RUN_STATE_WAITING_LOCK -> ATTENTION;
            case RUN_STATE_QUEUED, RUN_STATE_WAITING_WINDOW, RUN_STATE_ENDED, RUN_STATE_UNSPECIFIED, UNRECOGNIZED ->
                QUIET;
        };
    }

    public static String of(RunOutcome outcome) {
        return switch (outcome) {
            case RUN_OUTCOME_COMPLETE -> "complete";
            case RUN_OUTCOME_RESIDUAL -> "rows left";
            case RUN_OUTCOME_PINNED -> "rows held back";
            case RUN_OUTCOME_DEADLINE -> "out of time";
            case RUN_OUTCOME_CANCELLED -> "cancelled";
            case RUN_OUTCOME_FAILED -> "failed";
            case RUN_OUTCOME_SKIPPED -> "skipped";
            case RUN_OUTCOME_UNSPECIFIED, UNRECOGNIZED -> "not ended";
        };
    }

    public static String tone(RunOutcome outcome) {
        return switch (outcome) {
            case RUN_OUTCOME_COMPLETE -> GOOD;
            case RUN_OUTCOME_FAILED -> CRITICAL;
            case RUN_OUTCOME_RESIDUAL, RUN_OUTCOME_PINNED, RUN_OUTCOME_DEADLINE, RUN_OUTCOME_CANCELLED -> ATTENTION;
            case RUN_OUTCOME_SKIPPED, RUN_OUTCOME_UNSPECIFIED, UNRECOGNIZED -> QUIET;
        };
    }

    /** Why a run is in its state, with what holds it back in words. */
    public static String reason(String told) {
        Matcher held = HELD_BACK.matcher(told);
        return held.matches() && SIGNALS.contains(held.group(1))
                ? "Gives way to " + of(ThrottleSignal.valueOf(SIGNAL + held.group(1))) + "."
                : told;
    }

    /** How a run ended, or where it stands. */
    public static String standing(Run run) {
        return isEnded(run) ? of(run.getOutcome()) : of(run.getState());
    }

    public static String tone(Run run) {
        return isEnded(run) ? tone(run.getOutcome()) : tone(run.getState());
    }

    public static boolean isEnded(Run run) {
        return run.getState() == RunState.RUN_STATE_ENDED;
    }

    public static String of(CatchUpVerdict verdict) {
        return switch (verdict) {
            case CATCH_UP_VERDICT_KEEPS_UP -> "keeps up";
            case CATCH_UP_VERDICT_CATCHES_UP -> "catches up";
            case CATCH_UP_VERDICT_NEVER -> "never catches up";
            case CATCH_UP_VERDICT_UNCLEAR -> "unclear";
            case CATCH_UP_VERDICT_UNKNOWN, CATCH_UP_VERDICT_UNSPECIFIED, UNRECOGNIZED -> "too few samples";
        };
    }

    public static String tone(CatchUpVerdict verdict) {
        return switch (verdict) {
            case CATCH_UP_VERDICT_KEEPS_UP, CATCH_UP_VERDICT_CATCHES_UP -> GOOD;
            case CATCH_UP_VERDICT_NEVER -> CRITICAL;
            case CATCH_UP_VERDICT_UNCLEAR, CATCH_UP_VERDICT_UNKNOWN, CATCH_UP_VERDICT_UNSPECIFIED, UNRECOGNIZED ->
                QUIET;
        };
    }

    /** What a run waits for between batches. */
    public static String of(ThrottleSignal signal) {
        return switch (signal) {
            case THROTTLE_SIGNAL_PAUSE_RATIO -> "its pause after each batch";
            case THROTTLE_SIGNAL_ROWS_PER_SECOND -> "its limit of rows per second";
            case THROTTLE_SIGNAL_REPLICATION_LAG -> "a standby that lags behind";
            case THROTTLE_SIGNAL_WAL_BUDGET -> "its limit of write-ahead log per second";
            case THROTTLE_SIGNAL_LOCK_WAITERS -> "sessions that wait for its locks";
            case THROTTLE_SIGNAL_OTHERS_AT_WORK -> "others at work";
            case THROTTLE_SIGNAL_LOG_WAITERS -> "sessions that wait for the log";
            case THROTTLE_SIGNAL_COMMIT_TIME -> "commits that take long";
            case THROTTLE_SIGNAL_UNSPECIFIED, UNRECOGNIZED -> "something else";
        };
    }

    public static String of(Pace pace) {
        return pace == Pace.PACE_UNSPECIFIED ? "adaptive" : lower(pace.name(), "PACE_");
    }

    public static String of(Mechanism mechanism) {
        return mechanism == Mechanism.MECHANISM_UNSPECIFIED ? "follow-up" : lower(mechanism.name(), "MECHANISM_");
    }

    public static String of(PolicyAction action) {
        return switch (action) {
            case POLICY_ACTION_DELETE -> "delete";
            case POLICY_ACTION_ARCHIVE -> "archive, then delete";
            case POLICY_ACTION_ROLL_UP -> "count, then delete";
            case POLICY_ACTION_UNSPECIFIED, UNRECOGNIZED -> "";
        };
    }

    public static String of(TimeColumnKind kind) {
        return lower(kind.name(), "TIME_COLUMN_KIND_");
    }

    private static String lower(String constant, String prefix) {
        return constant.substring(constant.startsWith(prefix) ? prefix.length() : 0)
                .toLowerCase(Locale.ROOT)
                .replace('_', ' ');
    }
}
