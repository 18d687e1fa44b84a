package dev.caretaker.server.cleanup.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestTargets;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values written into a statement come back as they were, whatever they try. */
class InlinedTest {
    private static final List<String> HOSTILE = List.of(
            "'", "''", "\\", "\\'", "';--", "$$", "$1", "?", "\"", "\n", "\r\n", "\t", "%", "ü", "🦉", "E'", "U&'",
            "/*", "*/", "COPY", ");", "\u00a0", "‘", "\u0001", " ");

    @ParameterizedTest
    @MethodSource("dev.caretaker.server.testing.TestPostgres#both")
    void values_come_back_as_they_were(TestPostgres server) throws SQLException {
        long seed = ThreadLocalRandom.current().nextLong();
        Random random = new Random(seed);
        try (Session session = TestTargets.of("test", server.database()).openSession("caretaker/test")) {
            for (int i = 0; i < 300; i++) {
                String one = hostile(random);
                String other = hostile(random);
                SqlFragment query = SqlFragment.of(
                        "SELECT CAST(? AS pg_catalog.text) AS \"a?'\", '?''', CAST(? AS pg_catalog.text)", one, other);
                List<String> back = Sql.of(query.inlined())
                        .one(
                                session.connection(),
                                row -> List.of(row.getString(1), row.getString(2), row.getString(3)));
                assertThat(back).as("seed " + seed).containsExactly(one, "?'", other);
            }
        }
    }

    private static String hostile(Random random) {
        return random.ints(random.nextInt(12), 0, HOSTILE.size())
                .mapToObj(HOSTILE::get)
                .collect(Collectors.joining());
    }

    @Test
    void a_value_that_no_text_can_have_is_refused() {
        assertThatThrownBy(() -> SqlFragment.of("SELECT ?", "a\0b").inlined())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void as_many_values_as_places() {
        assertThatThrownBy(() -> SqlFragment.of("SELECT ?, '?'", "a", "b").inlined())
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> SqlFragment.of("SELECT ?, ?", "a").inlined())
                .isInstanceOf(IllegalStateException.class);
    }
}
