/**
 * What may go: {@link dev.caretaker.server.cleanup.policy.Policy} with its retention and filter, and {@link
 * dev.caretaker.server.cleanup.policy.Policies}, which keeps them. A policy is checked by itself ({@code
 * PolicyValidation}), against its table ({@link dev.caretaker.server.cleanup.policy.PolicyFit}) and against others ({@link
 * dev.caretaker.server.cleanup.policy.Contradictions}).
 */
package dev.caretaker.server.cleanup.policy;
