package dev.caretaker.server.partition.upkeep.grid;

import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the key of a table denotes a position. Times without a zone, and dates, are taken by the clocks of the set's zone: their
 * positions are those that UTC's clocks would show, so that a day of 25 hours has 24 of them.
 */
public enum KeyEncoding {
    TIMESTAMPTZ(Set.of("timestamp with time zone")),
    TIMESTAMP(Set.of("timestamp without time zone")),
    DATE(Set.of("date")),
    EPOCH_SECONDS(Set.of("integer", "bigint", "numeric")),
    EPOCH_MILLIS(Set.of("bigint", "numeric")),
    EPOCH_MICROS(Set.of("bigint", "numeric")),
    /** RFC 9562, section 5.7: milliseconds since the epoch in the first 48 bits. */
    UUID_V7(Set.of("uuid")),
    INTEGER(Set.of("smallint", "integer", "bigint", "numeric"));

    /** As the server writes with DateStyle ISO in UTC; fractions only where they are not zero. */
    private static final Pattern TIME =
            Pattern.compile("(\\d{4,7})-(\\d\\d)-(\\d\\d)(?: (\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,6})?)(?:\\+00)?)?( BC)?");

    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    /** Version 7 and variant 10 with all other bits zero: the least uuid of version 7 of a millisecond. */
    private static final BigInteger LEAST_V7 = new BigInteger("70008000000000000000", 16);

    private static final int UUID_TAIL = 80;
    private static final BigInteger LARGEST_MILLIS =
            BigInteger.ONE.shiftLeft(48).subtract(BigInteger.ONE);
    private static final BigInteger THOUSAND = BigInteger.valueOf(1_000);
    private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);

    private final Set<String> types;

    KeyEncoding(Set<String> types) {
        this.types = types;
    }

    /** Types of the key column that it fits, as format_type writes them. */
    public Set<String> types() {
        return types;
    }

    /** Whether keys denote times. */
    public boolean isTime() {
        return this != INTEGER;
    }

    /** Whether keys show what a clock shows, without saying which. */
    public boolean isLocal() {
        return this == TIMESTAMP || this == DATE;
    }

    /** The grid by which keys are cut, for keys that show local time that of their clock. */
    public PartitionGrid effective(PartitionGrid grid) {
        return isLocal() && grid instanceof CalendarGrid calendar ? calendar.in(ZoneOffset.UTC) : grid;
    }

    /** Position of an instant. */
    public BigInteger position(Instant instant, ZoneId zone) {
        return CalendarGrid.position(
                isLocal() ? LocalDateTime.ofInstant(instant, zone).toInstant(ZoneOffset.UTC) : instant);
    }

    /** The position that a bound's text denotes, rounded down; empty if it denotes none. */
    public Optional<KeyPoint> read(String text) {
        return switch (text) {
            case "-infinity" -> Optional.of(KeyPoint.LOWEST);
            case "infinity" -> Optional.of(KeyPoint.HIGHEST);
            default -> position(text).map(KeyPoint::at);
        };
    }

    private Optional<BigInteger> position(String text) {
        return switch (this) {
            case TIMESTAMPTZ, TIMESTAMP, DATE ->
                Optional.of(TIME.matcher(text)).filter(Matcher::matches).map(KeyEncoding::time);
            case EPOCH_SECONDS -> integer(text).map(MILLION::multiply);
            case EPOCH_MILLIS -> integer(text).map(THOUSAND::multiply);
            case EPOCH_MICROS, INTEGER -> integer(text);
            case UUID_V7 ->
                UUID.matcher(text).matches()
                        ? Optional.of(bits(text).shiftRight(UUID_TAIL).multiply(THOUSAND))
                        : Optional.empty();
        };
    }

    /** Whether a bound is written as the least uuid of version 7 rather than with zeroes; a new one is written alike. */
    public boolean isLeastV7(String text) {
        return this == UUID_V7
                && UUID.matcher(text).matches()
                && bits(text)
                        .and(BigInteger.ONE.shiftLeft(UUID_TAIL).subtract(BigInteger.ONE))
                        .equals(LEAST_V7);
    }

    /**
     * A position as the text of a bound. Times carry their offset, so that the session's zone does not matter.
     *
     * @param leastV7 whether to write a uuid with the bits of version 7
     */
    public String write(BigInteger position, boolean leastV7) {
        return switch (this) {
            case TIMESTAMPTZ -> time(position) + "+00" + era(position);
            case TIMESTAMP -> time(position) + era(position);
            case DATE -> date(position) + era(position);
            case EPOCH_SECONDS -> ceiling(position, MILLION).toString();
            case EPOCH_MILLIS -> ceiling(position, THOUSAND).toString();
            case EPOCH_MICROS, INTEGER -> position.toString();
            case UUID_V7 -> uuid(ceiling(position, THOUSAND), leastV7);
        };
    }

    private static String uuid(BigInteger millis, boolean leastV7) {
        BigInteger head = millis.max(BigInteger.ZERO).min(LARGEST_MILLIS).shiftLeft(UUID_TAIL);
        BigInteger all = leastV7 ? head.or(LEAST_V7) : head;
        String hex = String.format(Locale.ROOT, "%032x", all);
        return hex.substring(0, 8) + "-" + hex.substring(8, 12) + "-" + hex.substring(12, 16) + "-"
                + hex.substring(16, 20) + "-" + hex.substring(20);
    }

    private static BigInteger bits(String uuid) {
        return new BigInteger(uuid.replace("-", ""), 16);
    }

    private static Optional<BigInteger> integer(String text) {
        return text.matches("-?\\d+") ? Optional.of(new BigInteger(text)) : Optional.empty();
    }

    /** The first key that is not before a position, where keys are coarser than positions. */
    private static BigInteger ceiling(BigInteger position, BigInteger unit) {
        BigInteger negated = position.negate();
        return negated.subtract(negated.mod(unit)).divide(unit).negate();
    }

    private static BigInteger time(Matcher time) {
        int year = Integer.parseInt(time.group(1));
        LocalDate date = LocalDate.of(
                // The year before 1 is 1 BC to Postgres and 0 to ISO 8601.
                time.group(5) == null ? year : 1 - year,
                Integer.parseInt(time.group(2)),
                Integer.parseInt(time.group(3)));
        LocalTime ofDay = time.group(4) == null ? LocalTime.MIDNIGHT : LocalTime.parse(time.group(4));
        return CalendarGrid.position(date.atTime(ofDay).toInstant(ZoneOffset.UTC));
    }

    private static LocalDateTime local(BigInteger position) {
        return LocalDateTime.ofInstant(CalendarGrid.instant(position), ZoneOffset.UTC);
    }

    private static String date(BigInteger position) {
        LocalDateTime local = local(position);
        int year = local.getYear() < 1 ? 1 - local.getYear() : local.getYear();
        return String.format(Locale.ROOT, "%04d-%02d-%02d", year, local.getMonthValue(), local.getDayOfMonth());
    }

    private static String time(BigInteger position) {
        LocalDateTime local = local(position);
        String whole = String.format(
                Locale.ROOT,
                "%s %02d:%02d:%02d",
                date(position),
                local.getHour(),
                local.getMinute(),
                local.getSecond());
        int micros = local.getNano() / 1_000;
        return micros == 0 ? whole : whole + String.format(Locale.ROOT, ".%06d", micros);
    }

    private static String era(BigInteger position) {
        return local(position).getYear() < 1 ? " BC" : "";
    }
}
