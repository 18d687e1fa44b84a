package dev.caretaker.server.backup;

import dev.caretaker.server.store.TableName;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a restore made.
 *
 * @param tables into which rows were loaded
 * @param rows that were loaded
 * @param missing what could not be made
 * @param unloaded tables that were made, but whose rows were not loaded for what says nothing against them, such as a right that the
 *     login lacks; they are told among what is missing
 * @param lacking extensions that do not exist there; objects may be missing because of them
 * @param notes what was left out because something is not there, such as a role or an extension, one sentence each
 * @param tools names and versions of the programs that were at work
 */
public record Restored(
        int tables,
        long rows,
        List<Unmade> missing,
        Set<TableName> unloaded,
        Set<String> lacking,
        List<String> notes,
        Map<String, String> tools) {

    /** Whether something is missing because the login may not make or run it. */
    public boolean wasRefused() {
        return missing.stream().anyMatch(one -> one.why() == Unmade.Why.REFUSED);
    }
}
