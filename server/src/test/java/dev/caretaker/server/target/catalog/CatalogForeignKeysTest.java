package dev.caretaker.server.target.catalog;

import static dev.caretaker.server.target.catalog.CatalogFacts.facts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CatalogForeignKeysTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    @ParameterizedTest
    @MethodSource(BOTH)
    void foreign_keys_are_followed_through_cascades(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE root (a int, b int, PRIMARY KEY (a, b))",
                "CREATE TABLE \"Child\" (id int PRIMARY KEY, x int, y int, CONSTRAINT to_root FOREIGN KEY (y, x)"
                        + " REFERENCES root (a, b) ON DELETE CASCADE)",
                "CREATE INDEX ON \"Child\" (x, y, id)",
                "CREATE TABLE grandchild (id int PRIMARY KEY REFERENCES \"Child\" ON DELETE CASCADE,"
                        + " up int REFERENCES grandchild ON DELETE SET NULL)",
                "CREATE TABLE leaf (id int REFERENCES grandchild ON DELETE RESTRICT)",
                "CREATE INDEX ON leaf (id) WHERE id > 0");
        TableFacts facts = facts(database, "root");
        assertThat(facts.incoming())
                .extracting(
                        ForeignKey::depth,
                        key -> key.child().name(),
                        ForeignKey::childColumns,
                        ForeignKey::parentColumns,
                        ForeignKey::onDelete,
                        ForeignKey::childIndexed)
                .containsExactly(
                        tuple(1, "Child", List.of("y", "x"), List.of("a", "b"), ForeignKey.OnDelete.CASCADE, true),
                        tuple(2, "grandchild", List.of("id"), List.of("id"), ForeignKey.OnDelete.CASCADE, true),
                        tuple(3, "grandchild", List.of("up"), List.of("id"), ForeignKey.OnDelete.SET_NULL, false),
                        tuple(3, "leaf", List.of("id"), List.of("id"), ForeignKey.OnDelete.RESTRICT, false));
        ForeignKey self = facts.incoming().get(2);
        assertThat(self.childOid()).isEqualTo(self.parentOid());
        TableFacts child = facts(database, "Child");
        assertThat(child.outgoing()).extracting(ForeignKey::name).containsExactly("to_root");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void an_index_that_leaves_out_nothing_but_nulls_serves_a_foreign_key(TestPostgres server) {
        Database database = server.database();
        database.execute("CREATE TABLE parent (a int, \"B\" int, PRIMARY KEY (a, \"B\"))");
        Map<String, Boolean> serves = Map.of(
                "a IS NOT NULL", true,
                "\"B\" IS NOT NULL AND a IS NOT NULL", true,
                "\"B\" IS NOT NULL AND other IS NOT NULL", false,
                "a IS NOT NULL OR \"B\" IS NOT NULL", false,
                "a IS NULL", false,
                "NOT (a IS NULL)", true,
                "NOT (a IS NULL) AND (a IS NOT NULL AND NOT \"B\" IS NULL)", true,
                "NOT (a IS NOT NULL)", false,
                "a > 0", false);
        int number = 0;
        for (String predicate : serves.keySet()) {
            String child = "child_" + ++number;
            database.execute(
                    "CREATE TABLE " + child + " (a int, \"B\" int, other int,"
                            + " FOREIGN KEY (a, \"B\") REFERENCES parent ON DELETE CASCADE)",
                    "CREATE INDEX ON " + child + " (a, \"B\") WHERE " + predicate);
            assertThat(facts(database, "parent").incoming())
                    .filteredOn(key -> key.child().name().equals(child))
                    .extracting(ForeignKey::childIndexed)
                    .as(predicate)
                    .containsExactly(serves.get(predicate));
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_cycle_of_cascades_ends(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE a (id int PRIMARY KEY, b int)",
                "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a ON DELETE CASCADE)",
                "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b ON DELETE CASCADE");
        assertThat(facts(database, "a").incoming())
                .extracting(ForeignKey::depth, key -> key.child().name())
                .containsExactly(tuple(1, "b"), tuple(2, "a"));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_foreign_key_between_partitioned_tables_is_told_once(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE p_0 PARTITION OF p FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (10) TO (20)",
                "CREATE TABLE c (pid int CONSTRAINT ref REFERENCES p) PARTITION BY LIST (pid)",
                "CREATE TABLE c_0 PARTITION OF c FOR VALUES IN (0)",
                "CREATE TABLE c_1 PARTITION OF c FOR VALUES IN (1)",
                "CREATE INDEX ON c_0 (pid)",
                "CREATE TABLE direct (pid int CONSTRAINT to_leaf REFERENCES p_0)");
        TableFacts facts = facts(database, "p");
        assertThat(facts.incoming())
                .extracting(
                        ForeignKey::name,
                        key -> key.child().name(),
                        key -> key.parent().name(),
                        ForeignKey::childIndexed)
                .containsExactly(tuple("ref", "c", "p", false), tuple("to_leaf", "direct", "p_0", false));
        database.execute("CREATE INDEX ON c_1 (pid)");
        assertThat(facts(database, "p").incoming().getFirst().childIndexed()).isTrue();
        assertThat(facts(database, "c").outgoing()).extracting(ForeignKey::name).containsExactly("ref");
        TableFacts leaf = facts(database, "p_0");
        assertThat(leaf.incoming()).extracting(key -> key.child().name()).containsExactly("c", "direct");
    }
}
