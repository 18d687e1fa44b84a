package dev.caretaker.server.api.mapping;

import dev.caretaker.server.archive.ArchiveTerms;
import dev.caretaker.server.partition.upkeep.grid.CalendarGrid;
import dev.caretaker.server.partition.upkeep.grid.CalendarUnit;
import dev.caretaker.server.partition.upkeep.grid.IntegerGrid;
import dev.caretaker.server.partition.upkeep.grid.KeyEncoding;
import dev.caretaker.server.partition.upkeep.grid.NameTemplate;
import dev.caretaker.server.partition.upkeep.grid.PartitionGrid;
import dev.caretaker.server.partition.upkeep.set.Ahead;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.partition.upkeep.set.PartitionSet.DefaultRule;
import dev.caretaker.server.partition.upkeep.set.Retirement;
import dev.caretaker.v1.ArchiveDurability;
import dev.caretaker.v1.CalendarPeriod;
import dev.caretaker.v1.PartitionRetirement;
import dev.caretaker.v1.PartitionsAhead;
import dev.caretaker.v1.RetiredPartitionEnd;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads partition sets from their messages. What their tables say comes later. */
public final class PartitionSetReader {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,62}");
    private static final int MOST_LOOKBACK = 100;
    private static final int MOST_AHEAD = 1_000;
    private static final int MOST_KEPT = 100_000;
    private static final int MOST_YEARS = 200;
    private static final Duration LONGEST_AHEAD = Duration.ofDays(7_305);
    private static final Duration LONGEST_HOLD = Duration.ofDays(3_653);
    private static final Duration LONGEST_KEPT = Duration.ofDays(73_050);
    private static final PartitionGrid NONE = new IntegerGrid(BigInteger.ONE, BigInteger.ZERO);

    private PartitionSetReader() {}

    /** The set; incomplete if violations were found. */
    public static PartitionSet read(Violations violations, String path, dev.caretaker.v1.PartitionSet message) {
        violations.require(
                NAME.matcher(message.getName()).matches(),
                path + ".name",
                "must be 1 to 63 characters of [a-z0-9_-], starting with a letter");
        violations.required(path + ".target", message.getTarget());
        violations.require(message.hasTable(), path + ".table", "is required");
        violations.require(
                message.getLookback() >= 0 && message.getLookback() <= MOST_LOOKBACK,
                path + ".lookback",
                "must be 0 to " + MOST_LOOKBACK);
        violations.text(path + ".name_pattern", message.getNamePattern());
        return new PartitionSet(
                message.getName(),
                message.getTarget(),
                message.hasTable() ? Names.read(violations, path + ".table", message.getTable()) : null,
                grid(violations, path + ".grid", message.getGrid()),
                encoding(violations, path + ".encoding", message.getEncoding()),
                ahead(violations, path + ".ahead", message.getAhead()),
                message.getLookback(),
                Optional.of(message.getNamePattern())
                        .filter(text -> !text.isEmpty())
                        .map(NameTemplate::new),
                defaultRule(violations, path + ".default_partition", message.getDefaultPartition()),
                message.hasRetirement()
                        ? Optional.ofNullable(retirement(violations, path + ".retirement", message.getRetirement()))
                        : Optional.empty(),
                message.getPauseCreation(),
                message.getPauseRetirement(),
                violations.text(path + ".description", message.getDescription()));
    }

    private static PartitionGrid grid(Violations violations, String path, dev.caretaker.v1.PartitionGrid message) {
        return switch (message.getLinesCase()) {
            case CALENDAR -> calendar(violations, path + ".calendar", message.getCalendar());
            case INTEGER -> {
                var lines = message.getInteger();
                violations.require(lines.getStep() > 0, path + ".integer.step", "must be positive");
                yield lines.getStep() > 0
                        ? new IntegerGrid(BigInteger.valueOf(lines.getStep()), BigInteger.valueOf(lines.getOffset()))
                        : NONE;
            }
            case LINES_NOT_SET -> {
                violations.add(path, "is required: a calendar or integers");
                yield NONE;
            }
        };
    }

    private static PartitionGrid calendar(Violations violations, String path, dev.caretaker.v1.CalendarGrid message) {
        CalendarUnit unit = switch (message.getUnit()) {
            case CALENDAR_UNIT_HOUR -> CalendarUnit.HOUR;
            case CALENDAR_UNIT_DAY -> CalendarUnit.DAY;
            case CALENDAR_UNIT_WEEK -> CalendarUnit.WEEK;
            case CALENDAR_UNIT_MONTH -> CalendarUnit.MONTH;
            case CALENDAR_UNIT_QUARTER -> CalendarUnit.QUARTER;
            case CALENDAR_UNIT_YEAR -> CalendarUnit.YEAR;
            case CALENDAR_UNIT_UNSPECIFIED, UNRECOGNIZED -> null;
        };
        if (unit == null) {
            violations.add(path + ".unit", "is required: HOUR, DAY, WEEK, MONTH, QUARTER or YEAR");
            return NONE;
        }
        CalendarGrid grid = new CalendarGrid(
                unit,
                message.getCount() == 0 ? 1 : message.getCount(),
                Times.zone(violations, path + ".zone", message.getZone()),
                anchor(violations, path + ".anchor", message.getAnchor()));
        grid.objection().ifPresent(why -> violations.add(path, why));
        return grid;
    }

    private static Optional<LocalDate> anchor(Violations violations, String path, String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            LocalDate date = LocalDate.parse(text);
            violations.require(date.getYear() >= 1 && date.getYear() <= 9_999, path, "must be of the years 1 to 9999");
            return Optional.of(date);
        } catch (DateTimeException e) {
            violations.add(path, "must be a date such as 2025-01-06");
            return Optional.empty();
        }
    }

    private static Optional<KeyEncoding> encoding(
            Violations violations, String path, dev.caretaker.v1.KeyEncoding message) {
        return switch (message) {
            case KEY_ENCODING_UNSPECIFIED -> Optional.empty();
            case KEY_ENCODING_TIMESTAMPTZ -> Optional.of(KeyEncoding.TIMESTAMPTZ);
            case KEY_ENCODING_TIMESTAMP -> Optional.of(KeyEncoding.TIMESTAMP);
            case KEY_ENCODING_DATE -> Optional.of(KeyEncoding.DATE);
            case KEY_ENCODING_EPOCH_SECONDS -> Optional.of(KeyEncoding.EPOCH_SECONDS);
            case KEY_ENCODING_EPOCH_MILLIS -> Optional.of(KeyEncoding.EPOCH_MILLIS);
            case KEY_ENCODING_EPOCH_MICROS -> Optional.of(KeyEncoding.EPOCH_MICROS);
            case KEY_ENCODING_UUID_V7 -> Optional.of(KeyEncoding.UUID_V7);
            case KEY_ENCODING_INTEGER -> Optional.of(KeyEncoding.INTEGER);
            case UNRECOGNIZED -> {
                violations.add(path, "is not a choice this server knows");
                yield Optional.empty();
            }
        };
    }

    private static Ahead ahead(Violations violations, String path, PartitionsAhead message) {
        int partitions = message.getPartitions();
        violations.require(
                partitions >= 0 && partitions <= MOST_AHEAD, path + ".partitions", "must be 0 to " + MOST_AHEAD);
        Duration duration = message.hasDuration()
                ? Times.read(
                        violations,
                        path + ".duration",
                        message.getDuration(),
                        Duration.ZERO,
                        LONGEST_AHEAD,
                        "zero to 20 years")
                : Ahead.USUAL.duration();
        return new Ahead(partitions == 0 ? Ahead.USUAL.partitions() : partitions, duration);
    }

    private static DefaultRule defaultRule(
            Violations violations, String path, dev.caretaker.v1.DefaultPartition message) {
        return switch (message) {
            case DEFAULT_PARTITION_UNSPECIFIED, DEFAULT_PARTITION_LEAVE -> DefaultRule.LEAVE;
            case DEFAULT_PARTITION_ENSURE -> DefaultRule.ENSURE;
            case DEFAULT_PARTITION_ADOPT -> DefaultRule.ADOPT;
            case UNRECOGNIZED -> {
                violations.add(path, "is not a choice this server knows");
                yield DefaultRule.LEAVE;
            }
        };
    }

    private static Retirement retirement(Violations violations, String path, PartitionRetirement message) {
        Retirement.Keep keep = switch (message.getKeepCase()) {
            case DURATION ->
                new Retirement.Fixed(Times.read(
                        violations,
                        path + ".duration",
                        message.getDuration(),
                        Duration.ofSeconds(1),
                        LONGEST_KEPT,
                        "at least one second and at most 200 years"));
            case CALENDAR -> calendar(violations, path + ".calendar", message.getCalendar());
            case PARTITIONS -> {
                int kept = message.getPartitions();
                violations.require(kept >= 1 && kept <= MOST_KEPT, path + ".partitions", "must be 1 to 100,000");
                yield new Retirement.Newest(kept);
            }
            case KEEP_NOT_SET -> {
                violations.add(path, "is required: a duration, calendar units or a number of partitions");
                yield null;
            }
        };
        Duration hold = message.hasHold()
                ? Times.read(
                        violations, path + ".hold", message.getHold(), Duration.ZERO, LONGEST_HOLD, "zero to 10 years")
                : Retirement.USUAL_HOLD;
        violations.require(
                message.getEnd() != RetiredPartitionEnd.UNRECOGNIZED,
                path + ".end",
                "is not a choice this server knows");
        boolean stays = message.getEnd() == RetiredPartitionEnd.RETIRED_PARTITION_END_KEEP;
        return new Retirement(
                keep,
                hold,
                stays ? Retirement.End.KEEP : Retirement.End.DROP,
                archive(violations, path + ".archive", message, stays));
    }

    private static Optional<ArchiveTerms> archive(
            Violations violations, String path, PartitionRetirement message, boolean stays) {
        if (!message.hasArchive()) {
            return Optional.empty();
        }
        violations.require(!stays, path, "is not for partitions that stay");
        violations.require(
                message.getArchive().getColumnsCount() == 0,
                path + ".columns",
                "must be empty: a partition is archived with all of its columns");
        violations.require(
                message.getArchive().getDurable() != ArchiveDurability.ARCHIVE_DURABILITY_REMOTE,
                path + ".durable",
                "is not for partitions: nothing leaves one before its archive is at the destination");
        return Optional.of(
                new KeepingReader(violations).store(path, message.getArchive()).terms());
    }

    private static Retirement.Keep calendar(Violations violations, String path, CalendarPeriod message) {
        unit(violations, path + ".years", message.getYears(), MOST_YEARS);
        unit(violations, path + ".months", message.getMonths(), MOST_YEARS * 12);
        unit(violations, path + ".days", message.getDays(), (int) LONGEST_KEPT.toDays());
        violations.require(
                message.getYears() != 0 || message.getMonths() != 0 || message.getDays() != 0,
                path,
                "needs at least one positive unit");
        return new Retirement.Calendar(
                Period.of(message.getYears(), message.getMonths(), message.getDays()),
                Times.zone(violations, path + ".zone", message.getZone()));
    }

    private static void unit(Violations violations, String path, int value, int most) {
        violations.require(value >= 0 && value <= most, path, "must be 0 to " + most + " (200 years)");
    }
}
