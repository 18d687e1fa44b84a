package dev.caretaker.server.cleanup.policy;

import static dev.caretaker.server.cleanup.CleanupBench.ALICE;
import static dev.caretaker.server.cleanup.CleanupBench.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.caretaker.server.cleanup.CleanupBench;
import dev.caretaker.server.cleanup.CleanupBench.PolicyBuilder;
import dev.caretaker.server.cleanup.policy.AppliedPolicy.Result;
import dev.caretaker.server.cleanup.policy.Constant.Kind;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.FieldViolation;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PoliciesTest {
    private Database db;
    private CleanupBench bench;

    @BeforeAll
    void start() {
        db = TestPostgres.newest().database();
        db.execute(
                "CREATE TYPE \"Mood\" AS ENUM ('good', 'so so')",
                "CREATE DOMAIN stamp AS timestamptz",
                "CREATE TABLE kept (at timestamptz, ts timestamp, d date, s int, ms bigint, id uuid, stamped stamp,"
                        + " i2 smallint, o oid, n numeric(10,2), f real, b boolean, t text, v varchar(3), c char(3), nm name,"
                        + " ip inet, mood \"Mood\", j jsonb)",
                "CREATE TABLE \"a \"\" b.c; DROP TABLE kept; --ü\" (\"Zeit \"\"ü\" timestamptz)",
                "CREATE VIEW kept_view AS SELECT * FROM kept",
                "CREATE MATERIALIZED VIEW kept_copy AS SELECT * FROM kept",
                "CREATE EXTENSION postgres_fdw",
                "CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw",
                "CREATE FOREIGN TABLE kept_far (at timestamptz) SERVER far",
                "CREATE SEQUENCE kept_numbers",
                "CREATE INDEX kept_index ON kept (at)",
                "CREATE TABLE ruled (at timestamptz)",
                "CREATE RULE keep AS ON DELETE TO ruled DO INSTEAD NOTHING",
                "CREATE SCHEMA elsewhere",
                "CREATE TABLE elsewhere.only_there (at timestamptz)",
                "CREATE TABLE parent (at timestamptz)",
                "CREATE TABLE child () INHERITS (parent)");
        bench = CleanupBench.start(db);
    }

    @AfterAll
    void stop() {
        bench.close();
    }

    private List<FieldViolation> violations(PolicyBuilder... policies) {
        List<PolicyChange> changes = Arrays.stream(policies)
                .map(policy -> new PolicyChange(policy.build(), Optional.empty()))
                .toList();
        try {
            bench.policies().apply(changes, ALICE, true);
            return List.of();
        } catch (CaretakerException e) {
            assertThat(e.reason()).isEqualTo(Reason.INVALID_FIELD);
            return e.violations();
        }
    }

    private static Filter compare(String column, Kind kind, String text) {
        return new Filter.Compare(column, Filter.Operator.EQUAL, new Constant(kind, text));
    }

    @Test
    void whoever_changed_a_policy_is_kept_as_told_even_without_a_name() {
        Actor nobody = new Actor("", false);
        bench.policies()
                .apply(List.of(new PolicyChange(policy("anon", "kept").build(), Optional.empty())), nobody, false);
        assertThat(bench.policies().get(Optional.empty(), "anon").updatedBy()).isEqualTo(nobody);
        bench.policies().delete(Optional.empty(), "anon", Optional.empty(), nobody);
    }

    @Test
    void a_policy_is_created_left_alone_updated_and_deleted() {
        List<PolicyChange> first =
                List.of(new PolicyChange(policy("life", "kept").build(), Optional.empty()));
        AppliedPolicy created = bench.policies().apply(first, ALICE, false).getFirst();
        assertThat(created.result()).isEqualTo(Result.CREATED);
        assertThat(bench.policies().get(Optional.empty(), "life")).isEqualTo(created.policy());
        bench.clock().moveBy(Duration.ofMinutes(1));
        AppliedPolicy same = bench.policies().apply(first, ALICE, false).getFirst();
        assertThat(same.result()).isEqualTo(Result.UNCHANGED);
        assertThat(same.policy()).isEqualTo(created.policy());

        Policy longer = policy("life", "kept")
                .days(60)
                .where(new Filter.Not(compare("t", Kind.STRING, "it's")))
                .build();
        Optional<String> etag = Optional.of(created.policy().etag());
        assertThat(bench.policies()
                        .apply(List.of(new PolicyChange(longer, etag)), ALICE, true)
                        .getFirst()
                        .result())
                .isEqualTo(Result.UPDATED);
        assertThat(bench.policies().get(Optional.empty(), "life")).isEqualTo(created.policy());
        bench.policies().apply(List.of(new PolicyChange(longer, etag)), ALICE, false);
        assertThat(bench.policies().get(Optional.empty(), "life").policy()).isEqualTo(longer);

        assertThatThrownBy(() -> bench.policies().apply(List.of(new PolicyChange(longer, etag)), ALICE, false))
                .hasMessageContaining("changed by somebody else");
        assertThatThrownBy(() -> bench.policies().delete(Optional.empty(), "life", etag, ALICE))
                .hasMessageContaining("changed by somebody else");
        bench.policies().delete(Optional.empty(), "life", Optional.empty(), ALICE);
        assertThatThrownBy(() -> bench.policies().get(Optional.empty(), "life")).hasMessageContaining("\"life\"");
    }

    @Test
    void all_are_stored_or_none() {
        List<PolicyChange> changes = List.of(
                new PolicyChange(policy("good", "kept").build(), Optional.empty()),
                new PolicyChange(policy("stale", "kept").build(), Optional.of("gone")));
        assertThatThrownBy(() -> bench.policies().apply(changes, ALICE, false)).hasMessageContaining("stale");
        assertThatThrownBy(() -> bench.policies().get(Optional.empty(), "good")).hasMessageContaining("good");
    }

    @Test
    void pages_go_on_where_the_last_ended() {
        for (String name : List.of("page-c", "page-a", "page-b")) {
            bench.apply(policy(name, "kept"));
        }
        Policies.PolicyPage first = bench.policies().list(Optional.of("shop"), 2, Optional.of("page"));
        assertThat(first.policies())
                .extracting(stored -> stored.policy().name())
                .containsExactly("page-a", "page-b");
        Policies.PolicyPage second = bench.policies().list(Optional.of("shop"), 2, first.nextPageToken());
        assertThat(second.policies())
                .extracting(stored -> stored.policy().name())
                .startsWith("page-c");
        assertThat(bench.policies()
                        .list(Optional.of("other"), 2, Optional.empty())
                        .policies())
                .isEmpty();
    }

    private void apply(Set<String> pruned, Policy... policies) {
        bench.policies()
                .apply(
                        Arrays.stream(policies)
                                .map(policy -> new PolicyChange(policy, Optional.empty()))
                                .toList(),
                        pruned,
                        ALICE,
                        false);
    }

    private List<String> names(String target) {
        return bench.policies().ofTarget(target).stream()
                .map(stored -> stored.policy().name())
                .toList();
    }

    @Test
    void two_targets_may_each_have_a_policy_of_one_name() {
        apply(
                Set.of(),
                policy("twin", "kept").build(),
                policy("twin", "kept").at("branch").days(60).build());

        assertThat(bench.policies().get(Optional.of("shop"), "twin").policy().target())
                .isEqualTo("shop");
        assertThat(bench.policies().get(Optional.of("branch"), "twin").policy().target())
                .isEqualTo("branch");
        assertThatThrownBy(() -> bench.policies().get(Optional.empty(), "twin"))
                .hasMessage("target: is needed, because several targets have a policy \"twin\": branch, shop");
        List<String> places = new ArrayList<>();
        Optional<String> token = Optional.of("twim");
        do {
            Policies.PolicyPage page = bench.policies().list(Optional.empty(), 1, token);
            page.policies().stream()
                    .map(StoredPolicy::policy)
                    .forEach(policy -> places.add(policy.target() + "/" + policy.name()));
            token = page.nextPageToken();
        } while (token.isPresent());
        assertThat(places).startsWith("branch/twin", "shop/twin");

        bench.policies().delete(Optional.of("shop"), "twin", Optional.empty(), ALICE);
        assertThat(bench.policies().get(Optional.empty(), "twin").policy().target())
                .isEqualTo("branch");
        apply(Set.of("branch"));
    }

    @Test
    void pruning_removes_what_is_not_applied_of_the_targets_that_are_named_and_nothing_else() {
        apply(
                Set.of(),
                policy("stays", "kept").at("branch").build(),
                policy("goes", "kept").at("branch").build(),
                policy("far", "kept").build());
        Policy stays = policy("stays", "kept").at("branch").build();

        List<PolicyChange> changes = List.of(new PolicyChange(stays, Optional.empty()));
        assertThat(bench.policies().apply(changes, Set.of("branch"), ALICE, true))
                .extracting(applied -> applied.policy().policy().name(), AppliedPolicy::result)
                .containsExactly(tuple("stays", Result.UNCHANGED), tuple("goes", Result.DELETED));
        assertThat(names("branch")).as("nothing was stored").containsExactly("goes", "stays");
        apply(Set.of("branch"), stays);
        assertThat(names("branch")).containsExactly("stays");
        assertThat(names("shop")).contains("far");
        apply(Set.of("branch"));
        assertThat(names("branch")).isEmpty();
    }

    @Test
    void a_policy_is_suggested_by_what_the_table_is_and_can_be_applied() {
        db.execute(
                "CREATE TABLE \"JobRuns\" (id int PRIMARY KEY, expires_at timestamptz, created_at timestamptz NOT NULL,"
                        + " \"EndTime\" timestamp, \"Mood status\" \"Mood\", owner_status int)",
                "CREATE INDEX ON \"JobRuns\" (\"EndTime\")",
                "CREATE INDEX ON \"JobRuns\" (expires_at)",
                "CREATE TABLE job_logs (run int REFERENCES \"JobRuns\" ON DELETE CASCADE)",
                "CREATE TABLE job_bills (run int REFERENCES \"JobRuns\")",
                "CREATE TABLE samples (clock bigint, response_time bigint, created_by bigint, seen_ms bigint)",
                "CREATE TABLE cut (at date, created_at timestamptz) PARTITION BY RANGE (at)",
                "CREATE TABLE timeless (id bigint, response_time bigint)");
        PolicySuggestion runs = suggested("JobRuns");
        assertThat(runs.policy().name()).isEqualTo("job-runs");
        assertThat(runs.policy().timeColumn())
                .isEqualTo(new TimeColumn("EndTime", TimeColumn.Kind.TIMESTAMP, Optional.of(ZoneOffset.UTC)));
        assertThat(runs.notes())
                .anyMatch(note -> note.contains("\"created_at\", \"expires_at\""))
                .anyMatch(note -> note.contains("public.job_bills"));
        assertThat(runs.cascades()).extracting(TableName::name).containsExactly("job_logs");
        assertThat(runs.state().orElseThrow().values())
                .extracting(Constant::text)
                .containsExactly("good", "so so");
        assertThat(suggested("samples").policy().timeColumn().name()).isEqualTo("clock");
        assertThat(suggested("cut").policy().timeColumn().name()).isEqualTo("at");
        assertThatThrownBy(() -> suggested("timeless")).hasMessageContaining("how old a row is");
        assertThatThrownBy(() -> suggested("kept_view")).hasMessageContaining("is a view");

        bench.policies().apply(List.of(new PolicyChange(runs.policy(), Optional.empty())), ALICE, false);
        assertThat(suggested("JobRuns").policy().name()).isEqualTo("job-runs-2");
        bench.policies().delete(Optional.empty(), "job-runs", Optional.empty(), ALICE);
    }

    private PolicySuggestion suggested(String table) {
        return bench.suggestions().suggest("shop", new TableName("public", table));
    }

    @Test
    void tables_that_deletes_may_cascade_to_exist() {
        assertThat(violations(policy("one", "kept").allowCascadeTo("kept"))).isEmpty();
        assertThat(violations(policy("two", "kept").allowCascadeTo("kept", "kpet")))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.field()).isEqualTo("policies[0].cascade_to[1]");
                    assertThat(violation.description())
                            .isEqualTo("target shop has no table \"public.kpet\"; did you mean \"public.kept\"?");
                });
    }

    @Test
    void slips_are_answered_with_what_was_probably_meant() {
        bench.apply(policy("well-known", "kept"));
        assertThat(violations(
                        policy("one", "kept").at("shpo"),
                        policy("two", "kpet"),
                        policy("three", "kept").by("AT", TimeColumn.Kind.TIMESTAMPTZ),
                        policy("four", "only_there")))
                .extracting(FieldViolation::description)
                .satisfiesExactly(
                        target -> assertThat(target).endsWith("did you mean \"shop\"?"),
                        table -> assertThat(table).endsWith("did you mean \"public.kept\"?"),
                        column -> assertThat(column).endsWith("did you mean \"at\"?"),
                        schema -> assertThat(schema).endsWith("did you mean \"elsewhere.only_there\"?"));
        assertThatThrownBy(() -> bench.policies().get(Optional.of("shop"), "well-knwon"))
                .hasMessage("Target shop has no policy \"well-knwon\"; did you mean \"well-known\"?");
    }

    @Test
    void everything_that_does_not_exist_is_named() {
        assertThat(violations(
                        policy("one", "kept").at("nowhere"),
                        policy("two", "missing"),
                        policy("three", "kept").by("gone", TimeColumn.Kind.DATE, "UTC"),
                        policy("four", "kept").where(new Filter.And(List.of(new Filter.IsNull("lost")))),
                        policy("five", "pg_class").in("pg_catalog"),
                        policy("five", "kept")))
                .extracting(FieldViolation::field)
                .containsExactly(
                        "policies[0].target",
                        "policies[1].table.name",
                        "policies[2].time_column.name",
                        "policies[3].filter.and.filters[0].is_null.column",
                        "policies[4].table.schema",
                        "policies[5].name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a \" b.c; DROP TABLE kept; --ü"})
    void names_are_taken_as_they_are(String table) {
        PolicyBuilder odd = policy("odd", table).by("Zeit \"ü", TimeColumn.Kind.TIMESTAMPTZ);
        assertThat(violations(odd)).isEmpty();
        assertThat(bench.plan(true, false, odd).total().rows()).isZero();
        assertThat(db.number("SELECT count(*) FROM kept")).isZero();
    }

    @ParameterizedTest(name = "{0} as {1}: {3}")
    @CsvSource({
        "at, TIMESTAMPTZ, , true",
        "stamped, TIMESTAMPTZ, , true",
        "ts, TIMESTAMP, UTC, true",
        "d, DATE, UTC, true",
        "s, EPOCH_SECONDS, , true",
        "ms, EPOCH_MICROS, , true",
        "id, UUID_V7, , true",
        "ts, TIMESTAMPTZ, , false",
        "at, TIMESTAMP, UTC, false",
        "at, DATE, UTC, false",
        "s, EPOCH_MILLIS, , false",
        "i2, EPOCH_SECONDS, , false",
        "n, EPOCH_SECONDS, , false",
        "t, UUID_V7, , false"
    })
    void a_time_columns_kind_fits_its_type(String column, TimeColumn.Kind kind, String zone, boolean fits) {
        PolicyBuilder builder = zone == null
                ? policy("kinds", "kept").by(column, kind)
                : policy("kinds", "kept").by(column, kind, zone);
        List<String> fields =
                violations(builder).stream().map(FieldViolation::field).toList();
        assertThat(fields).isEqualTo(fits ? List.of() : List.of("policies[0].time_column.kind"));
    }

    @ParameterizedTest(name = "{0} {1} {2}: {3}")
    @CsvSource({
        "i2, INT64, 32767, true",
        "i2, INT64, 32768, false",
        "i2, STRING, 1, false",
        "s, INT64, -2147483649, false",
        "ms, INT64, 9223372036854775807, true",
        "o, INT64, 4294967295, true",
        "o, INT64, -1, false",
        "n, STRING, 123456789012345678901234567890.5, true",
        "n, INT64, 5, true",
        "n, STRING, NaN, false",
        "n, DOUBLE, 1.5, false",
        "f, DOUBLE, 1.5, true",
        "f, DOUBLE, 1e300, false",
        "f, DOUBLE, NaN, false",
        "b, BOOL, true, true",
        "b, STRING, true, false",
        "t, STRING, anything, true",
        "v, STRING, longer than three, true",
        "c, STRING, longer, true",
        "nm, STRING, short, true",
        "nm, STRING, 0123456789012345678901234567890123456789012345678901234567890123, false",
        "id, STRING, 018b5555-0000-7000-8000-000000000000, true",
        "id, STRING, 018b5555, false",
        "ip, STRING, 10.0.0.1/8, true",
        "ip, STRING, 10.0.0.256, false",
        "ip, STRING, 10.0.0.1/33, false",
        "ip, STRING, 2001:db8::1/64, true",
        "mood, STRING, so so, true",
        "mood, STRING, bad, false",
        "at, TIMESTAMP, 2026-01-01T00:00:00Z, true",
        "ts, TIMESTAMP, 2026-01-01T00:00:00Z, false",
        "j, STRING, {}, false"
    })
    void a_filters_value_fits_its_column(String column, Kind kind, String text, boolean fits) {
        PolicyBuilder builder = policy("values", "kept").where(compare(column, kind, text));
        assertThat(violations(builder))
                .extracting(FieldViolation::field)
                .isEqualTo(fits ? List.of() : List.of("policies[0].filter.comparison.value"));
        if (fits) {
            assertThat(bench.plan(true, false, builder).total().rows()).isZero();
        }
    }

    @Test
    void types_whose_operators_are_not_built_in_are_refused() {
        db.execute("CREATE EXTENSION citext", "CREATE TABLE soft (at timestamptz, word citext)");
        assertThat(violations(policy("soft", "soft")
                        .where(new Filter.In("word", List.of(new Constant(Kind.STRING, "a"))))))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.field()).isEqualTo("policies[0].filter.in.values[0]");
                    assertThat(violation.description()).contains("citext");
                });
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "kept_view, is a view",
        "kept_copy, is a materialized view",
        "kept_far, is a foreign table",
        "kept_numbers, is a sequence",
        "kept_index, is an index",
        "ruled, has rewrite rule \"\"keep\"\"",
        "parent, has inheritance children"
    })
    void what_a_policy_cannot_clean_is_refused_by_its_kind(String table, String why) {
        assertThat(violations(policy("kind", table))).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo("policies[0].table.name");
            assertThat(violation.description()).contains(table).contains(why.replace("\"\"", "\""));
        });
    }

    @ParameterizedTest
    @CsvSource({"pg_catalog, pg_class", "information_schema, sql_parts", "pg_toast, pg_toast_1255", "pg_temp_1, t"})
    void system_tables_are_no_matter_of_policies(String schema, String table) {
        assertThat(violations(policy("system", table).in(schema)))
                .extracting(FieldViolation::field)
                .containsExactly("policies[0].table.schema");
    }

    @Test
    void policies_that_contradict_each_other_are_applied_with_a_warning() {
        bench.apply(policy("short", "kept").by("d", TimeColumn.Kind.DATE, "UTC"));
        AppliedPolicy pointless = bench.policies()
                .apply(
                        List.of(new PolicyChange(
                                policy("long", "kept")
                                        .by("d", TimeColumn.Kind.DATE, "UTC")
                                        .days(90)
                                        .build(),
                                Optional.empty())),
                        ALICE,
                        false)
                .getFirst();
        assertThat(pointless.warnings()).singleElement().asString().contains("short", "long");
    }
}
