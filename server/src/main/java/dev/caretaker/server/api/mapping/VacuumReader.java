package dev.caretaker.server.api.mapping;

import dev.caretaker.server.run.BackupDemand;
import dev.caretaker.server.run.RunTerms;
import dev.caretaker.server.run.RunWindow;
import dev.caretaker.server.run.VacuumOptions;
import dev.caretaker.server.run.VacuumOptions.Verb;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.Pace;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.vacuum.TableChoice;
import dev.caretaker.server.vacuum.VacuumOrder;
import dev.caretaker.server.vacuum.VacuumThresholds;
import dev.caretaker.v1.IndexCleanup;
import dev.caretaker.v1.RunVacuumRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/** Reads what to vacuum and how; who asks is added when it is known. */
public final class VacuumReader {
    private static final int MOST_TABLES = 1_000;
    private static final int MOST_WORKERS = 1_024;
    private static final int LEAST_BUFFERS = 128;
    private static final int MOST_BUFFERS = 16_777_216;
    private static final int MOST_COST = 10_000;
    private static final Duration LONGEST_DELAY = Duration.ofMillis(100);

    private VacuumReader() {}

    public static Function<Actor, VacuumOrder> order(Violations violations, RunVacuumRequest message) {
        violations.required("target", message.getTarget());
        List<TableName> tables = tables(violations, "tables", message.getTablesList());
        VacuumOptions options = options(violations, message);
        VacuumThresholds thresholds = thresholds(violations, message.getThresholds());
        Optional<Duration> deadline = RunBounds.deadline(violations, message.hasDeadline(), message.getDeadline());
        Optional<RunWindow> window = RunBounds.window(violations, "window", message.hasWindow(), message.getWindow());
        OptionalLong free = freeBytes(violations, message.getAssumeFreeBytes());
        boolean rewrites =
                message.getOptions().getFull() || message.getOptions().getRepack();
        violations.require(
                !rewrites || !tables.isEmpty(), "tables", "must name the tables that are to be rewritten, one by one");
        Optional<Pace> pace = RunReader.pace(violations, "pace", message.getPace());
        Optional<BackupDemand> backup =
                BackupDemands.read(violations, message.hasRequireBackup(), message.getRequireBackup());
        TableChoice choice = new TableChoice(tables, false, thresholds, message.getApplyThresholds());
        return actor -> new VacuumOrder(
                message.getTarget(),
                choice,
                options,
                free,
                backup,
                new RunTerms(actor, Optional.empty(), deadline, window, pace));
    }

    /** At most 1,000 names, none of them twice. */
    static List<TableName> tables(Violations violations, String path, List<dev.caretaker.v1.TableName> messages) {
        violations.require(messages.size() <= MOST_TABLES, path, "must not hold more than 1,000 names");
        List<TableName> names = new ArrayList<>();
        Set<TableName> seen = new HashSet<>();
        for (int i = 0; i < Math.min(messages.size(), MOST_TABLES); i++) {
            TableName name = Names.read(violations, path + "[" + i + "]", messages.get(i));
            violations.require(seen.add(name), path + "[" + i + "]", "is named more than once");
            names.add(name);
        }
        return names;
    }

    /** Empty if it is 0: unknown. */
    static OptionalLong freeBytes(Violations violations, long bytes) {
        violations.require(bytes >= 0, "assume_free_bytes", "must not be negative; 0 means unknown");
        return bytes == 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
    }

    private static VacuumThresholds thresholds(Violations violations, dev.caretaker.v1.VacuumThresholds message) {
        VacuumThresholds usual = VacuumThresholds.DEFAULT;
        return new VacuumThresholds(
                percent(
                        violations,
                        "dead_percent",
                        message.hasDeadPercent(),
                        message.getDeadPercent(),
                        usual.deadPercent()),
                message.hasDeadRows() ? OptionalLong.of(Math.max(0, message.getDeadRows())) : usual.minimumRows(),
                percent(
                        violations,
                        "changed_percent",
                        message.hasChangedPercent(),
                        message.getChangedPercent(),
                        usual.changedPercent()),
                percent(
                        violations,
                        "freeze_percent",
                        message.hasFreezePercent(),
                        message.getFreezePercent(),
                        usual.freezePercent()),
                percent(
                        violations,
                        "inserted_percent",
                        message.hasInsertedPercent(),
                        message.getInsertedPercent(),
                        usual.insertedPercent()));
    }

    private static OptionalDouble percent(
            Violations violations, String name, boolean given, double value, OptionalDouble usual) {
        if (!given) {
            return usual;
        }
        violations.require(value <= 100, "thresholds." + name, "must be at most 100, or negative to switch it off");
        return value < 0 ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private static VacuumOptions options(Violations violations, RunVacuumRequest request) {
        var message = request.getOptions();
        List<String> verbs = new ArrayList<>();
        if (message.getAnalyzeOnly()) {
            verbs.add("analyze_only");
        }
        if (message.getFull()) {
            verbs.add("full");
        }
        if (message.getRepack()) {
            verbs.add("repack");
        }
        violations.require(verbs.size() <= 1, "options", String.join(" and ", verbs) + " contradict each other");
        boolean analyzeOnly = message.getAnalyzeOnly();
        violations.require(
                !analyzeOnly || !message.getSkipAnalyze(), "options.skip_analyze", "contradicts analyze_only");
        Verb verb = analyzeOnly
                ? Verb.ANALYZE
                : message.getFull() ? Verb.FULL : message.getRepack() ? Verb.REPACK : Verb.VACUUM;
        Only only = new Only(violations, verb);
        only.plain("parallel", message.hasParallel());
        only.plain("truncate", message.hasTruncate());
        only.plain("index_cleanup", message.getIndexCleanup() != IndexCleanup.INDEX_CLEANUP_UNSPECIFIED);
        only.plain("process_toast", message.hasProcessToast());
        only.vacuum("freeze", message.getFreeze());
        only.statement("skip_locked", message.getSkipLocked());
        only.gentle("cost_delay", message.hasCostDelay());
        only.gentle("cost_limit", message.hasCostLimit());
        only.gentle("buffer_usage_limit_kb", message.hasBufferUsageLimitKb());
        range(violations, "parallel", message.hasParallel(), message.getParallel(), 0, MOST_WORKERS);
        range(violations, "cost_limit", message.hasCostLimit(), message.getCostLimit(), 1, MOST_COST);
        int buffers = message.getBufferUsageLimitKb();
        violations.require(
                buffers == 0 || buffers >= LEAST_BUFFERS && buffers <= MOST_BUFFERS,
                "options.buffer_usage_limit_kb",
                "must be 0 or 128 to 16777216");
        Optional<Duration> delay = message.hasCostDelay()
                ? Optional.ofNullable(Times.read(
                        violations,
                        "options.cost_delay",
                        message.getCostDelay(),
                        Duration.ZERO,
                        LONGEST_DELAY,
                        "0 to 100 ms"))
                : Optional.empty();
        return new VacuumOptions(
                verb,
                !message.getSkipAnalyze(),
                message.getFreeze(),
                false,
                message.hasParallel() ? Optional.of(message.getParallel()) : Optional.empty(),
                cleanup(violations, message.getIndexCleanup()),
                message.hasTruncate() ? Optional.of(message.getTruncate()) : Optional.empty(),
                message.getSkipLocked(),
                message.hasProcessToast() ? Optional.of(message.getProcessToast()) : Optional.empty(),
                message.hasBufferUsageLimitKb() ? Optional.of(buffers) : Optional.empty(),
                delay,
                message.hasCostLimit() ? Optional.of(message.getCostLimit()) : Optional.empty());
    }

    private static void range(Violations violations, String name, boolean given, int value, int least, int most) {
        violations.require(
                !given || value >= least && value <= most, "options." + name, "must be " + least + " to " + most);
    }

    private static Optional<VacuumOptions.IndexCleanup> cleanup(Violations violations, IndexCleanup message) {
        return switch (message) {
            case INDEX_CLEANUP_UNSPECIFIED -> Optional.empty();
            case INDEX_CLEANUP_AUTO -> Optional.of(VacuumOptions.IndexCleanup.AUTO);
            case INDEX_CLEANUP_ON -> Optional.of(VacuumOptions.IndexCleanup.ON);
            case INDEX_CLEANUP_OFF -> Optional.of(VacuumOptions.IndexCleanup.OFF);
            case UNRECOGNIZED -> {
                violations.add("options.index_cleanup", "is not a choice this server knows");
                yield Optional.empty();
            }
        };
    }

    /** Options that a statement has no words for are refused, not dropped. */
    private record Only(Violations violations, Verb verb) {
        void plain(String option, boolean given) {
            require(option, given, verb == Verb.VACUUM, "is for plain VACUUM only");
        }

        void vacuum(String option, boolean given) {
            require(option, given, verb == Verb.VACUUM || verb == Verb.FULL, "is for VACUUM only");
        }

        /** A rewrite does not rest. */
        void gentle(String option, boolean given) {
            require(
                    option,
                    given,
                    verb == Verb.VACUUM || verb == Verb.ANALYZE,
                    "is for VACUUM and ANALYZE, not for rewrites");
        }

        void statement(String option, boolean given) {
            require(option, given, verb != Verb.REPACK, "is not for REPACK");
        }

        private void require(String option, boolean given, boolean fits, String description) {
            violations.require(!given || fits, "options." + option, description);
        }
    }
}
