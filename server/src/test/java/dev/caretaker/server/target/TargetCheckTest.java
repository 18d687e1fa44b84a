package dev.caretaker.server.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.TargetCheck.MissingRight;
import dev.caretaker.server.target.TargetCheck.Right;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TargetCheckTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_server_tells_what_it_is(TestPostgres server) {
        Database database = server.database();
        database.execute("CREATE EXTENSION pg_stat_statements");
        TargetCheck check = TestTargets.of("app", database).check(List.of(new TableName("public", "nope")));
        assertThat(check.serverVersion()).startsWith(check.capabilities().major() + ".");
        assertThat(check.capabilities().isTested()).isTrue();
        assertThat(check.inRecovery()).isFalse();
        assertThat(check.role()).isEqualTo(database.user());
        assertThat(check.extensions()).containsKeys("plpgsql", "pg_stat_statements");
        assertThat(check.systemIdentifier()).isNotZero();
        assertThat(check.databaseBytes()).isPositive();
        assertThat(check.canMonitor()).isTrue();
        assertThat(check.replica()).isEmpty();
        assertThat(check.missingTables()).containsExactly(new TableName("public", "nope"));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void each_missing_right_comes_with_the_statement_that_mends_it(TestPostgres server) {
        Database database = server.database();
        Database role = database.role("Worker 1");
        TableName table = new TableName("App", "Job \"Log\"");
        database.execute(
                "CREATE SCHEMA \"App\"",
                "CREATE TABLE \"App\".\"Job \"\"Log\"\"\" (id int)",
                "ALTER TABLE \"App\".\"Job \"\"Log\"\"\" ENABLE ROW LEVEL SECURITY",
                "ALTER TABLE \"App\".\"Job \"\"Log\"\"\" OWNER TO \""
                        + database.role("Boss").user() + "\"");
        Target target = TestTargets.of("app", role);
        TargetCheck check = target.check(List.of(table));
        assertThat(check.canMonitor()).isFalse();
        assertThat(check.missingRights())
                .extracting(MissingRight::right)
                .containsExactly(
                        Right.SCHEMA_USAGE, Right.SELECT, Right.DELETE, Right.BYPASS_ROW_SECURITY, Right.MAINTAIN);
        check.missingRights().forEach(missing -> database.execute(missing.remediation()));
        database.execute(check.monitoringRemediation());
        TargetCheck mended = target.check(List.of(table));
        assertThat(mended.missingRights()).isEmpty();
        assertThat(mended.canMonitor()).isTrue();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void rights_on_a_partitioned_table_are_not_rights_on_its_partitions(TestPostgres server) {
        Database database = server.database();
        Database role = database.role("worker");
        Database owner = database.role("owner");
        database.execute(
                "CREATE TABLE e (id int) PARTITION BY RANGE (id)",
                "CREATE TABLE e_0 PARTITION OF e FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE e_1 PARTITION OF e FOR VALUES FROM (10) TO (20)",
                "ALTER TABLE e OWNER TO \"" + owner.user() + "\"",
                "ALTER TABLE e_0 OWNER TO \"" + owner.user() + "\"",
                "ALTER TABLE e_1 OWNER TO \"" + owner.user() + "\"",
                "GRANT CREATE ON SCHEMA public TO \"" + owner.user() + "\"",
                "GRANT SELECT, DELETE ON e, e_0 TO \"" + role.user() + "\"");
        TableName e = new TableName("public", "e");
        Target target = TestTargets.of("app", role);
        assertThat(target.check(List.of(e)).missingRights())
                .extracting(MissingRight::right, missing -> missing.relations().size())
                .containsExactly(
                        tuple(Right.SELECT, 1),
                        tuple(Right.DELETE, 1),
                        tuple(Right.MAINTAIN, 3),
                        tuple(Right.OWNERSHIP, 3));
        target.check(List.of(e)).missingRights().forEach(missing -> database.execute(missing.remediation()));
        assertThat(target.check(List.of(e)).missingRights()).isEmpty();
        owner.execute("CREATE TABLE e_2 PARTITION OF e FOR VALUES FROM (20) TO (30)");
        database.execute("REVOKE \"" + owner.user() + "\" FROM \"" + role.user() + "\"");
        assertThat(target.check(List.of(e)).missingRights())
                .as("what comes is granted by default privileges")
                .extracting(MissingRight::right)
                .doesNotContain(Right.SELECT, Right.DELETE);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void partitions_to_come_are_told_of_before_they_come(TestPostgres server) {
        Database database = server.database();
        Database role = database.role("worker");
        Database owner = database.role("owner");
        String all = new Capabilities((int) database.number("SELECT current_setting('server_version_num')::int"))
                        .hasMaintainPrivilege()
                ? "SELECT, DELETE, MAINTAIN"
                : "SELECT, DELETE";
        database.execute(
                "CREATE TABLE log (id int) PARTITION BY RANGE (id)",
                "CREATE TABLE log_0 PARTITION OF log FOR VALUES FROM (0) TO (10)",
                "ALTER TABLE log OWNER TO \"" + owner.user() + "\"",
                "ALTER TABLE log_0 OWNER TO \"" + owner.user() + "\"",
                "GRANT " + all + " ON log, log_0 TO \"" + role.user() + "\"",
                "ALTER DEFAULT PRIVILEGES FOR ROLE \"" + owner.user() + "\" GRANT SELECT ON TABLES TO \"" + role.user()
                        + "\"");
        TableName log = new TableName("public", "log");
        Target target = TestTargets.of("app", role);
        String rest = all.substring("SELECT, ".length());
        assertThat(toCome(target, log))
                .containsExactly("ALTER DEFAULT PRIVILEGES FOR ROLE \"" + owner.user()
                        + "\" IN SCHEMA \"public\" GRANT " + rest + " ON TABLES TO \"" + role.user() + "\"");
        toCome(target, log).forEach(database::execute);
        assertThat(toCome(target, log)).isEmpty();
    }

    @Test
    void nothing_is_to_come_where_the_role_has_all_by_membership_or_the_table_has_no_partitions() {
        Database database = TestPostgres.newest().database();
        Database role = database.role("worker");
        database.execute(
                "CREATE TABLE whole (id int)",
                "CREATE TABLE cut (id int) PARTITION BY RANGE (id)",
                "GRANT SELECT, DELETE, MAINTAIN ON whole, cut TO \"" + role.user() + "\"");
        Target target = TestTargets.of("app", role);
        assertThat(toCome(target, new TableName("public", "whole"))).isEmpty();
        assertThat(toCome(target, new TableName("public", "cut"))).hasSize(1);
        database.execute("GRANT pg_read_all_data, pg_write_all_data, pg_maintain TO \"" + role.user() + "\"");
        assertThat(toCome(target, new TableName("public", "cut"))).isEmpty();
    }

    private static List<String> toCome(Target target, TableName table) {
        return target.check(List.of(table)).missingRights().stream()
                .filter(missing -> missing.right() == Right.PARTITIONS_TO_COME)
                .map(MissingRight::remediation)
                .toList();
    }

    @Test
    void what_only_an_owner_may_do_never_asks_for_membership_in_a_superuser() {
        Database database = TestPostgres.newest().database();
        Database role = database.role("worker");
        Database owner = database.role("owner");
        database.execute(
                "CREATE TABLE p (id int) PARTITION BY RANGE (id)",
                "CREATE TABLE p_0 PARTITION OF p FOR VALUES FROM (0) TO (10)",
                "ALTER TABLE p_0 OWNER TO \"" + owner.user() + "\"");
        assertThat(TestTargets.of("app", role)
                        .check(List.of(new TableName("public", "p")))
                        .missingRights())
                .filteredOn(MissingRight::right, Right.OWNERSHIP)
                .singleElement()
                .extracting(MissingRight::remediation)
                .isEqualTo("GRANT \"" + owner.user() + "\" TO \"" + role.user() + "\"");
    }

    @Test
    void a_replica_that_is_none_is_told() {
        Database database = TestPostgres.newest().database();
        TargetConfig config = TestTargets.config("app", database);
        assertThat(check(config, database.url())
                        .replica()
                        .orElseThrow()
                        .problem()
                        .orElseThrow())
                .contains("not in recovery");
        assertThat(check(config, "jdbc:postgresql://localhost:1/x")
                        .replica()
                        .orElseThrow()
                        .problem()
                        .orElseThrow())
                .contains("does not answer");
    }

    @Test
    void a_target_that_cannot_be_reached_is_an_error_with_a_reason() {
        Target target = new Targets(
                        List.of(TargetConfig.of("app", "jdbc:postgresql://localhost:1/x", Credentials.of("u", "p"))))
                .get("app");
        assertThatExceptionOfType(CaretakerException.class)
                .isThrownBy(() -> target.check(List.of()))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TARGET_UNREACHABLE));
    }

    private static TargetCheck check(TargetConfig config, String replicaUrl) {
        TargetConfig withReplica = new TargetConfig(
                config.name(),
                config.url(),
                Optional.of(replicaUrl),
                config.credentials(),
                config.schemas(),
                config.driverProperties(),
                config.lockTimeout(),
                config.statementTimeout(),
                config.freeDiskBytes(),
                config.tuning());
        return new Targets(List.of(withReplica)).get("app").check(List.of());
    }
}
