/**
 * The server's side of {@code caretaker demo}: {@link dev.caretaker.server.demo.Demo} starts a Postgres with sample data and
 * Caretaker beside it, and speaks with its parent in lines.
 */
package dev.caretaker.server.demo;
