package dev.caretaker.server.backup;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Something of a backup that a comparison did not find.
 *
 * @param sentence what, for people
 * @param key what it is called, as {@link Unmade#key} has it
 * @param number how many of that key lack; 0 if that is counted with another absence of the same
 * @param without keys of what it cannot be there without, such as the table of an index
 */
public record Absence(String sentence, String key, long number, Set<String> without) {

    /** What an object is called. Functions of one name are told from each other by their number alone, and so are comments of a schema. */
    public static String key(MadeObject object) {
        return switch (object.kind()) {
            case "function" ->
                called(
                        "function",
                        new TableName(
                                object.name().schema(),
                                object.name()
                                        .name()
                                        .substring(0, object.name().name().indexOf('('))));
            case "comment" -> comment(object.name().schema());
            case "sequence" -> sequence(object.name());
            default ->
                called(object.kind(), object.name())
                        + object.table()
                                .filter(table -> !table.equals(object.name()))
                                .map(table -> " of " + Identifiers.quote(table))
                                .orElse("");
        };
    }

    /** The same of one that may be an identity column's. */
    public static String sequence(TableName name) {
        return called("sequence", name);
    }

    /** The same of a table. */
    static String table(TableName name) {
        return called("table", name);
    }

    /** The same of all comments in a schema. */
    public static String comment(String schema) {
        return "comment " + Identifiers.quote(schema);
    }

    private static String called(String kind, TableName name) {
        return kind + " " + Identifiers.quote(name);
    }

    /** Keys of what holds the columns of a table, or is one. */
    static Set<String> tables(TableName table) {
        return Set.of(table(table), called("view", table), called("materialized view", table));
    }

    /**
     * Of an object.
     *
     * @param all those that belong to its table
     */
    static Absence of(String sentence, MadeObject object, long number, List<MadeObject> all) {
        Set<String> without = new HashSet<>();
        object.table().ifPresent(table -> without.addAll(tables(table)));
        Set<String> made = switch (object.kind()) {
            case "trigger state" -> Set.of("trigger");
            case "sequence owner" -> Set.of("sequence");
            case "rule state" -> Set.of("rule");
            case "statistics target" -> Set.of("statistics");
            case "index partition", "index setting", "replica identity" ->
                Set.of("index", "primary key", "unique", "exclusion");
            default -> Set.of();
        };
        switch (object.kind()) {
            case "domain check" -> without.add(called("domain", domain(object.name())));
            case "shell type" -> without.add(called("range", object.name()));
            default -> {}
        }
        all.stream()
                .filter(other -> made.contains(other.kind()))
                .filter(other ->
                        other.name().equals(object.name()) || object.kind().equals("replica identity"))
                .forEach(other -> without.add(key(other)));
        return new Absence(sentence, key(object), number, without);
    }

    /** The domain of one of its checks, whose name has that of the domain before it. */
    static TableName domain(TableName check) {
        return new TableName(
                check.schema(), check.name().substring(0, check.name().lastIndexOf(' ')));
    }

    /** Which of them lack because something could not be made, which is told by name, and which lacks itself. */
    static Predicate<Absence> explained(List<Absence> absences, List<Unmade> missing) {
        Map<String, Long> made = missing.stream()
                .filter(one -> !one.key().isEmpty())
                .collect(Collectors.groupingBy(Unmade::key, Collectors.counting()));
        Map<String, Long> lacking =
                absences.stream().collect(Collectors.groupingBy(Absence::key, Collectors.summingLong(Absence::number)));
        return absence -> made.getOrDefault(absence.key(), 0L) >= Math.max(1, lacking.getOrDefault(absence.key(), 0L))
                || absence.without().stream().anyMatch(key -> made.containsKey(key) && lacking.containsKey(key));
    }
}
