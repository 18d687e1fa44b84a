package dev.caretaker.server.partition;

import java.math.BigInteger;

/**
 * A bounded range of an integer key.
 *
 * @param from inclusive
 * @param to exclusive
 */
public record IntegerRange(BigInteger from, BigInteger to) implements Span<BigInteger> {}
