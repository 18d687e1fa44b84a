/** Runs a conversion, and the way back. What to do next is told by the catalog alone, so that any server goes on with it. */
package dev.caretaker.server.partition.conversion.step;
