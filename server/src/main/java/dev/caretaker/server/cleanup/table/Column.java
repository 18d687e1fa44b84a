package dev.caretaker.server.cleanup.table;

import java.util.List;

/**
 * A column, seen below any domain.
 *
 * @param baseType pg_type.typname of its type
 * @param builtIn whether the type comes with Postgres
 * @param castType the type as it is written in a cast; never truncates or rounds, never depends on the search path
 * @param enumLabels in order; empty unless the type is an enum
 */
public record Column(
        String name, boolean notNull, String baseType, boolean builtIn, String castType, List<String> enumLabels) {

    public boolean isEnum() {
        return !enumLabels.isEmpty();
    }
}
