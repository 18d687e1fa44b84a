package dev.caretaker.server.backup.external;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caretaker.server.config.BackupToolsConfig.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Barman. Its answer is an object with a list for each server, and lists of messages under names such as {@code _WARNING}. A
 * backup that waits for log files can be restored only once they have come.
 *
 * @see <a href="https://docs.pgbarman.org/release/latest/user_guide/commands.html">list-backups, and --format before it</a>
 */
record Barman() implements Reader {
    private static final String DONE = "DONE";
    private static final Set<String> MESSAGES = Set.of("_ERROR", "_EXCEPTION");

    @Override
    public List<String> arguments(Source source) {
        List<String> arguments = new ArrayList<>();
        source.configuration().ifPresent(file -> arguments.addAll(List.of("--config", file.toString())));
        arguments.addAll(List.of("--format", "json", "list-backups", source.name()));
        return arguments;
    }

    @Override
    public SeenBackups read(String output, Source source) throws IOException {
        JsonNode answer = Answer.of(output);
        if (!answer.isObject()) {
            throw new IOException("its answer is not an object with a list for each server");
        }
        for (String kind : MESSAGES) {
            if (!answer.path(kind).isEmpty()) {
                return new SeenBackups(
                        List.of(), "says: " + answer.path(kind).path(0).asText(), "");
            }
        }
        if (!answer.path(source.name()).isArray()) {
            return new SeenBackups(List.of(), "tells nothing of a server " + source.name(), "");
        }
        return new SeenBackups(
                Answer.all(answer.path(source.name())).stream()
                        .map(Barman::backup)
                        .toList(),
                "",
                "");
    }

    private static SeenBackup backup(JsonNode backup) {
        String status = Answer.text(backup, "status");
        return new SeenBackup(
                Answer.text(backup, "backup_id"),
                Answer.text(backup, "backup_type"),
                Answer.seconds(backup.path("end_time_timestamp")),
                Answer.size(backup.path("size_bytes")),
                "",
                status.equals(DONE) ? "" : "is " + (status.isEmpty() ? "in no known state" : status));
    }
}
