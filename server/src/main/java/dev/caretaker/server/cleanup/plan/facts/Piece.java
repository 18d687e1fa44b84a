package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.target.catalog.Relation;
import java.util.Optional;

/** What a policy does with one relation of its table. */
public sealed interface Piece {

    Relation relation();

    /** The whole partition, with all below it. */
    record Drop(Relation relation) implements Piece {}

    /**
     * Rows of the relation itself.
     *
     * @param whyNotDropped if all of it is older than the cutoff: a clause that says why it is not dropped
     */
    record Rows(Relation relation, Optional<String> whyNotDropped) implements Piece {}
}
