/** The way back: archived rows into a table, by runs of the engine. */
package dev.caretaker.server.archive.restore;
