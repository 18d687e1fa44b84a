package dev.caretaker.server.cleanup.plan.warn;

import dev.caretaker.server.store.TableName;
import java.util.List;
import java.util.stream.Collectors;

/** Lists of relations in a sentence. */
final class Named {
    private static final int MOST = 5;

    private Named() {}

    /** The first few, and how many more. */
    static String names(List<TableName> relations) {
        String named = relations.stream().limit(MOST).map(TableName::toString).collect(Collectors.joining(", "));
        return relations.size() > MOST ? named + " and " + (relations.size() - MOST) + " more" : named;
    }
}
