/**
 * What the catalog says: {@link dev.caretaker.server.target.catalog.Catalog} reads a table with its partitions and foreign
 * keys, in one snapshot and without waiting for a lock, into the records of this package.
 */
package dev.caretaker.server.target.catalog;
