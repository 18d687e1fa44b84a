package dev.caretaker.server.cleanup.policy;

import java.util.List;

/** Goes through a filter with the path of every node, named as the fields of the API. */
final class FilterWalk {

    private FilterWalk() {}

    /** Gets every node, parents first. */
    interface Visitor {
        void node(String path, int depth, Filter filter);
    }

    static void walk(String path, Filter filter, Visitor visitor) {
        walk(path, 1, filter, visitor);
    }

    private static void walk(String path, int depth, Filter filter, Visitor visitor) {
        visitor.node(path, depth, filter);
        switch (filter) {
            case Filter.And and -> all(path + ".and.filters", depth, and.filters(), visitor);
            case Filter.Or or -> all(path + ".or.filters", depth, or.filters(), visitor);
            case Filter.Not not -> walk(path + ".not", depth + 1, not.filter(), visitor);
            case Filter.Compare compare -> {}
            case Filter.In in -> {}
            case Filter.IsNull isNull -> {}
        }
    }

    private static void all(String path, int depth, List<Filter> filters, Visitor visitor) {
        for (int i = 0; i < filters.size(); i++) {
            walk(path + "[" + i + "]", depth + 1, filters.get(i), visitor);
        }
    }
}
