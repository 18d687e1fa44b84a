package dev.caretaker.server.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RowHashTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    @ParameterizedTest
    @MethodSource(BOTH)
    void rows_have_one_hash_in_any_order_and_another_one_once_anything_differs(TestPostgres server) {
        Database database = server.database();
        String rows = "VALUES ('a', 'b'), ('c', 'd'), (NULL, ''), ('', NULL)";
        String hash = sum(database, rows);
        assertThat(sum(database, "VALUES ('', NULL), ('c', 'd'), (NULL, ''), ('a', 'b')"))
                .isEqualTo(hash);
        assertThat(List.of(
                        "VALUES ('a', 'd'), ('c', 'b'), (NULL, ''), ('', NULL)", // a value in another row
                        "VALUES ('b', 'a'), ('c', 'd'), (NULL, ''), ('', NULL)", // in another column
                        "VALUES ('a', 'b'), ('c', 'd'), (NULL, NULL), ('', '')", // nothing in another row
                        "VALUES ('a', 'b'), ('c', 'd'), (NULL, ''), ('t', NULL)",
                        "VALUES ('a', 'b'), ('c', 'd'), (NULL, 'f'), ('', NULL)",
                        "VALUES ('ab', ''), ('c', 'd'), (NULL, ''), ('', NULL)", // moved over a border
                        rows + ", ('a', 'b')"))
                .allSatisfy(other -> assertThat(sum(database, other)).as(other).isNotEqualTo(hash));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void values_that_count_as_equal_and_read_differently_are_told_apart(TestPostgres server) {
        Database database = server.database();
        assertThat(sum(database, "VALUES (1.0, 0.0::float8)"))
                .isNotEqualTo(sum(database, "VALUES (1.00, 0.0::float8)"));
        assertThat(sum(database, "VALUES (1.0, 0.0::float8)"))
                .isNotEqualTo(sum(database, "VALUES (1.0, '-0'::float8)"));
        assertThat(sum(database, "VALUES ('a '::char(3), 1)")).isEqualTo(sum(database, "VALUES ('a'::char(3), 1)"));
        assertThat(sum(database, "VALUES ('a'::char(2), 1)")).isNotEqualTo(sum(database, "VALUES ('a'::char(3), 1)"));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void casts_and_functions_that_a_user_has_made_are_not_asked(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TYPE public.mood AS ENUM ('fine', 'sad')",
                "CREATE FUNCTION public.same(public.mood) RETURNS text LANGUAGE sql AS $$ SELECT 'same' $$",
                "CREATE CAST (public.mood AS text) WITH FUNCTION public.same(public.mood) AS IMPLICIT",
                "CREATE FUNCTION public.concat(boolean, public.mood) RETURNS text LANGUAGE sql AS $$ SELECT 'same' $$");
        assertThat(sum(database, "VALUES ('fine'::public.mood, 1)"))
                .isNotEqualTo(sum(database, "VALUES ('sad'::public.mood, 1)"));
    }

    private static String sum(Database database, String rows) {
        return (String) database.value("SELECT CAST(sum(CAST(" + RowHash.of(List.of("t.\"a\"", "t.\"B\""))
                + " AS numeric)) AS text)" + " FROM (" + rows + ") AS t(a, \"B\")");
    }
}
