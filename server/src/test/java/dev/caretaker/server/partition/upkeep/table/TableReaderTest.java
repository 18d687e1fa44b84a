package dev.caretaker.server.partition.upkeep.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Capabilities;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TableReaderTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final TableName EVENTS = new TableName("app", "Events");

    @ParameterizedTest
    @MethodSource(BOTH)
    void case_23_publications_tell_whether_a_partition_is_in_them_by_itself(TestPostgres server) throws SQLException {
        Database database = server.database();
        database.execute(
                "CREATE SCHEMA app",
                "CREATE TABLE app.\"Events\" (at timestamptz) PARTITION BY RANGE (at)",
                "CREATE TABLE app.one PARTITION OF app.\"Events\" FOR VALUES FROM ('2025-01-01') TO ('2025-02-01')",
                "CREATE TABLE other (id int)",
                "CREATE PUBLICATION a_table FOR TABLE app.\"Events\"",
                "CREATE PUBLICATION b_root FOR TABLE app.\"Events\" WITH (publish_via_partition_root)",
                "CREATE PUBLICATION c_all FOR ALL TABLES",
                "CREATE PUBLICATION d_other FOR TABLE other");
        List<Published> expected = new ArrayList<>(List.of(
                new Published("a_table", false, false),
                new Published("b_root", true, false),
                new Published("c_all", false, true)));
        try (Connection connection = database.connect()) {
            if (Capabilities.of(connection).canPublishSchemas()) {
                database.execute(
                        "CREATE PUBLICATION e_schema FOR TABLES IN SCHEMA app",
                        "CREATE PUBLICATION f_schema FOR TABLES IN SCHEMA public");
                expected.add(new Published("e_schema", false, true));
            }
            TableState state =
                    TableReader.read(connection, List.of(EVENTS), false).get(EVENTS);
            assertThat(state.publications()).isEqualTo(expected);
            assertThat(state.publishedByPartition())
                    .extracting(Published::name)
                    .doesNotContain("b_root")
                    .contains("a_table", "c_all");
            // What is said of a detached partition is what the server does.
            database.execute("ALTER TABLE app.\"Events\" DETACH PARTITION app.one");
            for (Published publication : expected) {
                assertThat(database.number("SELECT count(*) FROM pg_publication_tables WHERE tablename = 'one'"
                                + " AND pubname = '" + publication.name() + "'"))
                        .as(publication.name())
                        .isEqualTo(publication.everything() ? 1 : 0);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void keys_of_other_tables_are_told_of_their_roots_only(TestPostgres server) throws SQLException {
        Database database = server.database();
        database.execute(
                "CREATE SCHEMA app",
                "CREATE TABLE app.\"Events\" (id int, at timestamptz, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
                "CREATE TABLE app.one PARTITION OF app.\"Events\" FOR VALUES FROM ('2025-01-01') TO ('2025-02-01')",
                "CREATE TABLE notes (id int, at timestamptz, FOREIGN KEY (id, at) REFERENCES app.\"Events\")"
                        + " PARTITION BY LIST (id)",
                "CREATE TABLE notes_1 PARTITION OF notes FOR VALUES IN (1)");
        try (Connection connection = database.connect()) {
            assertThat(TableReader.read(connection, List.of(EVENTS), false)
                            .get(EVENTS)
                            .referencing())
                    .containsExactly(new TableName("public", "notes"));
        }
    }
}
