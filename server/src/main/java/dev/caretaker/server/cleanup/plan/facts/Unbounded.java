package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.table.RangeKeys;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.catalog.Column;
import dev.caretaker.server.target.catalog.Relation;
import java.util.Optional;

/**
 * What the bounds of a partition that has no beginning do not keep out of it: keys of {@code -infinity}, which are never removed.
 * The partition of old rows that a conversion leaves is one.
 */
public final class Unbounded {
    private static final String MINUS_INFINITY = "-infinity";
    private static final char DATES = 'D';

    private Unbounded() {}

    /**
     * A condition that such rows fulfil, looked up by an index that leads with the key; empty if the bounds keep them out, or if
     * the type has no infinity.
     */
    public static Optional<String> infinite(TableTree tree, Relation partition, String name) {
        Column column = tree.column(name).orElseThrow();
        boolean bounded = RangeKeys.text(
                        RangeKeys.range(partition).orElseThrow().from().getFirst())
                .filter(lower -> !lower.equals(MINUS_INFINITY))
                .isPresent();
        return bounded || column.category() != DATES
                ? Optional.empty()
                : Optional.of(Identifiers.quote(name) + " OPERATOR(pg_catalog.=) CAST('" + MINUS_INFINITY + "' AS "
                        + column.castType() + ")");
    }
}
