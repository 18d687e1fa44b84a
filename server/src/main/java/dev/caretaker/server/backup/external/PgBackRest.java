package dev.caretaker.server.backup.external;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caretaker.server.config.BackupToolsConfig.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * pgBackRest. Whether a backup has page checksum errors stands in {@code error}; which cluster it is of, in {@code db}, by its id
 * and repository.
 *
 * @see <a href="https://pgbackrest.org/command.html#command-info">info</a>
 */
record PgBackRest() implements Reader {

    @Override
    public List<String> arguments(Source source) {
        List<String> arguments = new ArrayList<>();
        source.configuration().ifPresent(file -> arguments.add("--config=" + file));
        arguments.add("--stanza=" + source.name());
        arguments.add("--output=json");
        arguments.add("--log-level-console=off");
        arguments.add("info");
        return arguments;
    }

    @Override
    public SeenBackups read(String output, Source source) throws IOException {
        JsonNode stanzas = Answer.of(output);
        if (!stanzas.isArray()) {
            throw new IOException("its answer is not a list of stanzas");
        }
        Optional<JsonNode> stanza = Answer.all(stanzas).stream()
                .filter(one -> Answer.text(one, "name").equals(source.name()))
                .findFirst();
        if (stanza.isEmpty()) {
            return new SeenBackups(List.of(), "knows no stanza " + source.name(), "");
        }
        Map<String, String> clusters = new HashMap<>();
        for (JsonNode db : Answer.all(stanza.get().path("db"))) {
            clusters.put(place(db), Answer.text(db, "system-id"));
        }
        JsonNode status = stanza.get().path("status");
        return new SeenBackups(
                Answer.all(stanza.get().path("backup")).stream()
                        .map(backup -> backup(backup, clusters))
                        .toList(),
                status.path("code").asInt(0) == 0 ? "" : "says: " + Answer.text(status, "message"),
                "");
    }

    private static SeenBackup backup(JsonNode backup, Map<String, String> clusters) {
        JsonNode info = backup.path("info");
        return new SeenBackup(
                Answer.text(backup, "label"),
                Answer.text(backup, "type"),
                Answer.seconds(backup.path("timestamp").path("stop")),
                Answer.size(info.path("size")),
                clusters.getOrDefault(place(backup.path("database")), ""),
                backup.path("error").asBoolean(false) ? "has pages with wrong checksums" : "");
    }

    /** A cluster's number in a repository; older versions have one repository and no number of it. */
    private static String place(JsonNode db) {
        return db.path("repo-key").asInt(1) + "/" + db.path("id").asInt(0);
    }
}
