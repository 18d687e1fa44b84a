package dev.caretaker.server.cleanup.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A relation that a policy names, with all that inherit from it. */
public final class TableTree {
    private final List<Relation> relations;
    private final Map<String, Column> columns;
    private final Map<Long, Relation> byOid;
    private final Map<Long, List<Relation>> children = new HashMap<>();

    /**
     * @param relations the named one first, parents before children
     * @param columns of the named relation
     */
    public TableTree(List<Relation> relations, List<Column> columns) {
        this.relations = List.copyOf(relations);
        this.columns = columns.stream().collect(Collectors.toUnmodifiableMap(Column::name, Function.identity()));
        this.byOid = relations.stream().collect(Collectors.toUnmodifiableMap(Relation::oid, Function.identity()));
        for (Relation relation : relations) {
            relation.parent()
                    .ifPresent(parent -> children.computeIfAbsent(parent, oid -> new ArrayList<>())
                            .add(relation));
        }
    }

    /** Parents before children. */
    public List<Relation> relations() {
        return relations;
    }

    public Relation root() {
        return relations.getFirst();
    }

    public Relation get(long oid) {
        return byOid.get(oid);
    }

    public Optional<Column> column(String name) {
        return Optional.ofNullable(columns.get(name));
    }

    public Map<String, Column> columns() {
        return columns;
    }

    public List<Relation> children(Relation relation) {
        return children.getOrDefault(relation.oid(), List.of());
    }

    public Optional<Relation> parent(Relation relation) {
        return relation.parent().map(byOid::get);
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

    /** All relations that hold rows. */
    public List<Relation> stored() {
        return relations.stream().filter(Relation::hasRows).toList();
    }
}
