package dev.caretaker.server.cleanup.step;

/**
 * Where a row lies.
 *
 * @param relation oid
 * @param address as {@link RowAddress} has it
 */
record Row(long relation, long address) {}
