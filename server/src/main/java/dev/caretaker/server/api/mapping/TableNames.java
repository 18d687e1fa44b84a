package dev.caretaker.server.api.mapping;

import dev.caretaker.server.store.TableName;

/** Required names of tables. */
public final class TableNames {
    private TableNames() {}

    /** @param given whether the field is set */
    public static TableName read(
            Violations violations, String path, boolean given, dev.caretaker.v1.TableName message) {
        violations.require(given, path, "is required");
        return given ? Names.read(violations, path, message) : new TableName("", "");
    }
}
