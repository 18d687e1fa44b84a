package dev.caretaker.server.partition.upkeep.grid;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.IsoFields;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How the partitions of a set are called, by the start of their range: {@code workflow_events_y{yyyy}m{mm}}. In a template with
 * {@code {ww}} the year is that of the ISO week. There is no token for a year of two digits: it would soon mean two years.
 *
 * @param text literal characters and tokens
 */
public record NameTemplate(String text) {
    /** Longest identifier of a Postgres built with the usual NAMEDATALEN of 64. */
    public static final int NAME_BYTES = 63;

    /** What {@link #renderShort} adds at most to the name of a cell of time. */
    private static final int SHORT_BYTES = "_from_202701312359".length();

    private static final Pattern TOKEN = Pattern.compile("\\{([^{}]*)}");
    private static final Set<String> DATES = Set.of("yyyy", "mm", "dd", "hh", "mi", "ww", "q");
    private static final Set<String> INTEGERS = Set.of("from", "to");
    private static final BigInteger LONGEST_INTEGER = BigInteger.valueOf(Long.MIN_VALUE);

    /** What a set without a template takes where nothing is to be recognised: of a long name of a table only the beginning. */
    public static NameTemplate usual(PartitionGrid grid, String table) {
        String ending = switch (grid) {
            case IntegerGrid integers -> "_p{from}";
            case CalendarGrid calendar ->
                calendar.unit() == CalendarUnit.HOUR ? "_p{yyyy}{mm}{dd}_{hh}" : "_p{yyyy}{mm}{dd}";
        };
        NameTemplate whole = new NameTemplate("{table}" + ending);
        boolean fits = whole.objection(grid, table).isEmpty() || table.indexOf('{') >= 0 || table.indexOf('}') >= 0;
        int room = NAME_BYTES - bytes(new NameTemplate(ending).longest(grid, table)) - SHORT_BYTES;
        return fits ? whole : new NameTemplate(cut(table, room) + ending);
    }

    /** Tokens without braces, in order. */
    private Set<String> tokens() {
        return TOKEN.matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Why it cannot name the partitions of that table; empty if it can. */
    public Optional<String> objection(PartitionGrid grid, String table) {
        Set<String> allowed = grid instanceof IntegerGrid ? INTEGERS : DATES;
        Optional<String> unknown = tokens().stream()
                .filter(token -> !allowed.contains(token) && !token.equals("table"))
                .findFirst();
        if (unknown.isPresent()) {
            return Optional.of("has the unknown token {" + unknown.get() + "}; there are "
                    + allowed.stream().sorted().map(token -> "{" + token + "}").collect(Collectors.joining(", "))
                    + " and {table}");
        }
        if (!distinguishes(grid)) {
            return Optional.of("is ambiguous: two partitions of " + grid.describe() + " could have the same name");
        }
        int bytes = bytes(longest(grid, table));
        return bytes > NAME_BYTES
                ? Optional.of("makes names of " + bytes + " bytes; Postgres allows " + NAME_BYTES)
                : Optional.empty();
    }

    private String longest(PartitionGrid grid, String table) {
        KeyRange range = new KeyRange(KeyPoint.at(LONGEST_INTEGER), KeyPoint.at(LONGEST_INTEGER));
        return grid instanceof IntegerGrid
                ? render(range, table, ZoneOffset.UTC)
                : render(new KeyRange(KeyPoint.at(BigInteger.ZERO), KeyPoint.HIGHEST), table, ZoneOffset.UTC);
    }

    /** Whether any two cells have different names. */
    private boolean distinguishes(PartitionGrid grid) {
        Set<String> tokens = tokens();
        boolean year = tokens.contains("yyyy");
        boolean month = year && tokens.contains("mm");
        boolean day = month && tokens.contains("dd");
        return switch (grid) {
            case IntegerGrid integers -> tokens.contains("from") || tokens.contains("to");
            case CalendarGrid calendar ->
                switch (calendar.unit()) {
                    case HOUR -> day && tokens.contains("hh");
                    case DAY -> day;
                    case WEEK -> day || (year && tokens.contains("ww"));
                    case MONTH -> month || (year && tokens.contains("q") && calendar.count() % 3 == 0);
                    case QUARTER -> month || (year && tokens.contains("q"));
                    case YEAR -> year;
                };
        };
    }

    /**
     * The name of a partition.
     *
     * @param zone whose clocks the name shows: the set's, but UTC where cells are shorter than a day and keys carry their offset,
     *     because an hour occurs twice in autumn
     */
    public String render(KeyRange range, String table, ZoneId zone) {
        Matcher tokens = TOKEN.matcher(text);
        StringBuilder name = new StringBuilder();
        while (tokens.find()) {
            tokens.appendReplacement(name, Matcher.quoteReplacement(value(tokens.group(1), range, table, zone)));
        }
        return tokens.appendTail(name).toString();
    }

    private String value(String token, KeyRange range, String table, ZoneId zone) {
        return switch (token) {
            case "table" -> table;
            case "from" -> integer(range.from());
            case "to" -> integer(range.to());
            default -> date(token, start(range, zone));
        };
    }

    private static LocalDateTime start(KeyRange range, ZoneId zone) {
        return LocalDateTime.ofInstant(CalendarGrid.instant(range.from().position()), zone);
    }

    private String date(String token, LocalDateTime start) {
        boolean weeks = tokens().contains("ww");
        return switch (token) {
            case "yyyy" -> digits(4, weeks ? start.get(IsoFields.WEEK_BASED_YEAR) : start.getYear());
            case "mm" -> digits(2, start.getMonthValue());
            case "dd" -> digits(2, start.getDayOfMonth());
            case "hh" -> digits(2, start.getHour());
            case "mi" -> digits(2, start.getMinute());
            case "ww" -> digits(2, start.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            case "q" -> digits(1, start.get(IsoFields.QUARTER_OF_YEAR));
            default -> throw new IllegalArgumentException("unknown token {" + token + "}");
        };
    }

    /**
     * The name of a partition that does not begin on a line of the grid, so that it is not taken for the whole cell: the name of
     * the cell and where it begins.
     */
    public String renderShort(KeyRange range, String table, ZoneId zone, boolean time) {
        String cell = render(range, table, zone);
        if (!time) {
            return tokens().contains("from") ? cell : cell + "_from_" + integer(range.from());
        }
        LocalDateTime start = start(range, zone);
        String date = digits(4, start.getYear()) + digits(2, start.getMonthValue()) + digits(2, start.getDayOfMonth());
        boolean midnight = start.getHour() == 0 && start.getMinute() == 0;
        return cell + "_from_" + date + (midnight ? "" : digits(2, start.getHour()) + digits(2, start.getMinute()));
    }

    /** A line of the grid as the template writes it: from the first token that tells of the range to the last. */
    public String renderLine(KeyPoint line, ZoneId zone) {
        if (tokens().stream().anyMatch(INTEGERS::contains)) {
            return integer(line);
        }
        KeyRange range = new KeyRange(line, line);
        StringBuilder shown = new StringBuilder();
        int end = 0;
        for (MatchResult token : TOKEN.matcher(text).results().toList()) {
            if (!token.group(1).equals("table")) {
                shown.append(shown.isEmpty() ? "" : text.substring(end, token.start()))
                        .append(value(token.group(1), range, "", zone));
            }
            end = token.end();
        }
        return shown.toString();
    }

    private static String integer(KeyPoint point) {
        return point.position().signum() < 0
                ? "m" + point.position().negate()
                : point.position().toString();
    }

    private static String digits(int count, int number) {
        return String.format(Locale.ROOT, "%0" + count + "d", number);
    }

    /** As much of a name's start as has so many bytes, in whole characters. */
    public static String cut(String name, int bytes) {
        String cut = name;
        while (bytes(cut) > bytes) {
            cut = cut.substring(0, cut.offsetByCodePoints(cut.length(), -1));
        }
        return cut;
    }

    /** Bytes of a name as Postgres counts them. */
    public static int bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }
}
