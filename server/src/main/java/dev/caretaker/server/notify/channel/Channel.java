package dev.caretaker.server.notify.channel;

import dev.caretaker.server.store.Notice;
import java.time.Duration;

/** Where people or programs are told. */
public interface Channel {

    /**
     * Tells of something, once more if it was told before.
     *
     * @param attempts so far, with this one
     * @throws NotDeliveredException if it did not arrive, as far as known
     */
    void deliver(Notice notice, int attempts) throws NotDeliveredException;

    /** Longest time that it takes. */
    Duration limit();

    /** How many may be under way from one server. */
    default int atOnce() {
        return 2;
    }

    /** Whether people read it, who want one message of many events; a program wants each. */
    default boolean isForPeople() {
        return false;
    }
}
