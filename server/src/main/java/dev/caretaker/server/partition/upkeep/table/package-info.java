/** Partitioned tables as upkeep needs to know them: read in two queries, however many there are, waiting for no lock. */
package dev.caretaker.server.partition.upkeep.table;
