package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.caretaker.server.archive.ArchiveRequest;
import dev.caretaker.server.archive.Sealed;
import dev.caretaker.server.archive.place.FakeS3;
import dev.caretaker.server.archive.place.OtherS3;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.Archive;
import dev.caretaker.v1.ArchiveServiceGrpc.ArchiveServiceBlockingStub;
import dev.caretaker.v1.ArchiveVerdict;
import dev.caretaker.v1.DeleteArchiveRequest;
import dev.caretaker.v1.GetArchiveRequest;
import dev.caretaker.v1.RestoreArchiveRequest;
import dev.caretaker.v1.RestoreArchiveResponse;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.VerifyArchiveRequest;
import dev.caretaker.v1.VerifyArchiveResponse;
import dev.caretaker.v1.VerifyLevel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A server with a directory and a bucket for archives, a target, and what tests of archives ask of them. */
final class ArchiveScene implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final FakeS3 s3;
    private final Database target;
    private final WholeServer server;
    private final ArchiveServiceBlockingStub archives;
    private final int otherPort;

    /** @param folder for everything that it writes */
    ArchiveScene(Path folder) throws IOException {
        this.folder = folder;
        this.s3 = new FakeS3();
        this.target = TestPostgres.newest().database();
        Files.createDirectories(folder.resolve("nas"));
        Map<String, Object> more = new HashMap<>();
        more.put("caretaker.data-dir", folder.resolve("data").toString());
        more.put("caretaker.archives.seal-wait", "20s");
        more.put("caretaker.archives.parquet-driver", System.getProperty("caretaker.test.duckdb"));
        more.put("caretaker.archives.destinations.nas.type", "directory");
        more.put(
                "caretaker.archives.destinations.nas.path",
                folder.resolve("nas").toString());
        more.put("caretaker.archives.destinations.cold.type", "s3");
        more.put("caretaker.archives.destinations.cold.bucket", "bucket");
        more.put("caretaker.archives.destinations.cold.endpoint", s3.endpoint().toString());
        more.put("caretaker.archives.destinations.cold.path-style", "true");
        Files.writeString(folder.resolve("key"), "key\n");
        more.put(
                "caretaker.archives.destinations.cold.access-key-file",
                folder.resolve("key").toString());
        more.put(
                "caretaker.archives.destinations.cold.secret-key-file",
                folder.resolve("key").toString());
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            otherPort = free.getLocalPort();
        }
        Files.writeString(folder.resolve("other-key"), "other\n");
        String other = "caretaker.archives.destinations.other.";
        more.put(other + "type", "s3");
        more.put(other + "bucket", "other");
        more.put(other + "endpoint", "http://127.0.0.1:" + otherPort);
        more.put(other + "path-style", "true");
        more.put(other + "multipart-size", "5MB");
        more.put(other + "access-key-file", folder.resolve("other-key").toString());
        more.put(other + "secret-key-file", folder.resolve("other-key").toString());
        this.server = WholeServer.start(target, more);
        this.archives = server.archives();
    }

    @Override
    public void close() {
        server.close();
        s3.close();
    }

    /** Starts what the destination "other" leads to. */
    OtherS3 startOther() throws IOException {
        return OtherS3.start(folder, otherPort, "other", "other");
    }

    Path folder() {
        return folder;
    }

    FakeS3 s3() {
        return s3;
    }

    Database target() {
        return target;
    }

    WholeServer server() {
        return server;
    }

    ArchiveServiceBlockingStub archives() {
        return archives;
    }

    /** Gives the server other keys of the bucket, while it works. */
    void giveKey(String key) {
        try {
            Files.writeString(folder.resolve("key"), key + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A table of that name with rows of 2025, one an hour. */
    void table(String name, int rows) {
        target.execute(
                "CREATE TABLE " + name + " (id int PRIMARY KEY, at timestamptz NOT NULL, body text)",
                "INSERT INTO " + name + " SELECT i, timestamptz '2025-01-01' + i * interval '1 hour',"
                        + " md5(i::text) || md5((-i)::text) || md5((i * 7)::text) FROM generate_series(0, " + (rows - 1)
                        + ") i");
    }

    ArchivingStep step(String table) {
        return new ArchivingStep(server, target, new TableName("public", table), Optional.of("at"));
    }

    String archived(String table, String destination) throws Exception {
        return archived(table, destination, "csv");
    }

    /** Archives all rows of a table. Returns the id of the archive. */
    String archived(String table, String destination, String format) throws Exception {
        ArchivingStep step = step(table);
        ArchiveRequest request = step.request(ArchivingStep.terms(destination, format, "zstd"));
        Sealed sealed = step.archive(request, 500);
        assertThat(sealed.stored()).as(sealed.message()).isTrue();
        return request.id().toString();
    }

    Archive get(String id) {
        return archives.getArchive(
                        GetArchiveRequest.newBuilder().setArchiveId(id).build())
                .getArchive();
    }

    ArchiveVerdict verify(String id, VerifyLevel level) {
        Iterator<VerifyArchiveResponse> answers = archives.verifyArchive(VerifyArchiveRequest.newBuilder()
                .setArchiveId(id)
                .setLevel(level)
                .build());
        VerifyArchiveResponse last = null;
        while (answers.hasNext()) {
            last = answers.next();
        }
        return last.getVerdict();
    }

    RestoreArchiveRequest.Builder restore(String id) {
        return RestoreArchiveRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setArchiveId(id);
    }

    List<RunEvent> run(RestoreArchiveRequest.Builder request) {
        List<RunEvent> events = new ArrayList<>();
        Iterator<RestoreArchiveResponse> answers = archives.restoreArchive(request.build());
        while (answers.hasNext()) {
            events.add(answers.next().getEvent());
        }
        return events;
    }

    void restored(RestoreArchiveRequest.Builder request) {
        List<RunEvent> events = run(request);
        assertThat(events.getLast().getFinished().getOutcome())
                .as(events.toString())
                .isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
    }

    long count(String query) throws SQLException {
        try (Connection connection = target.connect()) {
            return ArchivingStep.number(connection, query);
        }
    }

    dev.caretaker.v1.TableName name(String name) {
        return dev.caretaker.v1.TableName.newBuilder()
                .setSchema("public")
                .setName(name)
                .build();
    }

    Timestamp time(String text) {
        return Timestamp.newBuilder()
                .setSeconds(Instant.parse(text).getEpochSecond())
                .build();
    }

    Archive delete(String id, boolean force) {
        return archives.deleteArchive(DeleteArchiveRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setArchiveId(id)
                        .setForce(force)
                        .build())
                .getArchive();
    }
}
