package dev.caretaker.cli.report;

import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.error.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The file that a report is written into: as a whole or not at all. */
final class ReportFile {
    private ReportFile() {}

    static void write(Path file, byte[] content) {
        Path absolute = file.toAbsolutePath();
        if (!Files.isDirectory(absolute.getParent())) {
            throw new CommandFailure(
                    ExitCode.USAGE, "cannot write " + file + ": there is no folder " + absolute.getParent());
        }
        try {
            if (Files.exists(absolute) && !Files.isRegularFile(absolute)) {
                Files.write(absolute, content); // a pipe or /dev/stdout
                return;
            }
            Path part = absolute.resolveSibling(
                    "." + absolute.getFileName() + "." + ProcessHandle.current().pid() + ".part");
            try {
                Files.write(part, content);
                Files.move(part, absolute, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "cannot write " + file + ": " + Reading.why(e), e);
        }
    }
}
