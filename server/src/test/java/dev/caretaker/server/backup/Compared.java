package dev.caretaker.server.backup;

import dev.caretaker.server.run.job.OpenGate;
import dev.caretaker.server.target.Target;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What the comparison of a verification finds in a database that a test has changed after a restore. */
public final class Compared {
    private Compared() {}

    public static List<String> faults(BackupManifest manifest, Target restored) {
        try {
            Comparison.Result found = new Comparison(manifest, restored, Set.of(), new OpenGate()).run();
            return Stream.concat(
                            found.faults().stream(), found.absent().stream().map(Absence::sentence))
                    .toList();
        } catch (SQLException | IOException e) {
            throw new AssertionError(e);
        }
    }
}
