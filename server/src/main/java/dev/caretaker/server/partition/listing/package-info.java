/**
 * How partitioned tables are cut, how far ahead their partitions reach, and what is amiss. {@link
 * dev.caretaker.server.partition.listing.Partitions} is the door; {@code PartitionReader} reads trees from the catalog,
 * {@code TableAnalysis} makes sense of one.
 */
package dev.caretaker.server.partition.listing;
