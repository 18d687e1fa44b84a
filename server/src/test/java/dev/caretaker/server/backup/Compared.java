package dev.caretaker.server.backup;

import dev.caretaker.server.run.job.OpenGate;
import dev.caretaker.server.target.Target;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** What the comparison of a verification finds in a database that a test has changed after a restore. */
public final class Compared {
    private Compared() {}

    public static List<String> faults(BackupManifest manifest, Target restored) {
        try {
            return new Comparison(manifest, restored, Set.of(), new OpenGate())
                    .run()
                    .faults();
        } catch (SQLException | IOException e) {
            throw new AssertionError(e);
        }
    }
}
