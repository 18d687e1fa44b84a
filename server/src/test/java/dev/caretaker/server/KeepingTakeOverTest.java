package dev.caretaker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.testing.ServerHere;
import dev.caretaker.server.testing.ServerProcess;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.ArchiveStore;
import dev.caretaker.v1.ArchiveTable;
import dev.caretaker.v1.ArchiveTo;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server is killed while rows leave: another one goes on, and each row is in its table or, once, where it is kept. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class KeepingTakeOverTest {
    private static final int OLD = 60_000;
    private static final int YOUNG = 20_000;
    /** The run would take a minute and more: longer than the second server needs to start. */
    private static final int ROWS_PER_SECOND = 700;

    private final TestPostgres.Database controlStore = TestPostgres.controlStore();
    private final TestPostgres.Database target = TestPostgres.newest().database();

    @Test
    void rows_on_their_way_into_a_table(@TempDir Path folder) throws Exception {
        ArchiveTable table = ArchiveTable.newBuilder()
                .setName(TableName.newBuilder().setSchema("public").setName("{table}_kept"))
                .build();
        Run run = killed(folder, ArchiveTo.newBuilder().setTable(table).build(), "");
        assertThat(run.getTotals().getArchived(0).getPlace()).isEqualTo("public.events_kept");
        assertThat(target.number("SELECT count(*) FROM events_kept")).isEqualTo(OLD);
        assertThat(target.number("SELECT count(DISTINCT id) FROM events_kept WHERE id > 0 AND payload = 'p' || id"))
                .isEqualTo(OLD);
    }

    /** Both servers have the same spool, as on a disk that they share. */
    @Test
    void rows_on_their_way_into_files(@TempDir Path folder) throws Exception {
        Path cold = Files.createDirectory(folder.resolve("cold"));
        ArchiveStore store = ArchiveStore.newBuilder()
                .setDestination("cold")
                .setCompression("none")
                .build();
        Run run = killed(
                folder, ArchiveTo.newBuilder().setStore(store).build(), """
                archives:
                  spool: '%s'
                  destinations:
                    cold: {type: directory, path: '%s'}
                """.formatted(folder.resolve("spool"), cold));
        assertThat(run.getDebtsList()).isEmpty();
        List<String> rows = rows(cold);
        assertThat(rows).hasSize(OLD).doesNotHaveDuplicates();
        List<String> ids = rows.stream()
                .map(row -> row.substring(0, row.indexOf(',')))
                .sorted()
                .toList();
        assertThat(ids)
                .isEqualTo(IntStream.rangeClosed(1, OLD)
                        .mapToObj(String::valueOf)
                        .sorted()
                        .toList());
        assertThat(rows).allMatch(row -> row.endsWith(",p" + row.substring(0, row.indexOf(','))));
    }

    private static List<String> rows(Path cold) throws IOException {
        List<String> rows = new ArrayList<>();
        try (Stream<Path> files = Files.walk(cold)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".csv")).toList()) {
                rows.addAll(Files.readAllLines(file).stream().skip(1).toList());
            }
        }
        return rows;
    }

    /** The run, which one server began and another one ended. */
    private Run killed(Path folder, ArchiveTo archive, String configuration) throws Exception {
        SlowCleanup.table(target, OLD, "'p' || n", YOUNG);
        try (ServerProcess first = ServerProcess.start(folder, "first", controlStore, target, "2s", configuration)) {
            String id = SlowCleanup.start(
                    first,
                    SlowCleanup.policy()
                            .setAction(PolicyAction.POLICY_ACTION_ARCHIVE)
                            .setArchive(archive),
                    ROWS_PER_SECOND);
            SlowCleanup.awaitDeleted(id, first, OLD / 50);
            try (ServerHere second = ServerHere.start(folder, "second", controlStore, target, "2s", configuration)) {
                first.kill();
                long deleted = SlowCleanup.get(id, second).getTotals().getRowsDeleted();
                assertThat(deleted).as("the run is still under way").isLessThan(OLD);
                await("the other server goes on")
                        .atMost(30, TimeUnit.SECONDS)
                        .until(() -> SlowCleanup.get(id, second).getTotals().getRowsDeleted() > deleted);
                SlowCleanup.hurry(id, second);
                Run run = SlowCleanup.ended(id, second);
                assertThat(run.getOutcome()).as(run.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
                assertThat(run.getTotals().getRowsDeleted()).isEqualTo(OLD);
                assertThat(run.getTotals().getRowsExact()).isTrue();
                assertThat(run.getTotals().getArchived(0).getRows()).isEqualTo(OLD);
                assertThat(target.number("SELECT count(*) FROM events")).isEqualTo(YOUNG);
                return run;
            }
        }
    }
}
