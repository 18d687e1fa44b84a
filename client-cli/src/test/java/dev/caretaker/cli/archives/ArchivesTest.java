package dev.caretaker.cli.archives;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import com.google.rpc.Code;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.Archive;
import dev.caretaker.v1.ArchivePart;
import dev.caretaker.v1.ArchiveState;
import dev.caretaker.v1.ArchiveVerdict;
import dev.caretaker.v1.DeleteArchiveRequest;
import dev.caretaker.v1.DeleteArchiveResponse;
import dev.caretaker.v1.GetArchiveRequest;
import dev.caretaker.v1.GetArchiveResponse;
import dev.caretaker.v1.ListArchivesRequest;
import dev.caretaker.v1.ListArchivesResponse;
import dev.caretaker.v1.RestoreArchiveRequest;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.VerifyArchiveRequest;
import dev.caretaker.v1.VerifyArchiveResponse;
import dev.caretaker.v1.VerifyLevel;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ArchivesTest {
    private static final Archive WHOLE = Archive.newBuilder()
            .setArchiveId("a-1")
            .setTarget("shop")
            .setTable(TableName.newBuilder().setSchema("public").setName("orders"))
            .setState(ArchiveState.ARCHIVE_STATE_STORED)
            .setDestination("cold")
            .setLocation("shop/public.orders/2026-05-01_a-1/")
            .setFormat("csv")
            .setCompression("zstd")
            .setRows(12_345)
            .setBytes(1_048_576)
            .setRawBytes(10_485_760)
            .setFirstTime(Timestamp.newBuilder().setSeconds(1_700_000_000))
            .setVerifyTime(Timestamp.newBuilder().setSeconds(1_800_000_000))
            .setVerifyLevel(VerifyLevel.VERIFY_LEVEL_READ_BACK)
            .addParts(ArchivePart.newBuilder()
                    .setObject("part-00001.csv.zst")
                    .setRows(12_345)
                    .setSpool("host:/spool"))
            .build();

    private final FakeServer server = new FakeServer();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void archives_are_listed_by_what_they_hold() {
        server.on(
                "ListArchives",
                ListArchivesRequest.class,
                request -> ListArchivesResponse.newBuilder()
                        .addArchives(WHOLE)
                        .addArchives(WHOLE.toBuilder().setArchiveId("a-2").setFault("Part 1 is missing."))
                        .build());
        assertThat(Cli.to(server)
                        .run("archives", "list", "--target", "shop", "--table", "orders")
                        .out())
                .containsPattern("a-1 +shop +orders +stored +12,345 +1 MB")
                .containsPattern("a-2 +shop +orders +damaged")
                .contains("(read-back)");
        assertThat(server.request(ListArchivesRequest.class).getTable().getName())
                .isEqualTo("orders");
    }

    @Test
    void a_part_that_is_not_stored_is_shown_with_where_it_lies() {
        server.on(
                "GetArchive",
                GetArchiveRequest.class,
                request -> GetArchiveResponse.newBuilder().setArchive(WHOLE).build());
        assertThat(Cli.to(server).run("archives", "show", "a-1").out())
                .contains("spool of host:/spool", "1 MB of 10 MB", "shop/public.orders/2026-05-01_a-1/");
    }

    @Test
    void a_damaged_archive_is_told_and_has_an_exit_code() {
        server.on(
                "VerifyArchive",
                VerifyArchiveRequest.class,
                request -> VerifyArchiveResponse.newBuilder()
                        .setVerdict(ArchiveVerdict.newBuilder()
                                .setWhole(request.getLevel() != VerifyLevel.VERIFY_LEVEL_RESTORED)
                                .addAllFaults(
                                        request.getLevel() == VerifyLevel.VERIFY_LEVEL_RESTORED
                                                ? List.of("Part part-00001.csv.zst: it is missing.")
                                                : List.of())
                                .setArchive(WHOLE))
                        .build());
        assertThat(Cli.to(server).run("archives", "verify", "a-1").out()).contains("a-1 is whole: 12,345 rows");
        var damaged = Cli.to(server).run("archives", "verify", "a-1", "--level", "restored");
        assertThat(damaged.out()).contains("is damaged", "it is missing");
        assertThat(damaged.exitCode()).isEqualTo(6);
        assertThat(Cli.to(server)
                        .run("archives", "verify", "a-1", "--level", "deep")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void a_restore_says_where_to_and_what() {
        assertThat(Cli.to(server).run("archives", "restore", "a-1").exitCode()).isEqualTo(2);
        assertThat(Cli.to(server)
                        .run("archives", "restore", "a-1", "--into", "x", "--original")
                        .exitCode())
                .isEqualTo(2);
        assertThat(Cli.to(server)
                        .run("archives", "restore", "a-1", "--original", "--from", "yesterday")
                        .exitCode())
                .isEqualTo(2);
        Cli.to(server)
                .run(
                        "archives",
                        "restore",
                        "a-1",
                        "--as-partition",
                        "back",
                        "--parent",
                        "log.events",
                        "--from",
                        "2026-05-01T02:00+02:00",
                        "--keep",
                        "3d");
        RestoreArchiveRequest sent = server.request(RestoreArchiveRequest.class);
        assertThat(sent.getPartition().getName().getName()).isEqualTo("back");
        assertThat(sent.getPartition().getParent().getSchema()).isEqualTo("log");
        assertThat(sent.getFromTime().getSeconds()).isEqualTo(1_777_593_600);
        assertThat(sent.getKeep().getSeconds()).isEqualTo(259_200);
        assertThat(sent.getRequestId()).isNotEmpty();
    }

    @Test
    void the_only_copy_goes_by_force_alone() {
        server.on("DeleteArchive", DeleteArchiveRequest.class, request -> {
            if (!request.getForce()) {
                throw FakeServer.error(Code.FAILED_PRECONDITION, "ARCHIVE_IS_ONLY_COPY", "No newer archive.");
            }
            return DeleteArchiveResponse.newBuilder().setArchive(WHOLE).build();
        });
        assertThat(Cli.to(server).run("archives", "delete", "a-1").exitCode()).isEqualTo(3);
        assertThat(Cli.to(server).run("archives", "delete", "a-1", "--force").out())
                .contains("a-1 is deleted: 12,345 rows at cold");
    }
}
