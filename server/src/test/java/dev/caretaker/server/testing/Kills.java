package dev.caretaker.server.testing;

import java.util.List;
import java.util.Random;

/**
 * How much is killed by tests that kill at random. The usual build takes some of what there is; {@code
 * -Dcaretaker.kills=all} takes all of it, in some minutes, and {@code -Dcaretaker.kills.seed=N} takes the same as before.
 */
public final class Kills {
    public static final boolean ALL = "all".equals(System.getProperty("caretaker.kills"));
    public static final long SEED = Long.getLong("caretaker.kills.seed", System.nanoTime());

    private Kills() {}

    /** One of them, or all. */
    public static <T> List<T> some(Random random, List<T> all) {
        return ALL ? all : List.of(all.get(random.nextInt(all.size())));
    }
}
