package dev.caretaker.server.cleanup.step;

import java.util.Arrays;
import java.util.stream.LongStream;

/** Row addresses still to be worked on, in heap order. Batches take them from the front. */
final class AddressList {
    static final AddressList NONE = new AddressList(new long[0], true);

    private final long[] addresses;
    private final boolean complete;
    private int taken;

    private AddressList(long[] addresses, boolean complete) {
        this.addresses = addresses;
        this.complete = complete;
        Arrays.sort(addresses);
    }

    /** The result of a query for at most {@code limit} addresses; {@code addresses} is the list's own from now on. */
    static AddressList of(long[] addresses, long limit) {
        return new AddressList(addresses, addresses.length < limit);
    }

    /** What is left of this list, followed by more. */
    AddressList with(long[] more) {
        return new AddressList(
                LongStream.concat(Arrays.stream(addresses, taken, addresses.length), Arrays.stream(more))
                        .toArray(),
                complete);
    }

    boolean isEmpty() {
        return taken == addresses.length;
    }

    /** Whether these were all there were. */
    boolean isComplete() {
        return complete;
    }

    /** Share of a complete list that was taken, 0 to 1; negative if unknown. */
    double done() {
        return complete ? (double) taken / Math.max(1, addresses.length) : -1;
    }

    int size() {
        return addresses.length - taken;
    }

    /** Goes on behind a row that is done; what was taken before it is taken as worked off, and nothing else. */
    void goOnBehind(long address) {
        int at = Arrays.binarySearch(addresses, address);
        taken = at < 0 ? -at - 1 : at + 1;
    }

    long[] take(long count) {
        long[] front = peek(count);
        taken += front.length;
        return front;
    }

    /** What the next batch of that size will take. */
    long[] peek(long count) {
        return Arrays.copyOfRange(addresses, taken, (int) Math.min(addresses.length, taken + count));
    }
}
