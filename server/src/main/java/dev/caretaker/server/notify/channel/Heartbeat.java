package dev.caretaker.server.notify.channel;

import dev.caretaker.server.config.ChannelConfig.Receiver;
import dev.caretaker.server.store.Notice;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** Calls a URL. */
record Heartbeat(Receiver receiver, Clock clock) implements Channel {
    /** A beat that comes later than that would hide what it is for. */
    private static final Duration USEFUL = Duration.ofMinutes(10);

    @Override
    public void deliver(Notice notice, int attempts) throws NotDeliveredException {
        if (notice.occurred().plus(USEFUL).isBefore(clock.instant())) {
            throw NotDeliveredException.forGood("the heartbeat could not be sent within 10 minutes");
        }
        beat(receiver);
    }

    static void beat(Receiver receiver) throws NotDeliveredException {
        new Http(receiver).send("GET", Map.of(), new byte[0]);
    }

    @Override
    public Duration limit() {
        return receiver.timeout();
    }
}
