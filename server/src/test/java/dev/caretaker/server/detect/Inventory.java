package dev.caretaker.server.detect;

import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a database holds: columns, constraints, triggers, sequences, indexes, and how many rows each table.
 *
 * @param lines each with the name of the index that it belongs to (of a partition's the partitioned one), else empty
 */
record Inventory(SortedMap<String, String> lines) {
    private static final String QUERY = """
            WITH relations AS (
                SELECT c.*, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema')
            SELECT format('column %I.%I.%I %s %s', r.nspname, r.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                          a.attnotnull), ''
            FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE r.relkind IN ('r', 'p', 'm', 'v')
            UNION ALL
            SELECT format('constraint %I.%I.%I %s %s', r.nspname, r.relname, k.conname, k.contype, k.conkey), ''
            FROM relations r JOIN pg_constraint k ON k.conrelid = r.oid
            UNION ALL
            SELECT format('trigger %I.%I.%I', r.nspname, r.relname, t.tgname), ''
            FROM relations r JOIN pg_trigger t ON t.tgrelid = r.oid AND NOT t.tgisinternal
            UNION ALL
            SELECT format('sequence %I.%I', r.nspname, r.relname), '' FROM relations r WHERE r.relkind = 'S'
            UNION ALL
            SELECT format('index %I.%I', r.nspname, r.relname), top.nspname || '.' || top.relname
            FROM relations r
            JOIN relations top ON top.oid = CASE WHEN r.relispartition THEN pg_partition_root(r.oid) ELSE r.oid END
            WHERE r.relkind IN ('i', 'I')
            UNION ALL
            SELECT format('rows of %I.%I: %s', r.nspname, r.relname,
                          (xpath('/row/rows/text()', query_to_xml(format('SELECT count(*) AS rows FROM ONLY %I.%I', r.nspname,
                                                                         r.relname), false, true, '')))[1]), ''
            FROM relations r WHERE r.relkind = 'r'
            """;

    static Inventory of(Database database) {
        SortedMap<String, String> lines = new TreeMap<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            // Whoever holds a table exclusively shall fail the test, not stop it.
            statement.execute("SET lock_timeout = '10s'");
            ResultSet rows = statement.executeQuery(QUERY);
            while (rows.next()) {
                lines.put(rows.getString(1), rows.getString(2));
            }
        } catch (SQLException e) {
            throw new AssertionError(e.getMessage(), e);
        }
        return new Inventory(lines);
    }

    /** What was there before and is not now, but for indexes that the findings name. */
    List<String> lost(Inventory before, List<RawFinding> findings) {
        List<String> named = findings.stream()
                .map(finding -> finding.schema() + "." + finding.object())
                .toList();
        return before.lines.entrySet().stream()
                .filter(line -> !lines.containsKey(line.getKey()) && !named.contains(line.getValue()))
                .map(java.util.Map.Entry::getKey)
                .toList();
    }
}
