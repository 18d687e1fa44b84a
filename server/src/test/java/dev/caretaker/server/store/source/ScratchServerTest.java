package dev.caretaker.server.store.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.target.Sql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchServerTest {
    @TempDir
    private Path temporary;

    @Test
    void one_begins_anew_where_one_was_left_and_its_superuser_is_nobody_that_is_known() throws Exception {
        Path folder = temporary.resolve("scratch");
        EmbeddedStore left = EmbeddedStore.start(folder);
        try (Connection connection = DriverManager.getConnection(left.url(), EmbeddedStore.USER, left.password())) {
            Sql.of("CREATE ROLE left_behind SUPERUSER").execute(connection);
        }
        assertThatThrownBy(() -> ScratchServer.start(folder, Optional.empty()))
                .isInstanceOf(CaretakerException.class)
                .hasMessageContaining("uses the folder");
        left.abandon();

        try (ScratchServer server = ScratchServer.start(folder, Optional.empty());
                Connection connection = DriverManager.getConnection(server.url(), server.user(), server.password())) {
            assertThat(Sql.of("SELECT rolname FROM pg_catalog.pg_roles WHERE rolsuper OR rolname !~ '^pg_'")
                            .list(connection, row -> row.getString(1)))
                    .containsExactly(server.user());
            assertThat(server.user()).matches("caretaker_[0-9a-f]{32}");
            assertThat(Sql.of("SELECT DISTINCT auth_method FROM pg_catalog.pg_hba_file_rules")
                            .list(connection, row -> row.getString(1)))
                    .containsExactly("scram-sha-256");
        }
        assertThat(Files.exists(folder)).isFalse();
    }
}
