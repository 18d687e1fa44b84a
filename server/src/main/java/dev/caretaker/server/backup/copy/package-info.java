/** The engine that is built in: COPY in one snapshot, and statements that make the objects again. */
package dev.caretaker.server.backup.copy;
