package dev.caretaker.server.partition.conversion.step;

/**
 * What a conversion, or the way back, knows of itself.
 *
 * @param checked whether the constraint that proves the bound may stand on the table
 * @param putOff whether it let other steps go first
 * @param validated how many of the constraints that were put back are validated
 */
public record ConversionMemory(boolean checked, boolean putOff, int validated) {
    static final ConversionMemory NOTHING_DONE = new ConversionMemory(false, false, 0);

    ConversionMemory withCheck(boolean stands) {
        return new ConversionMemory(stands, putOff, validated);
    }

    ConversionMemory later() {
        return new ConversionMemory(checked, true, validated);
    }

    ConversionMemory withValidated() {
        return new ConversionMemory(checked, putOff, validated + 1);
    }
}
