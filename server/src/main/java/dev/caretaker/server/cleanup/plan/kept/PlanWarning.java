package dev.caretaker.server.cleanup.plan.kept;

import dev.caretaker.server.store.TableName;
import java.util.Map;
import java.util.Optional;

/**
 * Something to know before executing.
 *
 * @param message one sentence
 * @param blocking whether execution is refused unless the code is overridden (or, for cascades, the policy allows them)
 * @param policy policy concerned; may be empty
 * @param evidence figures and names behind it
 * @param remediationSql statement that would help, safe to paste; may be empty
 */
public record PlanWarning(
        Code code,
        String message,
        boolean blocking,
        Optional<TableName> relation,
        String policy,
        Map<String, String> evidence,
        String remediationSql) {

    /** Stable codes, named as in the API. */
    public enum Code {
        UNINDEXED_FOREIGN_KEY,
        CASCADE,
        SET_NULL,
        DELETE_TRIGGER,
        ROW_SECURITY,
        NO_REPLICA_IDENTITY,
        SUSPICIOUS_VALUES,
        XMIN_HELD,
        NO_INDEX,
        LARGE_SHARE,
        OVER_LIMIT,
        CONTRADICTING_POLICIES,
        PINNING_FOREIGN_KEY,
        NEVER_ELIGIBLE_ROWS,
        BLOCKING_DETACH,
        COUNT_TIMEOUT,
        PROBE_SKIPPED,
        STALE_STATISTICS,
        DROP_NOT_REPLICATED,
        FOLLOW_UP_NOT_ALLOWED,
        XMIN_UNSEEN,
        TRIGGER_NOT_FIRED,
        NOT_DROPPED,
        EVENT_TRIGGER,
        DETACH_PENDING,
        DEBT_OPEN,
        FOREIGN_PARTITION,
        ARCHIVE_DOES_NOT_FIT,
        CHILDREN_NOT_ARCHIVED,
        RESTORED_ROWS,
        BACKUP_TOO_OLD,
        CHILDREN_ARCHIVED;

        /**
         * Whether a caller may accept it. Limits hold always, what cascades and what is lost by it is for the policy to say, rows
         * that row security hides cannot be deleted, and what does not fit keeps nothing.
         */
        public boolean canBeOverridden() {
            return switch (this) {
                case OVER_LIMIT, CASCADE, SET_NULL, ROW_SECURITY, ARCHIVE_DOES_NOT_FIT, CHILDREN_NOT_ARCHIVED -> false;
                default -> true;
            };
        }
    }
}
