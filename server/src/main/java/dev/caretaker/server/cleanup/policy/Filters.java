package dev.caretaker.server.cleanup.policy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Questions about filters. */
public final class Filters {

    private Filters() {}

    /** The conditions that must all be TRUE, nested ANDs included. */
    public static List<Filter> conjuncts(Filter filter) {
        return filter instanceof Filter.And and
                ? and.filters().stream()
                        .flatMap(part -> conjuncts(part).stream())
                        .toList()
                : List.of(filter);
    }

    /** Constants that a column is compared with. */
    public static Set<Constant> constants(Filter filter, String column) {
        Set<Constant> constants = new HashSet<>();
        FilterWalk.walk("", filter, (path, depth, node) -> {
            switch (node) {
                case Filter.Compare compare when compare.column().equals(column) -> constants.add(compare.value());
                case Filter.In in when in.column().equals(column) -> constants.addAll(in.values());
                case Filter.Compare compare -> {}
                case Filter.In in -> {}
                case Filter.IsNull isNull -> {}
                case Filter.And and -> {}
                case Filter.Or or -> {}
                case Filter.Not not -> {}
            }
        });
        return constants;
    }

    /** Names of all columns it compares. */
    public static Set<String> columns(Filter filter) {
        Set<String> columns = new HashSet<>();
        FilterWalk.walk("", filter, (path, depth, node) -> {
            switch (node) {
                case Filter.Compare compare -> columns.add(compare.column());
                case Filter.In in -> columns.add(in.column());
                case Filter.IsNull isNull -> columns.add(isNull.column());
                case Filter.And and -> {}
                case Filter.Or or -> {}
                case Filter.Not not -> {}
            }
        });
        return columns;
    }
}
