package dev.caretaker.server.partition.listing;

/** A half-open range of comparable keys. */
public sealed interface Span<K extends Comparable<? super K>> permits TimeRange, IntegerRange {

    /** Inclusive. */
    K from();

    /** Exclusive. */
    K to();
}
