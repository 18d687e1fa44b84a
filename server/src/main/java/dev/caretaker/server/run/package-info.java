/**
 * What a feature and the API see of a run. The door is {@link dev.caretaker.server.run.Runs}, with {@link
 * dev.caretaker.server.run.RunRequest}, {@link dev.caretaker.server.run.RunView} and {@link dev.caretaker.server.run.RunEvent}.
 * A feature gives a {@link dev.caretaker.server.run.StepKind} that opens a {@link dev.caretaker.server.run.BatchStep} or a
 * {@link dev.caretaker.server.run.StatementStep}, ordered as a {@link dev.caretaker.server.run.StepSpec}. The machine that
 * works them is in {@code engine}, which nothing outside of this room knows.
 */
package dev.caretaker.server.run;
