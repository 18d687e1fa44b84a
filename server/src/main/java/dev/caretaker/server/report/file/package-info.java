/** Keeps the documents that schedules and routines ask for in a folder of this server. */
package dev.caretaker.server.report.file;
