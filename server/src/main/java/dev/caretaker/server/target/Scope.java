package dev.caretaker.server.target;

import dev.caretaker.server.store.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * What of a target may be touched: what lies in its schemas, and of a partitioned table all or nothing. Its partitions, with
 * their indexes, belong to it wherever they lie.
 */
public final class Scope {
    private final Target target;
    private final Map<TableName, String> strays;

    private Scope(Target target, Map<TableName, String> strays) {
        this.target = target;
        this.strays = strays;
    }

    /** Reads from the catalog which partitions lie elsewhere than their table, if that makes a difference. */
    public static Scope read(Connection connection, Target target) throws SQLException {
        Map<TableName, String> strays = new HashMap<>();
        if (!target.schemas().isEmpty()) {
            Sql.resource("target/strays")
                    .list(
                            connection,
                            row -> strays.put(
                                    new TableName(row.getString("schema"), row.getString("name")),
                                    row.getString("root_schema")));
        }
        return new Scope(target, strays);
    }

    /** One that knows nothing of the catalog: enough where nothing lies in a schema. */
    public static Scope unread(Target target) {
        return new Scope(target, Map.of());
    }

    /** Whether a relation may be touched. */
    public boolean holds(TableName relation) {
        return target.inScope(strays.getOrDefault(relation, relation.schema()));
    }

    /**
     * The same for what belongs to a relation and begins with its name and a dot, as {@code table.column} does, or is one.
     *
     * @param name of the relation or what belongs to it
     */
    public boolean holds(String schema, String name) {
        for (int dot = name.indexOf('.'); dot >= 0 && !strays.isEmpty(); dot = name.indexOf('.', dot + 1)) {
            TableName owner = new TableName(schema, name.substring(0, dot));
            if (strays.containsKey(owner)) {
                return holds(owner);
            }
        }
        return holds(new TableName(schema, name));
    }
}
