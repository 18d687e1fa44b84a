package dev.caretaker.server.api.mapping;

import dev.caretaker.server.cleanup.policy.Cascades;
import dev.caretaker.server.cleanup.policy.Limits;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.policy.Policy.FollowUp;
import dev.caretaker.server.cleanup.policy.Retention;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.run.BackupDemand;
import dev.caretaker.server.run.RunWindow;
import dev.caretaker.server.store.TableName;
import dev.caretaker.v1.CalendarPeriod;
import dev.caretaker.v1.PolicyLimits;
import java.time.Duration;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads a policy from its message and checks all that can be checked without the table: what is required, lengths,
 * ranges and nesting. Whether the table and its columns exist and fit is the planner's to say.
 */
public final class PolicyReader {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,62}");

    private static final int MOST_CASCADES = 1_000;
    private static final int MOST_YEARS = 200;
    private static final Duration LONGEST_RETENTION = Duration.ofDays(MOST_YEARS * 36_525L / 100);

    private PolicyReader() {}

    /** The policy; incomplete if violations were found. */
    public static Policy read(Violations violations, String path, dev.caretaker.v1.Policy message) {
        violations.require(
                NAME.matcher(message.getName()).matches(),
                path + ".name",
                "must be 1 to 63 characters of [a-z0-9_-], starting with a letter");
        violations.required(path + ".target", message.getTarget());
        if (!message.hasTable()) {
            violations.add(path + ".table", "is required");
        }
        return new Policy(
                message.getName(),
                message.getTarget(),
                message.hasTable() ? Names.read(violations, path + ".table", message.getTable()) : null,
                timeColumn(violations, path + ".time_column", message),
                retention(violations, path + ".retention", message),
                message.hasFilter()
                        ? Optional.ofNullable(FilterReader.read(violations, path + ".filter", message.getFilter()))
                        : Optional.empty(),
                cascades(violations, path + ".cascade_to", message),
                message.getSkipPinned(),
                followUp(violations, path + ".follow_up", message.getFollowUp()),
                limits(violations, path + ".limits", message.getLimits()),
                violations.text(path + ".description", message.getDescription()),
                KeepingReader.read(violations, path, message),
                countBy(violations, path + ".count_by", message.getCountBy()));
    }

    private static Optional<String> countBy(Violations violations, String path, String column) {
        if (column.isEmpty()) {
            return Optional.empty();
        }
        violations.identifier(path, column);
        return Optional.of(column);
    }

    private static Cascades cascades(Violations violations, String path, dev.caretaker.v1.Policy message) {
        int count = message.getCascadeToCount();
        violations.require(count <= MOST_CASCADES, path, "must hold at most 1,000 tables");
        violations.require(
                count == 0 || !message.getAllowCascade(),
                path,
                "is for policies that do not let deletes cascade to every table");
        List<TableName> tables = new ArrayList<>();
        for (int i = 0; i < Math.min(count, MOST_CASCADES); i++) {
            String at = path + "[" + i + "]";
            TableName table = Names.read(violations, at, message.getCascadeTo(i));
            violations.require(!tables.contains(table), at, "is listed twice");
            tables.add(table);
        }
        return new Cascades(message.getAllowCascade(), tables);
    }

    private static TimeColumn timeColumn(Violations violations, String path, dev.caretaker.v1.Policy policy) {
        if (!policy.hasTimeColumn()) {
            violations.add(path, "is required");
            return null;
        }
        var message = policy.getTimeColumn();
        violations.identifier(path + ".name", message.getName());
        TimeColumn.Kind kind = switch (message.getKind()) {
            case TIME_COLUMN_KIND_TIMESTAMPTZ -> TimeColumn.Kind.TIMESTAMPTZ;
            case TIME_COLUMN_KIND_TIMESTAMP -> TimeColumn.Kind.TIMESTAMP;
            case TIME_COLUMN_KIND_DATE -> TimeColumn.Kind.DATE;
            case TIME_COLUMN_KIND_EPOCH_SECONDS -> TimeColumn.Kind.EPOCH_SECONDS;
            case TIME_COLUMN_KIND_EPOCH_MILLIS -> TimeColumn.Kind.EPOCH_MILLIS;
            case TIME_COLUMN_KIND_EPOCH_MICROS -> TimeColumn.Kind.EPOCH_MICROS;
            case TIME_COLUMN_KIND_UUID_V7 -> TimeColumn.Kind.UUID_V7;
            case TIME_COLUMN_KIND_UNSPECIFIED, UNRECOGNIZED -> null;
        };
        violations.require(kind != null, path + ".kind", "is required: how the column's values denote instants");
        boolean local = kind == TimeColumn.Kind.TIMESTAMP || kind == TimeColumn.Kind.DATE;
        String zone = message.getZone();
        if (local && zone.isEmpty()) {
            violations.add(path + ".zone", "is required for TIMESTAMP and DATE: the zone to read them in");
        } else if (kind != null && !local && !zone.isEmpty()) {
            violations.add(
                    path + ".zone", "is only for TIMESTAMP and DATE: " + kind + " values name instants by themselves");
        }
        return new TimeColumn(
                message.getName(),
                kind,
                local ? Optional.of(Times.zone(violations, path + ".zone", zone)) : Optional.empty());
    }

    private static Retention retention(Violations violations, String path, dev.caretaker.v1.Policy policy) {
        return switch (policy.getRetention().getKeptCase()) {
            case DURATION ->
                new Retention.Fixed(Times.read(
                        violations,
                        path + ".duration",
                        policy.getRetention().getDuration(),
                        Duration.ofSeconds(1),
                        LONGEST_RETENTION,
                        "at least one second and at most 200 years"));
            case CALENDAR ->
                calendar(violations, path + ".calendar", policy.getRetention().getCalendar());
            case KEPT_NOT_SET -> {
                violations.add(path, "is required: a duration or calendar units");
                yield null;
            }
        };
    }

    private static Retention calendar(Violations violations, String path, CalendarPeriod message) {
        unit(violations, path + ".years", message.getYears(), MOST_YEARS);
        unit(violations, path + ".months", message.getMonths(), MOST_YEARS * 12);
        unit(violations, path + ".days", message.getDays(), (int) LONGEST_RETENTION.toDays());
        violations.require(
                message.getYears() != 0 || message.getMonths() != 0 || message.getDays() != 0,
                path,
                "needs at least one positive unit");
        return new Retention.Calendar(
                Period.of(message.getYears(), message.getMonths(), message.getDays()),
                Times.zone(violations, path + ".zone", message.getZone()));
    }

    private static void unit(Violations violations, String path, int value, int most) {
        violations.require(value >= 0 && value <= most, path, "must be 0 to " + most + " (200 years)");
    }

    private static FollowUp followUp(Violations violations, String path, dev.caretaker.v1.FollowUp message) {
        return switch (message) {
            case FOLLOW_UP_UNSPECIFIED, FOLLOW_UP_AUTO -> FollowUp.AUTO;
            case FOLLOW_UP_NEVER -> FollowUp.NEVER;
            case FOLLOW_UP_ALWAYS -> FollowUp.ALWAYS;
            case UNRECOGNIZED -> {
                violations.add(path, "is not a choice this server knows");
                yield FollowUp.AUTO;
            }
        };
    }

    private static Limits limits(Violations violations, String path, PolicyLimits message) {
        violations.require(message.getMaxRows() >= 0, path + ".max_rows", "must not be negative; 0 means no bound");
        double fraction = message.getMaxFraction();
        violations.require(
                fraction >= 0 && fraction <= 1, path + ".max_fraction", "must be a share in (0, 1]; 0 means no bound");
        Optional<Duration> deadline =
                RunBounds.deadline(violations, path + ".deadline", message.hasDeadline(), message.getDeadline());
        Optional<RunWindow> window =
                RunBounds.window(violations, path + ".window", message.hasWindow(), message.getWindow());
        Optional<BackupDemand> backup =
                BackupDemands.read(violations, path + ".", message.hasRequireBackup(), message.getRequireBackup());
        return new Limits(message.getMaxRows(), fraction, deadline, window, backup);
    }
}
