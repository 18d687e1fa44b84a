package dev.caretaker.server.backup;

import java.util.List;
import java.util.Map;

/**
 * What a restore made.
 *
 * @param tables into which rows were loaded
 * @param rows that were loaded
 * @param missing objects that could not be made, one sentence each
 * @param notes what was left out because something is not there, such as a role or an extension, one sentence each
 * @param tools names and versions of the programs that were at work
 */
public record Restored(int tables, long rows, List<String> missing, List<String> notes, Map<String, String> tools) {}
