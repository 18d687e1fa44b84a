package dev.caretaker.server.archive.restore;

/**
 * Where a step that loads rows stands.
 *
 * @param oid of the table; 0 before it is made
 * @param part number of the part it is in, from 0
 * @param row rows of that part that are done
 * @param read rows read in all
 * @param restored rows loaded in all
 */
record RestoreCursor(long oid, int part, long row, long read, long restored) {
    static RestoreCursor begin(long oid) {
        return new RestoreCursor(oid, 0, 0, 0, 0);
    }

    RestoreCursor made(long table) {
        return new RestoreCursor(table, part, row, read, restored);
    }

    RestoreCursor loaded(long rows, long taken) {
        return new RestoreCursor(oid, part, row + rows, read + rows, restored + taken);
    }

    RestoreCursor nextPart() {
        return new RestoreCursor(oid, part + 1, 0, read, restored);
    }
}
