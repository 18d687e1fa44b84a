package dev.caretaker.server.run.engine;

import dev.caretaker.server.store.RunStore;
import dev.caretaker.server.target.SameDatabase;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Backups that read a database now, under whatever name of a target: what excludes readers would wait behind them. */
@Singleton
final class BackupsAtWork {
    private final RunStore runs;
    private final SameDatabase same;

    BackupsAtWork(RunStore runs, SameDatabase same) {
        this.runs = runs;
        this.same = same;
    }

    /** Which one is waited for, and why, a sentence; empty if none reads. */
    Optional<String> at(String target) {
        return runs.backupsAtWork().stream()
                .filter(backup -> same.is(target, backup.target()))
                .findFirst()
                .map(backup -> "Waits for backup run " + backup.run()
                        + (backup.target().equals(target)
                                ? ""
                                : " of target " + backup.target() + ", the same database")
                        + ", which keeps its locks on tables until it ends.");
    }
}
