package dev.caretaker.server.backup.dump;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.backup.CopiedTable;
import dev.caretaker.server.backup.Crew;
import dev.caretaker.server.backup.FoundTable;
import dev.caretaker.server.backup.Selected;
import dev.caretaker.server.backup.Selection;
import dev.caretaker.server.backup.Snapshot;
import dev.caretaker.server.run.job.OpenGate;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TableSumsTest {
    private static final long PIECE = 256L << 20;

    private final Database database = TestPostgres.newest().database();
    private final Target target = TestTargets.of("main", database);

    @Test
    void a_large_table_is_counted_and_hashed_in_ranges_by_several_sessions_as_it_is_by_one() throws Exception {
        database.execute(
                "CREATE TABLE large AS SELECT n, md5(n::text) AS v FROM generate_series(1, 20000) n",
                "CREATE TABLE small AS SELECT n FROM generate_series(1, 10) n",
                "CREATE TABLE without AS SELECT n FROM generate_series(1, 10) n");
        List<CopiedTable> whole = sums(PIECE, 1, 3);
        List<CopiedTable> ranges = sums(5 * PIECE, 3, 7);
        assertThat(ranges).isEqualTo(whole);
        assertThat(whole).extracting(CopiedTable::rows).containsExactly(20_000L, 10L, 0L);
        assertThat(whole.getFirst().hash()).isNotZero();
    }

    private List<CopiedTable> sums(long largeBytes, int sessions, int pieces) throws SQLException, IOException {
        List<FoundTable> tables =
                List.of(found("large", largeBytes), found("small", 8_192), found("without", largeBytes));
        Selection selection = new Selection(List.of(), List.of(), List.of(new TableName("public", "without")));
        try (Session session = target.openSession("caretaker/backup test")) {
            Snapshot snapshot = Snapshot.begin(session, Duration.ofHours(1));
            TableSums sums = new TableSums(Selected.of(selection, target, tables), snapshot, new OpenGate());
            assertThat(sums.largestFirst()).hasSize(pieces);
            new Crew<>(target, "caretaker/backup test", new OpenGate(), sums.largestFirst())
                    .work(session, sessions, snapshot::join, sums::sum);
            return sums.tables();
        }
    }

    private FoundTable found(String name, long bytes) {
        return new FoundTable(
                database.number("SELECT '" + name + "'::regclass::oid::bigint"),
                new TableName("public", name),
                false,
                false,
                Optional.empty(),
                bytes,
                database.number("SELECT pg_relation_size('" + name + "') / 8192"),
                true,
                false);
    }
}
