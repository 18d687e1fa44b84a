/** Backups by pg_dump and pg_restore: these run beside us, and we count, hash, carry and compare. */
package dev.caretaker.server.backup.dump;
