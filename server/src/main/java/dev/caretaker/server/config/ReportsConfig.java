package dev.caretaker.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where reports that start by themselves are written, under {@code caretaker.reports}.
 *
 * @param directory empty: no such reports are written
 * @param retention how long their files are kept
 */
public record ReportsConfig(Optional<Path> directory, Duration retention) {
    /** Its keys below {@code caretaker}. */
    public static final String DIRECTORY = "reports.directory";

    static final String RETENTION = "reports.retention";
}
