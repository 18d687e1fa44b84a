package dev.caretaker.server.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.testing.EmbeddedServer;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IntegrityChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("integer-key-exhaustion")
    void a_time_in_seconds_within_a_compound_key_is_no_number_that_is_given_out(TestPostgres server) {
        Scene scene = Scene.on(
                server,
                "CREATE TABLE history (item bigint, clock int, ns int, PRIMARY KEY (item, clock, ns))",
                "INSERT INTO history SELECT g % 7, extract(epoch FROM now())::int - g, g FROM generate_series(1, 1000) g",
                "ANALYZE");
        scene.spares("integer-key-exhaustion");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("index-corrupt")
    void an_index_whose_order_is_broken_is_corrupt(TestPostgres server) {
        Scene scene = Scene.on(server, "CREATE EXTENSION amcheck", "CREATE SCHEMA \"My Schema\"");
        scene.plant(shiftyOrder());
        scene.plant(
                "CREATE TABLE plain (id int)",
                "CREATE TABLE parted (id int) PARTITION BY RANGE (id)",
                "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (1000)",
                "CREATE TABLE \"My Schema\".\"Odd\" (id int)",
                "INSERT INTO plain SELECT generate_series(1, 500)",
                "INSERT INTO parted SELECT generate_series(1, 500)",
                "INSERT INTO \"My Schema\".\"Odd\" SELECT generate_series(1, 500)",
                "CREATE INDEX broken ON plain (id shifty_ops)",
                "CREATE INDEX broken_p ON parted (id shifty_ops)",
                "CREATE INDEX \"Broken Q\" ON \"My Schema\".\"Odd\" (id shifty_ops)",
                "CREATE INDEX sound ON plain (id)");
        scene.spares("index-corrupt");
        // The comparison now says the opposite, as a collation may after an update of the operating system.
        scene.plant("CREATE OR REPLACE FUNCTION shifty(int, int) RETURNS int IMMUTABLE LANGUAGE sql"
                + " AS 'SELECT pg_catalog.btint4cmp($2, $1)'");
        scene.finds("index-corrupt", "public.broken", "public.parted_1_id_idx", "My Schema.Broken Q");
        assertThat(scene.on("public.broken", "index-corrupt").message()).contains("invariant violated");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("index-corrupt")
    void sound_indexes_are_spared_and_those_beyond_the_budget_are_counted(TestPostgres server) {
        Scene scene = Scene.on(server, "CREATE EXTENSION amcheck", "CREATE TABLE t (id int PRIMARY KEY, a int UNIQUE)");
        scene.spares("index-corrupt");
        CheckResult result = scene.run("index-corrupt", "budget_seconds=0");
        assertThat(result.unseen()).isEqualTo(2);
        assertThat(result.reason()).contains("time was up after 0 of 2");
    }

    private static String[] shiftyOrder() {
        List<String> statements = new ArrayList<>();
        statements.add("CREATE FUNCTION shifty(int, int) RETURNS int IMMUTABLE LANGUAGE sql"
                + " AS 'SELECT pg_catalog.btint4cmp($1, $2)'");
        statements.add("CREATE OPERATOR CLASS shifty_ops FOR TYPE int USING btree AS OPERATOR 1 <, OPERATOR 2 <=,"
                + " OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 shifty(int, int)");
        return statements.toArray(String[]::new);
    }

    @Test
    @Finds("checksum-failures")
    @Spares("checksum-failures")
    void a_damaged_page_is_found(@TempDir Path folder) throws Exception {
        Path data = Files.createDirectories(folder.resolve("data"));
        try (EmbeddedPostgres postgres = EmbeddedServer.NEWEST
                .builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setServerConfig("fsync", "off")
                .start()) {
            Scene scene = Scene.on(TestPostgres.embeddedAt(postgres.getPort()));
            scene.plant(
                    "CREATE TABLE t AS SELECT g, repeat('x', 200) AS b FROM generate_series(1, 1000) g", "CHECKPOINT");
            scene.spares("checksum-failures");
            Path file = data.resolve((String) scene.database().value("SELECT pg_relation_filepath('t')"));
            try (RandomAccessFile page = new RandomAccessFile(file.toFile(), "rw")) {
                page.seek(4_000);
                page.write("storage said otherwise".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
            evict(scene);
            assertThatThrownBy(() -> scene.plant("SELECT count(b) FROM t")).hasMessageContaining("invalid page");
            scene.findsAmongOthers(
                    "checksum-failures", List.of(), scene.database().name());
        }
    }

    /** Makes the server read the table from disk again. */
    private static void evict(Scene scene) {
        scene.plant("CREATE EXTENSION pg_buffercache", "SELECT pg_buffercache_evict_relation('t')");
    }

    @Test
    @Finds("checksum-failures")
    void a_server_without_checksums_would_not_notice() {
        RawFinding finding = Scene.on(TestPostgres.oldest()).only("checksum-failures");
        assertThat(finding.severity()).isEqualTo(Severity.INFO);
        assertThat(finding.message()).contains("checksums are off");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("sequence-exhaustion")
    @Spares("sequence-exhaustion")
    @Mends("sequence-exhaustion")
    void a_sequence_near_its_end_is_found(TestPostgres server) {
        Scene scene = Scene.on(
                server,
                "CREATE SCHEMA \"My Schema\"",
                "CREATE SEQUENCE up MAXVALUE 1000",
                "CREATE SEQUENCE down INCREMENT -1 MINVALUE -1000 MAXVALUE -1",
                "CREATE SEQUENCE \"My Schema\".\"Odd's Seq\" AS smallint",
                "CREATE SEQUENCE round MAXVALUE 1000 CYCLE",
                "CREATE SEQUENCE young MAXVALUE 1000",
                "CREATE SEQUENCE huge",
                "CREATE TABLE parted (id smallint GENERATED ALWAYS AS IDENTITY) PARTITION BY RANGE (id)");
        scene.spares("sequence-exhaustion");
        scene.plant(
                "SELECT setval('up', 810)",
                "SELECT setval('down', -960)",
                "SELECT setval('\"My Schema\".\"Odd''s Seq\"', 30000)",
                "SELECT setval('round', 990)",
                "SELECT setval('young', 790)",
                "SELECT setval('huge', 3000000000)",
                "SELECT setval('parted_id_seq', 30000)");
        scene.finds("sequence-exhaustion", "public.up", "public.down", "My Schema.Odd's Seq", "public.parted_id_seq");
        assertThat(scene.on("public.up", "sequence-exhaustion").severity()).isEqualTo(Severity.WARNING);
        assertThat(scene.on("public.down", "sequence-exhaustion").severity()).isEqualTo(Severity.CRITICAL);
        assertThat(scene.on("public.up", "sequence-exhaustion").remediation())
                .as("somebody set that limit")
                .isEmpty();
        scene.mend("sequence-exhaustion");
        scene.finds("sequence-exhaustion", "public.up", "public.down");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("sequence-exhaustion")
    @Spares("sequence-exhaustion")
    @Mends("sequence-exhaustion")
    void a_sequence_is_measured_from_its_start_in_its_direction(TestPostgres server) {
        Scene scene = Scene.on(
                server,
                "CREATE SEQUENCE never_used MINVALUE 1 MAXVALUE 99999 START 99999",
                "CREATE SEQUENCE started_high AS integer START 1000000000",
                "CREATE SEQUENCE from_one AS integer MINVALUE -2147483648 START 1",
                "CREATE SEQUENCE below_its_start START 500 MAXVALUE 1000",
                "CREATE SEQUENCE down_from_high AS smallint INCREMENT -1 MAXVALUE 32767 START 32767",
                "CREATE SEQUENCE as_wide_as_can_be MINVALUE -9223372036854775808 START -9223372036854775808",
                "CREATE SEQUENCE in_steps MAXVALUE 1000 INCREMENT 300",
                "SELECT setval('started_high', 1750000000)",
                "SELECT setval('from_one', 1400000000)",
                "SELECT setval('below_its_start', 3)",
                "SELECT setval('down_from_high', -10000)",
                "SELECT setval('as_wide_as_can_be', 0)",
                "SELECT nextval('in_steps') FROM generate_series(1, 3)");
        scene.spares("sequence-exhaustion");
        scene.plant(
                "SELECT setval('started_high', 2000000000)",
                "SELECT setval('from_one', 1800000000)",
                "SELECT setval('below_its_start', 950)",
                "SELECT setval('down_from_high', -30000)",
                "SELECT setval('as_wide_as_can_be', 9000000000000000000)",
                "SELECT nextval('in_steps')");
        scene.finds(
                "sequence-exhaustion",
                "public.started_high",
                "public.from_one",
                "public.below_its_start",
                "public.down_from_high",
                "public.as_wide_as_can_be",
                "public.in_steps");
        assertThat(scene.on("public.in_steps", "sequence-exhaustion").message())
                .as("the next step goes beyond the limit")
                .contains("100.0 %");
        scene.mend("sequence-exhaustion");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("integer-key-exhaustion")
    @Spares("integer-key-exhaustion")
    void keys_of_domains_count_and_what_was_never_given_out_does_not(TestPostgres server) {
        Scene scene = Scene.on(
                server,
                "CREATE DOMAIN positive AS integer CHECK (VALUE > 0)",
                "CREATE DOMAIN \"Small Id\" AS smallint",
                "CREATE DOMAIN of_a_domain AS positive",
                "CREATE TABLE fresh (id integer GENERATED ALWAYS AS IDENTITY (START 2147000000))",
                "CREATE TABLE doubled (id integer GENERATED ALWAYS AS IDENTITY (MINVALUE -2147483648 START -2147483648))",
                "CREATE SEQUENCE rounds AS integer MAXVALUE 2147483647 CYCLE",
                "CREATE TABLE round (id integer DEFAULT nextval('rounds'))",
                "CREATE DOMAIN wide AS bigint",
                "CREATE TABLE big (id wide PRIMARY KEY)",
                "INSERT INTO big SELECT 3000000000 + g FROM generate_series(1, 100) g",
                "SELECT nextval('doubled_id_seq'), setval('rounds', 2147000000)",
                "ANALYZE");
        scene.spares("integer-key-exhaustion");
        scene.plant(
                "CREATE SEQUENCE ids",
                "CREATE TABLE fed (id positive PRIMARY KEY DEFAULT nextval('ids'))",
                "CREATE TABLE given (id of_a_domain PRIMARY KEY)",
                "INSERT INTO given SELECT 2147000000 + g FROM generate_series(1, 100) g",
                "CREATE SEQUENCE \"Small ids\"",
                "CREATE TABLE small (\"Id\" \"Small Id\" DEFAULT nextval('\"Small ids\"'))",
                "CREATE TABLE down (id integer GENERATED ALWAYS AS IDENTITY (INCREMENT -1))",
                "SELECT setval('ids', 2147000000), setval('\"Small ids\"', 32000), setval('down_id_seq', -2147000000)",
                "ANALYZE");
        scene.finds("integer-key-exhaustion", "public.fed.id", "public.given.id", "public.small.Id", "public.down.id");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("integer-key-exhaustion")
    @Spares("integer-key-exhaustion")
    void an_integer_column_near_its_end_is_found_whatever_feeds_it(TestPostgres server) {
        Scene scene = Scene.on(
                server,
                "CREATE SCHEMA \"My Schema\"",
                "CREATE TABLE plain (id serial PRIMARY KEY)",
                // Made by hand, as bigint: the sequence itself is far from its end.
                "CREATE SEQUENCE ids",
                "CREATE TABLE manual (id int PRIMARY KEY DEFAULT nextval('ids'))",
                "CREATE TABLE parted (id int GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (id)) PARTITION BY RANGE (id)",
                "CREATE TABLE \"My Schema\".\"Odd\" (\"Small Id\" smallserial)",
                "CREATE TABLE big (id bigserial PRIMARY KEY)",
                "CREATE TABLE given (id int PRIMARY KEY)",
                "INSERT INTO given SELECT 2000000000 + g FROM generate_series(1, 100) g",
                "CREATE TABLE given_small (id int PRIMARY KEY, other int)",
                "INSERT INTO given_small SELECT g, 2000000000 FROM generate_series(1, 100) g");
        scene.plant("ANALYZE");
        scene.finds("integer-key-exhaustion", "public.given.id");
        assertThat(scene.on("public.given.id", "integer-key-exhaustion").confidence())
                .isEqualTo(Confidence.ESTIMATED);
        scene.plant(
                "SELECT setval('plain_id_seq', 1900000000)",
                "SELECT setval('ids', 2100000000)",
                "SELECT setval('parted_id_seq', 1800000000)",
                "SELECT setval('\"My Schema\".\"Odd_Small Id_seq\"', 30000)",
                "SELECT setval('big_id_seq', 4000000000)");
        scene.finds(
                "integer-key-exhaustion",
                "public.given.id",
                "public.plain.id",
                "public.manual.id",
                "public.parted.id",
                "My Schema.Odd.Small Id");
        assertThat(scene.on("public.manual.id", "integer-key-exhaustion").severity())
                .isEqualTo(Severity.CRITICAL);
    }

    /** Collations as the library of the server has them, and as if it had been another one when they were made. */
    private static final String[] COLLATIONS = {
        "CREATE SCHEMA \"My Schema\"",
        "CREATE COLLATION german (provider = icu, locale = 'de')",
        "CREATE COLLATION \"My Schema\".\"Öld\" (provider = icu, locale = 'sv')",
        "CREATE COLLATION same (provider = icu, locale = 'fr')",
        "CREATE COLLATION columns_only (provider = icu, locale = 'it')",
        "CREATE COLLATION unused (provider = icu, locale = 'es')",
        "CREATE TABLE plain (word text COLLATE german PRIMARY KEY, other text COLLATE \"C\" UNIQUE,"
                + " third text COLLATE same, EXCLUDE USING btree (word WITH =))",
        "CREATE INDEX ON plain (third)",
        "CREATE INDEX lowered ON plain (lower(word) COLLATE \"My Schema\".\"Öld\")",
        "CREATE TABLE \"My Schema\".\"Odd\" (\"Word\" text COLLATE \"My Schema\".\"Öld\", w text COLLATE columns_only)",
        "CREATE TABLE built_in (word text COLLATE \"fi-x-icu\" UNIQUE)",
        "CREATE INDEX \"Odd's index\" ON \"My Schema\".\"Odd\" (\"Word\" DESC)",
        "CREATE TABLE parted (id int, word text COLLATE german) PARTITION BY RANGE (id)",
        "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (100)",
        "CREATE INDEX ON parted (word)",
        "INSERT INTO plain SELECT 'word ' || n, 'o' || n, 't' || n FROM generate_series(1, 100) n",
        "INSERT INTO parted SELECT n, 'word ' || n FROM generate_series(1, 99) n"
    };

    private static final String OUTDATED = "UPDATE pg_collation SET collversion = '0.1'"
            + " WHERE collname IN ('german', 'Öld', 'columns_only', 'unused', 'fi-x-icu')";

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("collation-version")
    @Spares("collation-version")
    @Mends("collation-version")
    void a_collation_that_has_another_version_than_its_indexes_were_built_with_is_found(TestPostgres server) {
        Scene scene = Scene.on(server, COLLATIONS);
        scene.spares("collation-version");
        scene.plant(OUTDATED);
        scene.finds("collation-version", "public.german", "My Schema.Öld", "public.columns_only", "fi-x-icu");
        RawFinding german = scene.on("public.german", "collation-version");
        assertThat(german.severity()).isEqualTo(Severity.WARNING);
        assertThat(german.message()).contains("was recorded as version 0.1", "3 indexes may be in another order");
        assertThat(german.remediation().orElseThrow().lines())
                .hasSize(4)
                .contains(
                        "REINDEX INDEX CONCURRENTLY public.plain_pkey;",
                        "REINDEX INDEX public.plain_word_excl;",
                        "REINDEX INDEX CONCURRENTLY public.parted_1_word_idx;")
                .endsWith("ALTER COLLATION public.german REFRESH VERSION;");
        RawFinding unused = scene.on("public.columns_only", "collation-version");
        assertThat(unused.severity()).isEqualTo(Severity.INFO);
        assertThat(unused.message()).endsWith("No index uses it.");
        scene.mend("collation-version");
        scene.spares("collation-version");
    }

    /** The server records a version for that of a database since 15. */
    @Test
    @Finds("collation-version")
    void the_collation_of_a_database_that_has_another_version_is_found_by_every_server_that_records_one() {
        TestPostgres.all().tailMap(15).values().forEach(IntegrityChecksTest::findsThatOfTheDatabase);
    }

    private static void findsThatOfTheDatabase(TestPostgres server) {
        Database postgres = server.postgres();
        String name = "sorted_" + ProcessHandle.current().pid();
        postgres.execute("CREATE DATABASE " + name + " TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
                + " LOCALE_PROVIDER icu ICU_LOCALE 'DE'");
        try {
            Scene scene = Scene.of(new Database(server, name, postgres.user(), postgres.password()))
                    .plant("CREATE TABLE t (word text PRIMARY KEY)", "INSERT INTO t VALUES ('a')");
            scene.spares("collation-version");
            scene.plant("UPDATE pg_database SET datcollversion = '0.1' WHERE datname = current_database()");
            RawFinding finding = scene.only("collation-version");
            assertThat(finding.object()).isEqualTo(name);
            assertThat(finding.message())
                    .startsWith("The collation of database " + name + " was recorded as version 0.1;");
            assertThat(finding.remediation())
                    .contains("REINDEX INDEX CONCURRENTLY public.t_pkey;\nALTER DATABASE " + name
                            + " REFRESH COLLATION VERSION;");
            scene.mend("collation-version");
            scene.spares("collation-version");
        } finally {
            postgres.execute("DROP DATABASE " + name + " WITH (FORCE)");
        }
    }
}
