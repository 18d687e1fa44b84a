package dev.caretaker.server.backup;

import java.util.List;

/**
 * What a restore made.
 *
 * @param tables into which rows were loaded
 * @param rows that were loaded
 * @param missing objects that could not be made, one sentence each
 * @param notes what was left out because something is not there, such as a role or an extension, one sentence each
 */
public record Restored(int tables, long rows, List<String> missing, List<String> notes) {}
