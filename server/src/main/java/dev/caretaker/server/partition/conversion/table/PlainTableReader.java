package dev.caretaker.server.partition.conversion.table;

import dev.caretaker.server.partition.conversion.table.PlainTable.Column;
import dev.caretaker.server.partition.conversion.table.PlainTable.Constraint;
import dev.caretaker.server.partition.conversion.table.PlainTable.Function;
import dev.caretaker.server.partition.conversion.table.PlainTable.Grant;
import dev.caretaker.server.partition.conversion.table.PlainTable.Index;
import dev.caretaker.server.partition.conversion.table.PlainTable.Policy;
import dev.caretaker.server.partition.conversion.table.PlainTable.Publication;
import dev.caretaker.server.partition.conversion.table.PlainTable.Rewrite;
import dev.caretaker.server.partition.conversion.table.PlainTable.Sequence;
import dev.caretaker.server.partition.conversion.table.PlainTable.Trigger;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Sql;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads a table from the catalog. */
public final class PlainTableReader {
    private final Connection connection;

    private PlainTableReader(Connection connection) {
        this.connection = connection;
    }

    /** By name; empty if it is not there. */
    public static Optional<PlainTable> read(Connection connection, TableName name) throws SQLException {
        return Sql.resource("partition/convert_table", name.schema(), name.name())
                .first(connection, row -> new PlainTableReader(connection).table(name, row));
    }

    private PlainTable table(TableName name, ResultSet row) throws SQLException {
        long oid = row.getLong("oid");
        return new PlainTable(
                oid,
                name,
                row.getString("owner"),
                row.getBoolean("may_act"),
                row.getBoolean("foreign_owner"),
                row.getString("kind"),
                row.getString("persistence"),
                row.getBoolean("typed"),
                row.getBoolean("inherits"),
                row.getBoolean("of_extension"),
                row.getBoolean("row_security"),
                row.getBoolean("forced_row_security"),
                row.getString("identity"),
                new PlainTable.Storage(
                        text(row, "tablespace"),
                        text(row, "access_method"),
                        texts(row, "options"),
                        row.getBoolean("labelled")),
                text(row, "comment"),
                list("columns", PlainTableReader::column, oid),
                list("indexes", PlainTableReader::index, oid),
                list("constraints", PlainTableReader::constraint, oid, oid),
                list("triggers", PlainTableReader::trigger, oid),
                list("rewrites", PlainTableReader::rewrite, oid, oid),
                list("policies", PlainTableReader::policy, oid),
                list("functions", PlainTableReader::function, oid, oid, oid),
                list("publications", PlainTableReader::publication, oid),
                list("grants", PlainTableReader::grant, oid, oid, oid),
                list("statistics", PlainTableReader::statistics, oid),
                list("comments", PlainTableReader::comment, oid, oid, oid, oid),
                list("others", other -> other.getString("what"), oid, oid, oid, oid));
    }

    private <T> List<T> list(String what, Sql.RowMapper<T> mapper, Object... parameters) throws SQLException {
        return Sql.resource("partition/convert_" + what, parameters).list(connection, mapper);
    }

    private static Column column(ResultSet row) throws SQLException {
        return new Column(
                row.getInt("number"),
                row.getString("name"),
                row.getString("type"),
                row.getString("full_type"),
                row.getBoolean("not_null"),
                row.getString("identity"),
                row.getString("generated"),
                text(row, "default_expression"),
                row.getInt("statistics_target"),
                texts(row, "options"),
                row.getString("sequence_name") == null ? Optional.empty() : Optional.of(sequence(row)));
    }

    private static Sequence sequence(ResultSet row) throws SQLException {
        return new Sequence(
                new TableName(row.getString("sequence_schema"), row.getString("sequence_name")),
                number(row, "sequence_start"),
                number(row, "sequence_increment"),
                number(row, "sequence_min"),
                number(row, "sequence_max"),
                number(row, "sequence_cache"),
                row.getBoolean("sequence_cycle"),
                text(row, "sequence_comment"),
                texts(row, "sequence_grants").stream()
                        .map(PlainTableReader::sequenceGrant)
                        .toList());
    }

    /** {@code USAGE* role}: with the right to grant it. */
    private static Grant sequenceGrant(String text) {
        int space = text.indexOf(' ');
        boolean grantable = text.charAt(space - 1) == '*';
        return new Grant(
                text.substring(0, grantable ? space - 1 : space),
                text.substring(space + 1),
                grantable,
                Optional.empty());
    }

    private static Index index(ResultSet row) throws SQLException {
        return new Index(
                row.getString("name"),
                row.getString("definition"),
                row.getBoolean("is_unique"),
                row.getBoolean("is_valid"),
                row.getBoolean("is_identity"),
                Arrays.stream((Object[]) row.getArray("columns").getArray())
                        .map(number -> ((Number) number).intValue())
                        .toList(),
                row.getInt("key_columns"),
                text(row, "constraint_name"),
                text(row, "constraint_type").orElse(""),
                text(row, "constraint_definition").orElse(""),
                text(row, "comment"));
    }

    private static Constraint constraint(ResultSet row) throws SQLException {
        return new Constraint(
                row.getString("name"),
                row.getString("type"),
                row.getString("definition"),
                row.getBoolean("validated"),
                row.getBoolean("no_inherit"),
                row.getLong("table_oid"),
                new TableName(row.getString("schema_name"), row.getString("table_name")),
                row.getLong("referenced_oid"),
                row.getBoolean("inherited"),
                row.getBoolean("of_partitioned"));
    }

    private static Trigger trigger(ResultSet row) throws SQLException {
        return new Trigger(
                row.getString("name"),
                row.getString("definition"),
                row.getString("enabled"),
                row.getBoolean("each_row"),
                row.getBoolean("transitions"),
                row.getBoolean("before"),
                texts(row, "mentions"));
    }

    private static Rewrite rewrite(ResultSet row) throws SQLException {
        String name = row.getString("name");
        return new Rewrite(
                row.getString("kind"),
                text(row, "schema_name").map(schema -> new TableName(schema, name)),
                name,
                text(row, "definition"),
                texts(row, "options"),
                text(row, "enabled"),
                row.getBoolean("may_act"));
    }

    private static Policy policy(ResultSet row) throws SQLException {
        return new Policy(
                row.getString("name"),
                row.getBoolean("permissive"),
                row.getString("command"),
                texts(row, "roles"),
                text(row, "using_expression"),
                text(row, "check_expression"));
    }

    private static Function function(ResultSet row) throws SQLException {
        return new Function(
                row.getString("kind"), row.getString("what"), text(row, "definition"), row.getBoolean("may_act"));
    }

    private static Publication publication(ResultSet row) throws SQLException {
        return new Publication(
                row.getString("name"),
                row.getBoolean("by_itself"),
                row.getBoolean("via_root"),
                row.getBoolean("may_act"),
                text(row, "filter"),
                texts(row, "columns"));
    }

    private static Grant grant(ResultSet row) throws SQLException {
        return new Grant(
                row.getString("privilege"),
                row.getString("grantee"),
                row.getBoolean("grantable"),
                text(row, "column_name"));
    }

    private static PlainTable.Statistics statistics(ResultSet row) throws SQLException {
        return new PlainTable.Statistics(
                new TableName(row.getString("schema_name"), row.getString("name")),
                row.getString("definition"),
                row.getInt("target"),
                text(row, "comment"));
    }

    private static PlainTable.Comment comment(ResultSet row) throws SQLException {
        return new PlainTable.Comment(row.getString("kind"), row.getString("name"), row.getString("comment"));
    }

    private static Optional<String> text(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column));
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return array == null ? List.of() : List.of((String[]) array.getArray());
    }

    private static BigInteger number(ResultSet row, String column) throws SQLException {
        return row.getBigDecimal(column).toBigInteger();
    }
}
