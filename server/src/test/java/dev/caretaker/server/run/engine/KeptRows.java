package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.archive.ArchiveTerms;
import dev.caretaker.server.archive.VerifyLevel;
import dev.caretaker.server.cleanup.leave.Keeper;
import dev.caretaker.server.cleanup.policy.Keeping;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.cleanup.step.Eligibility;
import dev.caretaker.server.cleanup.step.RelationState;
import dev.caretaker.server.cleanup.step.RemovalKinds;
import dev.caretaker.server.cleanup.step.RowRemoval;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.store.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** A table {@code t} whose old rows leave: for a table {@code kept}, for figures there, or for files below a folder. */
final class KeptRows {
    static final int OLD = 12_000;
    static final int ALL = 13_000;
    static final List<String> KINDS =
            List.of(RemovalKinds.INDEX_RANGE, RemovalKinds.BLOCK_RANGE, RemovalKinds.ROW_LIST);
    /** How many are in one of both tables, once, and as they were. */
    static final String BY_ID = "SELECT count(*) FROM (SELECT id, count(*), min(filler) AS filler FROM (SELECT id,"
            + " filler FROM t UNION ALL SELECT id, filler FROM kept) AS u GROUP BY id HAVING count(*) = 1) AS once"
            + " WHERE length(filler) = 1000 + id % 50";

    private KeptRows() {}

    /** Statements that make the table; what was there before goes. */
    static String[] made() {
        return new String[] {
            "DROP TABLE IF EXISTS t, kept",
            "CREATE TABLE t (id int, at timestamptz, filler text)",
            "INSERT INTO t SELECT i, timestamptz '2025-01-01' + (i - " + OLD
                    + " - 1) * interval '1 minute', repeat('x', 1000 + i % 50) FROM generate_series(1, " + ALL + ") i",
            "CREATE INDEX t_at ON t (at)",
            "ANALYZE t"
        };
    }

    /** @param folder for the spool, and for what is stored in {@link #cold} */
    static Map<String, Object> settings(Path folder) throws IOException {
        return Map.of(
                "caretaker.archives.spool", folder.resolve("spool").toString(),
                "caretaker.archives.destinations.cold.type", "directory",
                "caretaker.archives.destinations.cold.path",
                        Files.createDirectories(cold(folder)).toString());
    }

    private static Path cold(Path folder) {
        return folder.resolve("cold");
    }

    /** Removes what is stored. */
    static void forget(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(cold(folder))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(cold(folder))) {
                    Files.delete(file);
                }
            }
        }
    }

    static long manifests(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(cold(folder))) {
            return files.filter(file -> file.endsWith("manifest.json")).count();
        }
    }

    /** What is stored, a line a row. */
    static List<String> rows(Path folder) throws IOException {
        List<String> rows = new ArrayList<>();
        try (Stream<Path> files = Files.walk(cold(folder))) {
            for (Path file :
                    files.filter(some -> some.toString().endsWith(".csv")).toList()) {
                List<String> all = Files.readAllLines(file);
                assertThat(all.getFirst()).isEqualTo("\"id\",\"at\",\"filler\"");
                rows.addAll(all.subList(1, all.size()));
            }
        }
        return rows;
    }

    static int id(String row) {
        return Integer.parseInt(row.substring(0, row.indexOf(',')));
    }

    /** Each old row stands in the parts of one archive, once, as it was; and the archive has its manifest. */
    static void assertArchived(Path folder, String because) throws IOException {
        assertThat(manifests(folder)).as(because).isEqualTo(1);
        List<String> rows = rows(folder);
        assertThat(rows.stream().map(KeptRows::id)).as(because).doesNotHaveDuplicates();
        assertThat(rows).as(because).hasSize(OLD).allMatch(KeptRows::isOldAndAsItWas);
    }

    private static boolean isOldAndAsItWas(String row) {
        int filler = row.length() - row.lastIndexOf(',') - 1;
        return id(row) >= 1 && id(row) <= OLD && filler == 1000 + id(row) % 50;
    }

    /** Into files. */
    static Keeper store() {
        return new Keeper.Store(
                new ArchiveTerms("cold", "csv", "none", 4L << 20, VerifyLevel.READ_BACK),
                List.of("id", "at", "filler"),
                Optional.of(new TimeColumn("at", TimeColumn.Kind.TIMESTAMPTZ, Optional.empty())),
                "p",
                Instant.parse("2025-01-01T00:00:00Z"),
                "at < '2025-01-01'");
    }

    static Keeper table() {
        return new Keeper.Table(
                new TableName("public", "kept"), new TableName("public", "t"), List.of("id", "at", "filler"), false);
    }

    static Keeper rollUp() {
        return new Keeper.RollUp(
                new TableName("public", "kept"),
                new TimeColumn("at", TimeColumn.Kind.TIMESTAMPTZ, Optional.empty()),
                Keeping.Bucket.HOUR,
                "UTC",
                List.of(),
                List.of(
                        new Keeper.RolledMeasure(
                                new Keeping.Measure(
                                        "rows", Keeping.Figure.COUNT, Optional.empty(), OptionalInt.empty()),
                                ""),
                        new Keeper.RolledMeasure(
                                new Keeping.Measure("ids", Keeping.Figure.SUM, Optional.of("id"), OptionalInt.empty()),
                                "pg_catalog.int4")));
    }

    static StepSpec removal(String kind, RelationState state, Keeper keeper) {
        TableName table = new TableName("public", "t");
        Eligibility eligible = new Eligibility(
                state.oid(),
                table,
                "at",
                TimeColumn.Kind.TIMESTAMPTZ,
                "timestamp with time zone",
                "2025-01-01 00:00:00+00",
                Optional.empty(),
                Map.of(),
                List.of(),
                List.of());
        RowRemoval removal = new RowRemoval(
                eligible,
                state.fingerprint(),
                state.relfilenode(),
                150,
                Optional.of(new RowRemoval.IndexPath(new TableName("public", "t_at"), List.of(Map.of()))),
                List.of(),
                false);
        return new StepSpec(kind, table, "p", OLD, removal.keptBy(keeper));
    }
}
