package dev.caretaker.server.schedule.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Expressions drawn from the whole grammar of crons, against a model that asks of every minute whether each field fits. The model never
 * reads an expression: what an item means is drawn together with its text.
 */
class CronGrammarPropertyTest {
    private static final long SEED = 20_260_101;
    private static final int EXPRESSIONS = 1_000;
    private static final int DAYS = 100;
    /** Times of one expression that are compared; dense ones have more. */
    private static final int MOST = 500;

    private static final String[] MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
    private static final String[] WEEKDAYS = "SUN MON TUE WED THU FRI SAT".split(" ");

    private final Random random = new Random(SEED);
    private final Map<Kind, Integer> telling = new EnumMap<>(Kind.class);

    private enum Kind {
        ANY,
        ANY_STEPPED,
        VALUE,
        VALUE_STEPPED,
        RANGE,
        RANGE_STEPPED,
        NAME,
        NAMED_RANGE,
        LAST_DAY,
        BEFORE_LAST_DAY,
        NTH_WEEKDAY,
        LAST_WEEKDAY,
        SUNDAY_AS_7
    }

    /** An item of a list, and what fits it. */
    private record Item<T>(Kind kind, String text, Predicate<T> fits) {
        boolean isWildcard() {
            return kind == Kind.ANY || kind == Kind.ANY_STEPPED;
        }
    }

    /** A list of items: fits what fits one of them. */
    private record Field<T>(List<Item<T>> items) {
        String text() {
            return items.stream().map(Item::text).collect(Collectors.joining(","));
        }

        boolean fits(T value) {
            return items.stream().anyMatch(item -> item.fits().test(value));
        }

        boolean restricts() {
            return !items.getFirst().isWildcard();
        }
    }

    private record Expression(
            Field<Integer> minute,
            Field<Integer> hour,
            Field<LocalDate> day,
            Field<Integer> month,
            Field<LocalDate> weekday) {
        String text() {
            return String.join(" ", minute.text(), hour.text(), day.text(), month.text(), weekday.text());
        }

        Stream<Kind> kinds() {
            return Stream.of(minute, hour, day, month, weekday)
                    .flatMap(field -> field.items().stream())
                    .map(Item::kind);
        }

        boolean fits(LocalDate date) {
            boolean both = day.restricts() && weekday.restricts();
            return month.fits(date.getMonthValue())
                    && (both ? day.fits(date) || weekday.fits(date) : day.fits(date) && weekday.fits(date));
        }

        /** Minute by minute, of so many days. */
        List<Instant> due(LocalDate first, int days, int most) {
            List<Instant> due = new ArrayList<>();
            LocalDateTime end = first.plusDays(days).atStartOfDay();
            boolean today = false;
            for (LocalDateTime at = first.atStartOfDay();
                    at.isBefore(end) && due.size() < most;
                    at = at.plusMinutes(1)) {
                if (at.getHour() == 0 && at.getMinute() == 0) {
                    today = fits(at.toLocalDate());
                    at = today ? at : at.plusMinutes(24 * 60 - 1);
                }
                if (today && hour.fits(at.getHour()) && minute.fits(at.getMinute())) {
                    due.add(at.toInstant(ZoneOffset.UTC));
                }
            }
            return due;
        }
    }

    @Test
    void whatever_the_grammar_allows_is_due_at_the_minutes_that_fit_it() {
        for (int i = 0; i < EXPRESSIONS; i++) {
            Expression drawn = new Expression(
                    list(() -> number(0, 59)),
                    list(() -> number(0, 23)),
                    list(this::day),
                    list(this::month),
                    list(this::weekday));
            LocalDate first = LocalDate.of(2024, 1, 1).plusDays(random.nextInt(3_000));
            List<Instant> expected = drawn.due(first, DAYS, MOST);
            Optional<Timing> timing = read(drawn.text());
            List<Instant> found =
                    timing.map(known -> times(known, first, DAYS, MOST)).orElse(List.of());
            assertThat(found)
                    .as("%s from %s on, expression %d of seed %s", drawn.text(), first, i, SEED)
                    .isEqualTo(expected);
            if (!expected.isEmpty()) {
                drawn.kinds().distinct().forEach(kind -> telling.merge(kind, 1, Integer::sum));
            }
        }
        assertThat(telling.keySet()).containsExactlyInAnyOrder(Kind.values());
        assertThat(telling)
                .allSatisfy((kind, times) -> assertThat(times).as(kind.name()).isGreaterThan(30));
    }

    /** Empty for one that is never due, which is refused. */
    private static Optional<Timing> read(String text) {
        try {
            return Optional.of(CronTiming.read(text, "drawn", ZoneOffset.UTC));
        } catch (InvalidCron e) {
            assertThat(e).as(text).hasMessageContaining("never");
            return Optional.empty();
        }
    }

    private static List<Instant> times(Timing timing, LocalDate first, int days, int most) {
        List<Instant> times = new ArrayList<>();
        Instant end = first.plusDays(days).atStartOfDay().toInstant(ZoneOffset.UTC);
        Optional<Instant> next =
                timing.next(first.atStartOfDay().toInstant(ZoneOffset.UTC).minusSeconds(1));
        while (next.filter(end::isAfter).isPresent() && times.size() < most) {
            times.add(next.get());
            next = timing.next(next.get());
        }
        return times;
    }

    private <T> Field<T> list(Supplier<Item<T>> draw) {
        int items = random.nextInt(4) == 0 ? 2 + random.nextInt(2) : 1;
        return new Field<>(IntStream.range(0, items).mapToObj(i -> draw.get()).toList());
    }

    private int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    private Item<Integer> number(int least, int most) {
        int from = between(least, most);
        int to = between(from, most);
        int step = between(1, Math.max(2, most / 3));
        return switch (random.nextInt(6)) {
            case 0 -> new Item<>(Kind.ANY, "*", value -> true);
            case 1 -> new Item<>(Kind.ANY_STEPPED, "*/" + step, value -> (value - least) % step == 0);
            case 2 -> new Item<>(Kind.VALUE, "" + from, value -> value == from);
            case 3 ->
                new Item<>(Kind.VALUE_STEPPED, from + "/" + step, value -> value >= from && (value - from) % step == 0);
            case 4 -> new Item<>(Kind.RANGE, from + "-" + to, value -> value >= from && value <= to);
            default ->
                new Item<>(
                        Kind.RANGE_STEPPED,
                        from + "-" + to + "/" + step,
                        value -> value >= from && value <= to && (value - from) % step == 0);
        };
    }

    private Item<Integer> month() {
        int from = between(1, 12);
        int to = between(from, 12);
        return switch (random.nextInt(5)) {
            case 0 -> new Item<>(Kind.NAME, name(MONTHS[from - 1]), value -> value == from);
            case 1 ->
                new Item<>(
                        Kind.NAMED_RANGE,
                        name(MONTHS[from - 1]) + "-" + name(MONTHS[to - 1]),
                        value -> value >= from && value <= to);
            case 2 -> new Item<>(Kind.ANY, "*", value -> true);
            default -> number(1, 12);
        };
    }

    private Item<LocalDate> day() {
        int back = between(1, 27);
        return switch (random.nextInt(4)) {
            case 0 -> new Item<>(Kind.LAST_DAY, "L", date -> date.plusDays(1).getDayOfMonth() == 1);
            case 1 ->
                new Item<>(
                        Kind.BEFORE_LAST_DAY,
                        "L-" + back,
                        date -> date.plusDays(back).getMonth() == date.getMonth()
                                && date.plusDays(back + 1L).getDayOfMonth() == 1);
            default -> ofDate(number(1, 31), LocalDate::getDayOfMonth);
        };
    }

    private Item<LocalDate> weekday() {
        int from = between(0, 6);
        int to = between(from, 6);
        int n = between(1, 5);
        DayOfWeek wanted = DayOfWeek.of(from == 0 ? 7 : from);
        String written = random.nextBoolean() ? name(WEEKDAYS[from]) : "" + from;
        return switch (random.nextInt(7)) {
            case 0 -> onDay(Kind.NAME, name(WEEKDAYS[from]), value -> value == from);
            case 1 ->
                onDay(
                        Kind.NAMED_RANGE,
                        name(WEEKDAYS[from]) + "-" + name(WEEKDAYS[to]),
                        value -> value >= from && value <= to);
            case 2 ->
                new Item<>(
                        Kind.NTH_WEEKDAY, written + "#" + n, date -> date.getDayOfWeek() == wanted && nth(date) == n);
            case 3 ->
                new Item<>(
                        Kind.LAST_WEEKDAY,
                        written + "L",
                        date -> date.getDayOfWeek() == wanted
                                && date.plusDays(7).getMonth() != date.getMonth());
            case 4 -> onDay(Kind.SUNDAY_AS_7, from + "-7", value -> value == 0 || value >= from);
            default -> ofDate(number(0, 6), date -> date.getDayOfWeek().getValue() % 7);
        };
    }

    /** Which of its weekday in its month it is. */
    private static int nth(LocalDate date) {
        int n = 0;
        for (LocalDate at = date; at.getMonth() == date.getMonth(); at = at.minusDays(7)) {
            n++;
        }
        return n;
    }

    /** Sunday is 0. */
    private static Item<LocalDate> onDay(Kind kind, String text, IntPredicate fits) {
        return new Item<>(kind, text, date -> fits.test(date.getDayOfWeek().getValue() % 7));
    }

    private static Item<LocalDate> ofDate(Item<Integer> item, ToIntFunction<LocalDate> value) {
        return new Item<>(item.kind(), item.text(), date -> item.fits().test(value.applyAsInt(date)));
    }

    /** Names are read in any case. */
    private String name(String capitals) {
        return switch (random.nextInt(3)) {
            case 0 -> capitals;
            case 1 -> capitals.toLowerCase(Locale.ROOT);
            default -> capitals.charAt(0) + capitals.substring(1).toLowerCase(Locale.ROOT);
        };
    }
}
