/**
 * The control store: Caretaker's own Postgres. Statements go through {@link dev.caretaker.server.store.ControlStore}, which
 * bounds each in time; around it stands one store a matter ({@link dev.caretaker.server.store.RunStore}, {@link
 * dev.caretaker.server.store.LeaseStore} for all that the holder of a lease writes, policies, plans, requests, findings),
 * and the records they keep. Migrations are under {@code resources/db/migration}, statements under {@code
 * resources/sql/store}; {@code source} says where the database comes from.
 */
package dev.caretaker.server.store;
