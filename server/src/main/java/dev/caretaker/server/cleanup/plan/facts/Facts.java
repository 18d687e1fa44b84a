package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.target.Capabilities;
import dev.caretaker.server.target.catalog.XminHorizon;
import java.time.Instant;
import java.util.List;

/**
 * All that the planner needs to know.
 *
 * @param role Caretaker works as
 * @param now when they were gathered
 * @param fullPageWrites whether the first change of a page after a checkpoint logs the whole page
 * @param policies those to plan, in order
 * @param allPolicies all policies of the target, planned or not
 */
public record Facts(
        String role,
        Instant now,
        Capabilities capabilities,
        boolean fullPageWrites,
        List<PolicyFacts> policies,
        List<Policy> allPolicies,
        XminHorizon xminHorizon) {}
