/** Messages of {@code caretaker.v1} to the domain's records and back. Nothing here knows the database. */
package dev.caretaker.server.api.mapping;
