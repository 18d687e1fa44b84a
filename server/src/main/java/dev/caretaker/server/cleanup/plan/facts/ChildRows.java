package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.step.Eligibility;
import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.catalog.ForeignKey;
import dev.caretaker.server.target.catalog.KeyColumn;
import java.util.List;
import java.util.Optional;

/** Queries for the rows that deletes reach through foreign keys: child, grandchild and so on. */
final class ChildRows {
    private final SqlFragment eligible;
    private final List<ForeignKey> keys;
    private final Companions companions;

    ChildRows(Eligibility eligible, List<ForeignKey> keys, Companions companions) {
        this.eligible = eligible.anywhere();
        this.keys = keys;
        this.companions = companions;
    }

    /**
     * {@code FROM child WHERE it references, directly or through cascades, a row that is eligible}; of rows that hold others
     * back only those that the plan does not remove. Empty if the way there cannot be told.
     */
    Optional<SqlFragment> referencing(ForeignKey key) {
        SqlFragment from = SqlFragment.of("FROM " + Identifiers.quote(key.child()) + " AS c" + key.depth() + " WHERE ");
        return reaches(key).map(condition -> from.then("", condition).then("", staying(key)));
    }

    private SqlFragment staying(ForeignKey key) {
        Optional<SqlFragment> goes = key.changesChild() ? Optional.empty() : companions.removing(key.childOid());
        String row = " AND NOT EXISTS (SELECT 1 FROM (SELECT c" + key.depth() + ".*) AS t WHERE ";
        return goes.map(condition -> SqlFragment.of(row).then("", condition).then("", SqlFragment.of(")")))
                .orElse(SqlFragment.of(""));
    }

    private Optional<SqlFragment> reaches(ForeignKey key) {
        if (!key.comparable()) {
            return Optional.empty();
        }
        boolean direct = key.depth() == 1;
        String child = "c" + key.depth();
        String parent = direct ? "t" : "c" + (key.depth() - 1);
        String join = KeyColumn.match(key.columns(), column -> parent + "." + Identifiers.quote(column), child);
        SqlFragment exists = SqlFragment.of("EXISTS (SELECT 1 FROM " + Identifiers.quote(key.parent()) + " AS " + parent
                + " WHERE " + join + " AND ");
        Optional<SqlFragment> gone = direct ? Optional.of(eligible) : above(key);
        return gone.map(condition -> exists.then("", condition).then("", SqlFragment.of(")")));
    }

    /** The cascades by which rows of the referenced table go, any of which will do. */
    private Optional<SqlFragment> above(ForeignKey key) {
        return keys.stream()
                .filter(via -> via.depth() == key.depth() - 1
                        && via.childOid() == key.parentOid()
                        && via.onDelete() == ForeignKey.OnDelete.CASCADE)
                .flatMap(via -> reaches(via).stream())
                .reduce((left, right) -> left.then(" OR ", right))
                .map(any -> SqlFragment.of("(").then("", any).then("", SqlFragment.of(")")));
    }
}
