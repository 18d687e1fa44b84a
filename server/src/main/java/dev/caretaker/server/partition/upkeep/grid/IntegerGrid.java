package dev.caretaker.server.partition.upkeep.grid;

import java.math.BigInteger;

/**
 * A line every so many integers.
 *
 * @param step positive
 * @param offset a position at which a line lies
 */
public record IntegerGrid(BigInteger step, BigInteger offset) implements PartitionGrid {

    @Override
    public BigInteger floor(BigInteger position) {
        return position.subtract(position.subtract(offset).mod(step));
    }

    @Override
    public BigInteger next(BigInteger position) {
        return floor(position).add(step);
    }

    @Override
    public String describe() {
        return "steps of " + step;
    }
}
