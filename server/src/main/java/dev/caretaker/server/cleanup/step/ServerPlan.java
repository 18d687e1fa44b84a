package dev.caretaker.server.cleanup.step;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** How the server would run a statement with the values it is going to get, as EXPLAIN tells. */
final class ServerPlan {
    private final List<JsonNode> nodes;

    private ServerPlan(List<JsonNode> nodes) {
        this.nodes = nodes;
    }

    static ServerPlan of(Session session, SqlFragment statement) throws SQLException {
        JsonNode plan = forAnyValues(session)
                ? generic(session, statement)
                : statement.statement().explain(session.connection(), "");
        return new ServerPlan(plan.findParents("Node Type"));
    }

    /** Whether the role or the server wants one plan for whatever values: EXPLAIN itself always plans for those it gets. */
    private static boolean forAnyValues(Session session) throws SQLException {
        return Sql.of("SELECT pg_catalog.current_setting('plan_cache_mode') OPERATOR(pg_catalog.=)"
                        + " 'force_generic_plan'")
                .one(session.connection(), row -> row.getBoolean(1));
    }

    /** The plan of a prepared statement, which no value has a part in. */
    private static JsonNode generic(Session session, SqlFragment statement) throws SQLException {
        String values =
                String.join(", ", Collections.nCopies(statement.parameters().size(), "NULL"));
        String arguments = values.isEmpty() ? "" : "(" + values + ")";
        Sql.of("PREPARE caretaker_plan AS " + statement.numbered()).execute(session.connection());
        JsonNode plan = Sql.of("EXECUTE caretaker_plan" + arguments).explain(session.connection(), "");
        Sql.of("DEALLOCATE caretaker_plan").execute(session.connection());
        return plan;
    }

    /** How long the server takes to plan it. */
    static Duration planningTime(Session session, SqlFragment statement) throws SQLException {
        double milliseconds = statement
                .statement()
                .explain(session.connection(), "SUMMARY")
                .path("Planning Time")
                .asDouble();
        return Duration.ofNanos((long) (milliseconds * 1e6));
    }

    /** Whether one of the indexes is read only where the condition on the column (quoted as the server would) allows. */
    boolean readsIndex(Set<String> indexes, String column) {
        return nodes.stream()
                .anyMatch(node -> indexes.contains(node.path("Index Name").asText())
                        && node.path("Index Cond").asText().contains(column)
                        && node.path("Index Cond").asText().contains(">="));
    }

    boolean has(String nodeType) {
        return nodes.stream().anyMatch(node -> node.path("Node Type").asText().equals(nodeType));
    }

    /** For people: node types with their indexes, outermost first. */
    @Override
    public String toString() {
        return nodes.stream()
                .map(node -> node.path("Node Type").asText()
                        + (node.has("Index Name")
                                ? " on " + node.path("Index Name").asText()
                                : ""))
                .collect(Collectors.joining(" > "));
    }
}
