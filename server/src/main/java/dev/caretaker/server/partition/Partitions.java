package dev.caretaker.server.partition;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Lists partitioned tables and their partitions. Reads the catalog once and waits for no lock. */
@Singleton
public final class Partitions {
    private final Targets targets;
    private final Clock clock;

    Partitions(Targets targets, Clock clock) {
        this.targets = targets;
        this.clock = clock;
    }

    /**
     * Which partitions to list.
     *
     * @param table only this one; empty means all partitioned tables
     * @param schema only this one; empty means all
     * @param ages only partitions of these ages; empty means all
     * @param countTimeout counts rows, as many partitions as fit into this time; empty means estimates
     * @param after oid of the last partition of the page before; empty for the first page
     */
    public record Query(
            String target,
            Optional<TableName> table,
            Optional<String> schema,
            Set<PartitionAge> ages,
            Optional<Duration> countTimeout,
            int pageSize,
            Optional<Long> after) {}

    /**
     * One page.
     *
     * @param tables tables that partitions of this page belong to
     * @param next where the next page starts; empty on the last one
     */
    public record Page(List<PartitionedTable> tables, List<ListedPartition> partitions, Optional<Long> next) {}

    /** Fails with TARGET_NOT_FOUND, or UNSUPPORTED_RELATION if the named table is not partitioned. */
    public Page list(Query query) {
        Target target = targets.get(query.target());
        return target.withReader(connection -> list(connection, target, query));
    }

    private Page list(Connection connection, Target target, Query query) throws SQLException {
        List<PartitionRow> rows = PartitionReader.read(
                connection,
                query.table().map(TableName::schema).or(query::schema).orElse(""),
                query.table().map(TableName::name).orElse(""));
        if (query.table().isPresent() && rows.isEmpty()) {
            throw CaretakerException.of(
                    Reason.UNSUPPORTED_RELATION, query.table().get() + " is not a partitioned table");
        }
        Moment moment = moment(connection);
        PartitionTree tree = PartitionTree.of(
                rows.stream().filter(row -> target.inScope(row.name().schema())).toList(), moment);
        List<ListedPartition> wanted = wanted(rows, tree, moment, query);
        int from = start(wanted, query.after());
        List<ListedPartition> page = wanted.subList(from, Math.min(wanted.size(), from + query.pageSize()));
        Optional<Long> next = from + page.size() < wanted.size()
                ? Optional.of(page.getLast().row().oid())
                : Optional.empty();
        return new Page(tablesOf(page, tree, query), RowCounts.count(connection, page, query.countTimeout()), next);
    }

    private static List<ListedPartition> wanted(
            List<PartitionRow> rows, PartitionTree tree, Moment moment, Query query) {
        Map<Long, PartitionRow> byOid = rows.stream().collect(Collectors.toMap(PartitionRow::oid, row -> row));
        return tree.partitions().stream()
                .map(row -> ListedPartition.of(row, byOid.get(row.parentOid().orElseThrow()), moment))
                .filter(partition -> query.ages().isEmpty()
                        || partition.age().filter(query.ages()::contains).isPresent())
                .toList();
    }

    private static int start(List<ListedPartition> partitions, Optional<Long> after) {
        if (after.isEmpty()) {
            return 0;
        }
        for (int i = 0; i < partitions.size(); i++) {
            if (partitions.get(i).row().oid() == after.get()) {
                return i + 1;
            }
        }
        throw CaretakerException.invalid("page_token", "the partition it points to is gone; start again");
    }

    /** The tables of this page; all of them, also those without partitions, where everything fits on one. */
    private static List<PartitionedTable> tablesOf(List<ListedPartition> page, PartitionTree tree, Query query) {
        if (query.after().isEmpty() && page.size() == tree.partitions().size()) {
            return tree.tables();
        }
        Set<TableName> parents =
                page.stream().map(ListedPartition::parent).collect(Collectors.toCollection(LinkedHashSet::new));
        return tree.tables().stream()
                .filter(table -> parents.contains(table.name()))
                .toList();
    }

    private Moment moment(Connection connection) throws SQLException {
        Optional<Instant> since = Sql.of("SELECT stats_reset FROM pg_catalog.pg_stat_database"
                        + " WHERE datname = pg_catalog.current_database()")
                .first(connection, row -> row.getObject(1, OffsetDateTime.class))
                .map(OffsetDateTime::toInstant);
        return new Moment(clock.instant(), ZoneOffset.UTC, since);
    }
}
