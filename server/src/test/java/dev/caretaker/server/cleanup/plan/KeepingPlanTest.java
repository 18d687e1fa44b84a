package dev.caretaker.server.cleanup.plan;

import static dev.caretaker.server.cleanup.CleanupBench.ALICE;
import static dev.caretaker.server.cleanup.CleanupBench.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.archive.ArchiveTerms;
import dev.caretaker.server.archive.VerifyLevel;
import dev.caretaker.server.cleanup.CleanupBench;
import dev.caretaker.server.cleanup.CleanupBench.PolicyBuilder;
import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.server.cleanup.plan.kept.PlannedArchive;
import dev.caretaker.server.cleanup.plan.kept.PlannedStep;
import dev.caretaker.server.cleanup.plan.kept.Work;
import dev.caretaker.server.cleanup.policy.Keeping;
import dev.caretaker.server.cleanup.policy.Keeping.Figure;
import dev.caretaker.server.cleanup.policy.Keeping.Measure;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a plan says of rows that are kept, and that a run of it keeps them. The clock stands at 15 June 2026. */
class KeepingPlanTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_dated_table_is_planned_made_and_filled_and_a_second_run_goes_on_with_it(TestPostgres server)
            throws SQLException {
        Database db = server.database();
        jobs(db);
        try (CleanupBench bench = CleanupBench.start(db)) {
            PolicyBuilder archived = policy("jobs", "Jobs").archivedIn("{table}_Archive_{yyyy}_{mm}");
            Plan plan = bench.plan(true, false, archived);

            PlannedStep step = plan.steps().getFirst();
            assertThat(step.archive()).hasValueSatisfying(archive -> {
                assertThat(archive.place()).isEqualTo("public.Jobs_Archive_2026_05");
                assertThat(archive.kind()).isEqualTo(PlannedArchive.Kind.TABLE);
                assertThat(archive.created()).isTrue();
                assertThat(archive.rows()).isEqualTo(200);
                assertThat(archive.bytes()).isPositive();
            });
            assertThat(step.reason()).contains("Rows are copied into public.Jobs_Archive_2026_05, which the run makes");
            assertThat(step.sql().getFirst())
                    .isEqualTo("CREATE TABLE \"public\".\"Jobs_Archive_2026_05\" (LIKE \"public\".\"Jobs\""
                            + " INCLUDING STORAGE INCLUDING COMPRESSION INCLUDING COMMENTS)");
            assertThat(step.locks()).anyMatch(lock -> lock.relation().name().equals("Jobs_Archive_2026_05"));
            assertThat(db.number("SELECT count(*) FROM pg_class WHERE relname LIKE 'Jobs_A%'"))
                    .isZero();

            Totals totals = new PlanRun(db, 7).of(plan);

            assertThat(totals.rowsDeleted()).isEqualTo(200);
            assertThat(totals.archived()).hasSize(1);
            assertThat(db.number("SELECT count(*) FROM \"Jobs_Archive_2026_05\""))
                    .isEqualTo(200);
            db.execute("INSERT INTO \"Jobs\" SELECT i, '2026-01-01', 'late' FROM generate_series(1001, 1010) i");
            Plan second = bench.plan(true, false, archived);
            assertThat(second.steps().getFirst().archive().orElseThrow().created())
                    .isFalse();
            new PlanRun(db, 7).of(second);
            assertThat(db.number("SELECT count(*) FROM \"Jobs_Archive_2026_05\""))
                    .isEqualTo(210);
            assertThat(db.number("SELECT count(*) FROM \"Jobs\"")).isEqualTo(100);
        }
    }

    @Test
    void a_table_that_does_not_fit_blocks_and_cannot_be_overridden() throws SQLException {
        Database db = TestPostgres.newest().database();
        jobs(db);
        db.execute(
                "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
                "CREATE UNLOGGED TABLE unlogged (LIKE \"Jobs\")",
                "CREATE TABLE triggered (LIKE \"Jobs\")",
                "CREATE TRIGGER lose BEFORE INSERT ON triggered FOR EACH ROW EXECUTE FUNCTION lose()",
                "CREATE TABLE narrow (id int, at date, more int NOT NULL)",
                "CREATE TABLE ruled (LIKE \"Jobs\")",
                "CREATE RULE nowhere AS ON INSERT TO ruled DO INSTEAD NOTHING",
                "CREATE VIEW seen AS SELECT * FROM \"Jobs\"",
                "CREATE TABLE more (LIKE \"Jobs\", archived_at timestamptz NOT NULL DEFAULT now(), remark text)");
        try (CleanupBench bench = CleanupBench.start(db)) {
            assertThat(unfit(bench, "unlogged")).contains("a crash would empty it");
            assertThat(unfit(bench, "triggered")).contains("its trigger lose may change or keep rows that arrive");
            assertThat(unfit(bench, "narrow"))
                    .contains("its column \"id\" is integer and not bigint")
                    .contains("its column \"at\" is date and not timestamp with time zone")
                    .contains("it has no column \"note\"")
                    .contains("its column \"more\" takes no NULL and has no default");
            assertThat(unfit(bench, "ruled")).contains("its rule nowhere");
            assertThat(unfit(bench, "seen")).contains("it is no table");
            assertThat(unfit(bench, "x".repeat(40) + "_{table}_{table}_{table}_{table}_{table}_{table}"))
                    .contains("longer than the 63 bytes");
            assertThat(bench.plan(policy("more", "Jobs").archivedIn("more")).blocked())
                    .isFalse();
        }
    }

    @Test
    void texts_of_no_known_encoding_go_to_no_file(@TempDir Path folder) throws Exception {
        Database db = TestPostgres.newest().asciiDatabase();
        jobs(db);
        try (CleanupBench bench = CleanupBench.start(
                db,
                Map.of(
                        "caretaker.archives.spool", folder.resolve("spool").toString(),
                        "caretaker.archives.destinations.cold.type", "directory",
                        "caretaker.archives.destinations.cold.path", folder.toString()))) {
            PlanWarning warning = bench.plan(policy("jobs", "Jobs").keeping(to("cold", "csv"))).warnings().stream()
                    .filter(some -> some.code() == Code.ARCHIVE_DOES_NOT_FIT)
                    .findFirst()
                    .orElseThrow();
            assertThat(warning.message()).contains("SQL_ASCII");
            assertThat(warning.blocking()).isTrue();
        }
    }

    private static String unfit(CleanupBench bench, String table) {
        Plan plan = bench.plan(policy("p", "Jobs").archivedIn(table));
        PlanWarning warning = plan.warnings().stream()
                .filter(some -> some.code() == Code.ARCHIVE_DOES_NOT_FIT)
                .findFirst()
                .orElseThrow();
        assertThat(warning.blocking()).isTrue();
        assertThat(warning.code().canBeOverridden()).isFalse();
        return warning.message();
    }

    @Test
    void children_that_cascade_away_are_lost_only_if_the_policy_says_so() throws SQLException {
        Database db = TestPostgres.newest().database();
        db.execute(
                "CREATE TABLE parents (id int PRIMARY KEY, at timestamptz)",
                "CREATE TABLE kids (parent int REFERENCES parents ON DELETE CASCADE)",
                "CREATE INDEX ON kids (parent)",
                "INSERT INTO parents SELECT i, '2025-01-01' FROM generate_series(1, 20) i",
                "INSERT INTO kids SELECT i FROM generate_series(1, 20) i");
        try (CleanupBench bench = CleanupBench.start(db)) {
            Plan refused =
                    bench.plan(policy("parents", "parents").allowCascade().archivedIn("old_parents"));
            assertThat(refused.warnings())
                    .filteredOn(PlanWarning::blocking)
                    .singleElement()
                    .satisfies(warning -> {
                        assertThat(warning.code()).isEqualTo(Code.CHILDREN_NOT_ARCHIVED);
                        assertThat(warning.message()).contains("public.kids", "20", "nothing keeps them");
                    });
            Keeping accepting =
                    new Keeping.Archive(new Keeping.Table(new TableName("public", "old_parents"), true), true);
            Plan plan = bench.plan(policy("parents", "parents").allowCascade().keeping(accepting));
            assertThat(plan.blocked()).isFalse();
            Totals totals = new PlanRun(db, 7).of(plan);
            assertThat(totals.rowsCascaded()).isEqualTo(20);
            assertThat(totals.archived().getFirst().rows()).isEqualTo(20);
            assertThat(db.number(
                            "SELECT count(*) FROM pg_index WHERE indrelid = 'old_parents'::regclass AND indisprimary"))
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void partitions_that_are_old_as_a_whole_are_emptied_into_the_archive_before_another_policy_drops_them(
            TestPostgres server) throws SQLException {
        Database db = server.database();
        db.execute(
                "CREATE TABLE events (id int, at timestamptz) PARTITION BY RANGE (at)",
                "CREATE TABLE events_q1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-04-01')",
                "CREATE TABLE shuffled (at timestamptz, gap int, id int)",
                "ALTER TABLE shuffled DROP COLUMN gap",
                "ALTER TABLE events ATTACH PARTITION shuffled FOR VALUES FROM ('2026-04-01') TO ('2026-07-01')",
                "INSERT INTO events SELECT i, timestamptz '2026-02-01' + i * interval '1 day'"
                        + " FROM generate_series(1, 130) i",
                "CREATE TABLE source AS SELECT * FROM events");
        try (CleanupBench bench = CleanupBench.start(db)) {
            Plan plan = bench.plan(
                    policy("drops", "events").days(60),
                    policy("keeps", "events").days(30).archivedIn("old_{table}"));
            assertThat(plan.steps()).extracting(PlannedStep::policy).startsWith("keeps", "keeps", "drops");
            assertThat(plan.steps().getFirst().reason()).contains("something is kept of each row");
            new PlanRun(db, 7).of(plan);
            assertThat(db.number("SELECT count(*) FROM old_events")).isEqualTo(104);
            assertThat(db.value("SELECT string_agg(t::text, ' ' ORDER BY t::text) FROM"
                            + " (SELECT * FROM events UNION ALL SELECT * FROM old_events) t"))
                    .isEqualTo(db.value("SELECT string_agg(t::text, ' ' ORDER BY t::text) FROM source t"));
            assertThat(db.number("SELECT count(*) FROM pg_class WHERE relname = 'events_q1'"))
                    .isZero();
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_roll_up_is_planned_made_and_filled(TestPostgres server) throws SQLException {
        Database db = server.database();
        jobs(db);
        Keeping.RollUp rollUp = new Keeping.RollUp(
                new TableName("public", "sums"),
                Keeping.Bucket.MONTH,
                ZoneOffset.UTC,
                List.of("note"),
                List.of(
                        new Measure("jobs", Figure.COUNT, Optional.empty(), OptionalInt.empty()),
                        new Measure("ids", Figure.AVERAGE, Optional.of("id"), OptionalInt.empty())));
        try (CleanupBench bench = CleanupBench.start(db)) {
            Plan plan = bench.plan(true, false, policy("jobs", "Jobs").keeping(rollUp));
            PlannedArchive archive = plan.steps().getFirst().archive().orElseThrow();
            assertThat(archive).isEqualTo(new PlannedArchive("public.sums", PlannedArchive.Kind.ROLL_UP, true, 200, 0));
            new PlanRun(db, 7).of(plan);
            assertThat(db.number("SELECT sum(jobs) FROM sums")).isEqualTo(200);
            assertThat(db.number("SELECT sum(ids_count) FROM sums")).isEqualTo(200);
            assertThat(bench.plan(policy("jobs", "Jobs").keeping(rollUp)).blocked())
                    .isFalse();
        }
    }

    @Test
    void a_destination_of_the_configuration_is_planned_and_filled(@TempDir Path folder) throws Exception {
        Database db = TestPostgres.newest().database();
        jobs(db);
        Path cold = Files.createDirectory(folder.resolve("cold"));
        Map<String, Object> configuration = Map.of(
                "caretaker.archives.spool",
                folder.resolve("spool").toString(),
                "caretaker.archives.destinations.cold.type",
                "directory",
                "caretaker.archives.destinations.cold.path",
                cold.toString(),
                "caretaker.archives.parquet-driver",
                folder.resolve("no-drivers").toString(),
                "caretaker.archives.destinations.tables.type",
                "table",
                "caretaker.archives.destinations.tables.table-name",
                "{table}_old_{yyyy}");
        try (CleanupBench bench = CleanupBench.start(db, configuration)) {
            Plan tables = bench.plan(policy("jobs", "Jobs").keeping(to("tables", "csv")));
            assertThat(tables.steps().getFirst().archive().orElseThrow().place())
                    .isEqualTo("public.Jobs_old_2026");
            assertThatThrownBy(() -> bench.apply(policy("jobs", "Jobs").keeping(to("colt", "csv"))))
                    .hasMessageContaining("archive.store.destination: the configuration has no destination \"colt\"")
                    .hasMessageContaining("did you mean \"cold\"?");
            assertThatThrownBy(() -> bench.apply(policy("jobs", "Jobs").keeping(to("cold", "xml"))))
                    .hasMessageContaining("\"xml\" is none of csv, ndjson, parquet");
            assertThatThrownBy(() -> bench.apply(policy("jobs", "Jobs").keeping(to("cold", "parquet"))))
                    .hasMessageContaining("archive.store.format: format parquet needs DuckDB's driver")
                    .hasMessageContaining(folder.resolve("no-drivers").toString());
            assertThatThrownBy(() -> bench.apply(policy("jobs", "Jobs").keeping(to("cold", "csv", "idd"))))
                    .hasMessageContaining("has no column \"idd\"");

            Plan plan = bench.plan(true, false, policy("jobs", "Jobs").keeping(to("cold", "ndjson", "id", "note")));
            PlannedArchive archive = plan.steps().getFirst().archive().orElseThrow();
            assertThat(archive.place()).isEqualTo("cold");
            assertThat(archive.kind()).isEqualTo(PlannedArchive.Kind.STORE);
            RunView run = bench.plans()
                    .execute(new ExecuteRequest(
                            plan.id(),
                            Optional.empty(),
                            Set.of(Code.LARGE_SHARE),
                            UnaryOperator.identity(),
                            Optional.empty(),
                            false,
                            Optional.empty(),
                            ALICE));
            RunView ended = await().atMost(Duration.ofSeconds(60))
                    .until(
                            () -> bench.runs().get(run.id()),
                            view -> view.state().isTerminal());
            assertThat(ended.outcome()).as(ended.toString()).contains(Outcome.COMPLETE);
            assertThat(ended.debts())
                    .as((String) bench.control().value("SELECT state || ': ' || problem FROM caretaker.archive"))
                    .isEmpty();
            assertThat(db.number("SELECT count(*) FROM \"Jobs\"")).isEqualTo(100);
            Totals.Archived kept = ended.totals().archived().getFirst();
            assertThat(kept.rows()).isEqualTo(200);
            try (Stream<Path> files = Files.walk(cold)) {
                List<Path> parts = files.filter(file -> file.toString().endsWith(".ndjson"))
                        .toList();
                assertThat(parts).hasSize(1);
                assertThat(Files.readAllLines(parts.getFirst()))
                        .hasSize(200)
                        .contains("{\"id\":7,\"note\":\"note 1\"}");
                assertThat(Files.size(parts.getFirst())).isEqualTo(kept.bytes());
            }
        }
    }

    private static Keeping to(String destination, String format, String... columns) {
        return new Keeping.Archive(
                new Keeping.Store(
                        new ArchiveTerms(destination, format, "none", 1 << 20, VerifyLevel.READ_BACK),
                        List.of(columns)),
                false);
    }

    @Test
    void figures_of_columns_that_are_not_there_or_have_none_are_refused() {
        Database db = TestPostgres.newest().database();
        jobs(db);
        Keeping.RollUp rollUp = new Keeping.RollUp(
                new TableName("public", "sums"),
                Keeping.Bucket.MONTH,
                ZoneOffset.UTC,
                List.of("nots"),
                List.of(
                        new Measure("a", Figure.SUM, Optional.of("note"), OptionalInt.empty()),
                        new Measure("b", Figure.MAX, Optional.of("idd"), OptionalInt.empty())));
        try (CleanupBench bench = CleanupBench.start(db)) {
            assertThatThrownBy(() -> bench.apply(policy("jobs", "Jobs").keeping(rollUp)))
                    .hasMessageContaining("has no column \"nots\"; did you mean")
                    .hasMessageContaining("\"note\" is text; numbers and intervals have a sum")
                    .hasMessageContaining("policies[0].roll_up.measures[1].column");
        }
    }

    @Test
    void policies_of_rows_that_go_together_keep_the_same() {
        Database db = TestPostgres.newest().database();
        db.execute(
                "CREATE TABLE tree (id int PRIMARY KEY, at timestamptz, parent int REFERENCES tree)",
                "CREATE INDEX ON tree (parent)",
                "INSERT INTO tree SELECT i, '2025-01-01', NULLIF(i / 2, 0) FROM generate_series(1, 20) i");
        try (CleanupBench bench = CleanupBench.start(db)) {
            assertThatThrownBy(() -> bench.plan(
                            policy("a", "tree").archivedIn("old_tree"),
                            policy("b", "tree").days(10)))
                    .hasMessageContaining("Policies a and b cannot be planned together");
        }
    }

    @Test
    void a_policy_that_keeps_nothing_is_stored_as_it_always_was() {
        Database db = TestPostgres.newest().database();
        jobs(db);
        try (CleanupBench bench = CleanupBench.start(db)) {
            bench.apply(policy("jobs", "Jobs"));
            assertThat((String) bench.control().value("SELECT content::text FROM caretaker.policy"))
                    .doesNotContain("keeping");
            Plan plan = bench.plan(policy("jobs", "Jobs"));
            assertThat(plan.steps().getFirst().work()).isInstanceOf(Work.RemoveRows.class);
            assertThat(bench.plans().get(plan.id()).steps()).isEqualTo(plan.steps());
        }
    }

    private static void jobs(Database db) {
        db.execute(
                "CREATE TABLE \"Jobs\" (id bigint, at timestamptz, note text)",
                "INSERT INTO \"Jobs\" SELECT i, CASE WHEN i <= 200 THEN timestamptz '2026-01-01' + i * interval '8 hours'"
                        + " ELSE timestamptz '2026-06-14' END, 'note ' || i % 3 FROM generate_series(1, 300) i",
                "ANALYZE \"Jobs\"");
    }
}
