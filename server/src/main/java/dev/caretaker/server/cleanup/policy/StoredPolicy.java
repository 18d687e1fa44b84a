package dev.caretaker.server.cleanup.policy;

import dev.caretaker.server.store.Actor;
import java.time.Instant;

/**
 * A policy as the control store keeps it.
 *
 * @param etag hash of the policy's content: the same content always has the same etag
 * @param updated when its content last changed
 * @param updatedBy who changed it last
 */
public record StoredPolicy(Policy policy, String etag, Instant updated, Actor updatedBy) {}
