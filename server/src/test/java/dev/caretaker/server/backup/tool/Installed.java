package dev.caretaker.server.backup.tool;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caretaker.server.config.BackupToolsConfig;
import dev.caretaker.server.error.CaretakerException;
import java.nio.file.Path;

/** pg_dump and pg_restore of this machine, if there are any. */
public final class Installed {
    private Installed() {}

    /** Skips the test, and says why, where none can dump a server of that version. */
    public static PostgresTools.Tools assume(int major, Path folder) {
        try {
            return new PostgresTools(BackupToolsConfig.DEFAULT, new Children(folder, _ -> true)).forServer(major);
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
        return new PostgresTools(BackupToolsConfig.DEFAULT, new Children(folder, _ -> true))
                .server(major)
                .isPresent();
    }
}
