package dev.caretaker.server.partition.conversion.plan;

import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What is wanted of a conversion.
 *
 * @param set with encoding and names
 * @param key column of the partition key
 * @param now when it is planned
 * @param after the boundary is the first line of the grid after this instant; for keys that are times
 * @param above the boundary is the first line of the grid above this key; for integers, chosen by what the table shows when empty
 * @param legacyName name of the partition of old rows
 * @param accepted losses that are
 */
public record Wish(
        PartitionSet set,
        String key,
        Instant now,
        Instant after,
        Optional<BigInteger> above,
        Optional<String> legacyName,
        CutOver cutOver,
        Set<Loss> accepted) {}
