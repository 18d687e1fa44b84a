package dev.caretaker.server.detect;

import static dev.caretaker.server.detect.IndexedTables.TABLES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InvalidIndexChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("index-invalid")
    void an_index_whose_concurrent_build_failed_is_invalid(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        for (String index : List.of(
                "uniq ON plain (a)",
                "uniq_p ON parted_1 (a)",
                "\"Uniq Q\" ON \"My Schema\".\"Odd \"\"Table\" (\"A b\")")) {
            assertThatThrownBy(() -> scene.plant("CREATE UNIQUE INDEX CONCURRENTLY " + index))
                    .hasMessageContaining("could not create unique index");
        }
        scene.finds("index-invalid", "public.uniq", "public.uniq_p", "My Schema.Uniq Q");
        assertThat(scene.on("My Schema.Uniq Q", "index-invalid").remediation())
                .as("as long as there are duplicates, a rebuild fails too")
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("index-invalid")
    @Mends("index-invalid")
    void leftovers_of_reindex_are_named_as_such_and_dropped(TestPostgres server) throws Exception {
        Scene scene = Scene.on(server, TABLES);
        String cut = "an index whose name is long so that that of its copy is cut ö";
        scene.plant(
                "CREATE INDEX low ON plain (lower(b) DESC) INCLUDE (a) WHERE a > 0",
                "CREATE INDEX \"" + cut + "\" ON \"My Schema\".\"Odd \"\"Table\" (b text_pattern_ops)");
        interruptedRebuild(scene, "plain");
        interruptedRebuild(scene, "\"My Schema\".\"Odd \"\"Table\"");
        String toast = "pg_toast_%s_index_ccnew";
        long plain = scene.database().number("SELECT 'plain'::regclass::oid::bigint");
        long odd = scene.database().number("SELECT '\"My Schema\".\"Odd \"\"Table\"'::regclass::oid::bigint");
        scene.finds(
                "index-invalid",
                "public.low_ccnew",
                "public." + toast.formatted(plain),
                "My Schema.an index whose name is long so that that of its copy is c_ccnew",
                "My Schema." + toast.formatted(odd));
        assertThat(scene.on("public.low_ccnew", "index-invalid").message())
                .contains("leftover of an interrupted REINDEX CONCURRENTLY");
        assertThat(scene.on("public.low_ccnew", "index-invalid").remediation())
                .contains("DROP INDEX CONCURRENTLY public.low_ccnew;");
        scene.mend("index-invalid");
        scene.spares("index-invalid");
        assertThat(scene.database().number("SELECT count(*) FROM pg_class WHERE relname IN ('low', '" + cut + "')"))
                .isEqualTo(2);
    }

    /** A rebuild of a table's indexes that must give up, because a transaction that read the table is open. */
    private static void interruptedRebuild(Scene scene, String table) throws SQLException {
        try (Connection reader = scene.database().connect();
                Connection builder = scene.database().connect();
                Statement read = reader.createStatement();
                Statement rebuild = builder.createStatement()) {
            reader.setAutoCommit(false);
            read.execute("SELECT FROM " + table);
            rebuild.execute("SET statement_timeout = '500ms'");
            assertThatThrownBy(() -> rebuild.execute("REINDEX TABLE CONCURRENTLY " + table))
                    .hasMessageContaining("statement timeout");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("index-invalid")
    void the_name_of_a_leftover_alone_proves_nothing(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES).plant("CREATE INDEX idx ON plain (b)");
        assertThatThrownBy(() -> scene.plant("CREATE UNIQUE INDEX CONCURRENTLY plain_ccnew ON plain (a)"))
                .hasMessageContaining("could not create unique index");
        assertThatThrownBy(() -> scene.plant("CREATE UNIQUE INDEX CONCURRENTLY idx_ccold1 ON plain (a)"))
                .hasMessageContaining("could not create unique index");
        scene.finds("index-invalid", "public.plain_ccnew", "public.idx_ccold1");
        for (RawFinding finding : scene.run("index-invalid").findings()) {
            assertThat(finding.message())
                    .contains("is invalid: its build failed or was interrupted")
                    .contains("no copy of another index");
            assertThat(finding.remediation())
                    .as("a rebuild would fail on the same rows")
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("index-invalid")
    @Mends("index-invalid")
    void an_invalid_copy_of_a_valid_index_is_dropped_whatever_its_name(TestPostgres server) throws Exception {
        Scene scene = Scene.on(server, TABLES).plant("CREATE INDEX serves ON plain (a)");
        try (Connection reader = scene.database().connect();
                Connection builder = scene.database().connect();
                Statement read = reader.createStatement();
                Statement build = builder.createStatement()) {
            reader.setAutoCommit(false);
            read.execute("UPDATE plain SET b = 'x'");
            build.execute("SET statement_timeout = '500ms'");
            assertThatThrownBy(() -> build.execute("CREATE INDEX CONCURRENTLY again ON plain (a)"))
                    .hasMessageContaining("statement timeout");
            assertThatThrownBy(() -> build.execute("CREATE INDEX CONCURRENTLY other ON plain (b)"))
                    .hasMessageContaining("statement timeout");
        }
        assertThat(scene.on("public.again", "index-invalid").message())
                .contains("index serves has the same definition and is valid");
        assertThat(scene.on("public.again", "index-invalid").remediation())
                .contains("DROP INDEX CONCURRENTLY public.again;");
        assertThat(scene.on("public.other", "index-invalid").remediation())
                .contains("REINDEX INDEX CONCURRENTLY public.other;");
        scene.mend("index-invalid");
        scene.spares("index-invalid");
        scene.spares("index-duplicate");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("index-invalid")
    void an_index_that_is_being_built_is_not_reported(TestPostgres server) throws Exception {
        Scene scene = Scene.on(server, TABLES);
        try (Connection blocker = scene.database().connect();
                Connection builder = scene.database().connect();
                Statement writer = blocker.createStatement();
                Statement build = builder.createStatement()) {
            blocker.setAutoCommit(false);
            writer.execute("INSERT INTO plain VALUES (3, 3)");
            Thread building = Thread.ofVirtual().start(() -> {
                try {
                    build.execute("CREATE INDEX CONCURRENTLY slow ON plain (a)");
                } catch (java.sql.SQLException e) {
                    throw new AssertionError(e);
                }
            });
            Scene.eventually(
                    () -> scene.database()
                            .number("SELECT count(*) FROM pg_index WHERE NOT indisvalid AND indexrelid >= 16384"),
                    1L);
            scene.spares("index-invalid");
            blocker.commit();
            building.join();
        }
        scene.spares("index-invalid");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("server-concurrent-builds")
    void a_server_older_than_the_fix_is_reported(TestPostgres server) {
        Scene.on(server).finds("server-concurrent-builds", List.of("fixed_in=999999"), "PostgreSQL");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("server-concurrent-builds")
    void a_server_with_the_fix_is_spared(TestPostgres server) {
        Scene.on(server).spares("server-concurrent-builds");
    }
}
