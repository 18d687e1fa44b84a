package dev.caretaker.server.cleanup.plan;

import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.catalog.Relation;
import dev.caretaker.server.target.catalog.RelationKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Statements that build an index without keeping writers out. */
final class IndexRecipe {
    private static final String SUFFIX = "_retention_idx";
    private static final int IDENTIFIER_BYTES = 63;
    private static final int MOST_PARTITIONS = 100;

    private IndexRecipe() {}

    /**
     * @param lacking relations with rows that need it
     * @param columns in order
     */
    static String sql(TableTree tree, List<Relation> lacking, List<String> columns) {
        String key = columns.stream().map(Identifiers::quote).collect(Collectors.joining(", ", " (", ");"));
        Relation root = tree.root();
        boolean partitioned = root.kind() == RelationKind.PARTITIONED_TABLE;
        boolean flat =
                lacking.stream().allMatch(relation -> tree.lineage(relation).size() == 2);
        if (partitioned && (!flat || tree.children(root).size() > MOST_PARTITIONS)) {
            return "-- keeps writers out while it runs\nCREATE INDEX ON " + Identifiers.quote(root.name()) + key;
        }
        if (!partitioned) {
            return lacking.stream()
                    .map(relation -> "CREATE INDEX CONCURRENTLY ON " + Identifiers.quote(relation.name()) + key)
                    .collect(Collectors.joining("\n"));
        }
        // Concurrent builds are refused on a partitioned table, so: an invalid index on it alone, one on each
        // partition,
        // and the last one attached makes it valid (Postgres docs, CREATE INDEX).
        List<String> lines = new ArrayList<>();
        String parentIndex = name(root.name());
        lines.add(
                "CREATE INDEX " + Identifiers.quote(parentIndex) + " ON ONLY " + Identifiers.quote(root.name()) + key);
        for (Relation partition : tree.children(root)) {
            String index = name(partition.name());
            lines.add("CREATE INDEX CONCURRENTLY " + Identifiers.quote(index) + " ON "
                    + Identifiers.quote(partition.name()) + key);
            lines.add(
                    "ALTER INDEX " + Identifiers.quote(new TableName(root.name().schema(), parentIndex))
                            + " ATTACH PARTITION "
                            + Identifiers.quote(new TableName(partition.name().schema(), index)) + ";");
        }
        return String.join("\n", lines);
    }

    private static String name(TableName table) {
        StringBuilder name = new StringBuilder();
        int room = IDENTIFIER_BYTES - SUFFIX.length();
        for (int point : table.name().codePoints().toArray()) {
            String next = Character.toString(point);
            room -= next.getBytes(StandardCharsets.UTF_8).length;
            if (room < 0) {
                break;
            }
            name.append(next);
        }
        return name + SUFFIX;
    }
}
