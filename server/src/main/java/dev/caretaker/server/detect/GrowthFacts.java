package dev.caretaker.server.detect;

/** How targets grow; provided by whoever keeps samples of them. */
public interface GrowthFacts {

    /**
     * What the samples of the last 30 days let expect, a JSON object of three arrays.
     *
     * <p>{@code tables}: tables with a limit: schema, name, bytes, limit, taken (when the sample was; ISO 8601), state (REACHED,
     * EXPECTED or another word), per_day (bytes; not there without a trend), at, earliest and latest (when it is passed; not
     * there unless EXPECTED, and latest not if it lies too far off).
     *
     * <p>{@code disks}: one if the size of the disk is configured: database, bytes, limit, unseen (databases that are not in), and
     * the others as of tables.
     *
     * <p>{@code policies}: all: policy, schema, table, verdict (NEVER or another word), reason (a sentence), eligible, exact, inflow
     * and outflow (rows a day; not there if unknown), taken.
     */
    String of(String target);
}
