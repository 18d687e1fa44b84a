package dev.caretaker.server.detect;

/** What reached nobody; provided by whoever tells people. */
public interface NotificationFacts {

    /**
     * Deliveries that were given up, of what concerns a target, a JSON array of objects, one a channel: channel, count,
     * since (when the oldest occurred; ISO 8601), latest (when the latest was given up), and error (of the latest, a clause).
     */
    String of(String target);
}
