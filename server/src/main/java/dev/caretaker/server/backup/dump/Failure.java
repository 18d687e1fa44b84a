package dev.caretaker.server.backup.dump;

import dev.caretaker.server.backup.Unmade;
import dev.caretaker.server.target.PostgresErrors;

/**
 * What an entry could not be made for, at another attempt of ours.
 *
 * @param certain whether pg_restore had an error with it, too; else it was named at least
 */
record Failure(TocEntry entry, Attempts.Obstacle obstacle, boolean certain) {

    Unmade.Why cause() {
        return Unmade.Why.of(obstacle.error());
    }

    private boolean isThere() {
        return obstacle.of() == Attempts.Obstacle.Of.THERE;
    }

    /**
     * Whether nothing lacks without it: a schema that is there already, perhaps for an extension in it, and the comment of an
     * extension, which that has made itself, and only its owner may change.
     */
    boolean isNoLoss() {
        return entry.isSchema() && isThere() || entry.isCommentOfExtension() && cause() == Unmade.Why.REFUSED;
    }

    /** @param ofTable whether it is about the rows of a table that is compared: those of others belong to extensions */
    Unmade unmade(boolean ofTable, EntryKeys keys) {
        boolean later = obstacle.of() == Attempts.Obstacle.Of.LATER;
        String key = entry.isContentsOfLargeObjects() ? Unmade.LARGE_OBJECTS : keys.of(entry);
        return new Unmade(
                entry.named() + (later ? " is not as it was: " : " could not be made: ")
                        + PostgresErrors.clause(obstacle.error()) + ".",
                why(ofTable, later),
                later ? "" : key);
    }

    private Unmade.Why why(boolean ofTable, boolean later) {
        if (entry.isContentsOfLargeObjects()) {
            return Unmade.Why.UNDECIDED;
        }
        if (isThere()) {
            return certain ? Unmade.Why.OTHER : Unmade.Why.THERE;
        }
        Unmade.Why why = cause();
        boolean apart = later || entry.isOfRights() || entry.isRows() && !ofTable;
        if (why == Unmade.Why.REFUSED && apart) {
            return Unmade.Why.REFUSED_APART;
        }
        // Where an extension is made nothing of the backup is at work.
        return entry.isExtension() && PostgresErrors.isRaised(obstacle.error()) ? Unmade.Why.OTHER : why;
    }
}
