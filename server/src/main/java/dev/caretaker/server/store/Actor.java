package dev.caretaker.server.store;

/**
 * Who did something.
 *
 * @param name person or service
 * @param verified whether the name was authenticated or merely claimed by the client
 */
public record Actor(String name, boolean verified) {
    /** Caretaker itself, for what the engine decides. */
    public static final Actor ENGINE = new Actor("caretaker", true);
}
