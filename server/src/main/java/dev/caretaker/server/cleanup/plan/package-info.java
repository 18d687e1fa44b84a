/**
 * How rows go and what that costs. {@link dev.caretaker.server.cleanup.plan.Plans} is the door, {@code PlanBook} behind it.
 *
 * <ol>
 *   <li>{@code facts}: what the target says.
 *   <li>{@code choice} and {@code warn}: what follows from it, without input or output. {@code Planner} puts tables in the
 *       order of their keys, {@code PlanSteps} makes the steps.
 *   <li>{@code kept}: the plan that comes out.
 *   <li>Executing: {@code Execution} says what stands against it by our own records, {@code Drift} what at the target.
 * </ol>
 */
package dev.caretaker.server.cleanup.plan;
