package dev.caretaker.server.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** The configuration file of a server in a test. */
final class ServerFile {
    private ServerFile() {}

    /**
     * Writes it.
     *
     * @param port 0 takes a free one
     * @param targets what a target needs by its name, as a map of YAML has it
     * @param more lines below {@code caretaker}
     */
    static Path write(
            Path folder,
            String name,
            int port,
            TestPostgres.Database controlStore,
            Map<String, String> targets,
            String heartbeat,
            String more)
            throws IOException {
        return Files.writeString(
                folder.resolve(name + ".yml"),
                """
                caretaker:
                  listen:
                    port: %d
                  engine:
                    heartbeat-interval: %s
                  control-store: {%s}
                  targets: {%s}
                """.formatted(
                                        port,
                                        heartbeat,
                                        login(controlStore.url(), controlStore),
                                        targets.entrySet().stream()
                                                .map(target -> target.getKey() + ": {" + target.getValue() + "}")
                                                .collect(Collectors.joining(", ")))
                        + more.indent(2));
    }

    /** What a target needs that is reached by that URL. */
    static String login(String url, TestPostgres.Database database) {
        String password = database.password().isEmpty() ? "" : ", password: \"" + database.password() + "\"";
        return "url: \"" + url + "\", user: " + database.user() + password;
    }
}
