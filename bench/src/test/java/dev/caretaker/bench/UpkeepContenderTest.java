package dev.caretaker.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UpkeepContenderTest {
    /** Operations a second, half of them updates. */
    private static final int RATE = 200;

    private static UpkeepDatabase database;

    @BeforeAll
    static void load(@TempDir Path folder) {
        database = UpkeepDatabase.start(folder, 2, 5_000);
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @ParameterizedTest
    @EnumSource
    void plain_statements_do_all_of_the_work(Upkeep work) throws Exception {
        requireWork(new UpkeepContender.PlainSql(), work);
    }

    @ParameterizedTest
    @EnumSource
    void the_programs_of_postgres_do_all_of_the_work(Upkeep work) throws Exception {
        Optional<UpkeepContender.ClientTools> tools = UpkeepContender.ClientTools.find();
        Assumptions.assumeTrue(tools.isPresent(), "vacuumdb and reindexdb are not installed");
        requireWork(tools.get(), work);
    }

    private static void requireWork(UpkeepContender contender, Upkeep work) throws Exception {
        database.restore();
        assertThat(database.tables()).hasSize(2);
        assertThat(database.indexes()).hasSize(6);
        assertThatThrownBy(() -> database.requireDone(work)).hasMessageContaining("as they were");
        contender.work(database, work);
        database.requireDone(work);
    }

    @Test
    void a_steady_load_works_and_never_faster_than_its_rate() throws Exception {
        database.restore();
        long began = System.nanoTime();
        try (SteadyLoad load = SteadyLoad.start(database, RATE)) {
            load.measure();
            await("rows are updated").atMost(Duration.ofSeconds(60)).until(() -> updates() >= RATE / 2);
            int measured = load.milliseconds().size();
            double due = (System.nanoTime() - began) / 1e9 * RATE;
            assertThat(measured).isPositive().isLessThanOrEqualTo((int) due + SteadyLoad.CONNECTIONS);
            assertThat((double) updates()).isLessThanOrEqualTo(due + SteadyLoad.CONNECTIONS);
        }
    }

    private static long updates() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT (SELECT sum(n) FROM job_1) + (SELECT sum(n) FROM job_2)")) {
            row.next();
            return row.getLong(1);
        }
    }
}
