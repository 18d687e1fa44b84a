package dev.caretaker.server.backup;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a restore made.
 *
 * @param tables into which rows were loaded
 * @param rows that were loaded
 * @param missing objects that could not be made, one sentence each
 * @param lacking extensions that do not exist there; objects may be missing because of them
 * @param notes what was left out because something is not there, such as a role or an extension, one sentence each
 * @param tools names and versions of the programs that were at work
 */
public record Restored(
        int tables,
        long rows,
        List<String> missing,
        Set<String> lacking,
        List<String> notes,
        Map<String, String> tools) {}
