package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Literals;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a new partition takes over besides what LIKE copies: of the newest partition where there is one, else of the table. The
 * owner is always the table's, who alone may attach it.
 *
 * @param model the table that it is taken from
 * @param partitionBy how the model is itself partitioned; empty if it is not
 * @param identity replica identity as in pg_class.relreplident
 * @param grants what others than the owner may do with it
 */
record Sibling(
        long model,
        TableName name,
        Optional<String> partitionBy,
        boolean unlogged,
        Optional<String> accessMethod,
        Optional<String> tablespace,
        List<String> options,
        String identity,
        boolean rowSecurity,
        boolean forcedRowSecurity,
        Optional<String> owner,
        List<Child> children,
        List<Grant> grants) {

    /** A partition of the model, with its bound as the server writes it. */
    private record Child(TableName name, String bound, boolean partitioned) {}

    /** A right on it, or on one of its columns; without a role that of everybody. */
    private record Grant(String privilege, Optional<String> column, Optional<String> role, boolean grantable) {
        String on(TableName table) {
            return "GRANT " + privilege
                    + column.map(name -> " (" + Identifiers.quote(name) + ")").orElse("") + " ON TABLE "
                    + Identifiers.quote(table) + " TO "
                    + role.map(Identifiers::quote).orElse("PUBLIC")
                    + (grantable ? " WITH GRANT OPTION" : "");
        }
    }

    static Sibling read(Session session, long parentOid) throws SQLException {
        Sibling sibling = Sql.resource("partition/upkeep_sibling", parentOid).one(session.connection(), Sibling::row);
        List<Grant> grants = Sql.resource("partition/upkeep_grants", sibling.model(), sibling.model())
                .list(
                        session.connection(),
                        row -> new Grant(
                                row.getString("privilege"),
                                Optional.ofNullable(row.getString("column_name")),
                                Optional.ofNullable(row.getString("grantee")),
                                row.getBoolean("grantable")));
        if (sibling.partitionBy().isEmpty()) {
            return sibling.with(List.of(), grants);
        }
        List<Child> children = Sql.resource("partition/upkeep_children", sibling.model())
                .list(
                        session.connection(),
                        row -> new Child(
                                new TableName(row.getString("schema_name"), row.getString("table_name")),
                                row.getString("bound"),
                                row.getBoolean("is_partitioned")));
        return sibling.with(children, grants);
    }

    /** Statements that make a table like the parent with what the model has, ready to be attached. */
    List<String> create(TableName table, TableName parent) {
        List<String> statements = new ArrayList<>();
        String create = PartitionSql.createLike(table, parent, clauses());
        statements.add(unlogged ? create.replaceFirst("^CREATE TABLE", "CREATE UNLOGGED TABLE") : create);
        statements.addAll(branches(table));
        owner.ifPresent(role -> statements.add(PartitionSql.alter(table) + "OWNER TO " + Identifiers.quote(role)));
        grants.forEach(grant -> statements.add(grant.on(table)));
        if (identity.equals("f") || identity.equals("n")) {
            statements.add(
                    PartitionSql.alter(table) + "REPLICA IDENTITY " + (identity.equals("f") ? "FULL" : "NOTHING"));
        }
        if (rowSecurity) {
            statements.add(PartitionSql.alter(table) + "ENABLE ROW LEVEL SECURITY");
        }
        if (forcedRowSecurity) {
            statements.add(PartitionSql.alter(table) + "FORCE ROW LEVEL SECURITY");
        }
        return statements;
    }

    private String clauses() {
        return partitionBy.map(key -> " PARTITION BY " + key).orElse("")
                + accessMethod
                        .map(method -> " USING " + Identifiers.quote(method))
                        .orElse("")
                + (options.isEmpty()
                        ? ""
                        : " WITH ("
                                + String.join(
                                        ", ",
                                        options.stream().map(Sibling::option).toList()) + ")")
                + tablespace
                        .map(space -> " TABLESPACE " + Identifiers.quote(space))
                        .orElse("");
    }

    /** {@code toast.autovacuum_enabled=false} as it stands in the catalog, as it is written in SQL. */
    private static String option(String stored) {
        int equals = stored.indexOf('=');
        String[] label = stored.substring(0, equals).split("\\.", 2);
        String name = label.length == 2
                ? Identifiers.quote(label[0]) + "." + Identifiers.quote(label[1])
                : Identifiers.quote(label[0]);
        return name + " = " + Literals.quote(stored.substring(equals + 1));
    }

    /** The lists or hashes of the model, made on a table that nobody sees yet. */
    private List<String> branches(TableName table) {
        List<String> statements = new ArrayList<>();
        for (Child child : children) {
            if (child.partitioned() || child.bound().startsWith("FOR VALUES FROM")) {
                throw CaretakerException.of(
                        Reason.UNSUPPORTED_RELATION,
                        "The newest partition " + name
                                + " is itself partitioned by range or at several levels: a new one"
                                + " cannot be made like it.",
                        Map.of("table", name.toString()));
            }
            String suffix = child.name().name().startsWith(name.name())
                    ? child.name().name().substring(name.name().length())
                    : "_" + child.name().name();
            TableName branch = new TableName(table.schema(), table.name() + suffix);
            statements.add("CREATE TABLE " + Identifiers.quote(branch) + " PARTITION OF " + Identifiers.quote(table)
                    + " " + child.bound());
        }
        return statements;
    }

    private Sibling with(List<Child> partitions, List<Grant> rights) {
        return new Sibling(
                model,
                name,
                partitionBy,
                unlogged,
                accessMethod,
                tablespace,
                options,
                identity,
                rowSecurity,
                forcedRowSecurity,
                owner,
                partitions,
                rights);
    }

    private static Sibling row(ResultSet row) throws SQLException {
        Array options = row.getArray("options");
        return new Sibling(
                row.getLong("model"),
                new TableName(row.getString("schema_name"), row.getString("table_name")),
                Optional.ofNullable(row.getString("partition_by")),
                row.getBoolean("unlogged"),
                Optional.ofNullable(row.getString("access_method")),
                Optional.ofNullable(row.getString("tablespace")),
                options == null ? List.of() : List.of((String[]) options.getArray()),
                row.getString("identity"),
                row.getBoolean("row_security"),
                row.getBoolean("forced_row_security"),
                Optional.ofNullable(row.getString("new_owner")),
                List.of(),
                List.of());
    }
}
