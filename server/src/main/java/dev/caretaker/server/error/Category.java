package dev.caretaker.server.error;

/** What kind of mistake or mishap an error is; the API maps each to one gRPC status code. */
public enum Category {
    /** The request is wrong whatever the state of the system. */
    INVALID_ARGUMENT,
    /** A named thing does not exist. */
    NOT_FOUND,
    /** The same thing was done before with other content. */
    ALREADY_EXISTS,
    /** The system is not in a state in which the request may be carried out. */
    FAILED_PRECONDITION,
    /** Somebody else changed the thing meanwhile: read it again and retry. */
    ABORTED,
    /** A value lies outside of what is kept. */
    OUT_OF_RANGE,
    /** A role or caller lacks a right. */
    PERMISSION_DENIED,
    /** The caller did not prove who it is. */
    UNAUTHENTICATED,
    /** The call is not known, or not in this form. */
    UNIMPLEMENTED,
    /** More than one call may take. */
    RESOURCE_EXHAUSTED,
    /** It took longer than the caller waits. */
    DEADLINE_EXCEEDED,
    /** Something out of reach that may come back: retry. */
    UNAVAILABLE,
    /** A fault of Caretaker itself. */
    INTERNAL
}
