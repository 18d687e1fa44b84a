package dev.caretaker.server.cleanup.policy;

import dev.caretaker.server.store.TableName;
import java.util.List;
import java.util.Optional;

/**
 * A policy that fits a table, to be corrected by whoever knows what its rows are good for.
 *
 * @param policy can be applied as it is; its retention is a placeholder
 * @param notes sentences on what was chosen and why, and on what else was found
 * @param state a column that seems to say what state a row is in
 * @param cascades tables that its deletes would change, and which it does not allow
 */
public record PolicySuggestion(
        Policy policy, List<String> notes, Optional<StateColumn> state, List<TableName> cascades) {

    /**
     * A column by which a policy may be restricted.
     *
     * @param values what it may hold; empty if its type does not tell
     */
    public record StateColumn(String name, List<Constant> values) {}
}
