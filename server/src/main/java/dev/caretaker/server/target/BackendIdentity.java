package dev.caretaker.server.target;

import java.time.Instant;

/**
 * Which backend of which incarnation of which server a session talks to. Together with a transaction id it answers
 * after a crash whether that transaction can still be asked for: if {@code postmasterStart}, {@code systemIdentifier}
 * or {@code timeline} changed, the id may meanwhile be somebody else's.
 *
 * @param pid process id of the backend
 * @param backendStart when the backend started; tells reused pids apart
 * @param postmasterStart when the server started
 * @param systemIdentifier the cluster's identity, made by initdb
 * @param timeline write-ahead log timeline; changes at promotion and point-in-time recovery
 */
public record BackendIdentity(
        int pid, Instant backendStart, Instant postmasterStart, long systemIdentifier, int timeline) {

    /** Cluster and timeline: what was committed under another lineage may not be there under this one. */
    public String lineage() {
        return systemIdentifier + "/" + timeline;
    }

    /** Whether a transaction id noted under the other identity still means the same transaction. */
    public boolean sameIncarnation(BackendIdentity other) {
        return postmasterStart.equals(other.postmasterStart)
                && systemIdentifier == other.systemIdentifier
                && timeline == other.timeline;
    }
}
