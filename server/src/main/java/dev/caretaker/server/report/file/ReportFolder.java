package dev.caretaker.server.report.file;

import dev.caretaker.server.config.ReportsConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.report.Document;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The folder {@code caretaker.reports.directory}. A file is there as a whole or not at all, and readers never see half of one:
 * it is written under another name, made durable and then moved.
 */
@Singleton
public final class ReportFolder {
    /** Names of what Caretaker itself writes there: of a target and a period, or of a run. Other files are none of its business. */
    private static final Pattern OURS = Pattern.compile(
            "caretaker-.+-(\\d{4}-\\d{2}-\\d{2}T\\d{4}Z-to-\\d{4}-\\d{2}-\\d{2}T\\d{4}Z|run-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})"
                    + "\\.(html|md|json)");

    private static final Pattern UNFINISHED =
            Pattern.compile("\\.caretaker-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.part");

    private final ReportsConfig config;

    ReportFolder(ReportsConfig config) {
        this.config = config;
    }

    /** Whether there is one. */
    public boolean isThere() {
        return config.directory().isPresent();
    }

    /** Writes a document, over one of the same name. Fails with REPORT_NOT_WRITTEN. */
    public Path write(Document document) {
        Path folder = config.directory()
                .orElseThrow(() -> notWritten(
                        "caretaker." + ReportsConfig.DIRECTORY + " is not configured: this server writes no reports."));
        Path file = folder.resolve(document.fileName());
        Path part = folder.resolve(".caretaker-" + UUID.randomUUID() + ".part");
        try {
            Files.createDirectories(folder);
            try {
                durable(part, document.content());
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
            return file;
        } catch (IOException e) {
            throw notWritten("The report could not be written to " + file + ": " + e + ".");
        }
    }

    private static void durable(Path part, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
    }

    private static CaretakerException notWritten(String message) {
        return CaretakerException.of(Reason.REPORT_NOT_WRITTEN, message, Map.of());
    }

    /** Removes reports that were written before an instant, and what was never finished. Returns how many files went. */
    int prune(Instant before) throws IOException {
        if (config.directory().isEmpty()) {
            return 0;
        }
        return prune(OURS, before) + prune(UNFINISHED, before);
    }

    private int prune(Pattern names, Instant before) throws IOException {
        int gone = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(
                config.directory().orElseThrow(),
                file -> names.matcher(file.getFileName().toString()).matches())) {
            for (Path file : files) {
                if (Files.isRegularFile(file)
                        && Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    gone += Files.deleteIfExists(file) ? 1 : 0;
                }
            }
        } catch (NoSuchFileException e) {
            return gone; // nothing was ever written
        }
        return gone;
    }
}
