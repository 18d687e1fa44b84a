package dev.caretaker.server.cleanup.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RelationStateTest {

    @ParameterizedTest
    @MethodSource("dev.caretaker.server.testing.TestPostgres#both")
    void whatever_a_cleanup_depends_on_changes_the_fingerprint(TestPostgres server) throws SQLException {
        TestPostgres.Database db = server.database();
        db.execute(
                "CREATE TABLE \"T 1\" (id int PRIMARY KEY, at timestamptz)",
                "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'");
        for (String change : new String[] {
            "ALTER TABLE \"T 1\" ADD COLUMN more int",
            "ALTER TABLE \"T 1\" ALTER COLUMN more TYPE bigint",
            "CREATE TABLE child (t int REFERENCES \"T 1\" ON DELETE CASCADE)",
            "CREATE TRIGGER d BEFORE DELETE ON \"T 1\" FOR EACH ROW EXECUTE FUNCTION f()",
            "ALTER TABLE \"T 1\" DISABLE TRIGGER d",
            "ALTER TABLE \"T 1\" ENABLE ROW LEVEL SECURITY",
            "CREATE RULE r AS ON DELETE TO \"T 1\" DO INSTEAD NOTHING",
            "ALTER TABLE \"T 1\" RENAME TO \"T 2\""
        }) {
            RelationState before = state(db, "child");
            String fingerprint = before.fingerprint();
            db.execute(change);
            assertThat(state(db, "child").fingerprint()).as(change).isNotEqualTo(fingerprint);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.caretaker.server.testing.TestPostgres#both")
    void rows_indexes_and_partitions_of_referencing_tables_do_not(TestPostgres server) throws SQLException {
        TestPostgres.Database db = server.database();
        db.execute(
                "CREATE TABLE t (id int PRIMARY KEY, at timestamptz)",
                "CREATE TABLE child (t int REFERENCES t, at date) PARTITION BY RANGE (at)");
        RelationState before = state(db, "child");
        db.execute(
                "INSERT INTO t VALUES (1, now())",
                "CREATE INDEX ON t (at)",
                "CREATE TABLE child_1 PARTITION OF child FOR VALUES FROM ('2025-01-01') TO ('2025-02-01')",
                "ANALYZE t");
        assertThat(state(db, "child")).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("dev.caretaker.server.testing.TestPostgres#both")
    void a_rewritten_table_has_another_file_and_the_same_fingerprint(TestPostgres server) throws SQLException {
        TestPostgres.Database db = server.database();
        db.execute("CREATE TABLE t (id int)");
        RelationState before = state(db, "child");
        db.execute("VACUUM FULL t");
        assertThat(state(db, "child").relfilenode()).isNotEqualTo(before.relfilenode());
        assertThat(state(db, "child").fingerprint()).isEqualTo(before.fingerprint());
    }

    /** The only table that is not named {@code but} or a partition of it. */
    private static RelationState state(TestPostgres.Database db, String but) throws SQLException {
        long oid = db.number("SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
                + " AND relname NOT LIKE '" + but + "%'");
        try (Connection connection = db.connect()) {
            return RelationState.read(connection, oid).orElseThrow();
        }
    }
}
