/** What whoever executes a plan should know first. One class a matter; {@code PlanWarnings} collects them. */
package dev.caretaker.server.cleanup.plan.warn;
