package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.api.Fakes.FakePolicies;
import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.CheckTargetRequest;
import dev.caretaker.v1.GetTableRequest;
import dev.caretaker.v1.ListTargetsRequest;
import dev.caretaker.v1.ListTargetsResponse;
import dev.caretaker.v1.PolicyServiceGrpc;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TableStanding;
import dev.caretaker.v1.Target;
import dev.caretaker.v1.TargetCheck;
import dev.caretaker.v1.TargetProblem;
import dev.caretaker.v1.TargetServiceGrpc;
import java.sql.Connection;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TargetsTest {
    private static ApiServer server;
    private static TargetServiceGrpc.TargetServiceBlockingStub targets;
    private static TestPostgres.Database owner;
    private static TestPostgres.Database poor;

    @BeforeAll
    static void start() {
        owner = TestPostgres.newest().database();
        owner.execute(
                "CREATE EXTENSION pg_stat_statements", "CREATE TABLE jobs (id int PRIMARY KEY, ended timestamptz)");
        poor = owner.role("poor");
        server = ApiServer.start(
                TargetConfig.of("main", owner.url(), Credentials.of(owner.user(), owner.password())),
                TargetConfig.of("poor", poor.url(), Credentials.of(poor.user(), poor.password())),
                TargetConfig.of("gone", "jdbc:postgresql://localhost:1/nowhere", Credentials.of("me", "hunter2")));
        targets = TargetServiceGrpc.newBlockingStub(server.channel());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void forget() {
        FakePolicies policies = server.bean(FakePolicies.class);
        policies.stored.clear();
        policies.failure = null;
    }

    @Test
    void targets_are_listed_by_name_without_credentials() {
        ListTargetsResponse first = targets.listTargets(
                ListTargetsRequest.newBuilder().setPageSize(2).build());
        assertThat(first.getTargetsList()).extracting(Target::getName).containsExactly("gone", "main");
        assertThat(first.toString()).doesNotContain("hunter2").contains("localhost:1/nowhere");
        assertThat(targets.listTargets(ListTargetsRequest.newBuilder()
                                .setPageSize(2)
                                .setPageToken(first.getNextPageToken())
                                .build())
                        .getTargetsList())
                .extracting(Target::getName)
                .containsExactly("poor");
    }

    @Test
    void a_target_in_order_is_healthy_and_tells_about_itself() {
        policy("main");
        TargetCheck check = check("main");
        assertThat(check.getProblemsList()).isEmpty();
        assertThat(check.getHealthy()).isTrue();
        assertThat(check.getServerMajor()).isEqualTo(18);
        assertThat(check.getRole()).isEqualTo(owner.user());
        assertThat(check.getCapabilitiesList()).contains("detach-concurrently");
        assertThat(check.getDatabaseBytes()).isPositive();
        assertThat(check.getExtensionsMap()).containsKey("pg_stat_statements");
    }

    @Test
    void a_missing_extension_is_told_with_what_must_come_before_it() {
        owner.execute("DROP EXTENSION pg_stat_statements");
        try {
            assertThat(check("main").getProblemsList()).singleElement().satisfies(problem -> {
                assertThat(problem.getMessage()).contains("add it to shared_preload_libraries and restart");
                assertThat(problem.getRemediationSql()).isEqualTo("CREATE EXTENSION pg_stat_statements");
            });
        } finally {
            owner.execute("CREATE EXTENSION pg_stat_statements");
        }
    }

    @Test
    void rights_that_a_policy_needs_and_the_role_lacks_are_told_with_what_mends_them() {
        policy("poor");
        TargetCheck check = check("poor");
        assertThat(check.getHealthy()).isFalse();
        assertThat(check.getProblemsList())
                .filteredOn(problem -> problem.getPolicy().equals("old-jobs"))
                .extracting(problem -> problem.getCode() + " " + problem.getSeverity() + " "
                        + problem.getRemediationSql().split(" ON ")[0])
                .contains(
                        "TARGET_PROBLEM_CODE_MISSING_PRIVILEGE TARGET_PROBLEM_SEVERITY_ERROR GRANT SELECT",
                        "TARGET_PROBLEM_CODE_MISSING_PRIVILEGE TARGET_PROBLEM_SEVERITY_ERROR GRANT DELETE",
                        "TARGET_PROBLEM_CODE_MISSING_PRIVILEGE TARGET_PROBLEM_SEVERITY_WARNING GRANT MAINTAIN");
        assertThat(check.getProblemsList())
                .extracting(TargetProblem::getRemediationSql)
                .contains("GRANT pg_monitor TO \"" + poor.user() + "\" WITH INHERIT TRUE");
    }

    @Test
    void of_many_partitions_the_first_are_named_and_of_a_schema_nothing_but_itself() {
        owner.execute(
                "CREATE SCHEMA \"Far Away\"",
                "CREATE TABLE \"Far Away\".days (ended timestamptz) PARTITION BY RANGE (ended)");
        for (int day = 1; day < 9; day++) {
            owner.execute("CREATE TABLE \"Far Away\".days_" + day
                    + " PARTITION OF \"Far Away\".days FOR VALUES FROM ('2025-01-0" + day + "') TO ('2025-01-0"
                    + (day + 1) + "')");
        }
        policy("poor", TableName.newBuilder().setSchema("Far Away").setName("days"));
        assertThat(check("poor").getProblemsList())
                .extracting(TargetProblem::getMessage)
                .contains(
                        "The role may not use schema Far Away.",
                        "The role may not delete from Far Away.days_1, Far Away.days_2, Far Away.days_3, Far Away.days_4,"
                                + " Far Away.days_5 and 3 more.");
    }

    @Test
    void a_policy_that_no_longer_fits_is_named() {
        policy("main");
        server.bean(FakePolicies.class).failure =
                CaretakerException.invalid("policies[0].time_column.name", "the table has no column \"ended\"");
        assertThat(check("main").getProblemsList()).singleElement().satisfies(problem -> {
            assertThat(problem.getPolicy()).isEqualTo("old-jobs");
            assertThat(problem.getMessage()).isEqualTo("time_column.name: the table has no column \"ended\"");
        });
    }

    @Test
    void a_target_out_of_reach_is_an_answer_and_no_error() {
        TargetCheck check = check("gone");
        assertThat(check.getHealthy()).isFalse();
        assertThat(check.getTarget().getName()).isEqualTo("gone");
        assertThat(check.getProblemsList())
                .singleElement()
                .satisfies(
                        problem -> assertThat(problem.getCode().name()).isEqualTo("TARGET_PROBLEM_CODE_UNREACHABLE"));
        assertThat(check.toString()).doesNotContain("hunter2");
    }

    @Test
    void an_unknown_target_is_not_found() {
        assertThat(ErrorDetails.of(() -> check("nobody")).reason()).isEqualTo("TARGET_NOT_FOUND");
        assertThat(ErrorDetails.of(() -> check("")).fields()).containsExactly("target");
    }

    @Test
    void a_table_tells_how_it_is_now_also_while_somebody_has_it_for_himself() throws Exception {
        owner.execute(
                "CREATE TABLE state (id int PRIMARY KEY, note text)",
                "INSERT INTO state SELECT i, 'x' FROM generate_series(1, 1000) i");
        // On another session: the first has told its counters when it ends.
        owner.execute("ANALYZE state");
        TableStanding state = table("main", "state");
        assertThat(state.getRows()).isEqualTo(1000);
        assertThat(state.getSize().getTotalBytes())
                .isEqualTo(owner.number("SELECT pg_relation_size('state') + pg_indexes_size('state')"
                        + " + pg_total_relation_size((SELECT reltoastrelid FROM pg_class WHERE relname = 'state'))"));
        assertThat(state.hasLastAnalyze()).isTrue();
        assertThat(state.hasLastVacuum() || state.hasLastAutovacuum()).isFalse();
        try (Connection other = owner.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE state");
            assertThat(table("main", "state").getSize().getEstimated()).isTrue();
        }
    }

    @Test
    void what_has_no_rows_of_its_own_is_refused_with_what_it_is() {
        owner.execute("CREATE TABLE split (at timestamptz) PARTITION BY RANGE (at)");
        assertThat(ErrorDetails.of(() -> table("main", "split")).reason()).isEqualTo("UNSUPPORTED_RELATION");
        owner.execute("CREATE VIEW seen_split AS SELECT at FROM split");
        assertThatThrownBy(() -> table("main", "seen_split")).hasMessageContaining("is a view");
        assertThatThrownBy(() -> table("main", "spilt")).hasMessageContaining("did you mean \"public.split\"?");
        assertThat(ErrorDetails.of(() -> targets.getTable(GetTableRequest.getDefaultInstance()))
                        .fields())
                .containsExactly("target", "table");
    }

    private static TableStanding table(String target, String table) {
        return targets.getTable(GetTableRequest.newBuilder()
                        .setTarget(target)
                        .setTable(TableName.newBuilder().setName(table))
                        .build())
                .getTable();
    }

    private static TargetCheck check(String target) {
        return targets.checkTarget(
                        CheckTargetRequest.newBuilder().setTarget(target).build())
                .getCheck();
    }

    private static void policy(String target) {
        policy(target, ValidationTest.GOOD.getTable().toBuilder());
    }

    private static void policy(String target, TableName.Builder table) {
        PolicyServiceGrpc.newBlockingStub(server.channel())
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .addPolicies(ValidationTest.GOOD.toBuilder()
                                .setTarget(target)
                                .setTable(table))
                        .build());
    }
}
