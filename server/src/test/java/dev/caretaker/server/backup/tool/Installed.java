package dev.caretaker.server.backup.tool;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caretaker.server.config.BackupToolsConfig;
import dev.caretaker.server.error.CaretakerException;
import java.nio.file.Path;
import java.util.Optional;

/** pg_dump and pg_restore of this machine, if there are any. */
public final class Installed {
    private Installed() {}

    /** The oldest that can dump a server of that version. */
    public static Optional<PostgresTools.Tools> find(int major, Path folder) {
        try {
            return Optional.of(tools(folder).forServer(major));
        } catch (CaretakerException e) {
            return Optional.empty();
        }
    }

    private static PostgresTools tools(Path folder) {
        return new PostgresTools(BackupToolsConfig.DEFAULT, new Children(folder, _ -> true));
    }

    /** Skips the test, and says why, where none can dump a server of that version. */
    public static PostgresTools.Tools assume(int major, Path folder) {
        try {
            return tools(folder).forServer(major);
        } catch (CaretakerException e) {
            assumeTrue(false, "Skipped: " + e.getMessage());
            throw e;
        }
    }

    /** Skips the test, and says why, where no server of that version can be made. */
    public static void assumeServer(int major, Path folder) {
        assumeTrue(hasServer(major, folder), "Skipped: there are no server programs of PostgreSQL " + major + ".");
    }

    /** Whether this machine has programs of a server of that version. */
    public static boolean hasServer(int major, Path folder) {
        return tools(folder).server(major).isPresent();
    }
}
