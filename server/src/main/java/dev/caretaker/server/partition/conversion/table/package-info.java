/** What a plain table is, as far as a conversion has to bring it along. */
package dev.caretaker.server.partition.conversion.table;
