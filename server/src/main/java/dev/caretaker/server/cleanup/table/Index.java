package dev.caretaker.server.cleanup.table;

import dev.caretaker.server.store.TableName;
import java.util.List;

/**
 * An index.
 *
 * @param usable whether it is a btree, valid and ready
 * @param partial whether it has a predicate
 * @param key its key columns in order; empty text for an expression or an order that is not the column's own
 */
public record Index(TableName name, boolean usable, boolean partial, List<String> key) {}
