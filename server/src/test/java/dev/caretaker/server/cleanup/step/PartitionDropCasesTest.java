package dev.caretaker.server.cleanup.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.testing.Statements;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Partitions with foreign keys, and the one that has no beginning. */
class PartitionDropCasesTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final String INFINITE = "at OPERATOR(pg_catalog.=) CAST('-infinity' AS pg_catalog.timestamptz)";

    @ParameterizedTest
    @MethodSource(BOTH)
    void no_two_referenced_tables_are_locked_at_once_and_all_locks_share_a_second(TestPostgres server)
            throws SQLException {
        for (boolean concurrently : new boolean[] {true, false}) {
            Database database = PartitionDropTest.partitioned(server);
            database.execute(
                    "CREATE TABLE one (id int PRIMARY KEY)",
                    "CREATE TABLE two (id int PRIMARY KEY)",
                    "ALTER TABLE events ADD one int REFERENCES one, ADD two int REFERENCES two");
            PartitionDropStep step = PartitionDropTest.step(database, concurrently);
            List<String> labels = new ArrayList<>();
            try (Session session = PartitionDropTest.session(database)) {
                if (!concurrently) {
                    Map<String, Long> waits = Statements.laterWaits(session, step);
                    assertThat(waits.get("detach-plain")).isBetween(10L, 1_000L / 3);
                    labels.addAll(waits.keySet());
                }
                DropMemory memory = step.begin(session);
                while (concurrently && step.next(session, memory) instanceof StatementStep.Run<DropMemory> run) {
                    labels.add(run.statement().label());
                    memory = Statements.execute(session, step, run);
                }
            }
            assertThat(labels.stream().distinct().toList())
                    .containsExactlyInAnyOrder(concurrently ? "detach" : "detach-plain", "drop-key", "drop");
            assertThat(database.value("SELECT to_regclass('\"P.2024\"')::text")).isNull();
            assertThat(database.number("SELECT count(*) FROM events")).isEqualTo(50);
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_partition_without_a_beginning_goes_unless_it_holds_minus_infinity(TestPostgres server) throws SQLException {
        for (boolean concurrently : new boolean[] {true, false}) {
            Database database = PartitionDropTest.partitioned(server);
            database.execute("CREATE TABLE legacy PARTITION OF events FOR VALUES FROM (MINVALUE) TO ('2024-01-01')");
            PartitionDropStep step =
                    PartitionDropTest.step(database, "legacy", concurrently, false, Optional.of(INFINITE));
            try (Session session = PartitionDropTest.session(database)) {
                var first = (StatementStep.Run<DropMemory>) step.next(session, step.begin(session));
                DropMemory memory = concurrently ? Statements.execute(session, step, first) : first.memory();
                database.execute("INSERT INTO legacy VALUES (1, '-infinity')");
                if (concurrently) {
                    assertThatThrownBy(() -> Statements.run(session, step, memory))
                            .hasMessageContaining("it got a row of -infinity")
                            .hasMessageContaining("It is attached, with all of its rows.");
                } else {
                    assertThatThrownBy(() -> Statements.execute(session, step, first))
                            .hasMessageContaining(
                                    "got a row of -infinity, which is never removed, since it was planned");
                }
                assertThat(database.number("SELECT count(*) FROM events")).isEqualTo(151);
                assertThatThrownBy(() -> Statements.run(session, step))
                        .hasMessageContaining("got a row of -infinity, which is never removed, since it was planned");

                database.execute("DELETE FROM events WHERE at = '-infinity'");
                Statements.run(session, step);
            }
            assertThat(database.value("SELECT to_regclass('legacy')::text")).isNull();
            assertThat(database.number("SELECT count(*) FROM events")).isEqualTo(150);
        }
    }
}
