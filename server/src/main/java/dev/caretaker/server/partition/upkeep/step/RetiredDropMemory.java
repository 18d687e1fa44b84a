package dev.caretaker.server.partition.upkeep.step;

/**
 * What a drop knows of itself.
 *
 * @param bytes that the drop gives back; 0 before it was measured
 * @param putOff whether it let other steps go first
 */
public record RetiredDropMemory(long bytes, boolean putOff) {
    static final RetiredDropMemory NOTHING_DONE = new RetiredDropMemory(0, false);

    RetiredDropMemory measured(long size) {
        return new RetiredDropMemory(size, putOff);
    }

    RetiredDropMemory later() {
        return new RetiredDropMemory(bytes, true);
    }
}
