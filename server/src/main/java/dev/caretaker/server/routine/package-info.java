/**
 * Several kinds of upkeep as one run. {@link dev.caretaker.server.routine.Routines} is the door: a routine's parts become
 * steps ({@code PartStep}); when its turn comes, {@code PartWork} starts a run of the feature that does it (as {@code PartOrders} words it), and the step waits
 * for its end. This room alone may start the other features.
 */
package dev.caretaker.server.routine;
