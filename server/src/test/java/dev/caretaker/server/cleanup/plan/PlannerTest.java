package dev.caretaker.server.cleanup.plan;

import static dev.caretaker.server.cleanup.CleanupBench.ALICE;
import static dev.caretaker.server.cleanup.CleanupBench.NOW;
import static dev.caretaker.server.cleanup.CleanupBench.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.cleanup.CleanupBench.PolicyBuilder;
import dev.caretaker.server.cleanup.plan.facts.DropFacts;
import dev.caretaker.server.cleanup.plan.facts.Facts;
import dev.caretaker.server.cleanup.plan.facts.Measured;
import dev.caretaker.server.cleanup.plan.facts.PolicyFacts;
import dev.caretaker.server.cleanup.plan.facts.Tally;
import dev.caretaker.server.cleanup.plan.kept.Estimate;
import dev.caretaker.server.cleanup.plan.kept.Mechanism;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.policy.StoredPolicy;
import dev.caretaker.server.cleanup.step.RelationState;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Capabilities;
import dev.caretaker.server.target.catalog.Column;
import dev.caretaker.server.target.catalog.ColumnFigures;
import dev.caretaker.server.target.catalog.Index;
import dev.caretaker.server.target.catalog.Relation;
import dev.caretaker.server.target.catalog.RelationKind;
import dev.caretaker.server.target.catalog.TableFacts;
import dev.caretaker.server.target.catalog.XminHolder;
import dev.caretaker.server.target.catalog.XminHorizon;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The planner on facts made by hand: no server, no clock. */
class PlannerTest {
    private static final TableName TABLE = new TableName("public", "jobs");
    private static final long OID = 42;

    private static Column at(double correlation) {
        return new Column(
                "at",
                1,
                "timestamp with time zone",
                1184,
                "timestamp with time zone",
                "pg_catalog.timestamptz",
                'D',
                false,
                false,
                new Column.ColumnStatistics(true, 0, 8, correlation));
    }

    private static Index index(String... columns) {
        return new Index(
                new TableName("public", "jobs_" + String.join("_", columns)),
                "btree",
                true,
                true,
                true,
                false,
                Arrays.stream(columns)
                        .map(column -> new Index.KeyColumn(Optional.of(column), true, true))
                        .toList());
    }

    private static Relation table(double correlation, Index... indexes) {
        return new Relation(
                OID,
                TABLE,
                RelationKind.TABLE,
                Relation.Persistence.PERMANENT,
                "owner",
                Optional.empty(),
                Optional.empty(),
                List.of(at(correlation)),
                ColumnFigures.of(List.of(at(correlation))),
                List.of(indexes),
                List.of(),
                List.of(),
                new Relation.RowSecurity(false, false),
                List.of(),
                true,
                new Relation.Rights(true, true, true, true, true),
                new Relation.Statistics(1_000_000, 0, true),
                new Relation.Size(true, 102_400_000, 102_400_000, 50_000_000));
    }

    private static Planner.Content plan(
            PolicyBuilder builder, Relation table, Measured measured, XminHolder... holders) {
        return Planner.plan(facts(builder, table, measured, holders));
    }

    private static Facts facts(PolicyBuilder builder, Relation table, Measured measured, XminHolder... holders) {
        Policy policy = builder.build();
        TableTree tree =
                new TableTree(new TableFacts(table, List.of(), List.of(), List.of(), List.of()), Map.of(), Set.of());
        PolicyFacts facts = new PolicyFacts(
                new StoredPolicy(policy, "etag", NOW, ALICE),
                NOW.minus(Duration.ofDays(30)),
                "2026-05-16 12:00:00.000000+00",
                tree,
                Map.of(),
                Map.of(OID, new RelationState(OID, TABLE, 4242, "print")),
                Map.of(OID, measured),
                Map.of(),
                Map.of(),
                Set.of(),
                Map.of(),
                DropFacts.NONE,
                Tally.NONE,
                Tally.NONE,
                List.of(),
                List.of());
        return new Facts(
                "keeper",
                NOW,
                new Capabilities(180_000),
                true,
                List.of(facts),
                List.of(policy),
                new XminHorizon(List.of(holders), true));
    }

    private static Mechanism mechanism(Relation table, long eligible) {
        return plan(policy("p", "jobs"), table, Measured.estimated(eligible, 1_000_000))
                .steps()
                .getFirst()
                .mechanism()
                .orElseThrow();
    }

    @Test
    void the_same_facts_make_the_same_plan() {
        Facts facts = facts(policy("p", "jobs"), table(1, index("at")), Measured.estimated(10, 1_000_000));
        assertThat(Planner.plan(facts)).isEqualTo(Planner.plan(facts));
    }

    @Test
    void share_index_and_order_choose_the_mechanism() {
        assertThat(mechanism(table(0.1, index("at")), 201_000)).isEqualTo(Mechanism.BLOCK_RANGE);
        assertThat(mechanism(table(0.95, index("at")), 900_000)).isEqualTo(Mechanism.INDEX_RANGE);
        assertThat(mechanism(table(-0.95, index("at")), 900_000)).isEqualTo(Mechanism.INDEX_RANGE);
        assertThat(mechanism(table(0.95), 10_000)).isEqualTo(Mechanism.ROW_LIST);
        assertThat(mechanism(table(0.95), 201_000)).isEqualTo(Mechanism.BLOCK_RANGE);
        assertThat(mechanism(table(0.95, index("other", "at")), 10)).isEqualTo(Mechanism.ROW_LIST);
    }

    /** The table has 12,500 pages. */
    @Test
    void an_index_that_would_come_to_the_same_pages_again_and_again_is_not_followed() {
        assertThat(mechanism(table(0.1, index("at")), 6_000)).isEqualTo(Mechanism.INDEX_RANGE);
        assertThat(mechanism(table(0.1, index("at")), 7_000)).isEqualTo(Mechanism.ROW_LIST);
        assertThat(mechanism(table(0.1, index("at")), 50_000)).isEqualTo(Mechanism.ROW_LIST);
        assertThat(mechanism(table(0.1, index("at")), 51_000)).isEqualTo(Mechanism.BLOCK_RANGE);
        assertThat(mechanism(table(0.85, index("at")), 20_000)).isEqualTo(Mechanism.INDEX_RANGE);
    }

    @Test
    void rows_that_lie_together_touch_fewer_pages_and_cost_less_wal() {
        Measured measured = Measured.estimated(30_000, 1_000_000);
        Estimate clustered = plan(policy("p", "jobs"), table(1), measured).total();
        Estimate scattered = plan(policy("p", "jobs"), table(0), measured).total();
        assertThat(clustered.walBytes()).isBetween(4_000_000L, 6_000_000L);
        assertThat(scattered.walBytes()).isBetween(80_000_000L, 110_000_000L);
        assertThat(scattered.duration()).isGreaterThan(clustered.duration());
    }

    @Test
    void a_probe_overrules_the_constants() {
        Measured.Probe probe = new Measured.Probe(200, Duration.ofMillis(20), 20_000, List.of());
        Measured measured = new Measured(1_000, true, false, 1_000_000, Optional.of(probe), Optional.empty());
        Estimate estimate =
                plan(policy("p", "jobs"), table(1), measured).steps().getFirst().estimate();
        assertThat(estimate.walBytes()).isEqualTo(100_000);
        assertThat(estimate.duration()).isEqualTo(Duration.ofMillis(100));
        assertThat(estimate.source()).isEqualTo(Estimate.Source.PROBE);
        assertThat(estimate.rowsExact()).isTrue();
    }

    @Test
    void nothing_counted_makes_no_step() {
        Measured nothing = new Measured(0, true, false, 1_000_000, Optional.empty(), Optional.empty());
        Planner.Content content = plan(policy("p", "jobs"), table(1), nothing);
        assertThat(content.steps()).isEmpty();
        assertThat(content.warnings()).isEmpty();
    }

    @Test
    void only_old_snapshots_are_worth_a_warning() {
        Instant longAgo = NOW.minus(Duration.ofMinutes(6));
        Measured some = Measured.estimated(10, 1_000_000);
        Planner.Content content = plan(
                policy("p", "jobs"),
                table(1, index("at")),
                some,
                new XminHolder(XminHolder.Kind.BACKEND, "77", "idle in transaction", 5, Optional.of(longAgo)),
                new XminHolder(XminHolder.Kind.BACKEND, "78", "active", 5, Optional.of(NOW)),
                new XminHolder(XminHolder.Kind.SLOT, "o'slot", "not in use", 200_000, Optional.empty()),
                new XminHolder(XminHolder.Kind.SLOT, "fresh", "in use", 200, Optional.empty()));
        assertThat(content.warnings())
                .filteredOn(warning -> warning.code() == Code.XMIN_HELD)
                .extracting(PlanWarning::remediationSql)
                .containsExactly("SELECT pg_terminate_backend(77);", "SELECT pg_drop_replication_slot('o''slot');");
    }

    @Test
    void counts_that_took_too_long_and_stale_statistics_are_told() {
        Measured slow = new Measured(10, false, true, 1_000_000, Optional.empty(), Optional.of("because"));
        assertThat(plan(policy("p", "jobs"), table(1), slow).warnings())
                .extracting(PlanWarning::code)
                .contains(Code.COUNT_TIMEOUT, Code.PROBE_SKIPPED, Code.NO_INDEX);
    }
}
