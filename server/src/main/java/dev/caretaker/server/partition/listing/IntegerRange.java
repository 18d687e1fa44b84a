package dev.caretaker.server.partition.listing;

import java.math.BigInteger;

/**
 * A bounded range of an integer key.
 *
 * @param from inclusive
 * @param to exclusive
 */
public record IntegerRange(BigInteger from, BigInteger to) implements Span<BigInteger> {}
