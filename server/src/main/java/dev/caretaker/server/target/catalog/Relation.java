package dev.caretaker.server.target.catalog;

import dev.caretaker.server.store.TableName;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One relation as the catalog describes it.
 *
 * @param partitionKey how it is cut, if it is a partitioned table
 * @param membership of what it is a partition, if it is one
 * @param columns by attnum; those of a partition below the table asked for come without statistics
 * @param figures what statistics say of how its rows lie
 * @param indexes by name
 * @param triggers those on DELETE, by name, disabled ones included
 */
public record Relation(
        long oid,
        TableName name,
        RelationKind kind,
        Persistence persistence,
        String owner,
        Optional<PartitionKey> partitionKey,
        Optional<Membership> membership,
        List<Column> columns,
        ColumnFigures figures,
        List<Index> indexes,
        List<Trigger> triggers,
        List<RewriteRule> rules,
        RowSecurity rowSecurity,
        List<Publication> publications,
        boolean replicaIdentity,
        Rights rights,
        Statistics statistics,
        Size size) {

    public Optional<Column> column(String columnName) {
        return columns.stream()
                .filter(column -> column.name().equals(columnName))
                .findFirst();
    }

    /** Whether rows lie in it, and not in its partitions. */
    public boolean isLeaf() {
        return partitionKey.isEmpty();
    }

    /** Whether a DELETE fails because it would have to be published and rows cannot be told apart. */
    public boolean deletesCannotBePublished() {
        return !replicaIdentity && publications.stream().anyMatch(Publication::publishesDeletes);
    }

    /** Why Postgres refuses to delete its rows, as a clause: they are published in a way that does not tell them apart. */
    public Optional<String> deletesRefused() {
        return refused(Publication::publishesDeletes);
    }

    /** The same for updates. */
    public Optional<String> updatesRefused() {
        return refused(Publication::publishesUpdates);
    }

    private Optional<String> refused(Predicate<Publication> publishing) {
        List<Publication> concerned = publications.stream().filter(publishing).toList();
        if (!replicaIdentity && !concerned.isEmpty()) {
            return Optional.of(
                    "they are published (" + concerned.getFirst().name() + ") but rows have no replica identity");
        }
        return concerned.stream()
                .flatMap(publication -> publication.refusal().stream())
                .findFirst();
    }

    /** How long its contents live. */
    public enum Persistence {
        PERMANENT,
        UNLOGGED,
        TEMPORARY;

        static Persistence of(String code) {
            return switch (code) {
                case "p" -> PERMANENT;
                case "u" -> UNLOGGED;
                case "t" -> TEMPORARY;
                default -> throw new IllegalArgumentException("unknown persistence " + code);
            };
        }
    }

    /**
     * Its place in a partitioned table.
     *
     * @param detachPending a concurrent detach began and was not finished: its rows are already invisible through the parent
     */
    public record Membership(long parentOid, PartitionBound bound, boolean detachPending) {}

    /**
     * Row-level security.
     *
     * @param enabled whether the table has it
     * @param appliesToUs whether it applies to the role that asked; where it is forced, to the owner as well
     */
    public record RowSecurity(boolean enabled, boolean appliesToUs) {}

    /**
     * What the role that asked may do. DELETE on a partitioned table does not give it on its partitions when they are named.
     *
     * @param owns whether it owns the table or belongs to the role that does
     * @param maintain VACUUM, ANALYZE, REINDEX, CLUSTER
     */
    public record Rights(boolean schemaUsage, boolean select, boolean delete, boolean owns, boolean maintain) {}

    /**
     * What statistics say; estimates, both of them.
     *
     * @param rows reltuples; −1 if never vacuumed or analyzed
     * @param modifiedSinceAnalyze n_mod_since_analyze
     * @param dated whether it is known when they were gathered: not before the first ANALYZE, nor after a crash, since which
     *     {@code modifiedSinceAnalyze} counts then
     */
    public record Statistics(double rows, long modifiedSinceAnalyze, boolean dated) {}

    /**
     * Bytes on disk of this relation alone, without partitions.
     *
     * @param measured false if somebody holds or awaits an exclusive lock, so that relpages had to do
     * @param heap main fork
     * @param table heap, TOAST, free space map and visibility map
     * @param indexes all indexes
     */
    public record Size(boolean measured, long heap, long table, long indexes) {}
}
