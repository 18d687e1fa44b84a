package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.run.engine.InDoubt.Recount;
import dev.caretaker.server.run.engine.InDoubt.Verdict;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.BackendIdentity;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestTargets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class InDoubtTest {
    private static final String SERVERS = "dev.caretaker.server.testing.TestPostgres#both";

    @ParameterizedTest
    @MethodSource(SERVERS)
    void the_server_tells_what_became_of_a_transaction(TestPostgres postgres) throws SQLException {
        Target target = TestTargets.of("shop", postgres.database());
        try (Session worker = target.openSession("worker");
                Session judge = target.openSession("judge")) {
            InDoubt inDoubt = new InDoubt(judge);
            String committed = xid(worker);
            worker.connection().commit();
            String rolledBack = xid(worker);
            worker.connection().rollback();
            BackendIdentity other = judge.identity(); // not evicted: it is the judge itself

            assertThat(inDoubt.verdict(pending(other, committed))).isEqualTo(Verdict.COMMITTED);
            assertThat(inDoubt.verdict(pending(other, rolledBack))).isEqualTo(Verdict.ROLLED_BACK);
            assertThat(inDoubt.verdict(pending(other, "999999999"))).isEqualTo(Verdict.ROLLED_BACK); // in the future
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void a_transaction_that_is_still_open_is_ended_first(TestPostgres postgres) throws SQLException {
        Target target = TestTargets.of("shop", postgres.database());
        try (Session worker = target.openSession("worker");
                Session judge = target.openSession("judge")) {
            Pending pending = pending(worker.identity(), xid(worker));

            assertThat(new InDoubt(judge).verdict(pending)).isEqualTo(Verdict.ROLLED_BACK);
            assertThatThrownBy(() -> worker.connection().commit()).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void that_it_was_committed_is_no_proof_on_another_incarnation_of_the_server() throws SQLException {
        Target target = TestTargets.of("shop", TestPostgres.newest().database());
        try (Session worker = target.openSession("worker");
                Session judge = target.openSession("judge")) {
            String xid = xid(worker);
            worker.connection().commit();
            BackendIdentity now = judge.identity();
            BackendIdentity restarted = new BackendIdentity(
                    now.pid(),
                    now.backendStart(),
                    now.postmasterStart().minusSeconds(60),
                    now.systemIdentifier(),
                    now.timeline());
            BackendIdentity promoted = new BackendIdentity(
                    now.pid(), now.backendStart(), now.postmasterStart(), now.systemIdentifier(), now.timeline() + 1);

            BackendIdentity elsewhere = new BackendIdentity(
                    now.pid(), now.backendStart(), now.postmasterStart(), now.systemIdentifier() + 1, now.timeline());

            assertThat(new InDoubt(judge).verdict(pending(restarted, xid))).isEqualTo(Verdict.UNKNOWN);
            assertThat(new InDoubt(judge).verdict(pending(promoted, xid))).isEqualTo(Verdict.UNKNOWN);
            String rolledBack = xid(worker);
            worker.connection().rollback();
            assertThat(new InDoubt(judge).verdict(pending(restarted, rolledBack)))
                    .as("whoever had it, ours was not committed: a committed id is never given out again")
                    .isEqualTo(Verdict.ROLLED_BACK);
            assertThat(new InDoubt(judge).verdict(pending(elsewhere, rolledBack)))
                    .isEqualTo(Verdict.UNKNOWN);
        }
    }

    @Test
    void a_pid_that_is_somebody_elses_by_now_is_left_alone() throws SQLException {
        Target target = TestTargets.of("shop", TestPostgres.newest().database());
        try (Session bystander = target.openSession("bystander");
                Session judge = target.openSession("judge")) {
            BackendIdentity reused = new BackendIdentity(
                    bystander.identity().pid(),
                    bystander.identity().backendStart().minusSeconds(60),
                    judge.identity().postmasterStart(),
                    judge.identity().systemIdentifier(),
                    judge.identity().timeline());

            // An id that is older than what the server keeps.
            assertThat(new InDoubt(judge).verdict(pending(reused, "3"))).isEqualTo(Verdict.UNKNOWN);
            int alive = Sql.of("SELECT 1").one(bystander.connection(), row -> row.getInt(1));
            assertThat(alive).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "100,   0, true,  false",
        "100,   1, true,  false",
        "100,  49, true,  false",
        "100,  50, false, false",
        "100, 100, false, false",
        "100, 120, false, false",
        "0,     0, false, true",
        "0,     5, false, true"
    })
    void what_is_left_decides_where_the_server_cannot_tell(
            long rows, long remaining, boolean committed, boolean exact) {
        assertThat(InDoubt.recount(rows, remaining)).isEqualTo(new Recount(committed, exact));
    }

    private static String xid(Session session) throws SQLException {
        session.connection().setAutoCommit(false);
        return Sql.of("SELECT pg_current_xact_id()::text").one(session.connection(), row -> row.getString(1));
    }

    private static Pending pending(BackendIdentity backend, String xid) {
        return new Pending(
                "batch", backend, Optional.of(xid), Optional.empty(), Optional.empty(), Totals.NONE, 0, Instant.EPOCH);
    }
}
