package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.archive.ArchiveRequest;
import dev.caretaker.server.archive.Sealed;
import dev.caretaker.server.archive.place.Destinations;
import dev.caretaker.server.archive.place.ObjectStore;
import dev.caretaker.server.archive.place.OtherS3;
import dev.caretaker.server.store.Sha256;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.Archive;
import dev.caretaker.v1.ArchiveState;
import dev.caretaker.v1.ListArchivesRequest;
import dev.caretaker.v1.VerifyLevel;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Archives as callers see them, and how they come back, in one server. */
class ArchivesThroughTheApiTest {
    /** A value, NULL, and what is hard about each built-in type. */
    private static final String EVERY_TYPE = """
            CREATE TYPE mood AS ENUM ('sad', 'it''s "so", so');
            CREATE DOMAIN positive AS int CHECK (value > 0);
            CREATE TYPE pair AS (a int, "B c" text);
            CREATE TABLE "Every Type" (
                id int PRIMARY KEY, b bool, i2 int2, i8 int8, n numeric, n2 numeric(20, 5), f4 float4, f8 float8, m money,
                t text, v varchar(40), c char(8), nm name, by bytea, d date, tm time, tmz timetz, ts timestamp, tsz timestamptz,
                iv interval, u uuid, j json, jb jsonb, x xml, i inet, ci cidr, mac macaddr, bi bit(5), vb varbit, po point,
                ln line, ls lseg, bx box, pa path, pg polygon, ci2 circle, tsv tsvector, tsq tsquery, lsn pg_lsn, oid oid,
                r int4range, nr numrange, tr tstzrange, mr int4multirange, ia int[], ta text[], ja jsonb[], mo mood,
                po2 positive, pr pair, g int GENERATED ALWAYS AS (id * 2) STORED, "line" text, "a""b" text);
            INSERT INTO "Every Type" VALUES
              (1, true, -1, 9223372036854775807, 1e-30, 123456789012345.12345, 0.1, 1e300, -12.34, E'a,"b"\\n\\\\.\\t\\r\\x01', '', 'x  ',
               'n', '\\x00ff', '2026-02-28', '23:59:59.999999', '12:00+05:30', '2026-01-01 00:00:00.000001',
               '2026-01-01 00:00+02', '-1 mon 3 days -04:05:06', gen_random_uuid(), E'{"a": 1,\\n  "a": 2}', '{"z": null}', '<a>x</a>',
               '::1/64', '10.0.0.0/8', '08:00:2b:01:02:03', B'10101', B'1', '(1,2)', '{1,-1,0}', '[(0,0),(1,1)]', '(1,1),(0,0)',
               '((0,0),(1,1))', '((0,0),(1,0),(0,1))', '<(0,0),1>', 'a fat cat', 'fat & !cat', '16/B374D848', 42, '[1,5)',
               '(,1.5]', '[2026-01-01,)', '{[1,3),[5,7)}', '{1,NULL,{}}'::text[]::text::int[]::int[], ARRAY['a,"b"', NULL, ''], ARRAY['null'::jsonb, NULL],
               'it''s "so", so', 7, ROW(1, 'x "y", z'), DEFAULT, 'l', 'q'),
              (2, false, NULL, 0, 'NaN', 0, 'Infinity', 'NaN', 0, '', NULL, '', '', '', 'infinity', '24:00', NULL, '-infinity',
               'infinity', '00:00', NULL, 'null', 'null', NULL, NULL, NULL, NULL, NULL, '', NULL, NULL, NULL, NULL, NULL, NULL, NULL,
               '', NULL, NULL, NULL, 'empty', NULL, NULL, '{}', '{}', '{}', '{}', NULL, NULL, NULL, DEFAULT, '\\.', NULL),
              (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, E'\\u00e4\\u6c34\\U0001F600', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
               NULL, NULL, NULL, '"null"', '"null"', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
               NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, DEFAULT, NULL, NULL)
            """.replace("'{1,NULL,{}}'::text[]::text::int[]::int[]", "ARRAY[1, NULL]");

    @TempDir
    private static Path folder;

    private static ArchiveScene scene;

    @BeforeAll
    static void start() throws IOException {
        scene = new ArchiveScene(folder);
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @Nested
    class Restores extends RestoresSuite {
        Restores() {
            super(scene);
        }
    }

    @Nested
    class InTrouble extends ArchivesInTroubleSuite {
        InTrouble() {
            super(scene);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "csv, none, nas",
        "csv, gzip, cold",
        "csv, zstd, nas",
        "ndjson, none, cold",
        "ndjson, gzip, nas",
        "ndjson, zstd, cold",
        "parquet, none, cold",
        "parquet, gzip, cold",
        "parquet, zstd, nas"
    })
    void every_type_comes_back_to_an_equal_hash(String format, String compression, String destination)
            throws Exception {
        Database fresh = scene.target();
        fresh.execute(
                "DROP TABLE IF EXISTS \"Every Type\", back",
                "DROP TYPE IF EXISTS mood, pair",
                "DROP DOMAIN IF EXISTS positive");
        fresh.execute(EVERY_TYPE);
        ArchivingStep step = new ArchivingStep(
                scene.server(), scene.target(), new TableName("public", "Every Type"), Optional.empty());
        ArchiveRequest request = step.request(ArchivingStep.terms(destination, format, compression));
        BigDecimal before = ArchivingStep.hash(scene.target(), request.source(), "\"Every Type\"");
        Sealed sealed = step.archive(request, 2);
        assertThat(sealed.stored()).as(sealed.message()).isTrue();
        assertThat(sealed.rows()).isEqualTo(3);
        String id = request.id().toString();
        assertThat(scene.verify(id, VerifyLevel.VERIFY_LEVEL_RESTORED))
                .satisfies(verdict -> assertThat(verdict.getWhole())
                        .as(verdict.getFaultsList().toString())
                        .isTrue());
        scene.restored(scene.restore(id).setNewTable(scene.name("back")));
        assertThat(ArchivingStep.hash(scene.target(), request.source(), "back")).isEqualByComparingTo(before);
        scene.restored(scene.restore(id).setOriginal(true));
        assertThat(ArchivingStep.hash(scene.target(), request.source(), "\"Every Type\""))
                .isEqualByComparingTo(before);
        scene.restored(scene.restore(id).setOriginal(true));
        assertThat(scene.count("SELECT count(*) FROM \"Every Type\"")).isEqualTo(3);
    }

    @Test
    void an_archive_is_listed_shown_and_verified() throws Exception {
        scene.table("shown", 20_000);
        String id = scene.archived("shown", "nas");
        Archive archive = scene.get(id);
        assertThat(archive.getState()).isEqualTo(ArchiveState.ARCHIVE_STATE_STORED);
        assertThat(archive.getRows()).isEqualTo(20_000);
        assertThat(archive.getPartsList()).hasSizeGreaterThan(1);
        assertThat(archive.getFirstTime()).isEqualTo(scene.time("2025-01-01T00:00:00Z"));
        assertThat(archive.getColumnsList())
                .extracting(column -> column.getName() + " " + column.getType())
                .containsExactly("id integer", "at timestamp with time zone", "body text");
        assertThat(scene.archives()
                        .listArchives(ListArchivesRequest.newBuilder()
                                .setTable(scene.name("shown"))
                                .build())
                        .getArchivesList())
                .extracting(Archive::getArchiveId)
                .containsExactly(id);
        for (VerifyLevel level : List.of(
                VerifyLevel.VERIFY_LEVEL_STORED,
                VerifyLevel.VERIFY_LEVEL_READ_BACK,
                VerifyLevel.VERIFY_LEVEL_RESTORED)) {
            assertThat(scene.verify(id, level).getFaultsList()).isEmpty();
        }
        assertThat(scene.get(id).getVerifyLevel()).isEqualTo(VerifyLevel.VERIFY_LEVEL_RESTORED);
        assertThat(scene.folder().resolve("data/spool/" + id)).doesNotExist();
    }

    @Test
    void names_that_could_lead_elsewhere_do_not() throws Exception {
        String odd = "../../\"Ä;ö% and 63 bytes of a name that goes on and on, x";
        scene.target()
                .execute(
                        "CREATE TABLE " + Identifiers.quote(odd) + " (at timestamptz, \"sp ace\" int)",
                        "INSERT INTO " + Identifiers.quote(odd) + " VALUES (now(), 1)");
        String id = scene.archived(odd, "nas");
        Path place = scene.folder()
                .resolve("nas")
                .resolve(scene.get(id).getLocation())
                .normalize();
        assertThat(place).startsWith(scene.folder().resolve("nas")).isDirectory();
        assertThat(scene.get(id).getLocation()).doesNotContain("..").matches("[A-Za-z0-9_%./-]+");
        assertThat(scene.verify(id, VerifyLevel.VERIFY_LEVEL_RESTORED).getWhole())
                .isTrue();
    }

    @Test
    void only_a_verified_newer_copy_or_force_lets_an_archive_go() throws Exception {
        scene.table("copied", 100);
        String id = scene.archived("copied", "nas");
        assertThatThrownBy(() -> scene.delete(id, false)).hasMessageContaining("only copy");
        scene.restored(scene.restore(id).setOriginal(true));
        String copy = scene.archived("copied", "cold");
        assertThat(scene.delete(id, false).getState()).isEqualTo(ArchiveState.ARCHIVE_STATE_DELETED);
        assertThat(scene.delete(id, false).getState()).isEqualTo(ArchiveState.ARCHIVE_STATE_DELETED);
        assertThat(scene.folder().resolve("nas").resolve(scene.get(id).getLocation()))
                .doesNotExist();
        assertThatThrownBy(() -> scene.verify(id, VerifyLevel.VERIFY_LEVEL_STORED))
                .hasMessageContaining("deleted");
        assertThat(scene.delete(copy, true).getState()).isEqualTo(ArchiveState.ARCHIVE_STATE_DELETED);
        assertThat(scene.s3().keys()).noneMatch(key -> key.contains(copy));
    }

    @Test
    void a_store_that_others_wrote_takes_an_archive_gives_it_back_and_forgets_it() throws Exception {
        try (OtherS3 _ = scene.startOther()) {
            scene.table("elsewhere", 20_000);
            String id = scene.archived("elsewhere", "other");
            assertThat(scene.get(id).getPartsList()).hasSizeGreaterThan(1);
            assertThat(scene.verify(id, VerifyLevel.VERIFY_LEVEL_RESTORED).getFaultsList())
                    .isEmpty();
            scene.restored(scene.restore(id).setNewTable(scene.name("elsewhere_back")));
            assertThat(scene.count("SELECT count(*) FROM elsewhere_back WHERE body = md5(id::text) || md5((-id)::text)"
                            + " || md5((id * 7)::text)"))
                    .isEqualTo(20_000);
            ObjectStore store = scene.server().bean(Destinations.class).store("other");
            byte[] large = new byte[12 << 20];
            Path file = Files.write(scene.folder().resolve("large"), large);
            for (long bytes : new long[] {100, large.length}) {
                String key = scene.get(id).getLocation() + "of-" + bytes;
                String sha256 = Sha256.hex(Sha256.of(Arrays.copyOf(large, (int) bytes)), 32);
                assertThat(store.putIfAbsent(key, file, bytes, sha256)).isTrue();
                assertThat(store.putIfAbsent(key, file, bytes, sha256)).isFalse();
                assertThat(store.head(key).flatMap(ObjectStore.Found::sha256)).contains(sha256);
                store.delete(key);
            }
            scene.delete(id, true);
            assertThat(store.list("", "", 10)).isEmpty();
        }
    }

    @Test
    void nothing_is_left_of_an_archive_into_which_no_row_came() throws Exception {
        scene.target().execute("CREATE TABLE none_left (id int, at timestamptz)");
        ArchivingStep step = scene.step("none_left");
        ArchiveRequest request = step.request(ArchivingStep.terms("nas", "csv", "zstd"));
        assertThat(step.archive(request, 10).message()).contains("No row");
        assertThat(scene.get(request.id().toString()).getState()).isEqualTo(ArchiveState.ARCHIVE_STATE_EMPTY);
        try (Stream<Path> files = Files.walk(scene.folder())) {
            assertThat(files)
                    .noneMatch(file -> file.toString().contains(request.id().toString()));
        }
    }
}
