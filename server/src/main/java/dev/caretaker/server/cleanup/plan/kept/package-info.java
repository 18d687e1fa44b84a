/** A plan as it is stored and shown: policies, steps, what a step does, locks, estimates, warnings. */
package dev.caretaker.server.cleanup.plan.kept;
