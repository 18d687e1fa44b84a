package dev.caretaker.server.backup;

import java.util.List;

/**
 * What a restore made.
 *
 * @param tables into which rows were loaded
 * @param rows that were loaded
 * @param notes what could not be made again, one sentence each
 */
public record Restored(int tables, long rows, List<String> notes) {}
