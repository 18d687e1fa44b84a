package dev.caretaker.server.cleanup.policy;

import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.target.catalog.Column;
import dev.caretaker.server.target.catalog.Relation;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A column that may say how old a row is, with what speaks for it.
 *
 * @param leads whether an index that any query may use begins with it
 * @param cuts whether the table's partitions are ranges of it
 */
record TimeColumnGuess(Column column, TimeColumn.Kind kind, boolean leads, boolean cuts) {
    /** When the row's matter was over: what a retention should count from. NULL before, so that such rows stay. */
    private static final List<String> ENDED = List.of("finish", "end", "complet", "clos", "process", "done", "resolv");

    private static final List<String> BEGUN =
            List.of("creat", "insert", "occur", "log", "record", "receiv", "event", "sent", "added", "start");
    private static final List<String> CHANGED = List.of("updat", "modif", "chang", "seen", "access");
    /** Lies ahead, or says nothing of the row's age. */
    private static final List<String> AHEAD =
            List.of("expir", "valid", "due", "schedul", "next", "birth", "until", "plan", "deadline", "retry");

    private static final Set<String> INSTANT = Set.of("at", "time", "timestamp", "ts", "clock", "epoch", "date", "on");
    private static final List<String> SPAN =
            List.of("elapsed", "duration", "response", "wait", "run", "cpu", "total", "avg", "max", "min", "lead");

    /** The most plausible first. */
    static List<TimeColumnGuess> of(TableTree tree) {
        Relation table = tree.root();
        return table.columns().stream()
                .flatMap(column -> kind(column).map(kind -> guess(column, kind, table)).stream())
                .sorted(Comparator.comparingInt(TimeColumnGuess::weight).reversed())
                .toList();
    }

    private static TimeColumnGuess guess(Column column, TimeColumn.Kind kind, Relation table) {
        Optional<String> name = Optional.of(column.name());
        return new TimeColumnGuess(
                column,
                kind,
                table.indexes().stream()
                        .anyMatch(index -> index.isUsable()
                                && index.key().getFirst().column().equals(name)),
                table.partitionKey()
                        .filter(key -> key.columns().getFirst().equals(name))
                        .isPresent());
    }

    private static Optional<TimeColumn.Kind> kind(Column column) {
        return switch (column.baseType()) {
            case "timestamp with time zone" -> Optional.of(TimeColumn.Kind.TIMESTAMPTZ);
            case "timestamp without time zone" -> Optional.of(TimeColumn.Kind.TIMESTAMP);
            case "date" -> Optional.of(TimeColumn.Kind.DATE);
            case "bigint" -> number(words(column.name()));
            case "integer" -> number(words(column.name())).map(kind -> TimeColumn.Kind.EPOCH_SECONDS);
            default -> Optional.empty();
        };
    }

    /** Numbers are times only by their names. */
    private static Optional<TimeColumn.Kind> number(List<String> words) {
        String last = words.getLast();
        boolean millis = Set.of("ms", "millis").contains(last);
        boolean micros = Set.of("us", "micros").contains(last);
        int named = words.size() - (millis || micros ? 2 : 1);
        if (named < 0 || !INSTANT.contains(words.get(named)) || any(words, SPAN)) {
            return Optional.empty();
        }
        return Optional.of(
                millis
                        ? TimeColumn.Kind.EPOCH_MILLIS
                        : micros ? TimeColumn.Kind.EPOCH_MICROS : TimeColumn.Kind.EPOCH_SECONDS);
    }

    private int weight() {
        List<String> words = words(column.name());
        int byType = switch (kind) {
            case TIMESTAMPTZ -> 10;
            case TIMESTAMP -> 8;
            case DATE -> 6;
            default -> 4;
        };
        int byName = any(words, AHEAD)
                ? -40
                : any(words, ENDED)
                        ? 14
                        : any(words, BEGUN) || INSTANT.containsAll(words) ? 12 : any(words, CHANGED) ? 6 : 0;
        return byType + byName + (leads ? 20 : 0) + (cuts ? 60 : 0);
    }

    private static boolean any(List<String> words, List<String> beginnings) {
        return words.stream().anyMatch(word -> beginnings.stream().anyMatch(word::startsWith));
    }

    /** Of EndTime, end_time and "end time" alike. */
    static List<String> words(String name) {
        List<String> words = Arrays.stream(name.replaceAll("(?<=[\\p{Ll}\\d])(?=\\p{Lu})", "_")
                        .toLowerCase(Locale.ROOT)
                        .split("[^\\p{L}\\d]+"))
                .filter(word -> !word.isEmpty())
                .toList();
        return words.isEmpty() ? Stream.of(name).toList() : words;
    }
}
