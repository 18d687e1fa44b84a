package dev.caretaker.server.run;

import java.util.List;

/** Knows which backups of targets there are, whoever made them; provided by whoever keeps backups. */
public interface BackupWitness {

    /** Backups of a target, the newest first; fails with CONTROL_STORE_UNREACHABLE. Asks nothing of the target. */
    List<BackupProof> of(String target);
}
