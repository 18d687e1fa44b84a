package dev.caretaker.server.cleanup.policy;

import java.util.Optional;

/**
 * A policy as somebody wants it to be.
 *
 * @param etag when present, the stored policy must still carry it; {@link #NONE}: there must be none of that name
 */
public record PolicyChange(Policy policy, Optional<String> etag) {
    /** No stored policy has it. */
    public static final String NONE = "none";

    boolean isToBeNew() {
        return etag.filter(NONE::equals).isPresent();
    }
}
