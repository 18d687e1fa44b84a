package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.run.RunView;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Work whose locks exclude readers, while a backup reads. */
class BackupAtWorkTest {

    @Test
    void a_drop_waits_for_the_end_of_a_backup_and_says_so_while_deletes_go_on() throws SQLException {
        Database target = TestPostgres.newest().database();
        Database control = TestPostgres.controlStore();
        DropDebtTest.partitioned(target);
        TestEngine.table(target, "rows", 100);
        try (TestEngine engine = TestEngine.start(
                control.url(),
                target.url(),
                Map.of("caretaker.engine.sweep-interval", "1h"))) { // nobody works on the backup
            UUID first = engine.start(TestEngine.delete(target, "rows"));
            assertThat(engine.awaitEnd(first).outcome()).contains(Outcome.COMPLETE);
            UUID backup = UUID.randomUUID();
            control.execute(
                    "INSERT INTO caretaker.run (run_id, kind, target, state, state_since, desired, created_by, created,"
                            + " started, row_limits, tuning) SELECT '" + backup
                            + "', 'BACKUP', target, 'RUNNING', now(), desired,"
                            + " created_by, now(), now(), row_limits, tuning FROM caretaker.run WHERE run_id = '"
                            + first + "'");
            RunView waiting = engine.awaitState(engine.start(DropDebtTest.drop(target, "old")), RunState.WAITING_LOCK);
            assertThat(waiting.stateReason())
                    .isEqualTo("Waits for backup run " + backup + ", which keeps its locks on tables until it ends.");
            TestEngine.table(target, "others", 100);
            assertThat(engine.awaitEnd(engine.start(TestEngine.delete(target, "others")))
                            .outcome())
                    .contains(Outcome.COMPLETE);
            assertThat(target.value("SELECT to_regclass('old')::text")).isEqualTo("old");
            control.execute(
                    "UPDATE caretaker.run SET state = 'ENDED', ended = now(), outcome = 'COMPLETE' WHERE run_id = '"
                            + backup + "'");
            assertThat(engine.awaitEnd(waiting.id()).outcome()).contains(Outcome.COMPLETE);
            assertThat(target.value("SELECT to_regclass('old')::text")).isNull();
        }
    }
}
