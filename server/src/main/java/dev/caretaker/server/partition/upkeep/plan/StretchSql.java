package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.grid.KeyEncoding;
import dev.caretaker.server.partition.upkeep.grid.KeyPoint;
import dev.caretaker.server.partition.upkeep.plan.DefaultCount.Part;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.target.Literals;
import java.math.BigDecimal;
import java.util.List;

/**
 * Questions about rows of a default partition.
 *
 * @param key its key column, quoted
 * @param type of that
 * @param table quoted
 */
record StretchSql(PartitionSet set, String key, String type, String table) {
    private static final double WHOLE = 100;

    String nulls() {
        return key + " IS NULL";
    }

    String where(Part part) {
        return key + " IS NOT NULL" + bound(part.range().from(), ">=")
                + bound(part.range().to(), "<");
    }

    private String bound(KeyPoint point, String operator) {
        return point.isFinite()
                ? " AND " + key + " OPERATOR(pg_catalog." + operator + ") CAST("
                        + Literals.quote(set.key().write(point.position(), false)) + " AS " + type + ")"
                : "";
    }

    /**
     * How many rows have no key; then of each part how many there are, and the least and the greatest key as text.
     *
     * @param percent of its blocks that are read; 100 for all
     */
    String all(List<Part> parts, double percent) {
        StringBuilder text = new StringBuilder("SELECT pg_catalog.count(*) FILTER (WHERE " + nulls() + ")");
        for (Part part : parts) {
            String filter = " FILTER (WHERE " + where(part) + ")";
            text.append(", pg_catalog.count(*)" + filter + ", " + end("min", filter) + ", " + end("max", filter));
        }
        text.append(" FROM ONLY " + table);
        if (percent < WHOLE) {
            text.append(" TABLESAMPLE pg_catalog.system ("
                    + BigDecimal.valueOf(percent).toPlainString() + ")");
        }
        return text.toString();
    }

    /** Before Postgres 18 there is no least uuid; as text they have the same order. */
    private String end(String function, String filter) {
        return set.key() == KeyEncoding.UUID_V7
                ? "pg_catalog." + function + "(" + key + "::pg_catalog.text COLLATE pg_catalog.\"C\")" + filter
                : "CAST(pg_catalog." + function + "(" + key + ")" + filter + " AS pg_catalog.text)";
    }
}
