package dev.caretaker.server.cleanup.plan.choice;

import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.catalog.Relation;
import dev.caretaker.server.target.catalog.RelationKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Statements that build an index without keeping writers out. */
public final class IndexRecipe {
    private static final String SUFFIX = "_retention_idx";
    private static final int IDENTIFIER_BYTES = 63;
    /** Partitions written out; a reader has understood by then. */
    private static final int SHOWN = 5;

    private final TableTree tree;
    private final String key;

    private IndexRecipe(TableTree tree, List<String> columns) {
        this.tree = tree;
        this.key = columns.stream().map(Identifiers::quote).collect(Collectors.joining(", ", " (", ");"));
    }

    /**
     * @param lacking relations with rows that need it
     * @param columns in order
     */
    public static String sql(TableTree tree, List<Relation> lacking, List<String> columns) {
        IndexRecipe recipe = new IndexRecipe(tree, columns);
        return tree.root().kind() == RelationKind.PARTITIONED_TABLE
                ? recipe.onPartitions()
                : lacking.stream().map(recipe::concurrently).collect(Collectors.joining("\n"));
    }

    private String concurrently(Relation relation) {
        return "CREATE INDEX CONCURRENTLY ON " + Identifiers.quote(relation.name()) + key;
    }

    /**
     * Concurrent builds are refused on a partitioned table, so: an invalid index on it alone, one on each partition, and the
     * last one attached makes it valid (Postgres docs, CREATE INDEX).
     */
    private String onPartitions() {
        List<String> lines = new ArrayList<>();
        List<Relation> leaves = new ArrayList<>();
        for (Relation relation : tree.relations()) {
            if (relation.kind() == RelationKind.PARTITIONED_TABLE) {
                lines.add("CREATE INDEX " + Identifiers.quote(name(relation.name())) + " ON ONLY "
                        + Identifiers.quote(relation.name()) + key);
                attach(relation).ifPresent(lines::add);
            } else if (TableTree.hasRows(relation)) {
                leaves.add(relation);
            }
        }
        int more = lines.size() > SHOWN ? lines.size() - SHOWN : 0;
        List<String> shown = new ArrayList<>(lines.subList(0, lines.size() - more));
        if (more > 0) {
            shown.add("-- and so on for the other partitioned tables below "
                    + Identifiers.quote(tree.root().name()));
        }
        for (Relation leaf : leaves.subList(0, Math.min(SHOWN, leaves.size()))) {
            shown.add("CREATE INDEX CONCURRENTLY " + Identifiers.quote(name(leaf.name())) + " ON "
                    + Identifiers.quote(leaf.name()) + key);
            attach(leaf).ifPresent(shown::add);
        }
        if (leaves.size() > SHOWN) {
            shown.add("-- and so on for " + (leaves.size() - SHOWN)
                    + " more partitions; the parent's index is valid once all are attached");
        }
        return String.join("\n", shown);
    }

    private Optional<String> attach(Relation partition) {
        return tree.parent(partition)
                .map(parent -> "ALTER INDEX " + Identifiers.quote(index(parent)) + " ATTACH PARTITION "
                        + Identifiers.quote(index(partition)) + ";");
    }

    private static TableName index(Relation relation) {
        return new TableName(relation.name().schema(), name(relation.name()));
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
