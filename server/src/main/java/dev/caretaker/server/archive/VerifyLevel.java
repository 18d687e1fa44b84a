package dev.caretaker.server.archive;

/** How far an archive is looked at. Each level holds what the one before holds, and more. */
public enum VerifyLevel {
    /** Every object is there, with the size and the checksum that the manifest names, as the destination tells. */
    STORED,
    /** Every part is read back: its SHA-256, its compression's own checksums, and its rows, which are parsed and counted. */
    READ_BACK,
    /** The rows are loaded into a temporary table at the target; their count and their hash are those of the rows that left. */
    RESTORED
}
