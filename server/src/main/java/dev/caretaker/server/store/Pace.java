package dev.caretaker.server.store;

/** How much a run gives way to what others do at its server. */
public enum Pace {
    /** As fast as it can while nobody else works, else gently, and the more gently the more others feel it. */
    ADAPTIVE,
    /** As fast as it can, whoever else works. */
    FAST,
    /** Always gently. */
    POLITE
}
