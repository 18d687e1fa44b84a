package dev.caretaker.server.partition.upkeep.step;

import java.util.Optional;

/**
 * What a retirement knows of itself.
 *
 * @param begun whether the control store knows that the detach is about to begin
 * @param detaching whether DETACH … CONCURRENTLY was begun: from then on its rows may be invisible
 * @param constraint what its rows fulfilled while it was attached, as the server wrote it
 * @param putOff whether it let other steps go first
 */
public record RetirementMemory(boolean begun, boolean detaching, Optional<String> constraint, boolean putOff) {
    static final RetirementMemory NOTHING_DONE = new RetirementMemory(false, false, Optional.empty(), false);

    RetirementMemory begun(Optional<String> within, boolean concurrently) {
        return new RetirementMemory(true, concurrently, within.or(() -> constraint), putOff);
    }

    RetirementMemory later() {
        return new RetirementMemory(begun, detaching, constraint, true);
    }
}
