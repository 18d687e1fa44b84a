package dev.caretaker.server.report.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.report.observe.Observation.Counter;
import dev.caretaker.server.report.observe.Observation.Look;
import dev.caretaker.server.report.observe.Observation.Statements;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TableLooksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final TableName JOBS = new TableName("public", "jobs");
    private static final TableName ODD = new TableName("public", "Odd \"Name\" (x)");
    private static final TableName GONE = new TableName("public", "gone");
    private static final Instant MONDAY = Instant.parse("2026-05-04T03:00:00Z");
    private static final Instant TUESDAY = Instant.parse("2026-05-05T03:00:00Z");

    private static Database database(TestPostgres server, boolean extension) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE jobs (id int, body text)",
                "CREATE TABLE \"Odd \"\"Name\"\" (x)\" (id int)",
                "CREATE TABLE myjobs (id int)",
                "INSERT INTO jobs SELECT i, 'x' FROM generate_series(1, 1000) i");
        if (extension) {
            database.execute("CREATE EXTENSION pg_stat_statements");
        }
        return database;
    }

    private static Look look(Database database) {
        return new TableLooks(List.of(JOBS, ODD, GONE), TableLooks.LONGEST)
                .look(TestTargets.of("app", database), MONDAY, true);
    }

    private static long calls(Look look, TableName table) {
        return look.statements().byTable().getOrDefault(table.toString(), Map.of()).values().stream()
                .mapToLong(Counter::calls)
                .sum();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void statements_are_told_by_the_words_of_their_text_and_the_text_is_not_kept(TestPostgres server) {
        Database database = database(server, true);
        database.execute(
                "SELECT count(*) FROM jobs",
                "SELECT count(*) FROM jobs",
                "UPDATE public.\"jobs\" SET body = 'secret' WHERE id = 1",
                "/* hint */ DELETE FROM jobs WHERE id = 2",
                "SELECT count(*) FROM myjobs",
                "SELECT 1 AS jobs_too",
                "VACUUM jobs",
                "SELECT count(*) FROM jobs WHERE id OPERATOR(pg_catalog.=) 7",
                "SELECT count(*) FROM \"Odd \"\"Name\"\" (x)\"");
        Look seen = look(database);
        // The INSERT that filled it is one, too, where the extension was there before; here it was not.
        assertThat(calls(seen, JOBS)).isBetween(4L, 5L);
        assertThat(calls(seen, ODD)).isEqualTo(1);
        assertThat(seen.statements().unavailable()).isEmpty();
        assertThat(seen.statements().since()).isPresent();
        assertThat(seen.toString()).doesNotContain("secret", "SELECT");
        assertThat(seen.tables()).extracting(Observation.TableLook::table).containsExactlyInAnyOrder(JOBS, ODD);
        assertThat(seen.of(JOBS).orElseThrow().bytes()).isPositive();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void without_the_extension_that_is_told(TestPostgres server) {
        Look seen = look(database(server, false));
        assertThat(seen.statements().unavailable()).isEqualTo("the database has no extension pg_stat_statements");
        assertThat(seen.tables()).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_role_that_may_not_see_statements_of_others_is_told_so(TestPostgres server) {
        Database database = database(server, true);
        database.execute("SELECT count(*) FROM jobs");
        Look seen = look(database.role("watcher"));
        assertThat(calls(seen, JOBS)).isZero();
        assertThat(seen.statements().unseen()).isPositive();
        StatementTimes times = StatementTimes.of(observed(seen, Optional.empty(), Optional.empty()), JOBS);
        assertThat(times.before()).isEmpty();
        assertThat(times.notes()).singleElement().asString().contains("pg_read_all_stats");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_table_that_somebody_has_for_himself_is_not_waited_for(TestPostgres server) throws SQLException {
        Database database = database(server, true);
        database.execute("ANALYZE jobs");
        try (Connection holder = database.connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE jobs IN ACCESS EXCLUSIVE MODE");
            Observation.TableLook jobs = look(database).of(JOBS).orElseThrow();
            assertThat(jobs.estimated()).isTrue();
            assertThat(jobs.bytes()).isPositive();
            holder.rollback();
        }
    }

    private static Observation observed(Look before, Optional<Look> after, Optional<Look> later) {
        return new Observation(List.of(JOBS), 0, Optional.of(before), after, later);
    }

    private static Look counted(Instant at, Statements statements) {
        return new Look(at, "", List.of(), statements);
    }

    private static Statements statements(Instant since, long evicted, Instant started, Map<String, Counter> counters) {
        return new Statements(
                "",
                Optional.of(since),
                OptionalLong.of(evicted),
                Optional.of(started),
                0,
                Map.of(JOBS.toString(), counters));
    }

    private static StatementTimes times(Statements end, Statements later) {
        Look before = counted(MONDAY, end);
        return StatementTimes.of(observed(before, Optional.of(before), Optional.of(counted(TUESDAY, later))), JOBS);
    }

    @Test
    void the_mean_after_a_run_is_that_of_the_calls_since() {
        StatementTimes times = times(
                statements(
                        Instant.EPOCH,
                        0,
                        Instant.EPOCH,
                        Map.of("a", new Counter(100, 1_000), "b", new Counter(10, 10))),
                statements(
                        Instant.EPOCH,
                        0,
                        Instant.EPOCH,
                        Map.of("a", new Counter(150, 1_100), "b", new Counter(10, 10), "c", new Counter(50, 900))));
        assertThat(times.before().orElseThrow().milliseconds()).isEqualTo(1_010.0 / 110);
        assertThat(times.after().orElseThrow().calls()).isEqualTo(100);
        assertThat(times.after().orElseThrow().milliseconds()).isEqualTo(10);
        assertThat(times.after().orElseThrow().from()).contains(MONDAY);
        assertThat(times.notes()).isEmpty();
    }

    @Test
    void no_call_since_is_no_mean() {
        Statements same = statements(Instant.EPOCH, 0, Instant.EPOCH, Map.of("a", new Counter(100, 1_000)));
        assertThat(times(same, same).after()).isEmpty();
    }

    @Test
    void after_a_reset_only_what_came_since_is_told_and_said_so() {
        Instant reset = MONDAY.plusSeconds(3_600);
        StatementTimes times = times(
                statements(Instant.EPOCH, 0, Instant.EPOCH, Map.of("a", new Counter(100, 1_000))),
                statements(reset, 0, Instant.EPOCH, Map.of("a", new Counter(500, 1_000))));
        assertThat(times.after().orElseThrow().calls()).isEqualTo(500);
        assertThat(times.after().orElseThrow().from()).contains(reset);
        assertThat(times.notes()).singleElement().asString().contains("were reset in between, on 2026-05-04T04:00:00Z");
    }

    @Test
    void what_began_anew_went_or_was_dropped_is_told() {
        StatementTimes times = times(
                statements(
                        Instant.EPOCH, 3, Instant.EPOCH, Map.of("a", new Counter(100, 1_000), "b", new Counter(5, 5))),
                statements(Instant.EPOCH, 4, MONDAY, Map.of("a", new Counter(20, 100))));
        assertThat(times.after().orElseThrow().calls()).isEqualTo(20);
        assertThat(times.notes())
                .containsExactly(
                        "The server was restarted in between.",
                        "The server dropped rare statements from its statistics in between: some calls are missing.",
                        "Statements that began to be counted anew in between: 1.",
                        "Statements that are no longer in the statistics, or no longer among the most costly: 1.");
    }

    @Test
    void what_was_not_available_once_is_not_compared() {
        StatementTimes times = times(
                statements(Instant.EPOCH, 0, Instant.EPOCH, Map.of("a", new Counter(100, 1_000))),
                Statements.none("pg_stat_statements is not in shared_preload_libraries"));
        assertThat(times.before()).isPresent();
        assertThat(times.after()).isEmpty();
        assertThat(times.notes())
                .containsExactly("The times of statements are not known: pg_stat_statements is not in"
                        + " shared_preload_libraries.");
    }
}
