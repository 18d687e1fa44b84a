package dev.caretaker.server.partition.upkeep.step;

/**
 * What a creation knows of itself.
 *
 * @param attached whether it attached the partition
 * @param guarded whether it put a guard on the default partition
 * @param putOff whether it let other steps go first
 */
public record CreationMemory(boolean attached, boolean guarded, boolean putOff) {
    static final CreationMemory NOTHING_DONE = new CreationMemory(false, false, false);

    CreationMemory withAttached() {
        return new CreationMemory(true, guarded, putOff);
    }

    CreationMemory withGuard() {
        return new CreationMemory(attached, true, putOff);
    }

    CreationMemory later() {
        return new CreationMemory(attached, guarded, true);
    }
}
