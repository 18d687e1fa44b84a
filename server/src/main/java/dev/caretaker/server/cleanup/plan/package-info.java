/**
 * How rows go and what that costs. {@link dev.caretaker.server.cleanup.plan.Plans} is the door, {@code PlanBook} behind it.
 *
 * <ol>
 *   <li>Asking: {@code FactsReader} and {@code PolicyFactsReader} gather {@code Facts} at the target ({@code Ages} for
 *       partitions, {@code Rights} for what the role may do, {@code Measuring} and {@code Probing} for what is removed and what
 *       that costs, {@code Asking} for what may take long).
 *   <li>Planning, without input or output: {@code Planner} orders tables by their keys ({@code TableOrder}), cuts each into {@code Piece}s, chooses a mechanism ({@code
 *       MechanismChoice}, {@code IndexPaths}), a price ({@code Costs}), locks, texts and warnings.
 *   <li>Executing: {@code Execution} says what stands against it by our own records, {@code Drift} what at the target.
 * </ol>
 */
package dev.caretaker.server.cleanup.plan;
