package dev.caretaker.server.backup;

import dev.caretaker.server.store.TableName;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of an archive of pg_dump beside its files.
 *
 * @param major version of the pg_dump that made it, which no older pg_restore reads
 * @param all whether it holds all objects of the database, so that pg_restore alone makes them again; else statements of ours do
 * @param entries where the rows of tables are in it
 * @param counts objects of kinds that have no statement of ours, by kind, such as large objects
 * @param largeObjects hash of the large objects; empty if they are not in it, or the role may not read them all
 * @param roles that own something in it or were granted something
 */
public record Dumped(
        DumpFormat format,
        int major,
        boolean all,
        List<Entry> entries,
        Map<String, Long> counts,
        Optional<BigDecimal> largeObjects,
        List<String> roles) {

    /**
     * The rows of a table in the archive.
     *
     * @param number of the entry in its table of contents
     */
    public record Entry(TableName table, int number) {}

    /** Whose rows the entry of that number holds, if it is known. */
    public Optional<TableName> tableOf(int number) {
        return entries.stream()
                .filter(entry -> entry.number() == number)
                .map(Entry::table)
                .findFirst();
    }
}
