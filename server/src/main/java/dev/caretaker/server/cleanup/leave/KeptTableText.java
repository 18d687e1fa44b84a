package dev.caretaker.server.cleanup.leave;

import dev.caretaker.server.cleanup.policy.Keeping;
import dev.caretaker.server.target.Capabilities;
import dev.caretaker.server.target.Identifiers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a table is made that keeps rows, and which columns that of a roll-up has. */
public final class KeptTableText {
    static final String TIMESTAMPTZ = "pg_catalog.timestamptz";
    static final String NUMERIC = "pg_catalog.\"numeric\"";
    static final String FLOAT8 = "pg_catalog.float8";
    static final String JSONB = "pg_catalog.jsonb";
    static final String INT8 = "pg_catalog.int8";
    static final String INTERVAL = "pg_catalog.\"interval\"";

    private static final Set<String> FLOATS = Set.of("pg_catalog.float4", FLOAT8);

    private KeptTableText() {}

    /** The statement that makes it. */
    public static String create(Keeper.InTable keeper, Capabilities capabilities) {
        String table = "CREATE TABLE " + Identifiers.quote(keeper.table());
        return switch (keeper) {
            case Keeper.Table like ->
                table + " (LIKE " + Identifiers.quote(like.source())
                        + " INCLUDING STORAGE INCLUDING COMPRESSION INCLUDING COMMENTS"
                        + (like.indexes() ? " INCLUDING INDEXES" : "") + ")";
            case Keeper.RollUp rollUp -> table + " (" + definition(rollUp, capabilities) + ")";
        };
    }

    private static String definition(Keeper.RollUp keeper, Capabilities capabilities) {
        Stream<String> columns = columns(keeper).entrySet().stream()
                .map(column -> Identifiers.quote(column.getKey()) + " " + column.getValue()
                        + (neverNull(keeper, column.getKey()) ? " NOT NULL" : ""));
        String unique = (capabilities.canTreatNullsAsEqual() ? "UNIQUE NULLS NOT DISTINCT (" : "UNIQUE (")
                + key(keeper).stream().map(Identifiers::quote).collect(Collectors.joining(", ")) + ")";
        return Stream.concat(columns, Stream.of(unique)).collect(Collectors.joining(", "));
    }

    private static boolean neverNull(Keeper.RollUp keeper, String column) {
        return column.equals(Keeping.RollUp.BUCKET_COLUMN)
                || keeper.measures().stream()
                        .map(Keeper.RolledMeasure::measure)
                        .anyMatch(measure -> switch (measure.figure()) {
                            case COUNT -> measure.name().equals(column);
                            case AVERAGE -> measure.columns().getLast().equals(column);
                            case SUM, MIN, MAX, COUNT_BY, SAMPLES -> false;
                        });
    }

    /** Columns by which rows of a roll-up are told apart. */
    static List<String> key(Keeper.RollUp keeper) {
        List<String> key = new ArrayList<>(List.of(Keeping.RollUp.BUCKET_COLUMN));
        keeper.by().forEach(column -> key.add(column.name()));
        return key;
    }

    /** Name → type. */
    static Map<String, String> columns(Keeper.RollUp keeper) {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put(Keeping.RollUp.BUCKET_COLUMN, TIMESTAMPTZ);
        keeper.by().forEach(column -> columns.put(column.name(), column.type()));
        keeper.measures().forEach(measure -> {
            List<String> names = measure.measure().columns();
            columns.put(names.getFirst(), type(measure));
            if (names.size() > 1) {
                columns.put(names.getLast(), INT8);
            }
        });
        return columns;
    }

    private static String type(Keeper.RolledMeasure measure) {
        return switch (measure.measure().figure()) {
            case COUNT -> INT8;
            case SUM, AVERAGE -> sum(measure.type());
            case MIN, MAX -> measure.type();
            case COUNT_BY, SAMPLES -> JSONB;
        };
    }

    /** Type of a sum: that of integers would soon be too small. */
    static String sum(String type) {
        if (type.equals(INTERVAL)) {
            return INTERVAL;
        }
        return FLOATS.contains(type) ? FLOAT8 : NUMERIC;
    }
}
