/** Forgets what the control store has kept for long enough. */
package dev.caretaker.server.store.retention;
