/**
 * The control store: Caretaker's own Postgres. Most tables have a repository of Micronaut Data JDBC, whose statements stand
 * with its methods ({@link dev.caretaker.server.store.ControlStoreRepository}: policies, plans, requests, events, index
 * rebuilds, and in {@code detect} findings). What the engine writes under its lease is written by hand: {@link
 * dev.caretaker.server.store.RunStore} and {@link dev.caretaker.server.store.LeaseStore}, with statements under {@code
 * resources/sql/store}. {@link dev.caretaker.server.store.ControlStore} makes transactions of both. Migrations are under
 * {@code resources/db/migration}; {@code source} says where the database comes from.
 */
package dev.caretaker.server.store;
