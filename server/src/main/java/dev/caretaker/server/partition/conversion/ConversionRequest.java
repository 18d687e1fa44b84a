package dev.caretaker.server.partition.conversion;

import dev.caretaker.server.partition.conversion.plan.CutOver;
import dev.caretaker.server.partition.conversion.plan.Loss;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.run.BackupDemand;
import dev.caretaker.server.store.Actor;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What is wanted of a conversion.
 *
 * @param set how the table is kept once it is partitioned; names the table, the grid and how partitions are called
 * @param key column of the partition key
 * @param boundary the first line of the grid after this instant becomes the boundary; a day from now when empty
 * @param legacyName name of the table's partition of old rows; the table's with _legacy when empty
 * @param above the boundary is the first line of the grid above this key, for keys that are integers
 * @param cutOver when the cut-over happens
 * @param accepted losses that are accepted
 * @param timeToLive how long the plan may be started
 * @param backup the backup of the table without which the conversion does not begin
 */
public record ConversionRequest(
        PartitionSet set,
        String key,
        Optional<Instant> boundary,
        Optional<BigInteger> above,
        Optional<String> legacyName,
        CutOver cutOver,
        Set<Loss> accepted,
        Optional<Duration> timeToLive,
        Optional<BackupDemand> backup,
        Actor actor) {}
