package dev.caretaker.server.backup.copy;

import java.math.BigDecimal;
import java.math.BigInteger;

/** Sum of 64-bit hashes, exact: what sum(hash::numeric) gives at the server. */
final class RowSum {
    private BigInteger whole = BigInteger.ZERO;
    private long part;

    void add(long hash) {
        long next = part + hash;
        if (((part ^ next) & (hash ^ next)) < 0) {
            whole = whole.add(BigInteger.valueOf(part));
            part = hash;
        } else {
            part = next;
        }
    }

    BigDecimal value() {
        return new BigDecimal(whole.add(BigInteger.valueOf(part)));
    }
}
