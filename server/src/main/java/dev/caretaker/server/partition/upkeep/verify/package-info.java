/** Whether a table is partitioned as one would expect, seen by looking and by trying. */
package dev.caretaker.server.partition.upkeep.verify;
