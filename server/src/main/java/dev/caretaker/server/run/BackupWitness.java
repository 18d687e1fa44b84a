package dev.caretaker.server.run;

import java.util.List;

/** Knows which backups of targets there are, whoever made them; provided by whoever keeps backups. */
public interface BackupWitness {

    /** Backups of a target, the newest first; fails with CONTROL_STORE_UNREACHABLE. Asks nobody. */
    List<BackupProof> of(String target);

    /**
     * Asks those who make backups and tell of them only then, unless that was done just now. Takes as long as they do.
     *
     * @return of whom it is not known what they have, one sentence each
     */
    List<String> look(String target);
}
