package dev.caretaker.server.target;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.TargetCheck.MissingRight;
import dev.caretaker.server.target.TargetCheck.Right;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks at a target in one transaction that sets nothing beyond it, so that it may be done through any proxy, on a standby, on any version. */
final class TargetChecks {
    private static final String NAME = "caretaker/check";

    private final Connector primary;
    private final Optional<Connector> replica;
    private final boolean actsAsOwner;

    TargetChecks(Connector primary, Optional<Connector> replica, boolean actsAsOwner) {
        this.primary = primary;
        this.replica = replica;
        this.actsAsOwner = actsAsOwner;
    }

    TargetCheck check(Collection<TableName> tables) throws SQLException {
        try (Connection connection = primary.openRaw(NAME)) {
            Greeting greeting = Greeting.read(connection);
            Pooling pooling = primary.pooling(connection, greeting);
            begin(connection);
            Facts facts = Facts.read(connection);
            List<TableName> missing = new ArrayList<>();
            List<MissingRight> rights = new ArrayList<>();
            for (TableName table : tables) {
                List<Access> access = access(connection, table);
                if (access.isEmpty()) {
                    missing.add(table);
                }
                rights.addAll(missing(table, access, greeting));
            }
            return new TargetCheck(
                    facts.version(),
                    new Capabilities(greeting.versionNumber()),
                    facts.systemIdentifier(),
                    greeting.inRecovery(),
                    greeting.readOnly(),
                    greeting.role(),
                    pooling,
                    extensions(connection),
                    facts.databaseBytes(),
                    facts.canMonitor(),
                    replica.map(connector -> new TargetCheck.Replica(problem(connector, facts.systemIdentifier()))),
                    List.copyOf(missing),
                    List.copyOf(rights));
        }
    }

    private static Optional<String> problem(Connector connector, long systemIdentifier) {
        try (Connection connection = connector.openRaw(NAME)) {
            begin(connection);
            if (!Greeting.read(connection).inRecovery()) {
                return Optional.of("What is configured as the replica is not in recovery.");
            }
            return Facts.read(connection).systemIdentifier() == systemIdentifier
                    ? Optional.empty()
                    : Optional.of("The replica belongs to another system than the primary.");
        } catch (SQLException e) {
            return Optional.of("The replica does not answer: " + PostgresErrors.whole(e));
        } catch (CaretakerException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Names are the catalog's from here on, whatever path the role has. */
    private static void begin(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        Sql.of("SET LOCAL search_path = pg_catalog, pg_temp").update(connection);
    }

    private static SortedMap<String, String> extensions(Connection connection) throws SQLException {
        SortedMap<String, String> extensions = new TreeMap<>();
        Sql.of("SELECT extname, extversion FROM pg_catalog.pg_extension")
                .list(connection, row -> extensions.put(row.getString(1), row.getString(2)));
        return extensions;
    }

    private List<Access> access(Connection connection, TableName table) throws SQLException {
        return Sql.resource("target/check_rights", table.schema(), table.name(), actsAsOwner)
                .list(
                        connection,
                        row -> new Access(
                                new TableName(row.getString("nspname"), row.getString("relname")),
                                row.getString("owner"),
                                row.getBoolean("owner_is_superuser"),
                                row.getBoolean("may_act"),
                                row.getBoolean("is_root"),
                                row.getBoolean("is_leaf"),
                                row.getBoolean("schema_usage"),
                                row.getBoolean("can_select"),
                                row.getBoolean("can_delete"),
                                row.getBoolean("row_security"),
                                row.getBoolean("maintain"),
                                row.getBoolean("owns"),
                                Set.of((String[])
                                        row.getArray("lacking_to_come").getArray())));
    }

    private static List<MissingRight> missing(TableName table, List<Access> access, Greeting greeting) {
        String role = Identifiers.quote(greeting.role());
        boolean maintainable = new Capabilities(greeting.versionNumber()).hasMaintainPrivilege();
        Map<Right, Predicate<Access>> lacks = new LinkedHashMap<>();
        lacks.put(Right.MEMBERSHIP, relation -> !relation.mayAct());
        lacks.put(Right.SCHEMA_USAGE, relation -> !relation.schemaUsage());
        lacks.put(Right.SELECT, relation -> !relation.select());
        lacks.put(Right.DELETE, relation -> relation.leaf() && !relation.delete());
        lacks.put(Right.BYPASS_ROW_SECURITY, Access::rowSecurity);
        lacks.put(Right.MAINTAIN, relation -> !relation.maintain());
        lacks.put(Right.OWNERSHIP, relation -> !relation.owns() && (!relation.leaf() || !relation.root()));
        List<MissingRight> missing = new ArrayList<>();
        lacks.forEach((right, lacking) -> {
            List<Access> where = access.stream().filter(lacking).toList();
            if (!where.isEmpty()) {
                missing.add(new MissingRight(
                        table,
                        right,
                        where.stream().map(Access::name).toList(),
                        remediation(right, where, role, maintainable)));
            }
        });
        toCome(table, access, missing, role).ifPresent(missing::add);
        return missing;
    }

    /**
     * Partitions get rights of their own when they are created, and those are the default ones of who creates them: the owner
     * of the partitions that are there. What is missing today is told with a statement for both.
     */
    private static Optional<MissingRight> toCome(
            TableName table, List<Access> access, List<MissingRight> missing, String role) {
        boolean anyPartition = access.stream().anyMatch(Access::partition);
        Set<String> told = missing.stream().map(right -> right.right().name()).collect(Collectors.toSet());
        Set<String> statements = new LinkedHashSet<>();
        for (Access relation : access) {
            boolean model = anyPartition ? relation.partition() : !relation.leaf();
            String rights = Stream.of("SELECT", "DELETE", "MAINTAIN")
                    .filter(right -> relation.lackingToCome().contains(right) && !told.contains(right))
                    .collect(Collectors.joining(", "));
            if (model && !rights.isEmpty()) {
                statements.add(defaults(rights, relation, role));
            }
        }
        return statements.isEmpty()
                ? Optional.empty()
                : Optional.of(new MissingRight(
                        table, Right.PARTITIONS_TO_COME, List.of(table), String.join(";\n", statements)));
    }

    private static String remediation(Right right, List<Access> where, String role, boolean maintainable) {
        return switch (right) {
            case MEMBERSHIP -> ownership(where, role);
            case SCHEMA_USAGE ->
                "GRANT USAGE ON SCHEMA "
                        + list(
                                where,
                                relation -> Identifiers.quote(relation.name().schema())) + " TO " + role;
            case SELECT, DELETE -> grant(right.name(), where, role);
            case BYPASS_ROW_SECURITY -> "ALTER ROLE " + role + " BYPASSRLS";
            case MAINTAIN -> maintainable ? grant("MAINTAIN", where, role) : ownership(where, role);
            case OWNERSHIP -> ownership(where, role);
            case PARTITIONS_TO_COME -> throw new IllegalArgumentException(right.name());
        };
    }

    /** For what is there and, as partitions have rights of their own, for the partitions to come. */
    private static String grant(String right, List<Access> where, String role) {
        String present =
                "GRANT " + right + " ON " + list(where, relation -> Identifiers.quote(relation.name())) + " TO " + role;
        Stream<String> toCome = where.stream()
                .filter(relation -> !relation.root() || !relation.leaf())
                .map(relation -> defaults(right, relation, role))
                .distinct();
        return Stream.concat(Stream.of(present), toCome).collect(Collectors.joining(";\n"));
    }

    private static String defaults(String rights, Access like, String role) {
        return "ALTER DEFAULT PRIVILEGES FOR ROLE " + Identifiers.quote(like.owner()) + " IN SCHEMA "
                + Identifiers.quote(like.name().schema()) + " GRANT " + rights + " ON TABLES TO " + role;
    }

    /**
     * Before PostgreSQL 17 only the owner may vacuum, and always only the owner may detach. Nobody is made a member of a
     * superuser for that, and no table is given to another owner: whose it is, is not for Caretaker to say. Where a superuser
     * owns all of it there is no statement.
     */
    private static String ownership(List<Access> where, String role) {
        List<Access> owned =
                where.stream().filter(relation -> !relation.ownerIsSuperuser()).toList();
        return owned.isEmpty()
                ? ""
                : "GRANT " + list(owned, relation -> Identifiers.quote(relation.owner())) + " TO " + role;
    }

    private static String list(List<Access> where, Function<Access, String> name) {
        return where.stream().map(name).distinct().collect(Collectors.joining(", "));
    }

    /** What the role may do at one relation. */
    private record Access(
            TableName name,
            String owner,
            boolean ownerIsSuperuser,
            boolean mayAct,
            boolean root,
            boolean leaf,
            boolean schemaUsage,
            boolean select,
            boolean delete,
            boolean rowSecurity,
            boolean maintain,
            boolean owns,
            Set<String> lackingToCome) {
        boolean partition() {
            return !root && leaf;
        }
    }

    /** What one query tells of a server. */
    private record Facts(String version, long systemIdentifier, long databaseBytes, boolean canMonitor) {
        static Facts read(Connection connection) throws SQLException {
            return Sql.resource("target/check_server")
                    .one(
                            connection,
                            row -> new Facts(
                                    row.getString("version"),
                                    row.getLong("system_identifier"),
                                    row.getLong("database_bytes"),
                                    row.getBoolean("can_monitor")));
        }
    }
}
