package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.target.catalog.ForeignKey;
import dev.caretaker.server.target.catalog.RewriteRule;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Rewrite rules of referencing tables that take the place of what a foreign key does there. Postgres finds that the key did not
 * do it ("referential integrity query … gave unexpected result") and refuses the delete that set it off, even if no row refers
 * to the deleted one.
 */
final class KeyRules {
    private KeyRules() {}

    /** Why no row can be deleted, in a clause. */
    static Optional<String> refusal(PolicyFacts facts) {
        return facts.tree().relations().stream()
                .filter(relation -> facts.measured().containsKey(relation.oid()))
                .flatMap(relation -> Eligibilities.concerning(facts.tree(), relation).stream())
                .filter(key -> key.changesChild() && happens(facts, key))
                .flatMap(key -> replacing(facts, key).map(rule -> why(key, rule)))
                .findFirst();
    }

    /** A key further down works only where a row goes above it. */
    private static boolean happens(PolicyFacts facts, ForeignKey key) {
        return key.depth() == 1
                || facts.childRows().getOrDefault(key, Tally.NONE).rows() > 0;
    }

    private static Stream<RewriteRule> replacing(PolicyFacts facts, ForeignKey key) {
        return Optional.ofNullable(facts.children().get(key.childOid())).stream()
                .flatMap(child -> child.root().rules().stream())
                .filter(rule -> rule.replaces() && rule.event().equals(event(key)));
    }

    private static String event(ForeignKey key) {
        return key.onDelete() == ForeignKey.OnDelete.CASCADE ? "DELETE" : "UPDATE";
    }

    private static String why(ForeignKey key, RewriteRule rule) {
        return "foreign key " + key.name() + " of \"" + key.child() + "\" says ON DELETE "
                + key.onDelete().sql() + ", but rewrite rule \"" + rule.name()
                + "\" there does something else instead of every " + rule.event()
                + ", so that Postgres refuses each delete from \"" + key.parent() + "\"";
    }
}
