/**
 * The Postgres adapter: all that is particular to a database that is looked after. Start at {@link
 * dev.caretaker.server.target.Targets}: a {@link dev.caretaker.server.target.Target} opens a {@link
 * dev.caretaker.server.target.Session} of its own for work, or lends a pooled connection for short reading. {@link
 * dev.caretaker.server.target.SessionSettings} says what every session is set to, {@link
 * dev.caretaker.server.target.Capabilities} what a server can do, {@link dev.caretaker.server.target.Identifiers} turns names
 * into SQL, {@link dev.caretaker.server.target.PostgresErrors} errors into ours; {@code catalog} reads what there is.
 */
package dev.caretaker.server.target;
