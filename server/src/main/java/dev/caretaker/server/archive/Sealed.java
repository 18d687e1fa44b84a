package dev.caretaker.server.archive;

/**
 * An archive that takes no more rows.
 *
 * @param stored whether all of it is at its destination, verified, with its manifest
 * @param rows in all parts
 * @param bytes of all parts, compressed
 * @param rawBytes the same before compression
 * @param parts how many there are
 * @param message one sentence: where it is, or what it waits for
 */
public record Sealed(boolean stored, long rows, long bytes, long rawBytes, int parts, String message) {}
