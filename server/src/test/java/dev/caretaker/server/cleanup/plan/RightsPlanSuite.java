package dev.caretaker.server.cleanup.plan;

import static dev.caretaker.server.cleanup.CleanupBench.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.cleanup.CleanupBench;
import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import org.junit.jupiter.api.Test;

/** What a role may not do is told by plans, with what would allow it. */
interface RightsPlanSuite extends OnPlans {
    @Test
    default void what_a_role_may_not_do_or_see_is_told_with_what_would_allow_it() {
        hourly("narrow", "CREATE INDEX ON narrow (at)");
        db().execute(
                        "CREATE SCHEMA \"Inner\"",
                        "CREATE TABLE \"Inner\".narrow_child (p bigint REFERENCES narrow ON DELETE CASCADE)",
                        "CREATE INDEX ON \"Inner\".narrow_child (p)",
                        "INSERT INTO \"Inner\".narrow_child SELECT id FROM narrow LIMIT 5");
        Database role = db().role("keeper");
        db().execute("GRANT SELECT, DELETE ON narrow TO \"" + role.user() + "\"");
        try (CleanupBench limited = CleanupBench.start(role)) {
            Plan plan = limited.plan(policy("narrow", "narrow").allowCascade());
            PlanWarning cascade = warning(plan, Code.CASCADE);
            assertThat(cascade.message()).contains("(rows: unknown: permission denied for schema Inner)");
            PlanWarning horizon = warning(plan, Code.XMIN_UNSEEN);
            PlanWarning vacuum = warning(plan, Code.FOLLOW_UP_NOT_ALLOWED);
            assertThat(vacuum.message()).contains(role.user()).contains("public.narrow");
            assertThat(plan.blocked()).isFalse();

            db().execute(cascade.remediationSql().split("\n"));
            db().execute(horizon.remediationSql());
            boolean grantable = server() == TestPostgres.newest();
            assertThat(vacuum.remediationSql().isEmpty()).isEqualTo(!grantable);
            db().execute(grantable ? vacuum.remediationSql() : "ALTER TABLE narrow OWNER TO \"" + role.user() + "\"");

            Plan allowed = limited.plan(policy("narrow", "narrow").allowCascade());
            assertThat(warning(allowed, Code.CASCADE).evidence()).containsEntry("child_rows", "5");
            assertThat(codes(allowed)).doesNotContain(Code.XMIN_UNSEEN, Code.FOLLOW_UP_NOT_ALLOWED);
        }
        assertThat(codes(bench().plan(policy("narrow", "narrow").allowCascade())))
                .doesNotContain(Code.XMIN_UNSEEN, Code.FOLLOW_UP_NOT_ALLOWED);
    }

    @Test
    default void only_the_rights_that_are_missing_are_asked_for() {
        hourly("guarded", "CREATE INDEX ON guarded (at)");
        Database role = db().role("reader");
        try (CleanupBench limited = CleanupBench.start(role)) {
            assertThatThrownBy(() -> limited.plan(policy("guarded", "guarded")))
                    .hasMessage(
                            "Caretaker's role lacks rights for \"public\".\"guarded\": GRANT it DELETE and SELECT.");
            db().execute("GRANT SELECT ON guarded TO \"" + role.user() + "\"");
            assertThatThrownBy(() -> limited.plan(policy("guarded", "guarded")))
                    .hasMessage("Caretaker's role lacks rights for \"public\".\"guarded\": GRANT it DELETE.");
        }
    }

    @Test
    default void rows_that_pin_must_be_readable_where_they_are_to_be_skipped() {
        hourly("heldback", "CREATE INDEX ON heldback (at)");
        db().execute(
                        "CREATE TABLE holder (p bigint REFERENCES heldback)",
                        "CREATE INDEX ON holder (p)",
                        "INSERT INTO holder SELECT id FROM heldback LIMIT 5");
        Database role = db().role("skipper");
        db().execute("GRANT SELECT, DELETE ON heldback TO \"" + role.user() + "\"");
        try (CleanupBench limited = CleanupBench.start(role)) {
            assertThatThrownBy(() -> limited.plan(policy("heldback", "heldback").skipPinned()))
                    .isInstanceOfSatisfying(CaretakerException.class, e -> {
                        assertThat(e.reason()).isEqualTo(Reason.MISSING_PRIVILEGE);
                        assertThat(e.getMessage())
                                .contains("may not SELECT in \"public\".\"holder\"")
                                .contains("policy heldback is to skip");
                    });
            db().execute("GRANT SELECT ON holder TO \"" + role.user() + "\"");
            assertThat(codes(limited.plan(policy("heldback", "heldback").skipPinned())))
                    .contains(Code.PINNING_FOREIGN_KEY);
        }
    }
}
