package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.store.TableName;
import java.util.Map;
import java.util.Optional;

/**
 * Something to know before executing. None blocks: what cannot be done is left out of the plan, and the rest goes on. Only a backup that
 * the plan demands is looked for again when it is executed.
 *
 * @param message whole sentences
 * @param evidence figures and names behind it
 * @param remediationSql statement that would help, safe to paste; may be empty
 */
public record UpkeepWarning(
        Code code,
        String set,
        Optional<TableName> relation,
        String message,
        Map<String, String> evidence,
        String remediationSql) {

    UpkeepWarning(Code code, String set, TableName relation, String message) {
        this(code, set, Optional.of(relation), message, Map.of(), "");
    }

    /** Stable codes, named as in the API. */
    public enum Code {
        DEFAULT_HOLDS_ROWS,
        NAME_TAKEN,
        SET_DOES_NOT_FIT,
        SET_UNREADABLE,
        NOT_COVERED_NOW,
        ROWS_REFUSED_MEANWHILE,
        PARTITION_PUBLISHED,
        REFERENCED_TABLE_LOCKED,
        NOT_OWNER,
        ROWS_MOVED,
        PAUSED,
        PARTITION_UNSUPPORTED,
        BLOCKING_DETACH,
        DROP_NOT_REPLICATED,
        COUNT_TIMEOUT,
        DESTINATION_UNWRITABLE,
        BACKUP_TOO_OLD
    }
}
