package dev.caretaker.server.cleanup.table;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.catalog.Catalog;
import dev.caretaker.server.target.catalog.Column;
import dev.caretaker.server.target.catalog.ForeignKey;
import dev.caretaker.server.target.catalog.Relation;
import dev.caretaker.server.target.catalog.RelationKind;
import dev.caretaker.server.target.catalog.TableFacts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A relation that a policy names with all of its partitions, for walking up and down. */
public final class TableTree {
    private final TableFacts facts;
    private final Map<Long, List<String>> enumLabels;
    private final Set<Long> ambiguousTypes;
    private final Map<Long, Relation> relations = new LinkedHashMap<>();
    private final Map<Long, List<Relation>> children = new HashMap<>();

    /**
     * @param enumLabels labels of the columns' enum types, in order, by type oid
     * @param ambiguousTypes those of them between whose values an operator is ambiguous
     */
    public TableTree(TableFacts facts, Map<Long, List<String>> enumLabels, Set<Long> ambiguousTypes) {
        this.facts = facts;
        this.enumLabels = enumLabels;
        this.ambiguousTypes = ambiguousTypes;
        relations.put(facts.table().oid(), facts.table());
        for (Relation partition : facts.partitions()) {
            relations.put(partition.oid(), partition);
            partition
                    .membership()
                    .ifPresent(membership -> children.computeIfAbsent(membership.parentOid(), oid -> new ArrayList<>())
                            .add(partition));
        }
    }

    /** Reads it from the catalog; empty if there is no relation of that name. */
    public static Optional<TableTree> read(Connection connection, TableName name) throws SQLException {
        Optional<TableFacts> facts = Catalog.table(connection, name);
        if (facts.isEmpty()) {
            return Optional.empty();
        }
        String types = facts.get().table().columns().stream()
                .map(column -> Long.toString(column.baseTypeOid()))
                .collect(Collectors.joining(",", "{", "}"));
        Map<Long, List<String>> labels = new HashMap<>();
        Set<Long> ambiguous = new HashSet<>();
        Sql.resource("cleanup/enum_labels", types).list(connection, row -> {
            if (row.getBoolean("ambiguous")) {
                ambiguous.add(row.getLong("type"));
            }
            return labels.computeIfAbsent(row.getLong("type"), oid -> new ArrayList<>())
                    .add(row.getString("enumlabel"));
        });
        return Optional.of(new TableTree(facts.get(), labels, ambiguous));
    }

    /** The named relation. */
    public Relation root() {
        return facts.table();
    }

    /** All of them, parents before children. */
    public List<Relation> relations() {
        return List.copyOf(relations.values());
    }

    public Relation get(long oid) {
        return relations.get(oid);
    }

    /** Old-style inheritance children of the named relation. */
    public List<TableName> inheritanceChildren() {
        return facts.inheritanceChildren();
    }

    public Optional<Column> column(String name) {
        return root().column(name);
    }

    /** Labels of the column's enum type; empty if it has another type. */
    public List<String> labels(Column column) {
        return enumLabels.getOrDefault(column.baseTypeOid(), List.of());
    }

    /** Whether operators between values of the column's type are ambiguous to Postgres: it is an enum with an implicit cast. */
    public boolean isAmbiguous(Column column) {
        return ambiguousTypes.contains(column.baseTypeOid());
    }

    /** Foreign keys that reference the table or that its cascades reach; those that are not enforced do nothing. */
    public List<ForeignKey> incomingKeys() {
        return facts.incoming().stream().filter(ForeignKey::enforced).toList();
    }

    /** Foreign keys that the table or its partitions have. */
    public List<ForeignKey> outgoingKeys() {
        return facts.outgoing();
    }

    public List<Relation> children(Relation relation) {
        return children.getOrDefault(relation.oid(), List.of());
    }

    public Optional<Relation> parent(Relation relation) {
        return relation.membership().map(membership -> relations.get(membership.parentOid()));
    }

    /** The relation and all below it. */
    public List<Relation> subtree(Relation relation) {
        List<Relation> all = new ArrayList<>(List.of(relation));
        for (int i = 0; i < all.size(); i++) {
            all.addAll(children(all.get(i)));
        }
        return all;
    }

    /** The relation and all above it, up to the root. */
    public List<Relation> lineage(Relation relation) {
        List<Relation> all = new ArrayList<>();
        Optional<Relation> current = Optional.of(relation);
        while (current.isPresent()) {
            all.add(current.get());
            current = parent(current.get());
        }
        return all;
    }

    /** Relations in which rows lie. */
    public List<Relation> stored() {
        return relations.values().stream().filter(TableTree::hasRows).toList();
    }

    /** Whether rows lie in the relation itself, within reach of a DELETE. */
    public static boolean hasRows(Relation relation) {
        return relation.kind() == RelationKind.TABLE;
    }
}
