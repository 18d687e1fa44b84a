package dev.caretaker.server.error;

/** Stable reasons of errors, part of the API: clients switch on their names. Never rename one. */
public enum Reason {
    /** A field of the request is missing or wrong; the violations say which. */
    INVALID_FIELD(Category.INVALID_ARGUMENT),

    TARGET_NOT_FOUND(Category.NOT_FOUND),
    POLICY_NOT_FOUND(Category.NOT_FOUND),
    PLAN_NOT_FOUND(Category.NOT_FOUND),
    RUN_NOT_FOUND(Category.NOT_FOUND),
    ROUTINE_NOT_FOUND(Category.NOT_FOUND),
    PARTITION_SET_NOT_FOUND(Category.NOT_FOUND),
    CONVERSION_NOT_FOUND(Category.NOT_FOUND),
    SCHEDULE_NOT_FOUND(Category.NOT_FOUND),
    CALENDAR_NOT_FOUND(Category.NOT_FOUND),
    HOLD_NOT_FOUND(Category.NOT_FOUND),
    /** The configuration has no channel of that name. */
    CHANNEL_NOT_FOUND(Category.NOT_FOUND),
    /** No channel was told of it, or it is no longer kept. */
    NOTIFICATION_NOT_FOUND(Category.NOT_FOUND),
    /** No partition of that name is held. */
    RETIRED_PARTITION_NOT_FOUND(Category.NOT_FOUND),
    ARCHIVE_NOT_FOUND(Category.NOT_FOUND),
    BACKUP_NOT_FOUND(Category.NOT_FOUND),
    /** The configuration has no destination of that name. */
    DESTINATION_NOT_FOUND(Category.NOT_FOUND),
    /** No detection found it, or it is not muted. */
    FINDING_NOT_FOUND(Category.NOT_FOUND),

    /** The request id was used before with other content. */
    REQUEST_ID_REUSED(Category.ALREADY_EXISTS),
    /** The first request with this id is still being worked on. */
    REQUEST_IN_PROGRESS(Category.ABORTED),
    /** The caller's etag is not the stored one. */
    ETAG_MISMATCH(Category.ABORTED),
    /** The wanted events are no longer kept. */
    EVENTS_EXPIRED(Category.OUT_OF_RANGE),

    /** The table cannot be cleaned: a view, foreign table, system table, one with rewrite rules, … */
    UNSUPPORTED_RELATION(Category.FAILED_PRECONDITION),
    /** The table lacks what the policy names, or a column's type does not fit. */
    POLICY_DOES_NOT_FIT(Category.FAILED_PRECONDITION),
    IS_STANDBY(Category.FAILED_PRECONDITION),
    /** A transaction-pooling proxy sits between Caretaker and the target. */
    TRANSACTION_POOLING(Category.FAILED_PRECONDITION),
    /** The server is older than 14 or otherwise lacks what is needed. */
    UNSUPPORTED_SERVER(Category.FAILED_PRECONDITION),

    PLAN_EXPIRED(Category.FAILED_PRECONDITION),
    /** The table or its policy is no longer what was planned. */
    PLAN_DRIFTED(Category.FAILED_PRECONDITION),
    PLAN_ALREADY_EXECUTED(Category.FAILED_PRECONDITION),
    /** A blocking warning of the plan was not overridden. */
    PLAN_BLOCKED(Category.FAILED_PRECONDITION),
    /** More rows than the policy's limits allow. */
    PLAN_OVER_LIMIT(Category.FAILED_PRECONDITION),

    /** A plan that a schedule made removes far more than usual: it waits for a person. */
    UNUSUAL_VOLUME(Category.FAILED_PRECONDITION),
    /** The JDK of this server does not know the time zone that another server stored. */
    UNKNOWN_ZONE(Category.FAILED_PRECONDITION),
    /** Schedules name the calendar. */
    CALENDAR_IN_USE(Category.FAILED_PRECONDITION),
    /** A hold freezes such work. */
    HELD(Category.FAILED_PRECONDITION),

    /** A rewrite needs free disk space, and nobody said how much there is. */
    DISK_SPACE_UNKNOWN(Category.FAILED_PRECONDITION),
    /** A rewrite needs more free disk space than there is. */
    DISK_SPACE_SHORT(Category.FAILED_PRECONDITION),

    /** The archive is not in the state that this needs: rows still come, parts are still carried, or it was deleted. */
    ARCHIVE_NOT_READY(Category.FAILED_PRECONDITION),
    /** What an archive holds is not what its manifest says, or a part of it is missing. */
    ARCHIVE_DAMAGED(Category.FAILED_PRECONDITION),
    /** It is the only verified copy of rows that are gone; force deletes it all the same. */
    ARCHIVE_IS_ONLY_COPY(Category.FAILED_PRECONDITION),
    /** The backup is not in the state that this needs: it is being made, was never completed, or was deleted. */
    BACKUP_NOT_READY(Category.FAILED_PRECONDITION),
    /** What a backup holds is not what its manifest says, or what was restored of it is not what was copied. */
    BACKUP_DAMAGED(Category.FAILED_PRECONDITION),
    /** Somebody pinned the backup. */
    BACKUP_PINNED(Category.FAILED_PRECONDITION),
    /** It is the newest verified backup of its target; force deletes it all the same. */
    BACKUP_IS_ONLY_VERIFIED(Category.FAILED_PRECONDITION),
    /** The snapshot of a backup became older than it may. */
    SNAPSHOT_TOO_OLD(Category.FAILED_PRECONDITION),
    /** A scratch database would be on the server that the backup was taken from, and nobody allowed that. */
    SCRATCH_REFUSED(Category.FAILED_PRECONDITION),
    /** A backup is restored only into an empty database, unless told otherwise; what is there is never replaced. */
    DATABASE_NOT_EMPTY(Category.FAILED_PRECONDITION),
    /** Something is at the destination under that name already, and is not what was to be put there. */
    OBJECT_EXISTS(Category.FAILED_PRECONDITION),
    /** The folder in which rows are kept until they are stored is full or cannot be used. */
    SPOOL_FAILED(Category.FAILED_PRECONDITION),

    /** A program that is needed, such as pg_dump, is nowhere, or is older than the server. */
    TOOL_MISSING(Category.FAILED_PRECONDITION),
    /** A program that Caretaker ran ended badly, or not in time. */
    TOOL_FAILED(Category.FAILED_PRECONDITION),
    /** The newest backup of the target is older than is allowed here, or was not verified. */
    BACKUP_TOO_OLD(Category.FAILED_PRECONDITION),

    /** A run that a routine started failed or was cancelled. */
    PART_FAILED(Category.FAILED_PRECONDITION),
    /** A report has no directory on this server, or could not be written there. */
    REPORT_NOT_WRITTEN(Category.FAILED_PRECONDITION),

    RUN_ENDED(Category.FAILED_PRECONDITION),
    /** The run is being cancelled and can no longer be paused or resumed. */
    RUN_CANCELLING(Category.FAILED_PRECONDITION),
    /** The relation changed under a running step: dropped, swapped, altered. */
    RELATION_CHANGED(Category.FAILED_PRECONDITION),
    /** A BEFORE DELETE trigger or a rule kept rows that were matched. */
    DELETE_SUPPRESSED(Category.FAILED_PRECONDITION),
    /** A partition was detached and Postgres refused to drop it; the message says where it is now. */
    DROP_REFUSED(Category.FAILED_PRECONDITION),
    /** What is to keep the rows that are deleted does not fit, or cannot be made. */
    ARCHIVE_DOES_NOT_FIT(Category.FAILED_PRECONDITION),
    /** A referencing row holds rows back and the policy does not skip those. */
    PINNED_BY_FOREIGN_KEY(Category.FAILED_PRECONDITION),
    /** The server's plan for a batch is not the promised one. */
    UNEXPECTED_QUERY_PLAN(Category.FAILED_PRECONDITION),
    /** A lock could not be had within the timeout, however often it was tried. */
    LOCK_NOT_AVAILABLE(Category.ABORTED),

    /** The role lacks a right at the target, or row security applies to it. */
    MISSING_PRIVILEGE(Category.PERMISSION_DENIED),
    CALLER_NOT_AUTHENTICATED(Category.UNAUTHENTICATED),

    /** Over HTTP: the host that the request names is none by which the API is served. */
    HOST_NOT_SERVED(Category.PERMISSION_DENIED),
    /** Over HTTP: a page of another site asks, and sends no token. */
    PAGE_NOT_SERVED(Category.PERMISSION_DENIED),
    /** Over HTTP: no such service or method. */
    NO_SUCH_METHOD(Category.UNIMPLEMENTED),
    /** Over HTTP: the method is called by another one of HTTP. */
    HTTP_METHOD_NOT_ALLOWED(Category.UNIMPLEMENTED),
    /** Over HTTP: a content type or compression that is not known. */
    UNSUPPORTED_ENCODING(Category.UNIMPLEMENTED),
    /** Over HTTP: a message of more bytes than one may have. */
    MESSAGE_TOO_LARGE(Category.RESOURCE_EXHAUSTED),
    /** Over HTTP: the time is over that the caller gave the call. */
    DEADLINE_EXCEEDED(Category.DEADLINE_EXCEEDED),

    /** Over HTTP: as many streams are open as the port has places for. */
    TOO_MANY_STREAMS(Category.UNAVAILABLE),
    TARGET_UNREACHABLE(Category.UNAVAILABLE),
    CONTROL_STORE_UNREACHABLE(Category.UNAVAILABLE),
    /** The destination of archives does not answer, refuses its credentials, or has no room. */
    DESTINATION_UNREACHABLE(Category.UNAVAILABLE),

    /** Postgres refused a statement; the SQLSTATE says why. */
    STATEMENT_FAILED(Category.FAILED_PRECONDITION),
    INTERNAL(Category.INTERNAL);

    private final Category category;

    Reason(Category category) {
        this.category = category;
    }

    public Category category() {
        return category;
    }
}
