package dev.caretaker.server.cleanup.step;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** How the server would run a statement with the values it is going to get, as EXPLAIN tells. */
final class ServerPlan {
    private static final JsonMapper JSON = new JsonMapper();

    private final List<JsonNode> nodes;

    private ServerPlan(List<JsonNode> nodes) {
        this.nodes = nodes;
    }

    static ServerPlan of(Session session, SqlFragment statement) throws SQLException {
        String text = Sql.of(
                        "EXPLAIN (FORMAT JSON) " + statement.text(),
                        statement.parameters().toArray())
                .one(session.connection(), row -> row.getString(1));
        try {
            return new ServerPlan(JSON.readTree(text).findParents("Node Type"));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("EXPLAIN returned no JSON: " + text, e);
        }
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
