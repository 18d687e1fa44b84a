package dev.caretaker.server.partition.upkeep.step;

/**
 * What a reattachment knows of itself.
 *
 * @param guarded whether it put a guard on the default partition
 * @param putOff whether it let other steps go first
 */
public record ReattachmentMemory(boolean guarded, boolean putOff) {
    static final ReattachmentMemory NOTHING_DONE = new ReattachmentMemory(false, false);

    ReattachmentMemory withGuard() {
        return new ReattachmentMemory(true, putOff);
    }

    ReattachmentMemory later() {
        return new ReattachmentMemory(guarded, true);
    }
}
