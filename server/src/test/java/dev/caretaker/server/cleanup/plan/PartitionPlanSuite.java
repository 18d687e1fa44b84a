package dev.caretaker.server.cleanup.plan;

import static dev.caretaker.server.cleanup.CleanupBench.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.cleanup.CleanupBench;
import dev.caretaker.server.cleanup.plan.facts.PolicyReach;
import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.server.cleanup.plan.kept.PlannedLock;
import dev.caretaker.server.cleanup.plan.kept.PlannedStep;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.store.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Plans of partitioned tables: what is dropped, and what is cleaned by rows. */
interface PartitionPlanSuite extends OnPlans {
    @Test
    default void whole_partitions_are_dropped_and_young_ones_left_out() {
        monthly("ev");
        Plan plan = bench().plan(policy("ev", "ev"));
        assertThat(work(plan)).containsExactly("DROP_PARTITION ev_03", "BLOCK_RANGE ev_05", "VACUUM ev_05");
        PlannedStep drop = plan.steps().getFirst();
        assertThat(drop.estimate().bytesReturned()).isPositive();
        assertThat(drop.estimate().bytesReusable()).isZero();
        assertThat(drop.estimate().rows()).isEqualTo(744);
        assertThat(drop.sql())
                .containsExactly(
                        "ALTER TABLE \"public\".\"ev\" DETACH PARTITION \"public\".\"ev_03\" CONCURRENTLY",
                        "DROP TABLE \"public\".\"ev_03\"");
        assertThat(drop.locks())
                .extracting(PlannedLock::mode)
                .containsExactly("ACCESS EXCLUSIVE", "SHARE UPDATE EXCLUSIVE");
    }

    @Test
    default void the_recipe_for_an_index_on_partitions_works_as_pasted() {
        monthly("ev_bare");
        Plan bare = bench().plan(policy("bare", "ev_bare"));
        db().execute(warning(bare, Code.NO_INDEX).remediationSql().split("\n"));
        Plan served = bench().plan(policy("bare", "ev_bare"));
        assertThat(codes(served)).doesNotContain(Code.NO_INDEX);
        assertThat(work(served)).contains("INDEX_RANGE ev_bare_05");
        assertThat(db().value("SELECT bool_and(indisvalid) FROM pg_index WHERE indrelid = 'ev_bare'::regclass"))
                .isEqualTo(true);
    }

    @Test
    default void the_recipe_reaches_every_level_and_shows_no_more_than_a_reader_needs() {
        db().execute(
                        "CREATE TABLE layered (id bigint, at timestamptz) PARTITION BY HASH (id)",
                        "CREATE TABLE layered_0 PARTITION OF layered FOR VALUES WITH (MODULUS 2, REMAINDER 0) PARTITION BY"
                                + " HASH (id)",
                        "CREATE TABLE layered_1 PARTITION OF layered FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                        "CREATE TABLE layered_00 PARTITION OF layered_0 FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
                        "INSERT INTO layered SELECT i, timestamptz '2026-01-01Z' FROM generate_series(1, 100) AS i",
                        "ANALYZE layered");
        db().execute(warning(bench().plan(policy("layered", "layered")), Code.NO_INDEX)
                .remediationSql()
                .split("\n"));
        assertThat(codes(bench().plan(policy("layered", "layered")))).doesNotContain(Code.NO_INDEX);
        assertThat(db().value("SELECT bool_and(indisvalid) FROM pg_index WHERE indrelid IN ('layered'::regclass,"
                        + " 'layered_0'::regclass)"))
                .isEqualTo(true);

        db().execute("CREATE TABLE wide (id bigint, at timestamptz) PARTITION BY HASH (id)");
        for (int i = 0; i < 12; i++) {
            db().execute("CREATE TABLE wide_" + i + " PARTITION OF wide FOR VALUES WITH (MODULUS 12, REMAINDER " + i
                    + ")");
        }
        db().execute(
                        "INSERT INTO wide SELECT i, timestamptz '2026-01-01Z' FROM generate_series(1, 100) AS i",
                        "ANALYZE wide");
        String[] recipe = warning(bench().plan(policy("wide", "wide")), Code.NO_INDEX)
                .remediationSql()
                .split("\n");
        assertThat(recipe).hasSize(1 + 2 * 5 + 1);
        assertThat(recipe[0]).contains("ON ONLY \"public\".\"wide\"");
        assertThat(recipe[11])
                .isEqualTo("-- and so on for 7 more partitions; the parent's index is valid once all are attached");
    }

    @Test
    default void foreign_partitions_are_left_out_and_named_where_they_may_be_old() {
        monthly("evx");
        db().execute(
                        "CREATE EXTENSION IF NOT EXISTS postgres_fdw",
                        "CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'localhost', port '1')",
                        "CREATE USER MAPPING FOR CURRENT_USER SERVER elsewhere OPTIONS (user 'nobody', password 'none')",
                        "CREATE FOREIGN TABLE evx_07 PARTITION OF evx FOR VALUES FROM ('2026-07-01Z') TO (MAXVALUE)"
                                + " SERVER elsewhere");
        Plan plan = bench().plan(policy("evx", "evx"));
        assertThat(work(plan)).containsExactly("DROP_PARTITION evx_03", "BLOCK_RANGE evx_05", "VACUUM evx_05");
        assertThat(warning(plan, Code.COUNT_TIMEOUT).message()).contains("could not connect");
        assertThat(codes(plan)).doesNotContain(Code.FOREIGN_PARTITION);

        db().execute("CREATE FOREIGN TABLE evx_01 PARTITION OF evx FOR VALUES FROM ('2026-01-01Z') TO ('2026-02-01Z')"
                + " SERVER elsewhere");
        plan = bench().plan(policy("evx", "evx"));
        assertThat(work(plan)).containsExactly("DROP_PARTITION evx_03", "BLOCK_RANGE evx_05", "VACUUM evx_05");
        assertThat(warning(plan, Code.FOREIGN_PARTITION).message())
                .isEqualTo(
                        "Rows of public.evx_01 stay, however old they are: only local tables are cleaned, and this is"
                                + " a foreign one.");
    }

    @Test
    default void old_rows_of_a_foreign_partition_are_not_late_for_a_cleanup_leaves_them_out() throws SQLException {
        monthly("evy");
        db().execute(
                        "CREATE EXTENSION IF NOT EXISTS postgres_fdw",
                        "CREATE TABLE evy_archive (id bigint, at timestamptz)",
                        "INSERT INTO evy_archive VALUES (1, '2026-01-05Z')",
                        "CREATE SERVER archive FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '" + server().host()
                                + "', port '" + server().port() + "', dbname '" + db().name() + "')",
                        "CREATE USER MAPPING FOR CURRENT_USER SERVER archive OPTIONS (user '" + db().user()
                                + "', password '" + db().password() + "')",
                        "CREATE FOREIGN TABLE evy_01 PARTITION OF evy FOR VALUES FROM ('2026-01-01Z') TO ('2026-02-01Z')"
                                + " SERVER archive OPTIONS (table_name 'evy_archive')");
        try (Connection connection = db().connect()) {
            PolicyReach reach = PolicyReach.read(
                            connection, policy("evy", "evy").build(), CleanupBench.NOW.minus(Duration.ofDays(30)))
                    .orElseThrow();
            String oldest = SqlFragment.of("SELECT CAST(min(t.at) AT TIME ZONE 'UTC' AS text) FROM evy AS t WHERE ")
                    .then("", reach.eligible())
                    .statement()
                    .one(connection, row -> row.getString(1));
            assertThat(oldest).isEqualTo("2026-03-01 00:00:00");
        }
    }

    @Test
    default void a_default_partition_makes_the_detach_block_and_is_itself_cleaned_by_rows() {
        monthly("evd");
        db().execute(
                        "CREATE TABLE evd_rest PARTITION OF evd DEFAULT",
                        "INSERT INTO evd VALUES (1, NULL), (2, '2020-01-01Z')",
                        "ANALYZE evd");
        Plan plan = bench().plan(true, false, policy("evd", "evd"));
        assertThat(work(plan)).contains("DROP_PARTITION evd_03", "BLOCK_RANGE evd_rest");
        assertThat(codes(plan)).contains(Code.BLOCKING_DETACH, Code.NEVER_ELIGIBLE_ROWS);
        assertThat(plan.steps().getFirst().locks())
                .contains(new PlannedLock(
                        new TableName("public", "evd_rest"), "ACCESS EXCLUSIVE", "briefly, for DETACH"));
    }

    @Test
    default void a_filter_a_trigger_or_a_cascade_keeps_a_partition_from_being_dropped() {
        monthly("evf");
        Plan filtered = bench().plan(policy("evf", "evf").where(equal("id", 7)));
        assertThat(drops(filtered)).isEmpty();
        assertThat(filtered.steps().getFirst().reason()).contains("the policy's filter may spare rows of it");

        monthly("evt");
        db().execute("CREATE TRIGGER noted AFTER DELETE ON evt FOR EACH ROW EXECUTE FUNCTION noted()");
        Plan triggered = bench().plan(policy("evt", "evt"));
        assertThat(drops(triggered)).isEmpty();
        assertThat(warning(triggered, Code.DELETE_TRIGGER).message())
                .endsWith(": noted (AFTER each row, public.noted).");

        monthly("evc");
        db().execute(
                        "DELETE FROM evc a USING evc b WHERE a.ctid < b.ctid AND (a.id, a.at) = (b.id, b.at)",
                        "ALTER TABLE evc ADD PRIMARY KEY (id, at)",
                        "CREATE TABLE evc_child (e bigint, at timestamptz,"
                                + " FOREIGN KEY (e, at) REFERENCES evc ON DELETE CASCADE)");
        Plan cascading = bench().plan(policy("evc", "evc"));
        assertThat(drops(cascading)).isEmpty();
        assertThat(cascading.steps().getFirst().reason()).contains("ON DELETE CASCADE");
    }

    @Test
    default void subtrees_drop_as_one_and_bounds_of_other_columns_prove_nothing() {
        db().execute(
                        "CREATE TABLE deep (at timestamptz, kind text, other timestamptz) PARTITION BY RANGE (at)",
                        "CREATE TABLE deep_old PARTITION OF deep FOR VALUES FROM ('2026-01-01Z') TO ('2026-02-01Z')"
                                + " PARTITION BY LIST (kind)",
                        "CREATE TABLE deep_old_a PARTITION OF deep_old FOR VALUES IN ('a')",
                        "CREATE TABLE deep_old_b PARTITION OF deep_old DEFAULT",
                        partition("deep", "new", "2026-06-01Z", "2026-07-01Z"),
                        "INSERT INTO deep SELECT timestamptz '2026-01-01Z' + i * interval '1 minute', 'a'"
                                + " FROM generate_series(1, 100) i",
                        "ANALYZE deep");
        Plan whole = bench().plan(policy("deep", "deep"));
        assertThat(work(whole)).containsExactly("DROP_PARTITION deep_old");
        Plan other = bench().plan(policy("deep-other", "deep").by("other", TimeColumn.Kind.TIMESTAMPTZ));
        assertThat(drops(other)).isEmpty();
    }

    @Test
    default void what_one_policy_drops_another_does_not_delete() {
        monthly("evs");
        Plan plan = bench().plan(policy("evs-some", "evs").days(7).where(equal("id", 1)), policy("evs-all", "evs"));
        assertThat(work(plan).stream().filter(step -> step.endsWith("evs_03")))
                .containsExactly("DROP_PARTITION evs_03");
        assertThat(plan.steps().getFirst().policy()).isEqualTo("evs-all");
    }

    @Test
    default void a_lowest_partition_without_a_lower_bound_may_hold_minus_infinity_and_is_not_dropped() {
        db().execute(
                        "CREATE TABLE lowest (at timestamp) PARTITION BY RANGE (at)",
                        "CREATE TABLE lowest_1 PARTITION OF lowest FOR VALUES FROM (MINVALUE) TO ('2026-01-01')",
                        partition("lowest", "2", "2026-01-01", "2026-02-01"),
                        "INSERT INTO lowest VALUES ('-infinity'), ('2025-01-01'), ('2026-01-15')");
        Plan plan = bench().plan(policy("lowest", "lowest").by("at", TimeColumn.Kind.TIMESTAMP, "Europe/Berlin"));
        assertThat(drops(plan)).containsExactly("DROP_PARTITION lowest_2");
        assertThat(codes(plan)).contains(Code.NEVER_ELIGIBLE_ROWS, Code.STALE_STATISTICS);
        db().execute("DELETE FROM lowest WHERE at = '-infinity'");
        Plan without = bench().plan(policy("lowest", "lowest").by("at", TimeColumn.Kind.TIMESTAMP, "Europe/Berlin"));
        assertThat(drops(without))
                .as("a look into it finds none")
                .containsExactly("DROP_PARTITION lowest_1", "DROP_PARTITION lowest_2");
    }

    @Test
    default void partitions_of_epochs_are_dropped_and_those_of_uuids_are_not() {
        db().execute(
                        "CREATE TABLE ticks (ms bigint) PARTITION BY RANGE (ms)",
                        "CREATE TABLE ticks_1 PARTITION OF ticks FOR VALUES FROM (-5) TO (1700000000000)",
                        "CREATE TABLE ticks_2 PARTITION OF ticks FOR VALUES FROM (1700000000000) TO (1760000000000)",
                        "CREATE TABLE ticks_3 PARTITION OF ticks FOR VALUES FROM (1760000000000) TO (1800000000000)",
                        "CREATE TABLE ids (id uuid) PARTITION BY RANGE (id)",
                        "CREATE TABLE ids_1 PARTITION OF ids FOR VALUES FROM ('018b0000-0000-0000-0000-000000000000') TO"
                                + " ('018c0000-0000-0000-0000-000000000000')",
                        "INSERT INTO ids VALUES ('018b5555-0000-7000-8000-000000000000'),"
                                + " ('018b5555-0000-4000-8000-000000000000')");
        Plan epochs = bench().plan(policy("ticks", "ticks").by("ms", TimeColumn.Kind.EPOCH_MILLIS));
        assertThat(drops(epochs)).containsExactly("DROP_PARTITION ticks_1", "DROP_PARTITION ticks_2");
        Plan uuids = bench().plan(true, false, policy("ids", "ids").by("id", TimeColumn.Kind.UUID_V7));
        assertThat(drops(uuids)).isEmpty();
        assertThat(uuids.total().rows()).isEqualTo(1);
        assertThat(warning(uuids, Code.NEVER_ELIGIBLE_ROWS).evidence()).containsEntry("rows", "1");
    }

    @Test
    default void a_published_table_without_identity_blocks_and_drops_do_not_reach_subscribers() {
        monthly("evp");
        db().execute("CREATE PUBLICATION evp_pub FOR TABLE evp");
        Plan plan = bench().plan(policy("evp", "evp"));
        assertThat(codes(plan)).contains(Code.DROP_NOT_REPLICATED);
        PlanWarning unidentified = warning(plan, Code.NO_REPLICA_IDENTITY);
        assertThat(unidentified.blocking()).isTrue();
        assertThat(unidentified.evidence()).containsEntry("publications", "evp_pub");
        db().execute(unidentified.remediationSql().split("\n"));
        assertThat(codes(bench().plan(policy("evp", "evp")))).doesNotContain(Code.NO_REPLICA_IDENTITY);
    }
}
