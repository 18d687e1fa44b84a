package dev.caretaker.server.partition.conversion.plan;

import java.util.Optional;

/**
 * Something that stands in the way.
 *
 * @param loss by which it may be accepted; empty if it may not
 * @param message one sentence that names the object
 * @param accepted whether it was
 */
public record Obstacle(Optional<Loss> loss, String message, boolean accepted) {

    /** Whether the conversion cannot begin because of it. */
    public boolean blocks() {
        return !accepted;
    }
}
