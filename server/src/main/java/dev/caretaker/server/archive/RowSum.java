package dev.caretaker.server.archive;

import java.math.BigDecimal;
import java.math.BigInteger;

/** Sum of 64-bit hashes, exact: what sum(hash::numeric) gives at the server. */
public final class RowSum {
    private BigInteger whole = BigInteger.ZERO;
    private long part;

    public void add(long hash) {
        long next = part + hash;
        if (((part ^ next) & (hash ^ next)) < 0) {
            whole = whole.add(BigInteger.valueOf(part));
            part = hash;
        } else {
            part = next;
        }
    }

    public BigDecimal value() {
        return new BigDecimal(whole.add(BigInteger.valueOf(part)));
    }
}
