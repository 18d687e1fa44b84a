package dev.caretaker.server.partition.conversion.step;

/**
 * What a conversion, or the way back, knows of itself.
 *
 * @param checked whether the constraint that proves the bound may stand on the table
 * @param putOff whether it has waited for its cut-over
 * @param analyzed whether statistics of the partitioned table were gathered, or could not be
 * @param validated how many of the constraints that were put back are validated
 * @param brought rows at or above the boundary that the way back brought along
 */
public record ConversionMemory(boolean checked, boolean putOff, boolean analyzed, int validated, long brought) {
    static final ConversionMemory NOTHING_DONE = new ConversionMemory(false, false, false, 0, 0);

    ConversionMemory withCheck(boolean stands) {
        return new ConversionMemory(stands, putOff, analyzed, validated, brought);
    }

    ConversionMemory later() {
        return new ConversionMemory(checked, true, analyzed, validated, brought);
    }

    ConversionMemory withStatistics() {
        return new ConversionMemory(checked, putOff, true, validated, brought);
    }

    ConversionMemory withValidated() {
        return new ConversionMemory(checked, putOff, analyzed, validated + 1, brought);
    }

    ConversionMemory withBrought(long rows) {
        return new ConversionMemory(checked, putOff, analyzed, validated, rows);
    }
}
