package dev.caretaker.server.archive;

import dev.caretaker.server.store.TableName;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A table whose rows are archived, as it was then.
 *
 * @param oid of the table or partition
 * @param systemIdentifier of the cluster in which it has that oid
 * @param database name of the database
 * @param serverVersion such as 18.6
 * @param encoding of the database, such as UTF8
 * @param parent partitioned table it is a partition of; empty if it is none
 * @param bound of the partition, as PostgreSQL writes it; empty if it is none
 * @param columns those that are archived, in their order; generated ones are among them
 * @param definition statements that make the table again, without data, one after the other
 */
public record ArchiveSource(
        TableName table,
        long oid,
        long systemIdentifier,
        String database,
        String serverVersion,
        String encoding,
        Optional<TableName> parent,
        String bound,
        List<ArchivedColumn> columns,
        List<String> definition) {

    /**
     * The same, which was a partition once.
     *
     * @param of partitioned table it was a partition of
     * @param range bound it had, as PostgreSQL writes it
     * @param statements that make the table, without the last
     * @param attach statement that makes it a partition again
     */
    public ArchiveSource asPartition(TableName of, String range, List<String> statements, String attach) {
        return new ArchiveSource(
                table,
                oid,
                systemIdentifier,
                database,
                serverVersion,
                encoding,
                Optional.of(of),
                range,
                columns,
                Stream.concat(statements.stream(), Stream.of(attach)).toList());
    }

    /** The same with some of the columns. */
    public ArchiveSource only(List<String> names) {
        Set<String> wanted = new HashSet<>(names);
        return new ArchiveSource(
                table,
                oid,
                systemIdentifier,
                database,
                serverVersion,
                encoding,
                parent,
                bound,
                columns.stream()
                        .filter(column -> wanted.contains(column.name()))
                        .toList(),
                definition);
    }
}
