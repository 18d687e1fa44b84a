package dev.caretaker.bench;

import com.github.luben.zstd.ZstdOutputStream;
import dev.caretaker.v1.ArchiveStore;
import dev.caretaker.v1.ArchiveTable;
import dev.caretaker.v1.ArchiveTo;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.TableName;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import org.postgresql.PGConnection;

/** Ways to keep what is deleted: by hand in one statement, and by Caretaker. */
final class ArchiveContenders {
    /** What a destination of the server's configuration is named. */
    static final String DESTINATION = "cold";

    static final String COPY = "copy | zstd";
    static final String INSERT = "insert";
    static final String DELETE = "caretaker, nothing kept";
    static final String TO_FILE = "caretaker, in a file";
    static final String TO_TABLE = "caretaker, in a table";

    private static final String ARCHIVE = "JobOccurrences_Archive";
    /** Caretaker's own. */
    private static final int LEVEL = 3;

    private ArchiveContenders() {}

    /** One COPY (DELETE … RETURNING *) through zstd into a file, which is forced to the disk before the commit. */
    static Contender copy(Path folder) {
        return new Contender() {
            @Override
            public String name() {
                return COPY;
            }

            @Override
            public Work remove(BenchDatabase database, Scenario scenario) throws SQLException {
                Path file = folder.resolve(UUID.randomUUID() + ".csv.zst");
                long start = System.nanoTime();
                try (Connection connection = database.connectClone();
                        FileChannel channel =
                                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                    connection.setAutoCommit(false);
                    ZstdOutputStream out = new ZstdOutputStream(Channels.newOutputStream(channel), LEVEL);
                    out.setCloseFrameOnFlush(true);
                    connection
                            .unwrap(PGConnection.class)
                            .getCopyAPI()
                            .copyOut(
                                    "COPY (DELETE FROM " + scenario.quotedTable() + " WHERE " + scenario.condition()
                                            + " RETURNING *) TO STDOUT (FORMAT csv, HEADER)",
                                    out);
                    out.flush();
                    channel.force(false);
                    connection.commit();
                    out.close();
                } catch (IOException e) {
                    throw new BenchException("the file cannot be written", e);
                }
                return Work.of(Duration.ofNanos(System.nanoTime() - start));
            }
        };
    }

    /** One WITH gone AS (DELETE … RETURNING *) INSERT INTO a table that is like the source. */
    static Contender insert() {
        return new Contender() {
            @Override
            public String name() {
                return INSERT;
            }

            @Override
            public Work remove(BenchDatabase database, Scenario scenario) throws SQLException {
                try (Connection connection = database.connectClone();
                        Statement statement = connection.createStatement()) {
                    statement.execute("CREATE TABLE \"" + ARCHIVE + "\" (LIKE " + scenario.quotedTable() + ")");
                    long start = System.nanoTime();
                    statement.execute("WITH gone AS (DELETE FROM " + scenario.quotedTable() + " WHERE "
                            + scenario.condition() + " RETURNING *) INSERT INTO \"" + ARCHIVE
                            + "\" SELECT * FROM gone");
                    return Work.of(Duration.ofNanos(System.nanoTime() - start));
                }
            }
        };
    }

    static Policy.Builder inFile(Policy.Builder policy) {
        return policy.setAction(PolicyAction.POLICY_ACTION_ARCHIVE)
                .setArchive(ArchiveTo.newBuilder()
                        .setStore(ArchiveStore.newBuilder().setDestination(DESTINATION)));
    }

    static Policy.Builder inTable(Policy.Builder policy) {
        return policy.setAction(PolicyAction.POLICY_ACTION_ARCHIVE)
                .setArchive(ArchiveTo.newBuilder()
                        .setTable(ArchiveTable.newBuilder()
                                .setName(TableName.newBuilder()
                                        .setSchema("public")
                                        .setName(ARCHIVE))));
    }
}
