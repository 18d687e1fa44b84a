package dev.caretaker.server.run;

import dev.caretaker.server.store.Totals;

/**
 * What one batch did, and where the next one begins.
 *
 * @param next cursor after this batch
 * @param last whether it was the last one
 * @param done work of this batch
 * @param fill share of the wanted size that held work, 0 to 1: after a thin batch the engine holds growth back, because
 *     the next one may be dense; negative if the batch only looked for work, so that its time says nothing of sizes
 * @param fraction share of the whole step that is done, 0 to 1; negative if unknown (then it is told by rows)
 * @param phase what the step is doing, for people: "first pass", "sweep 2"
 */
public record Batch<C extends Record>(C next, boolean last, Totals done, double fill, double fraction, String phase) {

    /** The two as one: this one, and the next, which went on from its cursor. */
    public Batch<C> then(Batch<C> more) {
        double filled = more.searched() ? fill : Math.min(fill, more.fill);
        return new Batch<>(more.next, more.last, done.plus(more.done), filled, more.fraction, more.phase);
    }

    /** Whether it only looked for work. */
    public boolean searched() {
        return fill < 0;
    }
}
