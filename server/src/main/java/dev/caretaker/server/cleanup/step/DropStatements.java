package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.run.StatementStep.LockWait;
import dev.caretaker.server.run.StatementStep.Statement;

/** The statements of a partition drop, which are told by their labels. */
final class DropStatements {
    static final String DETACH = "detach";
    static final String DROP = "drop";
    static final String DROP_KEY = "drop-key";
    /** Where a default partition forbids to do it concurrently, and the partition has foreign keys. */
    static final String DETACH_PLAIN = "detach-plain";
    /** Both in one transaction, where the detach needs a lock anyway: so nothing of the partition can be left, or written into it. */
    static final String DETACH_AND_DROP = "detach-and-drop";

    static final String ATTACH = "attach-again";
    static final String TIDY = "drop-check";

    private DropStatements() {}

    static Statement detachConcurrently(PartitionPlace place) {
        return waiting(place.detach() + " CONCURRENTLY");
    }

    /** Brings a concurrent detach to its end that was begun. */
    static Statement finishDetach(PartitionPlace place) {
        return waiting(place.detach() + " FINALIZE");
    }

    static Statement detach(PartitionPlace place) {
        return underLock(DETACH_PLAIN, place.detach());
    }

    static Statement detachAndDrop(PartitionPlace place) {
        return underLock(DETACH_AND_DROP, place.detach() + "; " + place.drop());
    }

    static Statement drop(PartitionPlace place) {
        return underLock(DROP, place.drop());
    }

    static Statement dropKey(PartitionPlace place, String key) {
        return underLock(DROP_KEY, place.dropConstraint(key));
    }

    static Statement attach(PartitionPlace place) {
        return underLock(ATTACH, place.attach());
    }

    static Statement tidy(PartitionPlace place, String check) {
        return underLock(TIDY, place.dropConstraint(check));
    }

    /** Whether it detaches the partition while it holds a lock on the parent. */
    static boolean detachesUnderLock(Statement statement) {
        return statement.label().equals(DETACH_AND_DROP) || statement.label().equals(DETACH_PLAIN);
    }

    /** DETACH … CONCURRENTLY and FINALIZE wait for old snapshots; breaking them off leaves a partition half detached. */
    private static Statement waiting(String sql) {
        return new Statement(DETACH, sql, LockWait.DEADLINE, false);
    }

    private static Statement underLock(String label, String sql) {
        return new Statement(label, sql, LockWait.TIMEOUT, true);
    }
}
