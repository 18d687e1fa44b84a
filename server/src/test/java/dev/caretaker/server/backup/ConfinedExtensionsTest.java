package dev.caretaker.server.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfinedExtensionsTest {

    @ParameterizedTest
    @MethodSource("dev.caretaker.server.testing.TestPostgres#both")
    void extensions_are_made_whatever_their_order_and_lead_nowhere(TestPostgres postgres) throws SQLException {
        Database database = postgres.database();
        ConfinedLogin login = new ConfinedLogin();
        database.execute(
                "CREATE ROLE " + login.role(),
                "CREATE ROLE " + login.owners(),
                // As an extension may bring it: it would run as the superuser who makes the extension.
                "CREATE FUNCTION mighty(VARIADIC \"Odd names\" int[]) RETURNS text LANGUAGE sql SECURITY DEFINER"
                        + " AS 'SELECT pg_catalog.pg_read_file(''PG_VERSION'')'");
        try (Connection connection = database.connect()) {
            assertThat(new ConfinedExtensions(connection, login)
                            .make(List.of(
                                    extension("Own place", "earthdistance"),
                                    extension("Own place", "cube"),
                                    extension("public", "dblink"),
                                    extension("public", "postgres_fdw"),
                                    extension("public", "on_no_machine"))))
                    .isEmpty();
        }
        assertThat(database.number("SELECT count(*) FROM pg_extension WHERE extname IN ('earthdistance', 'cube')"))
                .isEqualTo(2);
        assertThat(database.value("SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'Own place'"))
                .isEqualTo(login.role().replace("\"", ""));
        assertThat(database.number("SELECT count(*) FROM pg_proc WHERE prosecdef"))
                .isZero();
        assertThat(database.number("SELECT count(*) FROM pg_foreign_data_wrapper WHERE fdwhandler <> 0"))
                .isZero();
        assertThat(database.value("SELECT has_foreign_data_wrapper_privilege('"
                        + login.owners().replace("\"", "") + "', 'postgres_fdw', 'USAGE')"))
                .isEqualTo(true);
        assertThat(database.number("SELECT count(*) FROM pg_proc WHERE proname LIKE 'dblink%'"
                        + " AND has_function_privilege('public', oid, 'EXECUTE')"))
                .isZero();
    }

    @ParameterizedTest
    @MethodSource("dev.caretaker.server.testing.TestPostgres#both")
    void one_that_cannot_be_made_is_told(TestPostgres postgres) throws SQLException {
        Database database = postgres.database();
        ConfinedLogin login = new ConfinedLogin();
        database.execute("CREATE ROLE " + login.role(), "CREATE ROLE " + login.owners());
        try (Connection connection = database.connect()) {
            assertThat(new ConfinedExtensions(connection, login).make(List.of(extension("public", "earthdistance"))))
                    .singleElement()
                    .asString()
                    .startsWith("Extension earthdistance cannot be made there: ")
                    .contains("cube");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.caretaker.server.testing.TestPostgres#both")
    void no_other_one_can_be_made_afterwards_and_those_that_are_there_may_be_asked_for(TestPostgres postgres)
            throws SQLException {
        Database database = postgres.database();
        ConfinedLogin login = new ConfinedLogin();
        Database owner = database.role("owner");
        database.execute(
                "CREATE ROLE " + login.role(),
                "CREATE ROLE " + login.owners(),
                "ALTER DATABASE " + database.name() + " OWNER TO \"" + owner.user() + '"');
        try (Connection connection = database.connect()) {
            assertThat(new ConfinedExtensions(connection, login).make(List.of(extension("Own place", "cube"))))
                    .isEmpty();
            assertThat(DatabaseObjects.counts(connection)).doesNotContainKey("event triggers");
        }
        try (Connection connection = owner.connect()) {
            Sql.of("CREATE EXTENSION IF NOT EXISTS \"cube\" WITH SCHEMA \"Own place\"")
                    .execute(connection);
            assertThat(state(connection, "CREATE EXTENSION IF NOT EXISTS on_no_machine WITH SCHEMA public"))
                    .as("the server's own answer")
                    .isNotEqualTo(PostgresErrors.INSUFFICIENT_PRIVILEGE);
            for (String statement : List.of(
                    "CREATE EXTENSION IF NOT EXISTS isn WITH SCHEMA pg_temp",
                    "CREATE EXTENSION IF NOT EXISTS Isn WITH SCHEMA pg_temp",
                    "CREATE EXTENSION IF NOT EXISTS \"isn\" WITH SCHEMA pg_temp",
                    "CREATE EXTENSION isn",
                    "DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS isn WITH SCHEMA pg_temp; END $$",
                    "ALTER EXTENSION \"cube\" UPDATE",
                    "ALTER EVENT TRIGGER caretaker_refuse_extension DISABLE",
                    "DROP FUNCTION pg_catalog.caretaker_refuse_extension() CASCADE")) {
                assertThat(state(connection, statement)).as(statement).isEqualTo(PostgresErrors.INSUFFICIENT_PRIVILEGE);
            }
        }
    }

    private static String state(Connection connection, String statement) {
        return catchThrowableOfType(SQLException.class, () -> Sql.of(statement).execute(connection))
                .getSQLState();
    }

    private static MadeObject extension(String schema, String name) {
        return new MadeObject(
                "extension",
                new TableName(schema, name),
                Optional.empty(),
                MadeObject.Phase.BEFORE_ROWS,
                List.of("CREATE EXTENSION IF NOT EXISTS x"),
                "");
    }
}
