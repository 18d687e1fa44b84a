package dev.caretaker.server.backup.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.config.TargetConfig.TuningConfig;
import dev.caretaker.server.error.CaretakerException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LibpqTest {
    @Test
    void hosts_ports_database_and_login_are_those_of_the_driver() {
        Libpq.Login login = login("jdbc:postgresql://a:5433,b/my%20db", Map.of());
        assertThat(login.environment())
                .containsEntry("PGHOST", "a,b")
                .containsEntry("PGPORT", "5433,5432")
                .containsEntry("PGDATABASE", "my db")
                .containsEntry("PGUSER", "dumper")
                .containsEntry("PGAPPNAME", "caretaker/x")
                .containsEntry("PGTARGETSESSIONATTRS", "primary")
                .containsEntry("PGSSLMODE", "prefer");
        assertThat(login.password()).isEqualTo("geheim");
        assertThat(login.environment().values()).noneMatch(value -> value.contains("geheim"));
    }

    @Test
    void tls_is_as_strict_as_the_drivers() {
        assertThat(login("jdbc:postgresql://a/db?sslmode=verify-ca&sslrootcert=/ca.pem", Map.of("sslcert", "/c.pem"))
                        .environment())
                .containsEntry("PGSSLMODE", "verify-ca")
                .containsEntry("PGSSLROOTCERT", "/ca.pem")
                .containsEntry("PGSSLCERT", "/c.pem");
        assertThat(login("jdbc:postgresql://a/db?ssl=true", Map.of()).environment())
                .containsEntry("PGSSLMODE", "verify-full");
        assertThat(login("jdbc:postgresql://a/db?ssl=true&sslfactory=org.postgresql.ssl.NonValidatingFactory", Map.of())
                        .environment())
                .containsEntry("PGSSLMODE", "require");
    }

    @ParameterizedTest
    @CsvSource({
        "sslfactory=com.example.Own, pg_dump cannot connect as the property sslfactory of target app says",
        "sslkey=/key.p12,            pg_dump cannot connect as the property sslkey of target app says",
        "sslpassword=x,              The property sslpassword of target app cannot be handed to pg_dump"
    })
    void what_libpq_cannot_do_as_the_driver_does_is_refused(String property, String message) {
        assertThatExceptionOfType(CaretakerException.class)
                .isThrownBy(() -> login("jdbc:postgresql://a/db?" + property, Map.of()))
                .withMessageStartingWith(message);
    }

    private static Libpq.Login login(String url, Map<String, String> properties) {
        TargetConfig target = new TargetConfig(
                "app",
                url,
                Optional.empty(),
                Credentials.of("dumper", "geheim"),
                List.of(),
                properties,
                TargetConfig.DEFAULT_LOCK_TIMEOUT,
                TargetConfig.DEFAULT_STATEMENT_TIMEOUT,
                OptionalLong.empty(),
                TuningConfig.NONE);
        return Libpq.of(target, "caretaker/x");
    }
}
