package dev.caretaker.server.target;

import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many connections to one Postgres server are this process's. */
final class ServerShare {
    private static final Logger LOG = LoggerFactory.getLogger(ServerShare.class);
    /** Fewer would not do: one to work, one to watch it, and two for short questions. */
    private static final int LEAST = 4;

    private static final int MOST = 20;
    /** Share of the server's places that are taken where nothing is configured. */
    private static final int ONE_IN = 10;

    private final String server;
    private final int configured;
    private final IntSupplier sharers;
    /** Share of what the server allows; 0 before that was read. */
    private volatile int learned;
    /** Number of Caretakers of which it was told that they may have more together than is meant for them. */
    private volatile int told;

    /**
     * @param server host and port, for messages
     * @param configured most connections of all Caretaker servers; 0 for a share of what the server allows
     * @param sharers how many Caretaker servers there are, this one included
     */
    ServerShare(String server, int configured, IntSupplier sharers) {
        this.server = server;
        this.configured = configured;
        this.sharers = sharers;
    }

    /**
     * What the server allows was read.
     *
     * @param usable connections that roles without privileges may have
     */
    void learn(int usable) {
        learned = Math.clamp(usable / ONE_IN, LEAST, MOST);
    }

    /** Connections that this process may have there now. */
    int limit() {
        int all = configured > 0 ? configured : learned;
        int caretakers = Math.max(1, sharers.getAsInt());
        if (all > 0 && all / caretakers < LEAST) {
            tellExcess(all, caretakers);
        }
        return Math.max(LEAST, all / caretakers);
    }

    /** Once for each number of Caretakers. */
    private void tellExcess(int all, int caretakers) {
        if (told != caretakers) {
            told = caretakers;
            LOG.warn(
                    "{} Caretakers may have {} connections to {} together where {} are meant for them: with fewer than {} each"
                            + " they cannot work (connections-per-server)",
                    caretakers,
                    caretakers * LEAST,
                    server,
                    all,
                    LEAST);
        }
    }
}
