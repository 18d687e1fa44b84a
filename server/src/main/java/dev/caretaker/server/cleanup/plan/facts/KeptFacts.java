package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.leave.Keeper;
import dev.caretaker.server.cleanup.leave.KeptTable;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Capabilities;
import dev.caretaker.server.target.Scope;
import dev.caretaker.server.target.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One place that keeps rows of a policy.
 *
 * @param keeper a table, a roll-up or a store
 * @param exists whether it is there; else the run makes it
 * @param obstacles why it cannot, as clauses
 */
public record KeptFacts(Keeper keeper, boolean exists, List<String> obstacles) {
    /** Of a Postgres built with the usual NAMEDATALEN of 64. */
    private static final int NAME_BYTES = 63;

    /** None if the policy keeps nothing; whole rows come before figures. */
    static List<KeptFacts> read(Asked asked, Policy policy, TableTree tree, Instant cutoff, String predicate)
            throws SQLException {
        if (policy.keeping().isEmpty()) {
            return List.of();
        }
        Keeper keeper = new Keepers(policy, tree, asked.destinations().all())
                .of(policy.keeping().get(), cutoff, predicate);
        List<KeptFacts> places = new ArrayList<>();
        for (Keeper part : keeper.parts()) {
            places.add(of(asked, tree.root().oid(), part));
        }
        return places;
    }

    /** @param source table that the rows come from */
    static KeptFacts of(Asked asked, long source, Keeper part) throws SQLException {
        return switch (part) {
            case Keeper.InTable table -> inTable(asked, source, table);
            case Keeper.Store store -> new KeptFacts(store, true, unwritable(asked, store));
            case Keeper.Both _ -> throw new IllegalArgumentException("one place at a time");
        };
    }

    /** Why rows cannot be written to files. */
    private static List<String> unwritable(Asked asked, Keeper.Store store) throws SQLException {
        List<String> obstacles = new ArrayList<>();
        String encoding = Sql.of("SELECT pg_catalog.current_setting('server_encoding')")
                .one(asked.connection(), row -> row.getString(1));
        if (encoding.equals("SQL_ASCII")) {
            obstacles.add("the database has encoding SQL_ASCII, in which nobody knows what a text says");
        }
        asked.destinations()
                .unwritable(store.terms().destination())
                .ifPresent(why -> obstacles.add("nothing can be written there now: " + why));
        if (store.columns().size() == 1
                && store.time()
                        .filter(time -> !store.columns().contains(time.name()))
                        .isPresent()) {
            obstacles.add("one column alone cannot be told from the end of the data; keep another one, too");
        }
        return obstacles;
    }

    private static KeptFacts inTable(Asked asked, long source, Keeper.InTable keeper) throws SQLException {
        TableName table = keeper.table();
        Optional<KeptTable> found = KeptTable.find(asked.connection(), table, source);
        List<String> obstacles = asked.scope().holds(table)
                ? found.map(there -> there.obstacles(keeper, asked.capabilities()))
                        .orElse(inTheWay(asked.connection(), table))
                : List.of("schema \"" + table.schema() + "\" is not one that Caretaker may touch");
        return new KeptFacts(keeper, found.isPresent(), obstacles);
    }

    /** What is asked, and what may be touched. */
    record Asked(Connection connection, Scope scope, Capabilities capabilities, Destined destinations) {}

    /** Why a table cannot be made, as far as can be told before. */
    private static List<String> inTheWay(Connection connection, TableName table) throws SQLException {
        if (table.name().getBytes(StandardCharsets.UTF_8).length > NAME_BYTES) {
            return List.of("its name is longer than the " + NAME_BYTES + " bytes that Postgres allows");
        }
        Optional<Boolean> mayCreate = Sql.of(
                        "SELECT pg_catalog.has_schema_privilege(n.oid, 'CREATE') FROM pg_catalog.pg_namespace n"
                                + " WHERE n.nspname OPERATOR(pg_catalog.=) ?",
                        table.schema())
                .first(connection, row -> row.getBoolean(1));
        if (mayCreate.isEmpty()) {
            return List.of("there is no schema \"" + table.schema() + "\" in which it could be made");
        }
        return mayCreate.get()
                ? List.of()
                : List.of(
                        "it does not exist, and Caretaker's role may not CREATE in schema \"" + table.schema() + "\"");
    }
}
