package dev.caretaker.server.cleanup.step;

/**
 * Rows removed by one statement.
 *
 * @param rows rows of the table itself
 * @param cascaded rows removed or changed in other tables through foreign keys
 */
record Removed(long rows, long cascaded) {
    static final Removed NOTHING = new Removed(0, 0);
}
