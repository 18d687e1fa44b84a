package dev.caretaker.server.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ScratchDatabaseTest {
    private final List<String> notes = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({"builtin, C.UTF-8, b", "icu, de, i"})
    void a_database_whose_collation_is_of_another_provider_is_made_again_with_it(
            String provider, String locale, String kind) throws SQLException {
        Database postgres = TestPostgres.newest().postgres();
        assumeTrue(
                provider.equals("builtin")
                        || postgres.number("SELECT count(*) FROM pg_collation WHERE collprovider = 'i'") > 0,
                "Skipped: this PostgreSQL was built without ICU.");
        String name = ScratchPlaces.newName();
        postgres.execute("CREATE DATABASE " + name + " TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
                + " LOCALE_PROVIDER " + provider + " " + provider + "_LOCALE '" + locale + "'");
        try {
            Copied.Source source = source(new Database(postgres.server(), name, postgres.user(), postgres.password()));
            assertThat(source.provider()).contains(new Copied.Provider(provider, locale));
            assertThat(made(postgres, source, "datlocprovider::text || ' ' || datlocale"))
                    .isEqualTo(kind + " " + locale);
            assertThat(notes).isEmpty();
        } finally {
            postgres.execute("DROP DATABASE " + name + " WITH (FORCE)");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.caretaker.server.testing.TestPostgres#both")
    void one_whose_collation_does_not_exist_is_made_with_another_one_which_is_told(TestPostgres server)
            throws SQLException {
        Database postgres = server.postgres();
        assertThat(made(postgres, source(postgres, "xx_NOWHERE", Optional.empty()), "datcollate"))
                .isEqualTo("C");
        assertThat(notes)
                .containsExactly(
                        "Collation xx_NOWHERE does not exist there; C took its place, and tables partitioned by"
                                + " ranges of text may refuse rows there.");
    }

    @Test
    void a_provider_that_does_not_exist_gives_way_to_the_c_library() throws SQLException {
        Database postgres = TestPostgres.newest().postgres();
        Copied.Source source = source(postgres, "C", Optional.of(new Copied.Provider("builtin", "nowhere")));
        assertThat(made(postgres, source, "datlocprovider::text")).isEqualTo("c");
        assertThat(notes)
                .containsExactly("Collation nowhere of the provider builtin does not exist there; one of the C library"
                        + " took its place.");
    }

    private static Copied.Source source(Database database) throws SQLException {
        try (Session session = TestTargets.of("main", database).openSession("caretaker/backup test")) {
            return Snapshot.begin(session, Duration.ofHours(1)).source();
        }
    }

    private static Copied.Source source(Database like, String locale, Optional<Copied.Provider> provider)
            throws SQLException {
        Copied.Source real = source(like);
        return new Copied.Source(
                real.systemIdentifier(),
                real.databaseOid(),
                real.database(),
                real.serverVersion(),
                real.major(),
                "UTF8",
                locale,
                provider);
    }

    /** What the server says of the scratch database, which is dropped then. */
    private String made(Database postgres, Copied.Source source, String what) throws SQLException {
        String name = ScratchPlaces.newName();
        try (Connection connection = postgres.connect()) {
            ScratchDatabase.create(connection, source, name, notes);
            try {
                return Sql.of("SELECT " + what + " FROM pg_database WHERE datname = '" + name + "'")
                        .one(connection, row -> row.getString(1));
            } finally {
                ScratchDatabase.drop(connection, name);
            }
        }
    }
}
