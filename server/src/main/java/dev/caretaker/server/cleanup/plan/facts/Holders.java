package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.step.Eligibility.ReferencingKey;
import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.catalog.ForeignKey;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which rows of a table rows of other tables hold back, over the table's alias {@code t}, for those who only look. Rows of the
 * table itself may go together and do not count. Which rows a key refers by that casts with a user's function is not asked: then
 * any row of its table may hold back any, as long as there is one.
 */
final class Holders {
    private final List<ForeignKey> keys;

    Holders(TableTree tree) {
        Set<Long> own =
                tree.relations().stream().map(relation -> relation.oid()).collect(Collectors.toSet());
        keys = tree.incomingKeys().stream()
                .filter(key -> key.depth() == 1 && !key.changesChild())
                .filter(key -> key.parentOid() == tree.root().oid() && !own.contains(key.childOid()))
                .toList();
    }

    /** Predicate: a row holds the row back, or may. */
    SqlFragment held() {
        return SqlFragment.of(
                keys.isEmpty()
                        ? "false"
                        : keys.stream().map(Holders::exists).collect(Collectors.joining(" OR ", "(", ")")));
    }

    /** Whose rows do: an array of texts, one for each key by which a row refers to the row, or may. */
    SqlFragment named() {
        return new SqlFragment(
                keys.stream()
                        .map(key -> "CASE WHEN " + exists(key) + " THEN ? END")
                        .collect(Collectors.joining(", ", "CAST(ARRAY[", "] AS pg_catalog.text[])")),
                keys.stream().map(Holders::name).toList());
    }

    private static String name(ForeignKey key) {
        String unasked = key.comparable()
                ? ""
                : "; which rows they refer to is not asked, because it casts with a function that a user made";
        return key.child() + " (foreign key " + key.name() + unasked + ")";
    }

    private static String exists(ForeignKey key) {
        ReferencingKey referencing = Eligibilities.referencing(key);
        String match = key.comparable()
                ? referencing.match("c", column -> "t." + Identifiers.quote(column))
                : key.childColumns().stream()
                        .map(column -> "c." + Identifiers.quote(column) + " IS NOT NULL")
                        .collect(Collectors.joining(" AND "));
        return "EXISTS (SELECT 1 FROM " + Identifiers.quote(key.child()) + " AS c WHERE " + match + ")";
    }
}
