package dev.caretaker.server.cleanup.policy;

import java.util.Optional;

/**
 * A policy as somebody wants it to be.
 *
 * @param etag when present, the stored policy must still carry it
 */
public record PolicyChange(Policy policy, Optional<String> etag) {}
