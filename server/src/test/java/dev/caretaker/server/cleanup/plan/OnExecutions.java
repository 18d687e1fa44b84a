package dev.caretaker.server.cleanup.plan;

import static dev.caretaker.server.cleanup.CleanupBench.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.cleanup.CleanupBench;
import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Tests that share a database and execute plans there. */
interface OnExecutions {
    Database db();

    CleanupBench bench();

    /** 100 rows, one a day: 69 older than 30 days. */
    default void daily(String table) {
        db().execute(
                        "CREATE TABLE " + table + " (id int PRIMARY KEY, at timestamptz)",
                        "INSERT INTO " + table + " SELECT i, timestamptz '2026-06-15 12:00Z' - i * interval '1 day'"
                                + " FROM generate_series(0, 99) AS i",
                        "ANALYZE " + table);
    }

    default RunView execute(Plan plan, Code... overrides) {
        return bench().plans()
                .execute(new ExecuteRequest(
                        plan.id(),
                        Optional.empty(),
                        Set.of(overrides),
                        UnaryOperator.identity(),
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        ALICE));
    }

    default RunView ended(RunView run) {
        return await().atMost(Duration.ofSeconds(60))
                .until(() -> bench().runs().get(run.id()), view -> view.state().isTerminal());
    }

    default void assertRefused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CaretakerException.class,
                        e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
    }
}
