package dev.caretaker.server.partition.listing;

/** Where the range of a partition lies relative to now. */
public enum PartitionAge {
    PAST,
    CURRENT,
    FUTURE
}
