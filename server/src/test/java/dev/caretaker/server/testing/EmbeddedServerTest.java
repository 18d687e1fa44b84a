package dev.caretaker.server.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddedServerTest {
    @ParameterizedTest
    @CsvSource({"OLDEST, 14", "NEWEST, 18"})
    void startsTheVersionItStandsFor(EmbeddedServer server, int major) throws Exception {
        try (EmbeddedPostgres postgres = server.builder().start();
                Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT version()")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getString(1)).startsWith("PostgreSQL " + major + ".");
        }
    }
}
