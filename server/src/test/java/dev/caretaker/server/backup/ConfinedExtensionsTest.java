package dev.caretaker.server.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.store.TableName;
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
