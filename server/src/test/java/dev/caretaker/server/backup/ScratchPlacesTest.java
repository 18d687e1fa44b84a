package dev.caretaker.server.backup;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScratchPlacesTest {

    @Test
    void what_leads_to_the_source_or_to_any_other_database_is_no_scratch_database() throws SQLException {
        Database database = TestPostgres.newest().database();
        Database other = TestPostgres.newest().database();
        Target source = TestTargets.of("main", database);
        Target scratch = TestTargets.of("scratch", other);
        Copied.Source copied;
        try (Session session = source.openSession("caretaker/backup test")) {
            copied = Snapshot.begin(session, Duration.ofHours(1)).source();
        }
        assertThatCode(() -> ScratchPlaces.requireOther(copied, other.name(), scratch))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> ScratchPlaces.requireOther(copied, "caretaker_verify_1", source))
                .hasMessageContaining("gets to " + database.name() + ", which the backup was taken from");
        assertThatThrownBy(() -> ScratchPlaces.requireOther(copied, database.name(), source))
                .hasMessageContaining("which the backup was taken from");
        assertThatThrownBy(() -> ScratchPlaces.requireOther(copied, "caretaker_verify_1", scratch))
                .hasMessageContaining("gets to " + other.name() + ": name a target");
    }
}
