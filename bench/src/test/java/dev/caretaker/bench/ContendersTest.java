package dev.caretaker.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.caretaker.bench.BenchDatabase.Remainder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContendersTest {
    private static final long ROWS = 10_000;
    private static final Map<Scenario, Double> SHARES = Map.of(
            Scenario.HALF_INDEX, 0.5,
            Scenario.HALF_BLOCKS, 0.5,
            Scenario.CLUSTERED, 0.03,
            Scenario.SCATTERED, 0.03,
            Scenario.OLD_SNAPSHOT, 0.5,
            Scenario.TIME_INDEX, 0.9,
            Scenario.CASCADE, 0.5);

    private static BenchDatabase database;

    @BeforeAll
    static void load(@TempDir Path folder) {
        database = BenchDatabase.start(folder);
        database.load(ROWS);
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @ParameterizedTest
    @EnumSource(Scenario.class)
    void delete_and_loop_remove_the_same_rows_and_the_share_that_the_scenario_names(Scenario scenario)
            throws Exception {
        Remainder afterDelete = remainder(Contender.singleDelete(), scenario);
        assertThat(remainder(Contender.guidesLoop(), scenario)).isEqualTo(afterDelete);
        long rows = scenario == Scenario.CASCADE ? ROWS / 10 : ROWS;
        assertThat((rows - afterDelete.rows()) / (double) rows).isCloseTo(SHARES.get(scenario), within(0.01));
    }

    @Test
    void a_clone_is_whole_again() throws Exception {
        remainder(Contender.singleDelete(), Scenario.HALF_INDEX);
        database.cloneTemplate(Scenario.HALF_INDEX, ROWS);
        assertThat(database.remainder(Scenario.HALF_INDEX).rows()).isEqualTo(ROWS);
    }

    @Test
    void batches_are_read_from_the_servers_log() throws Exception {
        database.cloneTemplate(Scenario.HALF_INDEX, ROWS);
        BatchLog log = new BatchLog(database);
        log.read();
        try (Connection connection =
                        DriverManager.getConnection(database.cloneUrl(), BenchDatabase.CARETAKER_ROLE, "");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            batch(connection, statement, "DELETE FROM \"JobOccurrences\" WHERE \"Status\" = 3");
            batch(connection, statement, "SELECT 1");
            batch(connection, statement, "EXPLAIN DELETE FROM \"JobOccurrences\"");
            statement.execute("DELETE FROM \"JobOccurrences\"");
            connection.rollback();
            batch(connection, statement, "SELECT pg_sleep(0.2)", "DELETE FROM \"JobOccurrences\" WHERE \"Status\" = 4");
        }
        assertThat(log.read())
                .hasSize(2)
                .satisfies(batches -> assertThat(batches.getLast()).isBetween(200.0, 5000.0));
        assertThat(log.read()).isEmpty();
    }

    private static Remainder remainder(Contender contender, Scenario scenario) throws SQLException {
        database.cloneTemplate(scenario, ROWS);
        contender.remove(database, scenario);
        return database.remainder(scenario);
    }

    private static void batch(Connection connection, Statement statement, String... sql) throws SQLException {
        for (String one : sql) {
            statement.execute(one);
        }
        connection.commit();
    }
}
