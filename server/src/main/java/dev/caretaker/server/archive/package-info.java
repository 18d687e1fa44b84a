/**
 * Rows that left a table and are kept elsewhere: the spool they are written to, the parts that are carried to a destination, the
 * manifest that proves what they hold, and the way back. It knows none of the features that let rows leave.
 */
package dev.caretaker.server.archive;
