/** How rows are written and read again: one class a format, one a compression. */
package dev.caretaker.server.archive.format;
