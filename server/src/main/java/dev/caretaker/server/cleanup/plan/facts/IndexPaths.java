package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.policy.Constant;
import dev.caretaker.server.cleanup.policy.Filter;
import dev.caretaker.server.cleanup.policy.Filters;
import dev.caretaker.server.cleanup.step.RowRemoval.IndexPath;
import dev.caretaker.server.target.catalog.Index;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds an index whose leading columns are compared with constants by the filter and whose next is the time column. */
public final class IndexPaths {
    /** More ranges than this are not worth walking one by one. */
    private static final int MOST_RANGES = 64;

    private IndexPaths() {}

    /** The index that leads to the fewest rows: the one with most leading columns, then the first by name. */
    public static Optional<IndexPath> best(List<Index> indexes, String timeColumn, Optional<Filter> filter) {
        Map<String, Set<Constant>> constants = constants(filter);
        return indexes.stream()
                .filter(index -> index.isUsable() && index.method().equals("btree"))
                .flatMap(index -> along(index, timeColumn, constants).stream())
                .max(Comparator.comparingInt(
                                (IndexPath path) -> path.prefixes().getFirst().size())
                        .thenComparing(path -> path.index().name(), Comparator.reverseOrder()));
    }

    /** Columns that the index would need, in order: those the filter compares with constants, then the time column. */
    public static List<String> wanted(String timeColumn, Optional<Filter> filter) {
        List<String> columns = new ArrayList<>();
        constants(filter).forEach((column, values) -> {
            if (values.size() <= MOST_RANGES && columns.size() < 3 && !column.equals(timeColumn)) {
                columns.add(column);
            }
        });
        columns.add(timeColumn);
        return columns;
    }

    private static Optional<IndexPath> along(Index index, String timeColumn, Map<String, Set<Constant>> constants) {
        List<Map<String, Constant>> prefixes = List.of(Map.of());
        for (Index.KeyColumn key : index.key()) {
            String column = key.column().orElse("");
            if (column.isEmpty() || !key.defaultOperators() || !key.ownCollation()) {
                return Optional.empty();
            }
            if (column.equals(timeColumn)) {
                return Optional.of(new IndexPath(index.name(), prefixes));
            }
            Set<Constant> values = constants.get(column);
            if (values == null || values.size() * prefixes.size() > MOST_RANGES) {
                return Optional.empty();
            }
            prefixes = extend(prefixes, column, values);
        }
        return Optional.empty();
    }

    private static List<Map<String, Constant>> extend(
            List<Map<String, Constant>> prefixes, String column, Set<Constant> values) {
        List<Map<String, Constant>> extended = new ArrayList<>();
        for (Map<String, Constant> prefix : prefixes) {
            for (Constant value : values) {
                Map<String, Constant> longer = new LinkedHashMap<>(prefix);
                longer.put(column, value);
                extended.add(longer);
            }
        }
        return extended;
    }

    /** Constants that a row's column must equal one of. */
    private static Map<String, Set<Constant>> constants(Optional<Filter> filter) {
        Map<String, Set<Constant>> constants = new LinkedHashMap<>();
        for (Filter condition : filter.map(Filters::conjuncts).orElse(List.of())) {
            switch (condition) {
                case Filter.Compare(String column, Filter.Operator operator, Constant value)
                when operator == Filter.Operator.EQUAL -> constants.putIfAbsent(column, Set.of(value));
                case Filter.In(String column, List<Constant> values) ->
                    constants.putIfAbsent(column, new LinkedHashSet<>(values));
                default -> {}
            }
        }
        return constants;
    }
}
