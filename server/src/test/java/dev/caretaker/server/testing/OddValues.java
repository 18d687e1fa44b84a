package dev.caretaker.server.testing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;

/**
 * Values at the ends of what each type can hold, and tables that are full of them: keys, bounds of partitions, sequences,
 * statistics. What nobody plans for is what one value of thousands looks like.
 */
public final class OddValues {
    /** Types a table can be partitioned by, each with values in the order of the type. */
    private static final Map<String, List<String>> RANGES = new LinkedHashMap<>();

    private static final List<String> INSTANTS = List.of(
            "-infinity",
            "4714-11-24 00:00:00 BC",
            "0044-03-15 12:00:00 BC",
            "0001-01-01 00:00:00",
            "1970-01-01 00:00:00",
            "2026-01-01 00:00:00",
            "2026-02-01 00:00:00.000001",
            "9999-12-31 23:59:59.999999",
            "10000-01-01 00:00:00",
            "294276-12-31 23:59:59.999999",
            "infinity");

    static {
        RANGES.put("timestamptz", INSTANTS);
        RANGES.put("timestamp", INSTANTS);
        RANGES.put(
                "date",
                List.of(
                        "-infinity",
                        "4714-11-24 BC",
                        "0044-03-15 BC",
                        "0001-01-01",
                        "2026-01-01",
                        "9999-12-31",
                        "294277-01-01",
                        "5874897-12-31",
                        "infinity"));
        RANGES.put("int2", List.of("-32768", "-1", "0", "32767"));
        RANGES.put("int4", List.of("-2147483648", "-1", "0", "1000", "2147483647"));
        RANGES.put("int8", List.of("-9223372036854775808", "0", "1700000000000", "9223372036854775807"));
        RANGES.put(
                "numeric",
                List.of(
                        "-Infinity",
                        "-1" + "0".repeat(400),
                        "-0.5",
                        "0",
                        "0." + "0".repeat(50) + "1",
                        "1" + "0".repeat(400),
                        "Infinity",
                        "NaN"));
        RANGES.put("float4", List.of("-Infinity", "-3.4028235e+38", "-1e-45", "0", "3.4028235e+38", "Infinity", "NaN"));
        RANGES.put(
                "float8", List.of("-Infinity", "-1.7976931348623157e+308", "0", "5e-324", "1e+308", "Infinity", "NaN"));
        RANGES.put("interval", List.of("-178000000 years", "-1 day", "0", "9 days", "10 days", "178000000 years"));
        RANGES.put("time", List.of("00:00:00", "23:59:59.999999", "24:00:00"));
        RANGES.put("uuid", List.of("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"));
        RANGES.put(
                "text COLLATE \"C\"",
                List.of("", "'; DROP TABLE x; --", "(MINVALUE)", "infinity", "two\nlines, \\ back"));
        RANGES.put("bytea", List.of("\\x", "\\x00", "\\xffff"));
        RANGES.put("inet", List.of("0.0.0.0", "255.255.255.255", "ffff::ffff"));
        RANGES.put("money", List.of("-92233720368547758.08", "0", "92233720368547758.07"));
        RANGES.put("bool", List.of("false", "true"));
        RANGES.put("pg_lsn", List.of("0/0", "FFFFFFFF/FFFFFFFF"));
        RANGES.put("oid", List.of("0", "4294967295"));
        RANGES.put("late_day", List.of("2026-01-01", "5874897-12-31", "infinity"));
    }

    private OddValues() {}

    /**
     * For each type a table whose ranges meet at each of its values, one that lacks every second of these ranges, one whose
     * only partition begins with the greatest value, and one with a partition for each value.
     */
    public static List<String> partitionedTables() {
        List<String> statements = new ArrayList<>(List.of("SET timezone = 'UTC'", "CREATE DOMAIN late_day AS date"));
        int number = 0;
        for (Entry<String, List<String>> type : RANGES.entrySet()) {
            number++;
            List<String> limits = new ArrayList<>(List.of("MINVALUE"));
            type.getValue().forEach(value -> limits.add(literal(value)));
            limits.add("MAXVALUE");
            ranges("odd_" + number + "_full", type.getKey(), limits, 1, statements);
            ranges("odd_" + number + "_gaps", type.getKey(), limits, 2, statements);
            ranges(
                    "odd_" + number + "_late",
                    type.getKey(),
                    limits.subList(limits.size() - 2, limits.size()),
                    1,
                    statements);
            ranges(
                    "odd_" + number + "_sole",
                    type.getKey(),
                    limits.subList(limits.size() - 3, limits.size() - 1),
                    1,
                    statements);
            values("odd_" + number + "_list", type.getKey(), type.getValue(), statements);
        }
        return statements;
    }

    private static void ranges(String table, String type, List<String> limits, int step, List<String> statements) {
        statements.add("CREATE TABLE " + table + " (k " + type + ", v text) PARTITION BY RANGE (k)");
        for (int i = 0; i + 1 < limits.size(); i += step) {
            statements.add("CREATE TABLE " + table + "_" + i + " PARTITION OF " + table + " FOR VALUES FROM ("
                    + limits.get(i) + ") TO (" + limits.get(i + 1) + ")");
        }
    }

    private static void values(String table, String type, List<String> values, List<String> statements) {
        statements.add("CREATE TABLE " + table + " (k " + type + ", v text) PARTITION BY LIST (k)");
        for (int i = 0; i < values.size(); i++) {
            statements.add("CREATE TABLE " + table + "_" + i + " PARTITION OF " + table + " FOR VALUES IN ("
                    + literal(values.get(i)) + ")");
        }
        statements.add("CREATE TABLE " + table + "_null PARTITION OF " + table + " FOR VALUES IN (NULL)");
        for (String value : values) {
            statements.add("INSERT INTO " + table + " VALUES (" + literal(value) + ", 'x')");
        }
        statements.add("INSERT INTO " + table + " SELECT NULL, 'x' FROM generate_series(1, 3)");
    }

    /** Sequences at their ends, and storage parameters as people may write them. */
    public static List<String> objects() {
        return List.of(
                "CREATE SEQUENCE ends_up AS bigint MINVALUE -9223372036854775808",
                "SELECT setval('ends_up', 9223372036854775807)",
                "CREATE SEQUENCE ends_down AS bigint INCREMENT -9223372036854775808 MINVALUE -9223372036854775808",
                "SELECT setval('ends_down', -9223372036854775808)",
                "CREATE SEQUENCE of_two_values AS smallint MINVALUE 5 MAXVALUE 6 START 6",
                "CREATE TABLE hexed (id int PRIMARY KEY, v text) WITH (fillfactor = '0x32', autovacuum_enabled = 'of',"
                        + " autovacuum_vacuum_threshold = '0x10', autovacuum_vacuum_scale_factor = '1e-3',"
                        + " autovacuum_freeze_max_age = '0x186A0')",
                "CREATE INDEX hexed_v ON hexed (v) WITH (fillfactor = '0x32')",
                "INSERT INTO hexed SELECT g, repeat('x', 100) FROM generate_series(1, 5000) g",
                "CREATE TABLE nothing ()",
                "INSERT INTO nothing DEFAULT VALUES",
                "CREATE TABLE never_seen (id int PRIMARY KEY, v text)",
                "ALTER TABLE never_seen ALTER id SET STATISTICS 0, ALTER v SET STATISTICS 0",
                "INSERT INTO never_seen SELECT g, repeat('x', 100) FROM generate_series(1, 5000) g",
                "CREATE TABLE \"" + "n".repeat(63) + "\" (id int, \"" + "c".repeat(63) + "\" timestamptz)",
                "CREATE TABLE \"line\nbreak % %s \\ \"\"\" (\"a\tb\" int PRIMARY KEY)");
    }

    /**
     * For each kind of time that a policy knows a plain table and a partitioned one, named after it, with a row for every odd
     * value and some plain ones.
     *
     * @return name of the kind → its column's type
     */
    public static Map<String, String> kindsOfTime() {
        Map<String, String> types = new LinkedHashMap<>();
        types.put("TIMESTAMPTZ", "timestamptz");
        types.put("TIMESTAMP", "timestamp");
        types.put("DATE", "date");
        types.put("EPOCH_SECONDS", "int8");
        types.put("EPOCH_MILLIS", "int8");
        types.put("EPOCH_MICROS", "int8");
        types.put("UUID_V7", "uuid");
        return types;
    }

    /** Two tables for each of {@link #kindsOfTime}: a plain one, and one in ranges with the suffix {@code _parts}. */
    public static List<String> datedTables() {
        List<String> statements = new ArrayList<>(List.of("SET timezone = 'UTC'"));
        kindsOfTime().forEach((kind, type) -> {
            String table = "dated_" + kind.toLowerCase(Locale.ROOT);
            statements.add("CREATE TABLE " + table + " (k " + type + ", v text)");
            List<String> limits = new ArrayList<>(List.of("MINVALUE"));
            RANGES.get(type).forEach(value -> limits.add(literal(value)));
            limits.add("MAXVALUE");
            ranges(table + "_parts", type, limits, 1, statements);
            statements.add("INSERT INTO " + table + " VALUES (NULL, 'x')");
            for (String suffix : List.of("", "_parts")) {
                for (String value : RANGES.get(type)) {
                    statements.add("INSERT INTO " + table + suffix + " VALUES (" + literal(value) + ", 'x')");
                }
                statements.add("CREATE INDEX ON " + table + suffix + " (k)");
            }
        });
        return statements;
    }

    private static String literal(String value) {
        return "'" + value.replace("'", "''") + "'";
    }
}
