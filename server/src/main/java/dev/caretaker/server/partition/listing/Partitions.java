package dev.caretaker.server.partition.listing;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.partition.listing.Snapshots.Snapshot;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Scope;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Lists partitioned tables and their partitions. Reads the catalog once for all pages and waits for no lock. */
@Singleton
public final class Partitions {
    private final Targets targets;
    private final Clock clock;
    private final Snapshots snapshots;

    Partitions(Targets targets, Clock clock) {
        this.targets = targets;
        this.clock = clock;
        this.snapshots = new Snapshots(System::nanoTime);
    }

    /**
     * One page.
     *
     * @param tables tables that this page is about, from the root to those that its partitions belong to
     * @param next where the next page starts; empty on the last one
     */
    public record Page(List<PartitionedTable> tables, List<ListedPartition> partitions, Optional<Long> next) {}

    /**
     * Reads the catalog of the primary, because a replica has statistics of its own; counts rows on the replica if there is
     * one. Fails with TARGET_NOT_FOUND, or UNSUPPORTED_RELATION if the named table is not partitioned or not in scope.
     */
    public Page list(PartitionQuery query) {
        Target target = targets.get(query.target());
        Snapshot snapshot = snapshots
                .continued(query)
                .orElseGet(() -> target.withPrimary(connection -> read(connection, target, query)));
        List<ListedPartition> wanted = snapshot.wanted();
        int from = start(wanted, query.after());
        List<ListedPartition> page = wanted.subList(from, Math.min(wanted.size(), from + query.pageSize()));
        boolean last = from + page.size() == wanted.size();
        if (!last) {
            snapshots.keep(query, snapshot);
        }
        return new Page(
                tablesOf(snapshot, query.after(), page, last),
                query.countTimeout()
                        .map(budget -> target.withReader(connection -> RowCounts.count(connection, page, budget)))
                        .orElse(page),
                last ? Optional.empty() : Optional.of(page.getLast().row().oid()));
    }

    private Snapshot read(Connection connection, Target target, PartitionQuery query) throws SQLException {
        Scope scope = Scope.read(connection, target);
        query.table().filter(table -> !scope.holds(table)).ifPresent(table -> {
            throw CaretakerException.of(
                    Reason.UNSUPPORTED_RELATION,
                    "Schema \"" + table.schema() + "\" is not one that Caretaker may touch.");
        });
        List<PartitionRow> rows = PartitionReader.read(
                connection,
                query.table().map(TableName::schema).or(query::schema).orElse(""),
                query.table().map(TableName::name).orElse(""));
        if (query.table().isPresent() && rows.isEmpty()) {
            throw CaretakerException.of(
                    Reason.UNSUPPORTED_RELATION, query.table().get() + " is not a partitioned table.");
        }
        // A table is looked at whole, also where its partitions are kept in a schema of their own.
        Set<Long> roots = rows.stream()
                .filter(row -> row.level() == 0 && scope.holds(row.name()))
                .map(PartitionRow::oid)
                .collect(Collectors.toSet());
        List<PartitionRow> inScope =
                rows.stream().filter(row -> roots.contains(row.rootOid())).toList();
        Moment moment = moment(connection);
        PartitionTree tree = PartitionTree.of(inScope, moment);
        return new Snapshot(tree, wanted(inScope, tree, moment, query));
    }

    private static List<ListedPartition> wanted(
            List<PartitionRow> rows, PartitionTree tree, Moment moment, PartitionQuery query) {
        Map<Long, PartitionRow> byOid = rows.stream().collect(Collectors.toMap(PartitionRow::oid, row -> row));
        Map<Long, PartitionAge> ages = new HashMap<>();
        List<ListedPartition> wanted = new ArrayList<>();
        for (PartitionRow row : tree.partitions()) {
            long parent = row.parentOid().orElseThrow();
            ListedPartition partition =
                    ListedPartition.of(row, byOid.get(parent), Optional.ofNullable(ages.get(parent)), moment);
            partition.age().ifPresent(age -> ages.put(row.oid(), age));
            if (query.ages().isEmpty()
                    || partition.age().filter(query.ages()::contains).isPresent()) {
                wanted.add(partition);
            }
        }
        return wanted;
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

    /** Tables whose stretch of all partitions, wanted or not, meets that of this page. */
    private static List<PartitionedTable> tablesOf(
            Snapshot snapshot, Optional<Long> after, List<ListedPartition> page, boolean last) {
        List<Long> oids =
                snapshot.tree().partitions().stream().map(PartitionRow::oid).toList();
        return snapshot.tree()
                .tablesOf(
                        after.map(oid -> oids.indexOf(oid) + 1).orElse(0),
                        last ? oids.size() : oids.indexOf(page.getLast().row().oid()) + 1);
    }

    private Moment moment(Connection connection) throws SQLException {
        Optional<Instant> since = Sql.of("SELECT stats_reset FROM pg_catalog.pg_stat_database"
                        + " WHERE datname = pg_catalog.current_database()")
                .first(connection, row -> row.getObject(1, OffsetDateTime.class))
                .map(OffsetDateTime::toInstant);
        return new Moment(clock.instant(), since);
    }
}
