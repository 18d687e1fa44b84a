package dev.caretaker.server.report.growth;

import dev.caretaker.server.report.growth.GrowthSample.OtherTables;
import dev.caretaker.server.report.growth.GrowthSample.TableSize;
import dev.caretaker.server.report.growth.GrowthSample.ValueRows;
import dev.caretaker.server.store.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a target grew over a time, and what that lets expect.
 *
 * @param since begin of that time
 * @param samples in it
 * @param latest when the latest was taken; empty if there is none
 * @param failing why no sample comes about now; empty if they do
 * @param database empty without a sample
 * @param tables largest first
 * @param others tables that are not kept one by one, by the latest sample
 */
public record Growth(
        String target,
        Instant since,
        int samples,
        Optional<Instant> latest,
        Optional<Failing> failing,
        Optional<DatabaseGrowth> database,
        List<TableGrowth> tables,
        Optional<OtherTables> others,
        List<PolicyGrowth> policies) {

    /**
     * No sample comes about.
     *
     * @param since when it was first tried in vain
     * @param error a sentence
     */
    public record Failing(Instant since, String error) {}

    /**
     * The database, and the disk that it lies on.
     *
     * @param bytes by the latest sample
     * @param disk only where its size is configured
     */
    public record DatabaseGrowth(long bytes, Series series, Optional<DiskGrowth> disk) {}

    /**
     * The disk: what all databases of the server take of it that the role may see. The log, and other files, are not in.
     *
     * @param diskBytes its size by the configuration
     * @param serverBytes by the latest sample
     * @param unseenDatabases databases that are not in
     * @param full when it is full
     */
    public record DiskGrowth(long diskBytes, long serverBytes, long unseenDatabases, Series series, Forecast full) {}

    /**
     * One table, partitions together.
     *
     * @param size by the latest sample that has it
     * @param taken when that was taken
     * @param series bytes with indexes and TOAST
     * @param rows the same of rows
     * @param limitBytes that it may take, by the configuration
     * @param limit when it passes that; empty without a limit
     */
    public record TableGrowth(
            TableName table,
            TableSize size,
            Instant taken,
            Series series,
            Series rows,
            OptionalLong limitBytes,
            Optional<Forecast> limit) {}

    /**
     * What a policy has to remove and what it does remove, see {@link CatchUp}.
     *
     * @param values rows by status, by the latest sample
     */
    public record PolicyGrowth(
            String policy, TableName table, CatchUp catchUp, String problem, Optional<ValueRows> values) {}
}
