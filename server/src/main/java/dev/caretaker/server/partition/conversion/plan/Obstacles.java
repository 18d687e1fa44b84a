package dev.caretaker.server.partition.conversion.plan;

import dev.caretaker.server.partition.conversion.table.PlainTable;
import dev.caretaker.server.partition.conversion.table.PlainTable.Column;
import dev.caretaker.server.partition.conversion.table.PlainTable.Constraint;
import dev.caretaker.server.partition.conversion.table.PlainTable.Index;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What stands in the way of making a table partitioned. */
final class Obstacles {
    private final PlainTable table;
    private final Column key;
    private final Set<Loss> accepted;
    private final List<Obstacle> found = new ArrayList<>();

    private Obstacles(PlainTable table, Column key, Set<Loss> accepted) {
        this.table = table;
        this.key = key;
        this.accepted = accepted;
    }

    /** All of them, those that may be accepted among them. */
    static List<Obstacle> of(PlainTable table, Column key, Set<Loss> accepted) {
        Obstacles obstacles = new Obstacles(table, key, accepted);
        obstacles.kind();
        obstacles.key();
        obstacles.indexes();
        obstacles.constraints();
        obstacles.dependents();
        return obstacles.found;
    }

    private void kind() {
        refuseIf(!table.kind().equals("r"), "It is not a plain table.");
        refuseIf(!table.persistence().equals("p"), "It is temporary or unlogged.");
        refuseIf(table.typed(), "It is a table of a type.");
        refuseIf(table.inherits(), "It inherits from another table, or another table inherits from it.");
        refuseIf(table.ofExtension(), "It belongs to an extension.");
        refuseIf(table.storage().labelled(), "It has security labels, which would stay with the old rows.");
        refuseIf(!table.mayAct(), "Caretaker's role can neither be nor act as its owner " + table.owner() + ".");
    }

    private void key() {
        refuseIf(!key.generated().isEmpty(), "The values of " + key.name() + " are computed.");
        if (!key.notNull()) {
            loss(Loss.NULL_KEYS_REFUSED, "Column " + key.name() + " allows NULL; such rows will be refused.");
        }
    }

    private void indexes() {
        for (Index index : table.indexes()) {
            refuseIf(!index.valid(), "Index " + index.name() + " is not valid: rebuild or drop it first.");
            refuseIf(
                    index.constraintType().equals("x")
                            || index.constraintDefinition().contains("WITHOUT OVERLAPS"),
                    "Constraint " + index.constraint().orElse(index.name())
                            + " excludes rows across the table, which a partitioned table cannot do.");
            boolean narrowed = index.unique() && !index.hasInKey(key.number());
            refuseIf(
                    narrowed && index.identity(),
                    "Index " + index.name() + " identifies rows for replication, but lacks " + key.name() + ".");
            if (narrowed) {
                loss(
                        Loss.UNIQUE_NARROWED,
                        "Unique index " + index.name() + " gets " + key.name()
                                + " in addition: across partitions its old columns are no longer unique, and"
                                + " ON CONFLICT with these columns alone fails.");
            }
        }
    }

    private void constraints() {
        for (Constraint check : table.checks()) {
            refuseIf(!check.validated(), "Constraint " + check.name() + " is not validated: validate it first.");
            refuseIf(check.noInherit(), "Constraint " + check.name() + " is marked NO INHERIT.");
        }
        for (Constraint foreign : table.outgoing()) {
            refuseIf(!foreign.validated(), "Foreign key " + foreign.name() + " is not validated: validate it first.");
            refuseIf(
                    foreign.definition().contains("NOT ENFORCED"),
                    "Foreign key " + foreign.name() + " is not enforced.");
        }
        for (Constraint foreign : table.incoming()) {
            loss(
                    Loss.FOREIGN_KEYS_DROPPED,
                    "Foreign key " + foreign.name() + " of " + foreign.table()
                            + " references a key that the table will not have: it is dropped.");
        }
    }

    private void dependents() {
        for (PlainTable.Trigger trigger : table.triggers()) {
            if (trigger.eachRow() && trigger.before() && trigger.mentions().contains(key.name())) {
                loss(
                        Loss.KEY_CHANGED_BY_TRIGGER,
                        "Trigger " + trigger.name() + " may change " + key.name()
                                + ": a row's partition is chosen before it runs, and a row that it moves to another one,"
                                + " or whose key it only then fills in, is refused.");
            }
            refuseIf(
                    trigger.eachRow() && trigger.transitions(),
                    "Trigger " + trigger.name()
                            + " is of rows and has transition tables, which partitions cannot have.");
        }
        for (PlainTable.Rewrite rewrite : table.rewrites()) {
            String named = rewrite.view().map(Object::toString).orElse(rewrite.name());
            refuseIf(
                    rewrite.kind().equals("materialized"),
                    "Materialized view " + named + " would keep to the old rows.");
            refuseIf(rewrite.kind().equals("other"), "A rule of " + named + " would keep to the old rows.");
            refuseIf(!rewrite.mayAct(), "Caretaker's role cannot act as the owner of view " + named + ".");
        }
        table.others()
                .forEach(other -> refuseIf(
                        true, "It is used by " + other + ", which would keep to what it is now: drop that first."));
        functions();
        publications();
    }

    private void functions() {
        for (PlainTable.Function function : table.functions()) {
            if (function.definition().isPresent()) {
                refuseIf(!function.mayAct(), "Caretaker's role cannot act as the owner of " + function.what() + ".");
            } else {
                refuseIf(
                        function.kind().equals("view"),
                        "A column of " + function.what() + " has the row type of the table, which it could not keep.");
                loss(
                        Loss.ROW_TYPE_LEFT,
                        "The row type of the table is used by " + function.what()
                                + ": it stays that of the partition of old rows, so a function that is given, or returns,"
                                + " rows of the table fails until it is dropped and made again.");
            }
        }
    }

    private void publications() {
        for (PlainTable.Publication publication : table.publications()) {
            String named = "Publication " + publication.name();
            refuseIf(
                    !publication.byItself() && !publication.mayAct(),
                    "Caretaker's role cannot act as the owner of publication " + publication.name() + ".");
            refuseIf(
                    publication.selects() && !publication.viaRoot(),
                    named + " selects rows or columns of the table, which it can of a partitioned one only with"
                            + " publish_via_partition_root.");
            loss(
                    Loss.PUBLICATION_CHANGED,
                    publication.viaRoot()
                            ? named + " sends changes under the table's name still; a subscription has to be refreshed"
                                    + " before it gets them."
                            : named
                                    + " will send changes under the names of partitions, which subscribers need as tables"
                                    + " before a subscription is refreshed; publish_via_partition_root avoids that.");
        }
    }

    private void refuseIf(boolean so, String message) {
        if (so) {
            found.add(new Obstacle(Optional.empty(), message, false));
        }
    }

    private void loss(Loss loss, String message) {
        found.add(new Obstacle(Optional.of(loss), message, accepted.contains(loss)));
    }
}
