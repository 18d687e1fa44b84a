package dev.caretaker.server.partition.upkeep.step;

/**
 * What an adoption knows of itself.
 *
 * @param checked whether its constraint stands on the default partition
 * @param outliers whether rows outside of the gap were seen, which have to move
 * @param exchanged whether the default partition was exchanged
 * @param putOff whether it let other steps go first
 */
public record AdoptionMemory(boolean checked, boolean outliers, boolean exchanged, boolean putOff) {
    static final AdoptionMemory NOTHING_DONE = new AdoptionMemory(false, false, false, false);

    AdoptionMemory withCheck() {
        return new AdoptionMemory(true, outliers, exchanged, putOff);
    }

    AdoptionMemory withOutliers() {
        return new AdoptionMemory(checked, true, exchanged, putOff);
    }

    AdoptionMemory withExchange() {
        return new AdoptionMemory(false, outliers, true, putOff);
    }

    AdoptionMemory later() {
        return new AdoptionMemory(checked, outliers, exchanged, true);
    }
}
