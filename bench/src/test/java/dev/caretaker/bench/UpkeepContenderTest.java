package dev.caretaker.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UpkeepContenderTest {
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
    void a_steady_load_keeps_its_rate() throws Exception {
        database.restore();
        try (SteadyLoad load = SteadyLoad.start(database, 200)) {
            load.measure();
            Thread.sleep(1_000); // what it does in a second is what is asked
            assertThat(load.milliseconds()).hasSizeBetween(100, 260);
        }
    }
}
