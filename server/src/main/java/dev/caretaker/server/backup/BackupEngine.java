package dev.caretaker.server.backup;

import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.target.Target;
import java.io.IOException;
import java.sql.SQLException;

/**
 * A way to copy a database and to bring it back. One bean of this type is all that a new way needs: runs, folders, manifest,
 * verification and retention are the same for all. Both methods work on the calling thread and on threads and sessions of their
 * own, until all is done or {@link Gate#pass} throws.
 */
public interface BackupEngine {

    BackupOrder.Engine name();

    /**
     * Whether it can make what is ordered, as far as that can be told before anything is read.
     *
     * @throws dev.caretaker.server.error.CaretakerException INVALID_FIELD, TOOL_MISSING, TOOL_FAILED, TARGET_UNREACHABLE
     */
    void require(BackupOrder order, Target from);

    /**
     * Copies what was ordered into the folder, in one snapshot.
     *
     * @param locked to be called when it has the locks of all tables, before it reads any row; may throw, so that it lets them go
     * @return what the folder holds now; nothing of it counts before the manifest is written
     */
    Copied copy(BackupOrder order, Target from, BackupFolder into, Gate gate, Runnable locked)
            throws SQLException, IOException;

    /**
     * Whether it can bring a backup back here, as far as that can be told before anything is fetched.
     *
     * @throws dev.caretaker.server.error.CaretakerException TOOL_MISSING
     */
    default void requireRestore(BackupManifest manifest) {}

    /**
     * Makes objects and rows of a backup again. What cannot be made, or loaded because the login may not, is told in the answer if
     * the rest can stand without it, else it fails.
     *
     * @param part what of it
     * @param into an existing database; nothing in it is replaced
     */
    Restored restore(BackupManifest manifest, RestorePart part, Target into, BackupFolder from, Gate gate)
            throws SQLException, IOException;
}
