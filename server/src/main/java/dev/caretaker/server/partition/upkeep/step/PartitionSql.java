package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Literals;
import java.util.List;
import java.util.Optional;

/** Statements about partitions. DDL takes no parameters, so bounds are written as literals, in the words of the catalog. */
public final class PartitionSql {
    /** Constraint that keeps rows of a partition to be from getting into the default one while it is checked for them. */
    static final String GUARD = "caretaker_guard";
    /** Constraint of a default partition that is being adopted. */
    static final String ADOPTION = "caretaker_adoption";
    /** Constraint of a detached partition: as long as it holds, it can be attached again without a scan. */
    static final String HELD = "caretaker_held";

    private PartitionSql() {}

    /**
     * A table like another, without what only attaching makes: no identity, no foreign keys.
     *
     * @param options what follows in CREATE TABLE: PARTITION BY, USING, WITH, TABLESPACE
     */
    public static String createLike(TableName table, TableName like, String options) {
        return "CREATE TABLE " + Identifiers.quote(table) + " (LIKE " + Identifiers.quote(like)
                + " INCLUDING ALL EXCLUDING IDENTITY)" + options;
    }

    /** @param from empty for a default partition */
    public static String attach(TableName parent, TableName partition, Optional<String> from, Optional<String> to) {
        return alter(parent) + "ATTACH PARTITION " + Identifiers.quote(partition) + " "
                + from.map(low -> "FOR VALUES FROM (" + limit(low) + ") TO (" + limit(to.orElseThrow()) + ")")
                        .orElse("DEFAULT");
    }

    public static String detach(TableName parent, TableName partition) {
        return alter(parent) + "DETACH PARTITION " + Identifiers.quote(partition);
    }

    public static String drop(TableName table) {
        return "DROP TABLE " + Identifiers.quote(table);
    }

    static String rename(TableName table, TableName to) {
        return alter(table) + "RENAME TO " + Identifiers.quote(to.name());
    }

    static String check(TableName table, String name, String expression) {
        return alter(table) + "ADD CONSTRAINT " + Identifiers.quote(name) + " CHECK (" + expression + ")";
    }

    static String validate(TableName table, String name) {
        return alter(table) + "VALIDATE CONSTRAINT " + Identifiers.quote(name);
    }

    static String dropConstraint(TableName table, String name) {
        return alter(table) + "DROP CONSTRAINT " + Identifiers.quote(name);
    }

    static String alter(TableName table) {
        return "ALTER TABLE " + Identifiers.quote(table) + " ";
    }

    /** What the rows of a range fulfil, in the very form in which the server writes the constraint of its partition. */
    static String within(String key, String type, String from, String to) {
        String column = Identifiers.quote(key);
        StringBuilder rows = new StringBuilder("(" + column + " IS NOT NULL)");
        if (!isUnbounded(from)) {
            rows.append(" AND (" + column + " OPERATOR(pg_catalog.>=) " + value(from, type) + ")");
        }
        if (!isUnbounded(to)) {
            rows.append(" AND (" + column + " OPERATOR(pg_catalog.<) " + value(to, type) + ")");
        }
        return rows.toString();
    }

    /** What adoption does, for people to read; rows outside of the gap are moved where there are any. */
    public static List<String> adoption(DefaultAdoption order) {
        TableName old = order.defaultName();
        TableName fresh = DefaultAdoptionStep.newDefault(order);
        return List.of(
                check(old, ADOPTION, within(order.key(), order.keyType(), order.from(), order.to())) + " NOT VALID",
                validate(old, ADOPTION),
                createLike(fresh, order.parent(), ""),
                detach(order.parent(), old),
                attach(order.parent(), old, Optional.of(order.from()), Optional.of(order.to())),
                rename(old, order.partition()),
                rename(fresh, old),
                attach(order.parent(), old, Optional.empty(), Optional.empty()),
                dropConstraint(order.partition(), ADOPTION));
    }

    private static String value(String text, String type) {
        return "CAST(" + Literals.quote(text) + " AS " + type + ")";
    }

    private static String limit(String text) {
        return isUnbounded(text) ? text : Literals.quote(text);
    }

    private static boolean isUnbounded(String text) {
        return text.equals("MINVALUE") || text.equals("MAXVALUE");
    }
}
