package dev.caretaker.server.run;

/** Reasons to wait between batches. */
public enum ThrottleSignal {
    /** Multiple of the batch's duration. */
    PAUSE_RATIO,
    /** Rows per second. */
    ROWS_PER_SECOND,
    /** Bytes the slowest standby is behind. */
    REPLICATION_LAG,
    /** Bytes of write-ahead log per second, system-wide. */
    WAL_BUDGET,
    /** Sessions waiting on locks held by the run. */
    LOCK_WAITERS,
    /** Transactions of others a second that write; below the threshold their sessions alone say that they are at work. */
    OTHERS_AT_WORK,
    /** Sessions of others that wait for the write-ahead log, on average. */
    LOG_WAITERS,
    /** Milliseconds that the commit of a batch takes, on average. */
    COMMIT_TIME
}
