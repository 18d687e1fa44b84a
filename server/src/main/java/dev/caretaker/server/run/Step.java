package dev.caretaker.server.run;

/**
 * One resumable part of a run, on one relation. A feature gives the engine steps; the engine alone owns the loop: lease,
 * fence, pause, cancel, deadline, window, throttle, batch sizing, retries, journal and events.
 */
public sealed interface Step permits BatchStep, StatementStep {

    /**
     * Oid of the relation to fence: while the step works, its session holds the advisory lock of this relation, so that no
     * other server or run works beside it.
     */
    long fencedOid();
}
