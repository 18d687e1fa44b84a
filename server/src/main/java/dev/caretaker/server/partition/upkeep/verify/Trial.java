package dev.caretaker.server.partition.upkeep.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.partition.upkeep.table.Member;
import dev.caretaker.server.partition.upkeep.table.TableState;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Literals;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Sql;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Tries where a row of now (for integers one with the next key) would go, and which partitions a query for it would read. The row is a copy of some row with another
 * key, or one of defaults, in a transaction that is rolled back. Tables with triggers on insert are spared.
 */
final class Trial {
    private static final String INSERT = "insert-lands";
    private static final String PRUNING = "pruning";

    private final Connection connection;
    private final TableState table;
    private final PartitionSet set;
    private final BigInteger now;
    private final String what;

    /** @param position of now; for integers the highest key in use */
    Trial(Connection connection, TableState table, PartitionSet set, BigInteger position) {
        this.connection = connection;
        this.table = table;
        this.set = set;
        boolean time = set.key().isTime();
        this.now = time ? position : position.add(BigInteger.ONE);
        this.what = time ? "now" : "the next key";
    }

    List<Verified> checks() throws SQLException {
        return List.of(insert(), pruning());
    }

    private Verified insert() throws SQLException {
        Optional<String> trigger = Sql.of(
                        "SELECT tgname FROM pg_catalog.pg_trigger"
                                + " WHERE tgrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid"
                                + " AND (tgconstraint = 0 OR EXISTS (SELECT FROM pg_catalog.pg_constraint"
                                + " WHERE oid = tgconstraint AND contype = 't')) AND tgenabled <> 'D' AND tgtype & 4 <> 0 LIMIT 1",
                        table.oid())
                .first(connection, row -> row.getString(1));
        if (trigger.isPresent()) {
            return Verified.skipped(INSERT, "No row was tried: trigger \"" + trigger.get() + "\" would fire.");
        }
        connection.setAutoCommit(false);
        try {
            Optional<TableName> landed = Sql.of("WITH tried AS (" + attempt() + " RETURNING tableoid)"
                            + " SELECT n.nspname, c.relname FROM tried"
                            + " JOIN pg_catalog.pg_class c ON c.oid = tried.tableoid"
                            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace")
                    .first(connection, row -> new TableName(row.getString(1), row.getString(2)));
            return judge(landed);
        } catch (SQLException e) {
            Optional<TableName> met = alreadyThere(e);
            if (met.isPresent()) {
                return judge(met);
            }
            boolean noPartition =
                    "23514".equals(e.getSQLState()) && PostgresErrors.whole(e).startsWith("no partition");
            return noPartition
                    ? Verified.failed(INSERT, "A row of " + what + " finds no partition.")
                    : Verified.skipped(INSERT, "A row of " + what + " could not be tried: " + PostgresErrors.whole(e));
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** Where a unique index has the copied values already: the row came as far as that. */
    private static Optional<TableName> alreadyThere(SQLException e) {
        return PostgresErrors.UNIQUE_VIOLATION.equals(e.getSQLState())
                ? PostgresErrors.server(e)
                        .filter(server -> server.getSchema() != null && server.getTable() != null)
                        .map(server -> new TableName(server.getSchema(), server.getTable()))
                : Optional.empty();
    }

    private String attempt() throws SQLException {
        List<String> columns = new ArrayList<>();
        List<String> values = new ArrayList<>();
        String key = table.keyColumn().orElseThrow();
        Sql.of(
                        "SELECT attname FROM pg_catalog.pg_attribute"
                                + " WHERE attrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid"
                                + " AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND (attidentity <> 'a' OR attname = ?)"
                                + " ORDER BY attnum",
                        table.oid(),
                        key)
                .list(connection, row -> columns.add(row.getString(1)));
        columns.forEach(column -> values.add(column.equals(key) ? value() : Identifiers.quote(column)));
        String list = String.join(", ", columns.stream().map(Identifiers::quote).toList());
        boolean model = Sql.of("SELECT EXISTS (SELECT FROM " + Identifiers.quote(table.name()) + ")")
                .one(connection, row -> row.getBoolean(1));
        return model
                ? "INSERT INTO " + Identifiers.quote(table.name()) + " (" + list + ") OVERRIDING SYSTEM VALUE SELECT "
                        + String.join(", ", values) + " FROM (SELECT * FROM " + Identifiers.quote(table.name())
                        + " LIMIT 1) model"
                : "INSERT INTO " + Identifiers.quote(table.name()) + " (" + Identifiers.quote(key)
                        + ") OVERRIDING SYSTEM VALUE VALUES ("
                        + value() + ")";
    }

    private Verified judge(Optional<TableName> landed) {
        Optional<TableName> meant = table.members().stream()
                .filter(member -> member.range(set.key())
                        .filter(range -> range.contains(now))
                        .isPresent())
                .map(Member::name)
                .findFirst();
        if (landed.isEmpty()) {
            return Verified.skipped(INSERT, "The row that was to be copied had gone.");
        }
        boolean right = landed.equals(meant)
                || meant.isPresent()
                        && table.members().stream()
                                .anyMatch(member -> member.name().equals(meant.get())
                                        && member.kind() == Member.Kind.PARTITIONED_TABLE);
        return Verified.of(
                INSERT,
                right,
                "A row of " + what + " goes to " + landed.get()
                        + (right
                                ? "."
                                : meant.map(name -> ", not to " + name + ".").orElse(", which no range covers.")));
    }

    private Verified pruning() throws SQLException {
        String query = "SELECT 1 FROM " + Identifiers.quote(table.name()) + " WHERE "
                + Identifiers.quote(table.keyColumn().orElseThrow()) + " OPERATOR(pg_catalog.=) " + value();
        JsonNode plan = Sql.of(query).explain(connection, "");
        TreeSet<String> read = new TreeSet<>();
        relations(plan.path("Plan"), read);
        boolean branched = table.members().stream().anyMatch(member -> member.kind() == Member.Kind.PARTITIONED_TABLE);
        return Verified.of(
                PRUNING,
                branched ? read.size() < Math.max(2, table.members().size()) : read.size() <= 1,
                "A query for " + (set.key().isTime() ? "a key of now" : what) + " reads "
                        + (read.isEmpty() ? "no partition" : String.join(", ", read)) + ".");
    }

    private static void relations(JsonNode plan, TreeSet<String> found) {
        if (plan.has("Relation Name")) {
            found.add(plan.path("Relation Name").asText());
        }
        plan.path("Plans").forEach(child -> relations(child, found));
    }

    private String value() {
        return "CAST(" + Literals.quote(set.key().write(now, true)) + " AS "
                + table.keyType().orElseThrow() + ")";
    }
}
