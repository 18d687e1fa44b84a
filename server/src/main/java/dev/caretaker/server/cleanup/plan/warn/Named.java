package dev.caretaker.server.cleanup.plan.warn;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.catalog.Relation;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Lists of relations in a sentence or in a remedy. */
final class Named {
    private static final int MOST = 5;

    private Named() {}

    /** The first few, and how many more. */
    static String names(List<TableName> relations) {
        String named = relations.stream().limit(MOST).map(TableName::toString).collect(Collectors.joining(", "));
        return relations.size() > MOST ? named + " and " + (relations.size() - MOST) + " more" : named;
    }

    /** The same of relations. */
    static String relations(List<Relation> relations) {
        return names(relations.stream().map(Relation::name).toList());
    }

    /** A line of SQL for each, made of its quoted name. */
    static String lines(List<Relation> relations, UnaryOperator<String> line) {
        return relations.stream()
                .map(relation -> line.apply(Identifiers.quote(relation.name())))
                .collect(Collectors.joining("\n"));
    }
}
