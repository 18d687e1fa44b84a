package dev.caretaker.server.detect;

import static dev.caretaker.server.detect.FilledTables.ODD;
import static dev.caretaker.server.detect.FilledTables.tables;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TableKeyChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("table-without-primary-key")
    void tables_without_a_primary_key_are_found_once_each(TestPostgres server) {
        Scene scene = tables(server)
                .plant(
                        "ALTER TABLE plain DROP CONSTRAINT plain_pkey",
                        "ALTER TABLE parted DROP CONSTRAINT parted_pkey",
                        "ALTER TABLE " + ODD + " DROP CONSTRAINT \"Odd \"\"Table_pkey\"",
                        "ALTER TABLE " + ODD + " ALTER id SET NOT NULL",
                        "CREATE UNIQUE INDEX \"Could be\" ON " + ODD + " (id)");
        scene.finds("table-without-primary-key", "public.plain", "public.parted", "My Schema.Odd \"Table");
        RawFinding candidate = scene.on("My Schema.Odd \"Table", "table-without-primary-key");
        assertThat(candidate.severity()).isEqualTo(Severity.INFO);
        scene.plant(candidate.remediation().orElseThrow());
        scene.finds("table-without-primary-key", "public.plain", "public.parted");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("table-without-primary-key")
    @Mends("table-without-primary-key")
    void a_key_is_told_only_from_an_index_that_can_become_one(TestPostgres server) {
        Scene scene = Scene.on(
                server,
                "CREATE DOMAIN code AS varchar(9)",
                "CREATE TABLE plain (id int NOT NULL)",
                "CREATE UNIQUE INDEX plain_down ON plain (id DESC)",
                "CREATE UNIQUE INDEX plain_up ON plain (id)",
                "CREATE TABLE typed (c code NOT NULL, i inet NOT NULL, a int[] NOT NULL, r int4range NOT NULL)",
                "CREATE UNIQUE INDEX typed_all ON typed (c, i, a, r) INCLUDE (c)",
                "CREATE SCHEMA \"My Schema\"",
                "CREATE TABLE " + ODD + " (\"A b\" int NOT NULL)",
                "CREATE UNIQUE INDEX \"A long name with a \"\"quote\"\"; it ends at the limit of names_\" ON " + ODD
                        + " (\"A b\")",
                "CREATE TABLE child (id int REFERENCES " + ODD + " (\"A b\"))",
                "CREATE INDEX ON child (id)",
                // All of these tell the rows apart; none can become the key.
                "CREATE TABLE sorted (id int NOT NULL)",
                "CREATE UNIQUE INDEX ON sorted (id NULLS FIRST)",
                "CREATE TABLE collated (id text NOT NULL)",
                "CREATE UNIQUE INDEX ON collated (id COLLATE \"C\")",
                "CREATE TABLE patterned (id text NOT NULL)",
                "CREATE UNIQUE INDEX ON patterned (id text_pattern_ops)",
                "CREATE TABLE constrained (id int NOT NULL UNIQUE)",
                "CREATE TABLE deferred (id int NOT NULL UNIQUE DEFERRABLE)",
                "CREATE TABLE named (id int NOT NULL, CONSTRAINT taken CHECK (id > 0))",
                "CREATE UNIQUE INDEX taken ON named (id)",
                "CREATE TABLE parted (id int NOT NULL) PARTITION BY RANGE (id)",
                "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (10)",
                "CREATE UNIQUE INDEX ON parted (id)");
        List<String> apart = new ArrayList<>(
                List.of("sorted", "collated", "patterned", "constrained", "deferred", "named", "parted"));
        if (server == TestPostgres.newest()) {
            scene.plant(
                    "CREATE TABLE distinct_not (id int NOT NULL)",
                    "CREATE UNIQUE INDEX ON distinct_not (id) NULLS NOT DISTINCT",
                    "CREATE TABLE not_inherited (id int, CONSTRAINT n NOT NULL id NO INHERIT)",
                    "CREATE UNIQUE INDEX ON not_inherited (id)",
                    "CREATE TABLE slot (id int4range, during daterange, UNIQUE (id, during WITHOUT OVERLAPS))");
            apart.addAll(List.of("distinct_not", "not_inherited"));
            assertThat(scene.on("public.slot", "table-without-primary-key").severity())
                    .as("its columns may be NULL")
                    .isEqualTo(Severity.WARNING);
        }
        for (String table : apart) {
            RawFinding finding = scene.on("public." + table, "table-without-primary-key");
            assertThat(finding.severity()).as(table).isEqualTo(Severity.INFO);
            assertThat(finding.remediation()).as(table).isEmpty();
        }
        scene.mend("table-without-primary-key");
        assertThat(scene.database()
                        .number("SELECT count(*) FROM pg_constraint WHERE contype = 'p' AND conrelid >= 16384"))
                .isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("table-without-primary-key")
    void tables_with_a_key_temporary_ones_and_those_of_extensions_are_spared(TestPostgres server) throws Exception {
        Scene scene = tables(server);
        try (Connection connection = scene.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TEMP TABLE passing (id int)");
            statement.execute("CREATE TABLE owned (id int)");
            statement.execute("CREATE EXTENSION pageinspect");
            statement.execute("ALTER EXTENSION pageinspect ADD TABLE owned");
            scene.spares("table-without-primary-key");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("constraint-not-valid")
    @Spares("constraint-not-valid")
    @Mends("constraint-not-valid")
    void constraints_are_found_until_they_are_validated(TestPostgres server) {
        Scene scene = tables(server)
                .plant(
                        "ALTER TABLE plain ADD CONSTRAINT positive CHECK (id > 0)",
                        "ALTER TABLE plain ADD CONSTRAINT small CHECK (id < 5000) NOT VALID",
                        "ALTER TABLE plain ADD CONSTRAINT self FOREIGN KEY (a) REFERENCES plain NOT VALID",
                        "ALTER TABLE parted ADD CONSTRAINT parted_small CHECK (id < 5000) NOT VALID",
                        "ALTER TABLE " + ODD + " ADD CONSTRAINT \"Is Small\" CHECK (\"A b\" < 5000) NOT VALID");
        if (server == TestPostgres.newest()) {
            scene.plant("ALTER TABLE plain ADD CONSTRAINT lenient CHECK (id > 10) NOT ENFORCED");
        }
        scene.finds(
                "constraint-not-valid",
                "public.plain.small",
                "public.plain.self",
                "public.parted.parted_small",
                "My Schema.Odd \"Table.Is Small");
        scene.mend("constraint-not-valid");
        scene.spares("constraint-not-valid");
    }
}
