package dev.caretaker.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** A plain table that grew: a year of rows, two indexes, a foreign key, and a column that counts its changes. */
final class PlainJobs {
    static final String TABLE = "jobs";
    private static final String COPY = "jobs_new";
    private static final String WIDER = "jobs_by_hand";
    /** As pgslice does by default. */
    private static final int BATCH = 10_000;

    private static final int MONTHS = 13;

    private final PartitionTables tables;
    private final long rows;

    PlainJobs(PartitionTables tables, long rows) {
        this.tables = tables;
        this.rows = rows;
    }

    /** Makes it, with its rows. */
    void load() {
        tables.execute(
                "CREATE TABLE jobs (id bigserial, at timestamptz NOT NULL, owner int, changes int NOT NULL DEFAULT 0,"
                        + " body text)",
                "INSERT INTO jobs (at, owner, body) SELECT now() - (" + rows + " - i) * interval '1 year' / " + rows
                        + ", 1 + i % 100, repeat('x', 120) FROM generate_series(1, " + rows + ") i",
                "ALTER TABLE jobs ADD PRIMARY KEY (id), ADD FOREIGN KEY (owner) REFERENCES owners",
                "CREATE INDEX ON jobs (at)",
                "CREATE INDEX ON jobs (owner, at)",
                "VACUUM ANALYZE jobs");
    }

    long rows() {
        return rows;
    }

    long count() {
        return tables.number("SELECT count(*) FROM jobs");
    }

    /** Sum of what the rows count of themselves. */
    long changes() {
        return tables.number("SELECT coalesce(sum(changes), 0) FROM jobs");
    }

    /** Oid of what is called so now. */
    long oid() {
        return tables.number("SELECT 'jobs'::regclass::oid::bigint");
    }

    long fileOf(long oid) {
        return tables.number("SELECT pg_relation_filenode(" + oid + "::oid::regclass)");
    }

    boolean isPlain() {
        return tables.number("SELECT count(*) FROM pg_class WHERE relname = 'jobs' AND relkind = 'r'") == 1;
    }

    long databaseBytes() {
        return tables.number("SELECT pg_database_size(current_database())");
    }

    /** Builds the index by hand that the primary key of the partitioned table needs. */
    void buildIndex() {
        tables.execute("CREATE UNIQUE INDEX CONCURRENTLY " + WIDER + " ON jobs (id, at)");
    }

    void dropIndex() {
        tables.execute("DROP INDEX " + WIDER);
    }

    /**
     * What a user does today, as pgslice does it: makes a partitioned table, copies in batches by id, swaps the names, and copies
     * what came meanwhile.
     */
    void copyAndSwap() {
        LocalDate month = LocalDate.now(ZoneOffset.UTC).withDayOfMonth(1);
        tables.execute(
                "CREATE TABLE jobs_new (LIKE jobs INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE"
                        + " INCLUDING COMMENTS INCLUDING STATISTICS INCLUDING GENERATED) PARTITION BY RANGE (at)",
                "ALTER TABLE jobs_new ADD PRIMARY KEY (id, at), ADD FOREIGN KEY (owner) REFERENCES owners",
                "CREATE INDEX ON jobs_new (at)",
                "CREATE INDEX ON jobs_new (owner, at)");
        for (int i = -MONTHS; i < 4; i++) {
            LocalDate from = month.plusMonths(i);
            tables.execute("CREATE TABLE jobs_new_"
                    + from.toString().substring(0, 7).replace("-", "") + " PARTITION OF jobs_new FOR VALUES FROM ('"
                    + from + "+00') TO ('" + from.plusMonths(1) + "+00')");
        }
        try (Connection connection = tables.connect();
                Statement statement = connection.createStatement()) {
            long copied = copy(statement, TABLE, 0);
            statement.execute("ANALYZE jobs_new");
            connection.setAutoCommit(false);
            statement.execute("SET LOCAL lock_timeout = '5s'");
            statement.execute("ALTER TABLE jobs RENAME TO jobs_old");
            statement.execute("ALTER TABLE jobs_new RENAME TO jobs");
            statement.execute("ALTER SEQUENCE jobs_id_seq OWNED BY jobs.id");
            connection.commit();
            connection.setAutoCommit(true);
            copy(statement, "jobs_old", copied);
        } catch (SQLException e) {
            throw new BenchException("the table cannot be copied", e);
        }
    }

    /** Up to the highest id as it is when that is reached. */
    private static long copy(Statement statement, String from, long after) throws SQLException {
        String into = from.equals(TABLE) ? COPY : TABLE;
        long at = after;
        while (true) {
            try (var row = statement.executeQuery("SELECT coalesce(max(id), 0) FROM " + from)) {
                row.next();
                if (row.getLong(1) <= at) {
                    return at;
                }
            }
            statement.execute("INSERT INTO " + into
                    + " (id, at, owner, changes, body) SELECT id, at, owner, changes, body" + " FROM " + from
                    + " WHERE id > " + at + " AND id <= " + (at + BATCH) + " ON CONFLICT DO NOTHING");
            at += BATCH;
        }
    }

    /** The original again; what was copied goes. */
    void putBack() {
        tables.execute(
                "ALTER SEQUENCE jobs_id_seq OWNED BY jobs_old.id",
                "DROP TABLE jobs",
                "ALTER TABLE jobs_old RENAME TO jobs",
                "VACUUM ANALYZE jobs");
    }
}
