package dev.caretaker.server.backup.external;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.StreamSupport;

/** Reads the JSON of other people's tools, and takes nothing for granted. */
final class Answer {
    private static final JsonMapper JSON = new JsonMapper();

    private Answer() {}

    static JsonNode of(String output) throws IOException {
        try {
            return JSON.readTree(output);
        } catch (JsonProcessingException e) {
            throw new IOException("its answer is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    static List<JsonNode> all(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    static String text(JsonNode node, String name) {
        return node.path(name).asText("");
    }

    /** Seconds since 1970, as a number or as text. */
    static Optional<Instant> seconds(JsonNode node) {
        try {
            long seconds = node.isTextual() ? Long.parseLong(node.asText()) : node.asLong(0);
            return seconds > 0 ? Optional.of(Instant.ofEpochSecond(seconds)) : Optional.empty();
        } catch (NumberFormatException | DateTimeException e) {
            return Optional.empty();
        }
    }

    /** ISO 8601; years before 1970 mean that there is none. */
    static Optional<Instant> moment(JsonNode node) {
        try {
            Instant moment = OffsetDateTime.parse(node.asText("")).toInstant();
            return moment.isAfter(Instant.EPOCH) ? Optional.of(moment) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    static OptionalLong size(JsonNode node) {
        return node.isIntegralNumber() && node.asLong() >= 0 ? OptionalLong.of(node.asLong()) : OptionalLong.empty();
    }
}
