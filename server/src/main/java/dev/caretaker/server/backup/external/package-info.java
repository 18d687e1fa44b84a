/** Backups that others make: what their tools tell, and what people recorded. */
package dev.caretaker.server.backup.external;
