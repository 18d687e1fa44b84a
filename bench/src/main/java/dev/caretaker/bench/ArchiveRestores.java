package dev.caretaker.bench;

import com.github.luben.zstd.ZstdInputStream;
import dev.caretaker.v1.Archive;
import dev.caretaker.v1.ArchivePart;
import dev.caretaker.v1.ArchiveServiceGrpc;
import dev.caretaker.v1.ArchiveServiceGrpc.ArchiveServiceBlockingStub;
import dev.caretaker.v1.GetArchiveRequest;
import dev.caretaker.v1.ListArchivesRequest;
import dev.caretaker.v1.RestoreArchiveRequest;
import dev.caretaker.v1.RestoreArchiveResponse;
import dev.caretaker.v1.TableName;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.postgresql.PGConnection;

/** Brings the rows of one archive back into a table of their own: by COPY FROM of its parts by hand, and by Caretaker. */
final class ArchiveRestores {
    static final String BY_HAND = "zstd | copy from";
    static final String BY_CARETAKER = "caretaker, brought back";

    private final CaretakerServer server;
    private final BenchDatabase database;
    private final Scenario scenario;
    private final Path cold;
    private final Archive archive;

    /** @param cold folder of the destination; what lies there of the newest archive of the scenario's table is restored */
    ArchiveRestores(CaretakerServer server, BenchDatabase database, Scenario scenario, Path cold) {
        this.server = server;
        this.database = database;
        this.scenario = scenario;
        this.cold = cold;
        String id = archives()
                .listArchives(ListArchivesRequest.newBuilder()
                        .setTable(name(scenario.table()))
                        .build())
                .getArchives(0)
                .getArchiveId();
        this.archive = archives()
                .getArchive(GetArchiveRequest.newBuilder().setArchiveId(id).build())
                .getArchive();
    }

    private ArchiveServiceBlockingStub archives() {
        return ArchiveServiceGrpc.newBlockingStub(server.channel());
    }

    /** Restores it, looks that all rows are there, and drops them. Returns the seconds that the restore took. */
    double measure(String contender) throws SQLException {
        String table = "back_" + UUID.randomUUID().toString().replace('-', '_');
        try (Connection connection = database.connectClone();
                Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT");
            double seconds = contender.equals(BY_HAND) ? byHand(connection, table) : byCaretaker(table);
            try (ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
                row.next();
                if (row.getLong(1) != archive.getRows()) {
                    throw new BenchException(
                            contender + ": " + row.getLong(1) + " rows came back, not " + archive.getRows());
                }
            }
            statement.execute("DROP TABLE " + table);
            return seconds;
        }
    }

    /** One transaction, one COPY a part. */
    private double byHand(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE " + table + " AS TABLE " + scenario.quotedTable() + " WITH NO DATA");
            long start = System.nanoTime();
            connection.setAutoCommit(false);
            for (ArchivePart part : archive.getPartsList()) {
                Path file = cold.resolve(archive.getLocation()).resolve(part.getObject());
                try (InputStream in = new ZstdInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
                    connection
                            .unwrap(PGConnection.class)
                            .getCopyAPI()
                            .copyIn("COPY " + table + " FROM STDIN (FORMAT csv, HEADER)", in);
                } catch (IOException e) {
                    throw new BenchException("part " + file + " cannot be read", e);
                }
            }
            connection.commit();
            connection.setAutoCommit(true);
            return (System.nanoTime() - start) / 1e9;
        }
    }

    private double byCaretaker(String table) {
        long start = System.nanoTime();
        server.awaitComplete(
                archives()
                        .restoreArchive(RestoreArchiveRequest.newBuilder()
                                .setRequestId(UUID.randomUUID().toString())
                                .setArchiveId(archive.getArchiveId())
                                .setNewTable(name(table))
                                .build()),
                RestoreArchiveResponse::getEvent);
        return (System.nanoTime() - start) / 1e9;
    }

    private static TableName name(String table) {
        return TableName.newBuilder().setSchema("public").setName(table).build();
    }
}
