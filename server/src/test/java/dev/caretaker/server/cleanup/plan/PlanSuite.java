package dev.caretaker.server.cleanup.plan;

import dev.caretaker.server.cleanup.CleanupBench;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/**
 * Plans of live tables, on one version of Postgres, by subject. The clock stands at 2026-06-15 12:00 UTC, and policies keep 30 days unless
 * they say otherwise.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PlanSuite implements RowPlanSuite, PartitionPlanSuite, RightsPlanSuite, KeyPlanSuite {
    private final TestPostgres server;
    private Database db;
    private CleanupBench bench;

    PlanSuite(TestPostgres server) {
        this.server = server;
    }

    @BeforeAll
    void start() {
        db = server.database();
        bench = CleanupBench.start(db);
        db.execute("CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'");
    }

    @AfterAll
    void stop() {
        bench.close();
    }

    @Override
    public TestPostgres server() {
        return server;
    }

    @Override
    public Database db() {
        return db;
    }

    @Override
    public CleanupBench bench() {
        return bench;
    }
}
