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
    private static final String ID = "0a1b2c3d-0000-4000-8000-000000000001";
    private static final String OTHER = "0a1b2c3e-0000-4000-8000-000000000002";
    private static final Archive WHOLE = Archive.newBuilder()
            .setArchiveId(ID)
            .setTarget("shop")
            .setTable(TableName.newBuilder().setSchema("public").setName("orders"))
            .setState(ArchiveState.ARCHIVE_STATE_STORED)
            .setDestination("cold")
            .setLocation("shop/public.orders/2026-05-01_1/")
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
                        .addArchives(WHOLE.toBuilder().setArchiveId(OTHER).setFault("Part 1 is missing."))
                        .build());
        assertThat(Cli.to(server)
                        .run("archives", "list", "--target", "shop", "--table", "orders")
                        .out())
                .containsPattern(ID + " +shop +orders +stored +12,345 +1 MB")
                .containsPattern(OTHER + " +shop +orders +damaged")
                .contains("(read-back)");
        assertThat(server.request(ListArchivesRequest.class).getTable().getName())
                .isEqualTo("orders");
        String narrow =
                Cli.to(server).onTerminal(80).run("archives", "list").out().replaceAll("\u001b\\[[0-9;]*m", "");
        assertThat(narrow.split("\n"))
                .allSatisfy(
                        line -> assertThat(line).hasSizeLessThanOrEqualTo(80).doesNotContain("…"));
        assertThat(narrow).containsPattern("0a1b2c3d +orders +stored +12,345 +1 MB +2023-11-14");
    }

    @Test
    void a_part_that_is_not_stored_is_shown_with_where_it_lies() {
        server.on(
                "GetArchive",
                GetArchiveRequest.class,
                request -> GetArchiveResponse.newBuilder().setArchive(WHOLE).build());
        assertThat(Cli.to(server).run("archives", "show", ID).out())
                .contains("spool of host:/spool", "1 MB of 10 MB", "shop/public.orders/2026-05-01_1/");
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
        assertThat(Cli.to(server).run("archives", "verify", ID).out()).contains(ID + " is whole: 12,345 rows");
        var damaged = Cli.to(server).run("archives", "verify", ID, "--level", "restored");
        assertThat(damaged.out()).contains("is damaged", "it is missing");
        assertThat(damaged.exitCode()).isEqualTo(6);
        assertThat(Cli.to(server)
                        .run("archives", "verify", ID, "--level", "deep")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void what_was_not_read_is_not_said_to_be_whole() {
        server.on(
                "VerifyArchive",
                VerifyArchiveRequest.class,
                request -> VerifyArchiveResponse.newBuilder()
                        .setVerdict(ArchiveVerdict.newBuilder().setWhole(true).setArchive(WHOLE))
                        .build());
        assertThat(Cli.to(server)
                        .run("archives", "verify", ID, "--level", "stored")
                        .out())
                .contains("is at cold", "none of it was read")
                .doesNotContain("whole");
    }

    @Test
    void the_beginning_of_an_id_stands_for_all_of_it() {
        server.on(
                "ListArchives",
                ListArchivesRequest.class,
                request -> ListArchivesResponse.newBuilder()
                        .addArchives(WHOLE)
                        .addArchives(WHOLE.toBuilder().setArchiveId(OTHER))
                        .build());
        server.on(
                "GetArchive",
                GetArchiveRequest.class,
                request -> GetArchiveResponse.newBuilder().setArchive(WHOLE).build());
        assertThat(Cli.to(server).run("archives", "show", "0A1B2C3D").exitCode())
                .isZero();
        assertThat(server.request(GetArchiveRequest.class).getArchiveId()).isEqualTo(ID);
        assertThat(Cli.to(server).run("archives", "show", "0a1b").err())
                .contains("the ids of 2 archives begin with 0a1b");
        assertThat(Cli.to(server).run("archives", "delete", "ffff").exitCode()).isEqualTo(3);
        assertThat(Cli.to(server).run("archives", "verify", "x").err()).contains("'x' is not the id of an archive");
    }

    @Test
    void a_restore_says_where_to_and_what() {
        assertThat(Cli.to(server).run("archives", "restore", ID).exitCode()).isEqualTo(2);
        assertThat(Cli.to(server)
                        .run("archives", "restore", ID, "--into", "x", "--original")
                        .exitCode())
                .isEqualTo(2);
        assertThat(Cli.to(server)
                        .run("archives", "restore", ID, "--original", "--from", "yesterday")
                        .exitCode())
                .isEqualTo(2);
        Cli.to(server)
                .run(
                        "archives",
                        "restore",
                        ID,
                        "--as-partition",
                        "back",
                        "--parent",
                        "log.events",
                        "--from",
                        "2026-05-01T02:00+02:00",
                        "--where",
                        "{status: done, kind: [a, b]}",
                        "--keep",
                        "3d");
        RestoreArchiveRequest sent = server.request(RestoreArchiveRequest.class);
        assertThat(sent.getPartition().getName().getName()).isEqualTo("back");
        assertThat(sent.getPartition().getParent().getSchema()).isEqualTo("log");
        assertThat(sent.getFromTime().getSeconds()).isEqualTo(1_777_593_600);
        assertThat(sent.getKeep().getSeconds()).isEqualTo(259_200);
        assertThat(sent.getFilter().getAnd().getFiltersList())
                .extracting(filter ->
                        filter.getComparison().getColumn() + filter.getIn().getColumn())
                .containsExactly("status", "kind");
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
        assertThat(Cli.to(server).run("archives", "delete", ID).exitCode()).isEqualTo(3);
        assertThat(Cli.to(server).run("archives", "delete", ID, "--force").out())
                .contains(ID + " is deleted: 12,345 rows at cold");
    }
}
