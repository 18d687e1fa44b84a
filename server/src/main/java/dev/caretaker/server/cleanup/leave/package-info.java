/**
 * How rows leave that are deleted. A {@link dev.caretaker.server.cleanup.leave.Keeper} is what a plan froze of it; a {@link
 * dev.caretaker.server.cleanup.leave.Leaving} does it, inside the statement that deletes: {@code PlainLeaving} keeps nothing,
 * {@code IntoTable} copies into a table, {@code IntoRollUp} merges figures. {@code KeptTable} is such a table as the catalog has
 * it, and says whether it fits.
 */
package dev.caretaker.server.cleanup.leave;
