package dev.caretaker.server.vacuum;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What happened to a table since it was last vacuumed and analyzed, by the server's counters.
 *
 * @param parent oid of the table it is a partition of
 * @param estimated rows by the latest VACUUM or ANALYZE
 * @param neverSeen neither VACUUM nor ANALYZE has ever seen it
 * @param changed rows inserted, updated or deleted since the last ANALYZE
 * @param inserted rows inserted since the last VACUUM
 * @param analyzed when it was last analyzed
 * @param freezePercent freeze age as a share of the age at which autovacuum is forced
 * @param allowed whether the role may vacuum it
 */
record TableActivity(
        long oid,
        TableName name,
        boolean partitioned,
        OptionalLong parent,
        long estimated,
        boolean neverSeen,
        long live,
        long dead,
        long changed,
        long inserted,
        Optional<Instant> analyzed,
        double freezePercent,
        boolean allowed) {

    /**
     * All tables there are, by name.
     *
     * @param asOwner whether each is worked on as its owner
     */
    static List<TableActivity> read(Connection connection, boolean asOwner) throws SQLException {
        return Sql.resource("vacuum/tables", asOwner).list(connection, TableActivity::read);
    }

    private static TableActivity read(ResultSet row) throws SQLException {
        long parent = row.getLong("parent");
        OptionalLong parentOid = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(parent);
        return new TableActivity(
                row.getLong("oid"),
                new TableName(row.getString("schema"), row.getString("name")),
                row.getBoolean("partitioned"),
                parentOid,
                row.getLong("rows_estimated"),
                row.getBoolean("never_seen"),
                row.getLong("live"),
                row.getLong("dead"),
                row.getLong("changed"),
                row.getLong("inserted"),
                Optional.ofNullable(row.getObject("analyzed", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant),
                row.getDouble("freeze_percent"),
                row.getBoolean("allowed"));
    }

    /** Rows it has; the counters start at 0 when statistics are reset, so the catalog's estimate counts, too. */
    long rows() {
        return Math.max(live, estimated);
    }

    double deadPercent() {
        return percent(dead, Math.max(live + dead, estimated));
    }

    double changedPercent() {
        return percent(changed, Math.max(rows(), changed));
    }

    double insertedPercent() {
        return percent(inserted, Math.max(rows(), inserted));
    }

    static double percent(long part, long whole) {
        return whole == 0 ? 0 : 100.0 * part / whole;
    }
}
