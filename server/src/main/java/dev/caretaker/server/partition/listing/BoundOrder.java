package dev.caretaker.server.partition.listing;

import dev.caretaker.server.partition.listing.PartitionRow.Key;
import dev.caretaker.server.target.catalog.PartitionBound;
import dev.caretaker.server.target.catalog.PartitionBound.Limit;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Orders partitions of one parent by their bounds: ranges by their lower end, lists by their first value, hashes by
 * remainder, the default one last. Values are compared as what they look like, numbers before times before other texts, so
 * that the order is total whatever a column of texts holds.
 */
final class BoundOrder {
    private static final Set<String> TEXTS = Set.of("text", "character varying", "character", "bpchar", "name");
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?(e[+-]?\\d{1,3})?");
    private static final Pattern TIME = Pattern.compile("(\\d{4,9})(-\\d\\d-\\d\\d.*?)( BC)?");

    private final boolean textual;

    private BoundOrder(boolean textual) {
        this.textual = textual;
    }

    /** @param key of the parent */
    static List<PartitionRow> sorted(List<PartitionRow> partitions, Key key) {
        BoundOrder order = new BoundOrder(key.type().filter(TEXTS::contains).isPresent());
        return partitions.stream()
                .map(partition -> new Placed(order.places(partition.bound().orElseThrow()), partition))
                .sorted()
                .map(Placed::partition)
                .toList();
    }

    private enum Kind {
        MINVALUE,
        NEGATIVE_INFINITY,
        NUMBER,
        TIME,
        TEXT,
        INFINITY,
        NAN,
        MAXVALUE,
        NULL,
        DEFAULT
    }

    /** Where one value stands among all. */
    private record Place(Kind kind, BigDecimal number, String text) implements Comparable<Place> {
        private static final Comparator<Place> ORDER =
                Comparator.comparing(Place::kind).thenComparing(Place::number).thenComparing(Place::text);

        static Place of(Kind kind) {
            return new Place(kind, BigDecimal.ZERO, "");
        }

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    private record Placed(List<Place> places, PartitionRow partition) implements Comparable<Placed> {
        @Override
        public int compareTo(Placed other) {
            for (int i = 0; i < Math.min(places.size(), other.places.size()); i++) {
                int result = places.get(i).compareTo(other.places.get(i));
                if (result != 0) {
                    return result;
                }
            }
            return partition.name().name().compareTo(other.partition.name().name());
        }
    }

    private List<Place> places(PartitionBound bound) {
        return switch (bound) {
            case PartitionBound.Range range ->
                range.from().stream().map(this::place).toList();
            case PartitionBound.Values(List<Optional<String>> values) ->
                List.of(values.getFirst().map(this::place).orElse(Place.of(Kind.NULL)));
            case PartitionBound.Hash(int modulus, int remainder) -> List.of(number(remainder), number(modulus));
            case PartitionBound.Default() -> List.of(Place.of(Kind.DEFAULT));
        };
    }

    private Place place(Limit limit) {
        return switch (limit) {
            case PartitionBound.Min() -> Place.of(Kind.MINVALUE);
            case PartitionBound.Value(String text) -> place(text);
            case PartitionBound.Max() -> Place.of(Kind.MAXVALUE);
        };
    }

    private Place place(String text) {
        if (textual) {
            return new Place(Kind.TEXT, BigDecimal.ZERO, text);
        }
        return switch (text) {
            case "-infinity", "-Infinity" -> Place.of(Kind.NEGATIVE_INFINITY);
            case "infinity", "Infinity" -> Place.of(Kind.INFINITY);
            case "NaN" -> Place.of(Kind.NAN);
            default -> {
                if (NUMBER.matcher(text).matches()) {
                    yield new Place(Kind.NUMBER, new BigDecimal(text), "");
                }
                Matcher time = TIME.matcher(text);
                yield time.matches()
                        ? new Place(Kind.TIME, year(time), time.group(2))
                        : new Place(Kind.TEXT, BigDecimal.ZERO, text);
            }
        };
    }

    private static BigDecimal year(Matcher time) {
        BigDecimal year = new BigDecimal(time.group(1));
        return time.group(3) == null ? year : year.negate();
    }

    private static Place number(int value) {
        return new Place(Kind.NUMBER, BigDecimal.valueOf(value), "");
    }
}
