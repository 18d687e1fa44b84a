package dev.caretaker.server.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTest {
    private final Database database = TestPostgres.newest().database();
    private final Target target = TestTargets.of("main", database);

    @ParameterizedTest
    @ValueSource(strings = {"DROP TABLE passing.t", "DROP SCHEMA passing CASCADE"})
    void a_table_that_is_dropped_once_it_was_found_is_told(String drop) throws SQLException {
        database.execute("CREATE SCHEMA passing", "CREATE TABLE passing.t (id int)");
        try (Session session = target.openSession("caretaker/backup test")) {
            Snapshot.begin(session, Duration.ofHours(1));
            List<FoundTable> tables = DatabaseObjects.tables(session.connection());
            database.execute(drop);
            assertThatThrownBy(() -> Snapshot.lock(session, tables))
                    .hasMessageContaining("A table was dropped while the backup began");
        }
    }

    @Test
    void a_table_without_some_of_its_rows_is_told_with_those_above_and_below() throws SQLException {
        database.execute(
                "CREATE TABLE e (id int, at date) PARTITION BY RANGE (at)",
                "CREATE TABLE e1 PARTITION OF e FOR VALUES FROM ('2026-01-01') TO ('2026-02-01') PARTITION BY RANGE (id)",
                "CREATE TABLE e11 PARTITION OF e1 DEFAULT",
                "CREATE TABLE e2 PARTITION OF e DEFAULT",
                "CREATE TABLE other (id int)");
        assertThat(lacking("e11")).containsExactly(name("e"), name("e1"), name("e11"));
        assertThat(lacking("e1")).containsExactly(name("e"), name("e1"), name("e11"));
        assertThat(lacking("other")).containsExactly(name("other"));
    }

    private List<TableName> lacking(String withoutRows) {
        Selection selection = new Selection(List.of(), List.of(), List.of(name(withoutRows)));
        return target.withPrimary(connection -> Selected.of(selection, target, DatabaseObjects.tables(connection))
                .lacking());
    }

    private static TableName name(String table) {
        return new TableName("public", table);
    }
}
