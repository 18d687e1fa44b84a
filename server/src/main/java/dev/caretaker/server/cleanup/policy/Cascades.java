package dev.caretaker.server.cleanup.policy;

import dev.caretaker.server.store.TableName;
import java.util.List;

/**
 * Which other tables the deletes of a policy may change: cascade to, or set NULL in.
 *
 * @param all whether any; a table that somebody lets refer to the policy's later is among them
 * @param tables else these and no others, at whatever depth
 */
public record Cascades(boolean all, List<TableName> tables) {
    public static final Cascades NONE = new Cascades(false, List.of());
    public static final Cascades ALL = new Cascades(true, List.of());

    public Cascades {
        tables = List.copyOf(tables);
    }

    public boolean allow(TableName table) {
        return all || tables.contains(table);
    }
}
