package dev.caretaker.server.cleanup.step;

/** Makes a mechanism for one step. */
@FunctionalInterface
interface Mechanisms {
    Mechanism create(RowRemoval removal, EligibleRows rows, Deletion deletion);
}
