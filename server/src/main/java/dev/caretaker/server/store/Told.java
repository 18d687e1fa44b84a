package dev.caretaker.server.store;

import java.time.Duration;
import java.util.Optional;

/**
 * That a channel is told of a notice.
 *
 * @param gathering empty: at once and by itself
 */
public record Told(String channel, Optional<Gathering> gathering) {

    /**
     * As part of which message.
     *
     * @param rule whose message it is; empty text: of no rule's own
     * @param key what else has the same is the same message
     * @param delay until the message is sent, from the first of its events on; empty: until the rule's digest is due
     */
    public record Gathering(String rule, String key, Optional<Duration> delay) {
        public boolean digest() {
            return delay.isEmpty();
        }
    }
}
