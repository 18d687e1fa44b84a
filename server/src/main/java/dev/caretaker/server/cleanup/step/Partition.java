package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * A partition as the catalog has it now, attached or not.
 *
 * @param parentOid 0 if it is not attached
 * @param parent empty if it is not attached
 * @param pending whether a concurrent detach was begun and not finished
 * @param parentHasDefault whether the parent has a default partition, which forbids to detach concurrently
 * @param pendingSibling another partition of the parent whose detach is pending: as long as it is, none else can be detached
 *     concurrently
 * @param bound as in {@link PartitionPlace}; empty if it is not attached
 * @param checks oids of its check constraints
 * @param bounds what its rows have to fulfil while it is attached, as SQL written by the server; empty if it is not attached
 * @param bytes on disk, with indexes and TOAST, and those of its own partitions
 */
record Partition(
        TableName name,
        long parentOid,
        Optional<TableName> parent,
        boolean pending,
        boolean parentHasDefault,
        Optional<TableName> pendingSibling,
        Optional<String> bound,
        List<Long> checks,
        Optional<String> bounds,
        long bytes) {

    /** Empty if it is gone. */
    static Optional<Partition> read(Session session, long oid) throws SQLException {
        return Sql.resource("cleanup/step/partition", Long.toString(oid))
                .often()
                .first(session.connection(), row -> {
                    String parent = row.getString("parent_name");
                    String pendingSchema = row.getString("pending_schema");
                    return new Partition(
                            new TableName(row.getString("schema"), row.getString("name")),
                            row.getLong("parent_oid"),
                            parent == null
                                    ? Optional.empty()
                                    : Optional.of(new TableName(row.getString("parent_schema"), parent)),
                            row.getBoolean("pending"),
                            row.getBoolean("parent_has_default"),
                            Optional.ofNullable(row.getString("pending_name"))
                                    .map(name -> new TableName(pendingSchema, name)),
                            Optional.ofNullable(row.getString("bound")),
                            List.of((Long[]) row.getArray("checks").getArray()),
                            Optional.ofNullable(row.getString("bounds")),
                            row.getLong("bytes"));
                });
    }

    /**
     * What a table is called, and whether it is attached.
     *
     * @param attached whether it is a partition of another table now
     */
    record Now(TableName name, boolean attached) {

        /** Empty if it is gone. */
        static Optional<Now> read(Session session, long oid) throws SQLException {
            return Sql.resource("cleanup/step/partition_now", Long.toString(oid))
                    .often()
                    .first(
                            session.connection(),
                            row -> new Now(
                                    new TableName(row.getString("schema"), row.getString("name")),
                                    row.getBoolean("attached")));
        }
    }

    /**
     * Whether rows outside of bounds were written straight into a detached partition. Reads all of it, unless a check
     * constraint of these bounds, as a concurrent detach leaves one, proves that there are none.
     */
    static boolean holdsRowsOutside(Session session, TableName name, long oid, String constraint) throws SQLException {
        boolean proven = Sql.resource("cleanup/step/partition_checked", Long.toString(oid), constraint)
                .often()
                .one(session.connection(), row -> row.getBoolean(1));
        String stray =
                "SELECT EXISTS (SELECT FROM " + Identifiers.quote(name) + " WHERE (" + constraint + ") IS NOT TRUE)";
        return !proven && Sql.of(stray).one(session.connection(), row -> row.getBoolean(1));
    }

    /** Whether rows are there that are never removed; see {@link PartitionDrop#infinite}. */
    static boolean holdsInfinite(Session session, TableName name, Optional<String> infinite) throws SQLException {
        return infinite.isPresent()
                && Sql.of("SELECT EXISTS (SELECT FROM " + Identifiers.quote(name) + " WHERE " + infinite.get() + ")")
                        .one(session.connection(), row -> row.getBoolean(1));
    }

    /** Where it is attached. */
    PartitionPlace place(PartitionDrop drop) {
        return new PartitionPlace(
                drop.oid(),
                name,
                parentOid,
                parent.orElseThrow(),
                bound.orElseThrow(),
                bounds.orElse("true"),
                checks,
                drop.infinite());
    }

    boolean isAttached() {
        return parent.isPresent();
    }
}
