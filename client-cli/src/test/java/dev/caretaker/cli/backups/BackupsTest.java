package dev.caretaker.cli.backups;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.Actor;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupDumpFormat;
import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.BackupEvidence;
import dev.caretaker.v1.BackupObjects;
import dev.caretaker.v1.BackupState;
import dev.caretaker.v1.BackupTable;
import dev.caretaker.v1.BackupVerdict;
import dev.caretaker.v1.DeleteBackupRequest;
import dev.caretaker.v1.DeleteBackupResponse;
import dev.caretaker.v1.GetBackupRequest;
import dev.caretaker.v1.GetBackupResponse;
import dev.caretaker.v1.ListBackupsRequest;
import dev.caretaker.v1.ListBackupsResponse;
import dev.caretaker.v1.PinBackupRequest;
import dev.caretaker.v1.PinBackupResponse;
import dev.caretaker.v1.PreviewRestoreRequest;
import dev.caretaker.v1.PreviewRestoreResponse;
import dev.caretaker.v1.RunBackupRequest;
import dev.caretaker.v1.TableName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackupsTest {
    private static final String ID = "0b1c2d3e-0000-4000-8000-000000000001";
    private static final String OTHER = "0b1cffff-0000-4000-8000-000000000002";
    private static final Backup PROVEN = Backup.newBuilder()
            .setBackupId(ID)
            .setTarget("shop")
            .setEngine(BackupEngine.BACKUP_ENGINE_TABLE_COPY)
            .setState(BackupState.BACKUP_STATE_STORED)
            .setDestination("cold")
            .setLocation("shop/backups/2026-05-01_" + ID + "/")
            .setTables(2)
            .setRows(12_345)
            .setBytes(1_048_576)
            .setSnapshotTime(Timestamp.newBuilder().setSeconds(1_700_000_000))
            .setEvidence(BackupEvidence.newBuilder()
                    .setVerdict(BackupVerdict.BACKUP_VERDICT_DAMAGED)
                    .setTime(Timestamp.newBuilder().setSeconds(1_700_000_100))
                    .setPlace("embedded PostgreSQL 18.6")
                    .addFaults("Table public.orders is missing."))
            .addNotContained("The database has 3 large objects, which are not in the backup.")
            .addContents(BackupTable.newBuilder()
                    .setTable(TableName.newBuilder().setSchema("public").setName("log"))
                    .setHasRows(false))
            .build();

    private final FakeServer server = new FakeServer();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void backups_are_listed_with_their_proof() {
        server.on(
                "ListBackups",
                ListBackupsRequest.class,
                request -> ListBackupsResponse.newBuilder()
                        .addBackups(PROVEN)
                        .addBackups(PROVEN.toBuilder()
                                .setBackupId(OTHER)
                                .setPinnedBy(Actor.newBuilder().setName("ann"))
                                .clearEvidence())
                        .build());
        assertThat(Cli.to(server).run("backups", "list", "--target", "shop").out())
                .containsPattern(ID + " +shop +stored .*12,345 +1 MB +damaged ")
                .containsPattern(OTHER + " +shop +stored, pinned .*never looked at");
        assertThat(server.request(ListBackupsRequest.class).getTarget()).isEqualTo("shop");
    }

    @Test
    void what_is_wrong_and_what_is_not_there_is_shown() {
        server.on(
                "GetBackup",
                GetBackupRequest.class,
                request -> GetBackupResponse.newBuilder().setBackup(PROVEN).build());
        assertThat(Cli.to(server).run("backups", "show", ID).out())
                .contains(
                        "Table public.orders is missing.", "3 large objects", "none kept here", "embedded PostgreSQL");
    }

    @Test
    void verifications_before_the_latest_are_shown_and_those_that_the_server_left_out_are_counted() {
        BackupEvidence earlier = PROVEN.getEvidence().toBuilder()
                .setVerdict(BackupVerdict.BACKUP_VERDICT_PARTIAL)
                .build();
        server.on(
                "GetBackup",
                GetBackupRequest.class,
                request -> GetBackupResponse.newBuilder()
                        .setBackup(
                                PROVEN.toBuilder().addEarlierEvidence(earlier).setEarlierEvidenceLeftOut(1_234))
                        .build());
        assertThat(Cli.to(server).run("backups", "show", ID).out())
                .containsPattern("before that partial .* at embedded PostgreSQL 18.6")
                .contains("earlier verifications not shown: 1,234");
    }

    @Test
    void the_beginning_of_an_id_stands_for_all_of_it() {
        server.on(
                "ListBackups",
                ListBackupsRequest.class,
                request -> ListBackupsResponse.newBuilder()
                        .addBackups(PROVEN)
                        .addBackups(PROVEN.toBuilder().setBackupId(OTHER))
                        .build());
        server.on(
                "GetBackup",
                GetBackupRequest.class,
                request -> GetBackupResponse.newBuilder().setBackup(PROVEN).build());
        assertThat(Cli.to(server).run("backups", "show", "0B1C2D").exitCode()).isZero();
        assertThat(server.request(GetBackupRequest.class).getBackupId()).isEqualTo(ID);
        assertThat(server.request(ListBackupsRequest.class).getIncludeAll()).isTrue();
        assertThat(Cli.to(server).run("backups", "show", "0b1c").err())
                .contains("the ids of 2 backups begin with 0b1c");
        assertThat(Cli.to(server).run("backups", "delete", "ffff").exitCode()).isEqualTo(3);
        assertThat(Cli.to(server).run("backups", "verify", "x").err()).contains("'x' is not the id of a backup");
    }

    @Test
    void a_pin_wants_a_reason_or_is_taken_away() {
        assertThat(Cli.to(server).run("backups", "pin", ID).exitCode()).isEqualTo(2);
        assertThat(Cli.to(server)
                        .run("backups", "pin", ID, "--reason", "x", "--unpin")
                        .exitCode())
                .isEqualTo(2);
        server.on(
                "PinBackup",
                PinBackupRequest.class,
                request -> PinBackupResponse.newBuilder().setBackup(PROVEN).build());
        assertThat(Cli.to(server).run("backups", "pin", ID, "--unpin").out()).contains(ID + " is not pinned.");
        assertThat(server.request(PinBackupRequest.class).getUnpin()).isTrue();
    }

    @Test
    void a_delete_is_forced_only_if_told() {
        server.on(
                "DeleteBackup",
                DeleteBackupRequest.class,
                request -> DeleteBackupResponse.newBuilder().setBackup(PROVEN).build());
        assertThat(Cli.to(server).run("backups", "delete", ID).out()).contains("Backup " + ID + " is deleted.");
        assertThat(server.request(DeleteBackupRequest.class).getForce()).isFalse();
    }

    @Test
    void a_backup_and_a_restore_say_where_to() {
        assertThat(Cli.to(server).run("backups", "run", "shop").exitCode()).isEqualTo(2);
        assertThat(Cli.to(server).run("backups", "restore", ID).exitCode()).isEqualTo(2);
    }

    @Test
    void an_engine_and_its_format_are_named_as_people_write_them() {
        server.onStream("RunBackup", RunBackupRequest.class, (request, stream) -> stream.onCompleted());
        Cli.to(server)
                .run(
                        "backups",
                        "run",
                        "shop",
                        "--to",
                        "cold",
                        "--engine",
                        "pg_dump",
                        "--format",
                        "custom",
                        "--compression",
                        "none");
        RunBackupRequest asked = server.request(RunBackupRequest.class);
        assertThat(asked.getEngine()).isEqualTo(BackupEngine.BACKUP_ENGINE_PG_DUMP);
        assertThat(asked.getDumpFormat()).isEqualTo(BackupDumpFormat.BACKUP_DUMP_FORMAT_CUSTOM);
        assertThat(asked.getCompression()).isEqualTo("none");
        assertThat(Cli.to(server)
                        .run("backups", "run", "shop", "--to", "cold", "--engine", "tar")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void a_restore_is_shown_before_it_is_made() {
        server.on(
                "PreviewRestore",
                PreviewRestoreRequest.class,
                request -> PreviewRestoreResponse.newBuilder()
                        .setRows(12_345)
                        .addObjects(BackupObjects.newBuilder()
                                .setKind("foreign key")
                                .setCount(3))
                        .addLeftOut(
                                "Role shopkeeper does not exist there: what it owned and was granted would be left out.")
                        .addTables(BackupTable.newBuilder()
                                .setTable(TableName.newBuilder()
                                        .setSchema("public")
                                        .setName("orders"))
                                .setHasRows(true)
                                .setRows(12_345))
                        .build());
        Cli.Result shown =
                Cli.to(server).run("backups", "restore", ID, "--into", "empty", "--table", "orders", "--dry-run");
        assertThat(shown.exitCode()).isZero();
        assertThat(shown.out()).contains("12,345", "3 × foreign key", "Role shopkeeper", "orders ");
        assertThat(server.request(PreviewRestoreRequest.class).getTables(0).getName())
                .isEqualTo("orders");

        server.on(
                "PreviewRestore",
                PreviewRestoreRequest.class,
                request -> PreviewRestoreResponse.newBuilder()
                        .addObstacles("The database of target empty has 2 tables.")
                        .build());
        assertThat(Cli.to(server)
                        .run("backups", "restore", ID, "--into", "empty", "--dry-run")
                        .exitCode())
                .isEqualTo(3);
    }
}
