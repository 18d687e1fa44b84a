package dev.caretaker.server.cleanup.step;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.time.Duration;
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
        return new ServerPlan(
                statement.statement().explain(session.connection(), "").findParents("Node Type"));
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
                        && node.path("Index Cond").asText().contains(" >= "));
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
