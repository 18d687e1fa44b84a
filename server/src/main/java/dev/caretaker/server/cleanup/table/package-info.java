/** A policy's table with its partitions and keys, as policies and plans walk it. */
package dev.caretaker.server.cleanup.table;
