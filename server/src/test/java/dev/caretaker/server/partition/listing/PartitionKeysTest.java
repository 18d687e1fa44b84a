package dev.caretaker.server.partition.listing;

import static dev.caretaker.server.partition.listing.Listings.BOTH;
import static dev.caretaker.server.partition.listing.Listings.all;
import static dev.caretaker.server.partition.listing.Listings.list;
import static dev.caretaker.server.partition.listing.Listings.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.partition.listing.Partitions.Page;
import dev.caretaker.server.target.catalog.PartitionBound;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bounds and keys of every kind, and the order they give. */
class PartitionKeysTest {
    @ParameterizedTest
    @MethodSource(BOTH)
    void every_kind_of_bound_is_typed_and_quoted_names_are_exact(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE SCHEMA \"My.Schema\"",
                "CREATE TABLE \"My.Schema\".\"Jobs\" (\"Tenant\" text, \"At\" date NOT NULL) PARTITION BY LIST (\"Tenant\")",
                "CREATE TABLE \"My.Schema\".\"Jobs O'Neil\" PARTITION OF \"My.Schema\".\"Jobs\" FOR VALUES IN ('O''Neil', NULL)"
                        + " PARTITION BY RANGE (\"At\")",
                "CREATE TABLE \"My.Schema\".\"2025\" PARTITION OF \"My.Schema\".\"Jobs O'Neil\""
                        + " FOR VALUES FROM (MINVALUE) TO ('2026-01-01')",
                "CREATE TABLE \"My.Schema\".rest PARTITION OF \"My.Schema\".\"Jobs\" DEFAULT",
                "CREATE TABLE h (id int) PARTITION BY HASH (id)",
                "CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                "CREATE TABLE h0 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                "INSERT INTO \"My.Schema\".\"Jobs\" SELECT 'other', '2025-01-01' FROM generate_series(1, 7)",
                "ANALYZE \"My.Schema\".\"Jobs\"");
        Page page = list(database, all());

        assertThat(page.partitions())
                .extracting(partition -> partition.row().name().name())
                .containsExactly("Jobs O'Neil", "2025", "rest", "h0", "h1");
        assertThat(page.partitions())
                .extracting(partition -> partition.row().bound().orElseThrow())
                .containsExactly(
                        new PartitionBound.Values(List.of(Optional.of("O'Neil"), Optional.empty())),
                        new PartitionBound.Range(
                                List.of(new PartitionBound.Min()), List.of(new PartitionBound.Value("2026-01-01"))),
                        new PartitionBound.Default(),
                        new PartitionBound.Hash(2, 0),
                        new PartitionBound.Hash(2, 1));
        assertThat(page.tables()).extracting(table -> table.name().name()).containsExactly("Jobs", "Jobs O'Neil", "h");
        assertThat(page.tables().getFirst().defaultRows()).isEqualTo(7);
        assertThat(page.partitions().get(1).row().level()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void years_before_christ_far_ones_and_infinity_have_their_place_in_order_and_time(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE t (at date NOT NULL) PARTITION BY RANGE (at)",
                "CREATE TABLE e PARTITION OF t FOR VALUES FROM ('12000-01-01') TO ('infinity')",
                "CREATE TABLE d PARTITION OF t FOR VALUES FROM ('2025-01-01') TO ('12000-01-01')",
                "CREATE TABLE c PARTITION OF t FOR VALUES FROM ('0001-01-01') TO ('2025-01-01')",
                "CREATE TABLE b PARTITION OF t FOR VALUES FROM ('0044-03-15 BC') TO ('0001-01-01')",
                "CREATE TABLE a PARTITION OF t FOR VALUES FROM ('-infinity') TO ('0044-03-15 BC')");
        Page page = list(database, all());

        assertThat(names(page)).containsExactly("a", "b", "c", "d", "e");
        assertThat(page.partitions())
                .extracting(partition -> partition.age().orElseThrow())
                .containsExactly(
                        PartitionAge.PAST,
                        PartitionAge.PAST,
                        PartitionAge.PAST,
                        PartitionAge.CURRENT,
                        PartitionAge.FUTURE);
        assertThat(page.tables().getFirst().gaps()).isEmpty();
        assertThat(page.tables().getFirst().safeUntil()).contains(Instant.MAX);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void the_domain_of_a_domain_lists_as_the_type_that_it_was_made_of(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE DOMAIN instant AS timestamptz NOT NULL",
                "CREATE DOMAIN \"Event Time\" AS instant CHECK (VALUE > '2000-01-01')",
                "CREATE DOMAIN run AS int8",
                "SET timezone = 'UTC'",
                "CREATE TABLE t (at \"Event Time\") PARTITION BY RANGE (at)",
                "CREATE TABLE a PARTITION OF t FOR VALUES FROM ('2025-01-01') TO ('2025-03-01')",
                "CREATE TABLE b PARTITION OF t FOR VALUES FROM ('2025-03-01') TO ('2025-04-01')",
                "CREATE TABLE c PARTITION OF t FOR VALUES FROM ('2025-05-01') TO ('2025-06-01')",
                "CREATE TABLE u (id run) PARTITION BY RANGE (id)",
                "CREATE TABLE u1 PARTITION OF u FOR VALUES FROM (-5) TO (1000)",
                "CREATE TABLE u2 PARTITION OF u FOR VALUES FROM (2000) TO (3000)");
        Page page = list(database, all());

        assertThat(names(page)).containsExactly("a", "b", "c", "u1", "u2");
        assertThat(page.partitions().subList(0, 3))
                .extracting(partition -> partition.age().orElseThrow())
                .containsExactly(PartitionAge.PAST, PartitionAge.CURRENT, PartitionAge.FUTURE);
        assertThat(page.tables().getFirst().gaps()).hasSize(1);
        assertThat(page.tables().getFirst().safeUntil()).contains(Instant.parse("2025-04-01T00:00:00Z"));
        assertThat(page.tables().getFirst().key().type()).contains("timestamp with time zone");
        assertThat(page.tables().getLast().key().type()).contains("bigint");
    }

    @Test
    void texts_that_look_like_numbers_are_in_one_order_whatever_is_among_them() {
        Database database = TestPostgres.newest().database();
        database.execute(
                "CREATE TABLE t (tenant text) PARTITION BY LIST (tenant)",
                "CREATE TABLE f (x float8) PARTITION BY RANGE (x)",
                "CREATE TABLE f_1 PARTITION OF f FOR VALUES FROM ('-Infinity') TO (5)",
                "CREATE TABLE f_2 PARTITION OF f FOR VALUES FROM (5) TO (10)",
                "CREATE TABLE f_3 PARTITION OF f FOR VALUES FROM (10) TO (1e20)",
                "CREATE TABLE f_4 PARTITION OF f FOR VALUES FROM (1e20) TO ('NaN')");
        List<String> values = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String value = i % 2 == 0 ? Integer.toString(i) : i + "a";
            values.add("t_" + value);
            database.execute("CREATE TABLE t_" + value + " PARTITION OF t FOR VALUES IN ('" + value + "')");
        }
        assertThat(names(list(database, all())))
                .startsWith("f_1", "f_2", "f_3", "f_4")
                .endsWith(values.stream().sorted().toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_key_that_is_an_expression_is_told_and_its_ranges_are_those_of_its_type(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE t (id int, at timestamp NOT NULL) PARTITION BY RANGE (date_trunc('day', at))",
                "CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM ('2025-03-15') TO ('2025-03-16')",
                "CREATE TABLE two (a int, b int) PARTITION BY RANGE (abs(a), b, abs(b))",
                "CREATE TABLE two_1 PARTITION OF two FOR VALUES FROM (1, 2, MINVALUE) TO (1, 3, MAXVALUE)");
        Page page = list(database, all());

        assertThat(page.tables())
                .extracting(table -> table.key().columns())
                .containsExactly(List.of("date_trunc('day'::text, at)"), List.of("(expression)", "b", "(expression)"));
        assertThat(page.partitions().getFirst().age()).contains(PartitionAge.CURRENT);
        assertThat(page.partitions().get(1).age()).isEmpty();
    }
}
