package dev.caretaker.server.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres.Database;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TestStandbyTest {

    @ParameterizedTest
    @EnumSource
    void what_is_written_to_the_primary_appears_on_the_standby_unless_replay_pauses(EmbeddedServer version)
            throws Exception {
        try (TestStandby servers = TestStandby.start(version)) {
            Database primary = servers.primary().database();
            primary.execute("CREATE TABLE t AS SELECT generate_series(1, 10) AS id");
            servers.catchUp();
            Database standby = servers.onStandby(primary);
            assertThat(standby.value("SELECT pg_is_in_recovery()")).isEqualTo(true);
            assertThat(standby.number("SELECT count(*) FROM t")).isEqualTo(10);
            assertThat(primary.value("SELECT state FROM pg_stat_replication WHERE application_name = '"
                            + TestStandby.NAME + "'"))
                    .isEqualTo("streaming");

            servers.pauseReplay();
            primary.execute("INSERT INTO t VALUES (11)");
            assertThat(standby.number("SELECT count(*) FROM t")).isEqualTo(10);
            servers.resumeReplay();
            servers.catchUp();
            assertThat(standby.number("SELECT count(*) FROM t")).isEqualTo(11);
        }
    }
}
