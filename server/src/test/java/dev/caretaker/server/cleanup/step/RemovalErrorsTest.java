package dev.caretaker.server.cleanup.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is told when a DELETE fails: who raised it, and all that the server says of it. */
class RemovalErrorsTest {

    static Stream<Arguments> mechanisms() {
        return RemovalTest.mechanisms();
    }

    private static Database table(TestPostgres server, String body, String timing) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, at timestamptz, deleted timestamptz)",
                "INSERT INTO t SELECT i, '2024-06-01' FROM generate_series(1, 30) i",
                "CREATE INDEX by_time ON t (at)",
                "CREATE SCHEMA \"Arch\"",
                "CREATE FUNCTION \"Arch\".keep() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN " + body + " END$$",
                "CREATE TRIGGER \"To cold\" " + timing + " DELETE ON t FOR EACH ROW EXECUTE FUNCTION \"Arch\".keep()");
        return database;
    }

    private static CaretakerException failure(Database database, String kind) {
        try {
            new Removal(database).guarded().index("by_time").run(kind);
        } catch (CaretakerException e) {
            return e;
        } catch (SQLException e) {
            throw new AssertionError("nobody explained it", e);
        }
        throw new AssertionError("it did not fail");
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void an_error_of_a_trigger_names_it_and_is_told_whole(TestPostgres server, String kind) {
        // As a foreign data wrapper reports a server that is down, which is not our own connection.
        Database database = table(
                server,
                "RAISE 'could not connect to server \"cold\"' USING ERRCODE = '08001', DETAIL = 'Connection refused.',"
                        + " HINT = 'Is it running?';",
                "AFTER");
        CaretakerException failure = failure(database, kind);
        assertThat(failure.reason()).isEqualTo(Reason.STATEMENT_FAILED);
        assertThat(failure.sqlState()).contains("08001");
        assertThat(failure)
                .hasMessage("Deleting from public.t failed in trigger \"To cold\" of public.t: could not connect to"
                        + " server \"cold\". Connection refused. Hint: Is it running? In: PL/pgSQL function"
                        + " \"Arch\".keep() line 1 at RAISE.");
        assertThat(failure.metadata())
                .containsEntry("trigger", "To cold")
                .containsEntry("trigger_function", "Arch.keep")
                .containsEntry("detail", "Connection refused.")
                .containsEntry("hint", "Is it running?");
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void a_check_that_a_trigger_meets_is_no_matter_of_foreign_keys(TestPostgres server, String kind) {
        Database database = table(server, "INSERT INTO kept VALUES (OLD.id, OLD.at); RETURN NULL;", "AFTER");
        database.execute(
                "CREATE TABLE kept (id int, at timestamptz) PARTITION BY RANGE (at)",
                "CREATE TABLE kept_1 PARTITION OF kept FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')");
        CaretakerException failure = failure(database, kind);
        assertThat(failure.sqlState()).contains("23514");
        assertThat(failure.getMessage())
                .contains("failed in trigger \"To cold\" of public.t: no partition of relation \"kept\" found for row.")
                .contains("Partition key of the failing row contains")
                .doesNotContain("foreign key");
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void a_trigger_that_marks_rows_instead_of_deleting_them_is_found_at_once(TestPostgres server, String kind)
            throws SQLException {
        Database database = table(
                server,
                "UPDATE t SET deleted = now() WHERE id = OLD.id AND id % 3 = 0; IF FOUND THEN RETURN NULL; END IF;"
                        + " RETURN OLD;",
                "BEFORE");
        assertThatThrownBy(() -> new Removal(database)
                        .guarded()
                        .index("by_time")
                        .batches(50)
                        .run(kind))
                .hasMessageContaining("trigger \"To cold\" keeps them")
                .extracting("reason")
                .isEqualTo(Reason.DELETE_SUPPRESSED);
        assertThat(database.number("SELECT count(*) FROM t WHERE deleted IS NULL"))
                .isEqualTo(30);
    }
}
