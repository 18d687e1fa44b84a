package dev.caretaker.server.backup.external;

import dev.caretaker.server.backup.tool.Child;
import dev.caretaker.server.backup.tool.Children;
import dev.caretaker.server.backup.tool.ToolCommand;
import dev.caretaker.server.config.BackupToolsConfig;
import dev.caretaker.server.config.BackupToolsConfig.Source;
import dev.caretaker.server.config.BackupToolsConfig.Tool;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import jakarta.inject.Singleton;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks the tools that make physical backups what they have. They are run here, with arguments that nothing of a database is in. */
@Singleton
class ExternalTools {
    /** Thousands of backups. */
    private static final long MOST_OUTPUT = 16L << 20;

    private final BackupToolsConfig config;
    private final Children children;

    ExternalTools(BackupToolsConfig config, Children children) {
        this.config = config;
        this.children = children;
    }

    /**
     * What a tool has.
     *
     * @throws CaretakerException TOOL_MISSING, TOOL_FAILED
     */
    SeenBackups ask(Source source) {
        Reader reader = Reader.of(source.tool());
        ToolCommand command = ToolCommand.of(program(source.tool()), reader.arguments(source), MOST_OUTPUT);
        try (Child child = children.start(command)) {
            try {
                return newest(reader.read(child.result(config.timeout()), source));
            } catch (IOException e) {
                throw child.failed("was not understood: " + e.getMessage());
            }
        }
    }

    /** Some tools list the newest first, others last. */
    private static SeenBackups newest(SeenBackups all) {
        List<SeenBackup> backups = all.backups().stream()
                .sorted(Comparator.comparing(backup -> backup.finished().orElse(Instant.EPOCH)))
                .toList();
        return new SeenBackups(
                backups.subList(Math.max(0, backups.size() - SeenBackups.MOST), backups.size()),
                all.problem(),
                all.systemIdentifier());
    }

    private Path program(Tool tool) {
        return Optional.ofNullable(config.programs().get(tool))
                .or(() -> onPath(tool.program()))
                .orElseThrow(() -> CaretakerException.of(
                        Reason.TOOL_MISSING,
                        "No program " + tool.program() + " is on the path of this server: name it in caretaker.backups."
                                + tool.program() + ".",
                        Map.of("program", tool.program())));
    }

    private static Optional<Path> onPath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }
}
