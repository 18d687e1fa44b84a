package dev.caretaker.server.backup.external;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caretaker.server.config.BackupToolsConfig.Source;
import java.io.IOException;
import java.util.List;

/**
 * WAL-G. It lists only backups that are complete. An answer without any is empty, and says so elsewhere.
 *
 * @see <a href="https://wal-g.readthedocs.io/">backup-list, with --detail and --json</a>
 */
record WalG() implements Reader {
    /** Names of backups that hold only what changed since another one. */
    private static final String DELTA = "_D_";

    @Override
    public List<String> arguments(Source source) {
        return List.of(
                "--config", source.configuration().orElseThrow().toString(), "backup-list", "--detail", "--json");
    }

    @Override
    public SeenBackups read(String output, Source source) throws IOException {
        if (output.isBlank()) {
            return new SeenBackups(List.of(), "", "");
        }
        JsonNode answer = Answer.of(output);
        if (!answer.isArray() && !answer.isNull()) {
            throw new IOException("its answer is not a list of backups");
        }
        return new SeenBackups(Answer.all(answer).stream().map(WalG::backup).toList(), "", "");
    }

    private static SeenBackup backup(JsonNode backup) {
        String name = Answer.text(backup, "backup_name");
        return new SeenBackup(
                name,
                name.contains(DELTA) ? "delta" : "full",
                Answer.moment(backup.path("finish_time")).or(() -> Answer.moment(backup.path("time"))),
                Answer.size(backup.path("compressed_size")),
                Answer.text(backup, "system_identifier"),
                "");
    }
}
