package dev.caretaker.server.cleanup.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.testing.Statements;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What keeps a partition attached that was to be dropped. */
class PartitionStaysTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_partition_that_something_depends_on_stays_attached(TestPostgres server) throws SQLException {
        Database database = PartitionDropTest.partitioned(server);
        database.execute("CREATE VIEW \"last year\" AS SELECT * FROM \"P.2024\"");
        try (Session session = PartitionDropTest.session(database)) {
            PartitionDropStep step = PartitionDropTest.step(database, true);
            assertThatThrownBy(() -> Statements.run(session, step))
                    .hasMessageContaining("view public.\"last year\" depends on it");
        }
        assertThat(database.number("SELECT count(*) FROM events")).isEqualTo(150);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void what_a_partition_owns_and_others_use_keeps_it_attached(TestPostgres server) throws SQLException {
        Database database = PartitionDropTest.partitioned(server);
        database.execute(
                "CREATE SEQUENCE \"S.1\" OWNED BY \"P.2024\".id",
                "ALTER TABLE events ALTER id SET DEFAULT nextval('\"S.1\"')");
        assertStaysAttached(
                database,
                "default value for column id of table public.events depends on sequence public.\"S.1\", which goes"
                        + " with it");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void functions_with_its_row_type_and_policies_of_other_tables_keep_it_attached(TestPostgres server)
            throws SQLException {
        Database database = PartitionDropTest.partitioned(server);
        database.execute(
                "CREATE FUNCTION old(\"P.2024\"[]) RETURNS int LANGUAGE sql RETURN 1",
                "CREATE TABLE other (id int)",
                "CREATE POLICY mine ON other USING (EXISTS (SELECT FROM \"P.2024\" p WHERE p.id = other.id))");
        assertStaysAttached(database, "function public.old(public.\"P.2024\"[]) depends on");
        database.execute("DROP FUNCTION old");
        assertStaysAttached(database, "policy mine on table public.other depends on it");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_partition_that_an_extension_requires_stays_attached(TestPostgres server) throws SQLException {
        Database database = PartitionDropTest.partitioned(server);
        database.execute("CREATE EXTENSION hstore", "ALTER EXTENSION hstore ADD TABLE \"P.2024\"");
        assertStaysAttached(database, "extension hstore requires table public.\"P.2024\"");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_partition_whose_rows_row_security_hides_stays_attached(TestPostgres server) throws SQLException {
        Database database = PartitionDropTest.partitioned(server);
        Database owner = database.role("keeper");
        database.execute(
                "ALTER TABLE events OWNER TO " + owner.user(),
                "ALTER TABLE \"P.2024\" OWNER TO " + owner.user(),
                "ALTER TABLE \"P.2024\" ENABLE ROW LEVEL SECURITY",
                "ALTER TABLE \"P.2024\" FORCE ROW LEVEL SECURITY");
        try (Session session = PartitionDropTest.session(owner)) {
            PartitionDropStep step = PartitionDropTest.step(database, true);
            assertThatThrownBy(() -> Statements.run(session, step))
                    .hasMessageContaining("row security hides its rows from role " + owner.user());
        }
        assertThat(database.number("SELECT count(*) FROM events")).isEqualTo(150);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void what_an_event_trigger_refuses_is_found_before_the_detach(TestPostgres server) throws SQLException {
        Database database = PartitionDropTest.partitioned(server);
        database.execute(
                "CREATE FUNCTION keep() RETURNS event_trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN RAISE EXCEPTION ''tables are forever''; END'",
                "CREATE EVENT TRIGGER keep ON sql_drop WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION keep()");
        assertStaysAttached(database, "cannot be dropped and stays attached: tables are forever.");
        database.execute("ALTER EVENT TRIGGER keep ENABLE REPLICA");
        try (Session session = PartitionDropTest.session(database)) {
            assertThat(Statements.run(session, PartitionDropTest.step(database, true))
                            .totals()
                            .rowsDeleted())
                    .isEqualTo(100);
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void what_nobody_could_foresee_has_it_attached_again_as_it_was(TestPostgres server) throws SQLException {
        for (boolean concurrently : new boolean[] {true, false}) {
            Database database = PartitionDropTest.partitioned(server);
            PartitionDropStep step = PartitionDropTest.step(database, concurrently);
            try (Session session = PartitionDropTest.session(database)) {
                var first = (StatementStep.Run<DropMemory>) step.next(session, step.begin(session));
                DropMemory begun = concurrently ? Statements.execute(session, step, first) : first.memory();
                database.execute("CREATE VIEW meanwhile AS SELECT * FROM \"P.2024\"");
                DropMemory refused = concurrently ? begun : Statements.execute(session, step, first);

                assertThatThrownBy(() -> Statements.run(session, step, refused))
                        .hasMessageContaining("could not be dropped: cannot drop table public.\"P.2024\"")
                        .hasMessageContaining("It is attached, with all of its rows.")
                        .extracting("reason")
                        .hasToString("DROP_REFUSED");

                database.execute("DROP VIEW meanwhile");
                assertThat(database.number("SELECT count(*) FROM events")).isEqualTo(150);
                assertThat(database.number("SELECT count(*) FROM pg_constraint WHERE contype = 'c'"
                                + " AND conrelid = '\"P.2024\"'::regclass"))
                        .isZero();
                assertThat(Statements.run(session, step).totals().rowsDeleted())
                        .as("nothing differs from what was planned")
                        .isEqualTo(100);
            }
        }
    }

    private static void assertStaysAttached(Database database, String why) throws SQLException {
        for (boolean concurrently : new boolean[] {true, false}) {
            try (Session session = PartitionDropTest.session(database)) {
                PartitionDropStep step = PartitionDropTest.step(database, concurrently);
                assertThatThrownBy(() -> Statements.run(session, step)).hasMessageContaining(why);
            }
            assertThat(database.number("SELECT count(*) FROM events")).isEqualTo(150);
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void referenced_rows_keep_the_partition_where_it_is(TestPostgres server) throws SQLException {
        Database database = PartitionDropTest.partitioned(server);
        database.execute(
                "CREATE TABLE child (id int, at timestamptz, FOREIGN KEY (id, at)" + " REFERENCES events (id, at))",
                "INSERT INTO child SELECT id, at FROM events WHERE id = 7");
        for (boolean concurrently : new boolean[] {true, false}) {
            try (Session session = PartitionDropTest.session(database)) {
                PartitionDropStep step = PartitionDropTest.step(database, concurrently);
                assertThatThrownBy(() -> Statements.run(session, step))
                        .hasMessageContaining("foreign key constraint")
                        .extracting("reason")
                        .hasToString("PINNED_BY_FOREIGN_KEY");
            }
            assertThat(database.number("SELECT count(*) FROM events")).isEqualTo(150);
        }
        database.execute("DELETE FROM child");
        try (Session session = PartitionDropTest.session(database)) {
            assertThat(Statements.run(session, PartitionDropTest.step(database, true))
                            .totals()
                            .rowsDeleted())
                    .isEqualTo(100);
        }
    }
}
