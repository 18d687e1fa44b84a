package dev.caretaker.server.cleanup.plan;

import static dev.caretaker.server.cleanup.CleanupBench.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.cleanup.CleanupBench;
import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.SQLException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rewrite rules, of the table and of those that its foreign keys change: only those count that a DELETE meets. */
class RewriteRulesTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    @ParameterizedTest
    @MethodSource(BOTH)
    void rules_that_no_delete_meets_keep_nothing_from_being_cleaned(TestPostgres server) throws SQLException {
        Database db = jobs(server);
        db.execute(
                "CREATE TABLE seen (id int)",
                "CREATE RULE also AS ON INSERT TO jobs DO ALSO INSERT INTO seen VALUES (NEW.id)",
                "CREATE RULE fixed AS ON UPDATE TO jobs DO INSTEAD NOTHING",
                "CREATE RULE off AS ON DELETE TO jobs DO INSTEAD NOTHING",
                "CREATE RULE copy AS ON DELETE TO jobs DO INSTEAD NOTHING",
                "ALTER TABLE jobs DISABLE RULE off",
                "ALTER TABLE jobs ENABLE REPLICA RULE copy",
                "CREATE TABLE items (job int REFERENCES jobs ON DELETE CASCADE)",
                "CREATE INDEX ON items (job)",
                "INSERT INTO items VALUES (1), (30)",
                "CREATE RULE also AS ON DELETE TO items DO ALSO INSERT INTO seen VALUES (OLD.job)",
                "CREATE RULE never AS ON DELETE TO items WHERE OLD.job < 0 DO INSTEAD NOTHING",
                "CREATE RULE fixed AS ON UPDATE TO items DO INSTEAD NOTHING");
        try (CleanupBench bench = CleanupBench.start(db)) {
            Plan plan = bench.plan(policy("jobs", "jobs").allowCascade());

            assertThat(new PlanRun(db, 5).of(plan).rowsDeleted()).isEqualTo(20);
            assertThat(db.number("SELECT count(*) FROM jobs")).isEqualTo(20);
            assertThat(db.number("SELECT sum(job) FROM items")).isEqualTo(30);
            assertThat(db.number("SELECT sum(id) FROM seen")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_rule_that_takes_the_place_of_what_a_key_does_is_found_by_the_plan(TestPostgres server) {
        Database db = jobs(server);
        db.execute(
                "CREATE TABLE items (job int REFERENCES jobs ON DELETE SET NULL)",
                "CREATE RULE kept AS ON UPDATE TO items DO INSTEAD NOTHING");
        try (CleanupBench bench = CleanupBench.start(db)) {
            assertThatThrownBy(() -> db.execute("DELETE FROM jobs WHERE id = 1"))
                    .hasMessageContaining("gave unexpected result");
            assertThatThrownBy(() -> bench.plan(policy("jobs", "jobs").allowCascade()))
                    .hasMessageContaining("foreign key items_job_fkey of \"public.items\" says ON DELETE SET NULL")
                    .hasMessageContaining("rewrite rule \"kept\"")
                    .asInstanceOf(InstanceOfAssertFactories.type(CaretakerException.class))
                    .extracting(CaretakerException::reason)
                    .isEqualTo(Reason.UNSUPPORTED_RELATION);
            db.execute(
                    "DROP RULE kept ON items",
                    "CREATE TABLE parts (job int PRIMARY KEY REFERENCES jobs ON DELETE CASCADE)",
                    "CREATE TABLE screws (part int REFERENCES parts ON DELETE CASCADE)",
                    "CREATE RULE kept AS ON DELETE TO screws DO INSTEAD NOTHING",
                    "INSERT INTO parts VALUES (30)");
            assertThat(bench.plan(policy("none of them reached", "jobs").allowCascade())
                            .steps())
                    .isNotEmpty();
            db.execute("INSERT INTO parts VALUES (3)", "INSERT INTO screws VALUES (3)");
            assertThatThrownBy(() -> bench.plan(policy("reached", "jobs").allowCascade()))
                    .hasMessageContaining("foreign key screws_part_fkey of \"public.screws\" says ON DELETE CASCADE");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void one_that_comes_after_the_plan_is_a_change_of_the_table(TestPostgres server) {
        Database db = jobs(server);
        try (CleanupBench bench = CleanupBench.start(db)) {
            Plan plan = bench.plan(policy("jobs", "jobs"));
            db.execute("CREATE RULE kept AS ON DELETE TO jobs DO INSTEAD NOTHING");
            assertThatThrownBy(() -> new PlanRun(db, 5).of(plan))
                    .asInstanceOf(InstanceOfAssertFactories.type(CaretakerException.class))
                    .extracting(CaretakerException::reason)
                    .isEqualTo(Reason.RELATION_CHANGED);
            assertThat(db.number("SELECT count(*) FROM jobs")).isEqualTo(40);
        }
    }

    private static Database jobs(TestPostgres server) {
        Database db = server.database();
        db.execute(
                "CREATE TABLE jobs (id int PRIMARY KEY, at timestamptz)",
                "INSERT INTO jobs SELECT i, CASE WHEN i <= 20 THEN timestamptz '2026-01-01Z' ELSE '2026-06-14Z' END"
                        + " FROM generate_series(1, 40) AS i",
                "ANALYZE jobs");
        return db;
    }
}
