package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.archive.ArchivedColumn;
import dev.caretaker.server.archive.restore.RowCondition;
import dev.caretaker.server.cleanup.policy.ArchivedFit;
import dev.caretaker.server.cleanup.policy.Filter;
import dev.caretaker.server.cleanup.policy.Filters;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.FieldViolation;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A filter as policies have them, as a condition on rows of an archive. */
public final class ArchivedFilter {
    private static final String TEXT = "pg_catalog.text";
    /** As format_type writes them → good for a cast wherever names are found. */
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("text", TEXT),
            Map.entry("character varying", TEXT),
            Map.entry("bpchar", "pg_catalog.bpchar"),
            Map.entry("name", "pg_catalog.name"),
            Map.entry("uuid", "pg_catalog.uuid"),
            Map.entry("inet", "pg_catalog.inet"),
            Map.entry("smallint", "pg_catalog.int2"),
            Map.entry("integer", "pg_catalog.int4"),
            Map.entry("bigint", "pg_catalog.int8"),
            Map.entry("oid", "pg_catalog.oid"),
            Map.entry("numeric", "pg_catalog.\"numeric\""),
            Map.entry("real", "pg_catalog.float4"),
            Map.entry("double precision", "pg_catalog.float8"),
            Map.entry("boolean", "pg_catalog.bool"),
            Map.entry("timestamp with time zone", "pg_catalog.timestamptz"));

    private ArchivedFilter() {}

    /** @throws CaretakerException INVALID_FIELD, with fields below {@code filter}, if it does not fit the columns */
    public static RowCondition of(Filter filter, List<ArchivedColumn> columns) {
        List<FieldViolation> violations = ArchivedFit.check(filter, columns, "filter");
        if (!violations.isEmpty()) {
            throw CaretakerException.invalid(violations);
        }
        Set<String> named = Filters.columns(filter);
        Map<String, ArchivedColumn> compared = columns.stream()
                .filter(column -> named.contains(column.name()))
                .collect(Collectors.toMap(ArchivedColumn::name, Function.identity()));
        // Only tested for NULL, a column may be of any type.
        Map<String, String> types = compared.values().stream()
                .collect(Collectors.toMap(ArchivedColumn::name, column -> TYPES.getOrDefault(column.baseType(), TEXT)));
        Set<String> byText = compared.values().stream()
                .filter(ArchivedFit::byText)
                .map(ArchivedColumn::name)
                .collect(Collectors.toSet());
        SqlFragment condition = new FilterSql(types, List.of(), byText).of(filter, Eligibility.Values.SHOWN);
        return new RowCondition(
                condition.text(), condition.parameters(), condition.readable().replace("t.\"", "\""));
    }
}
