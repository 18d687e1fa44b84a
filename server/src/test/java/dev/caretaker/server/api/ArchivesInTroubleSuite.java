package dev.caretaker.server.api;

import static dev.caretaker.v1.VerifyLevel.VERIFY_LEVEL_READ_BACK;
import static dev.caretaker.v1.VerifyLevel.VERIFY_LEVEL_RESTORED;
import static dev.caretaker.v1.VerifyLevel.VERIFY_LEVEL_STORED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.archive.ArchiveRequest;
import dev.caretaker.server.archive.ArchiveTerms;
import dev.caretaker.server.archive.Archives;
import dev.caretaker.server.archive.SweepNow;
import dev.caretaker.server.archive.Verification;
import dev.caretaker.server.archive.VerifyLevel;
import dev.caretaker.server.archive.place.Destinations;
import dev.caretaker.server.archive.place.FakeS3.Kind;
import dev.caretaker.server.archive.spool.Spool;
import dev.caretaker.server.archive.spool.SpoolFolder;
import dev.caretaker.server.store.ArchiveStore;
import dev.caretaker.v1.ArchivePart;
import dev.caretaker.v1.ArchiveState;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Archives whose destination fails, or holds something else than was put there. */
abstract class ArchivesInTroubleSuite {
    private final ArchiveScene scene;

    ArchivesInTroubleSuite(ArchiveScene scene) {
        this.scene = scene;
    }

    @Test
    void a_flipped_byte_a_missing_part_and_another_manifest_are_told_and_refused() throws Exception {
        scene.table("damaged", 12_000);
        String id = scene.archived("damaged", "nas");
        Path place = scene.folder().resolve("nas").resolve(scene.get(id).getLocation());
        Path part = place.resolve(scene.get(id).getParts(0).getObject());
        byte[] whole = Files.readAllBytes(part);
        byte[] flipped = whole.clone();
        flipped[whole.length / 2] ^= 4;
        Files.write(part, flipped);
        assertThat(scene.verify(id, VERIFY_LEVEL_STORED).getWhole()).isTrue();
        assertThat(scene.verify(id, VERIFY_LEVEL_READ_BACK).getFaultsList()).hasSize(1);
        assertThat(scene.verify(id, VERIFY_LEVEL_STORED).getWhole()).isTrue();
        assertThat(scene.get(id).getFault())
                .as("a shallow look does not take it back")
                .isNotEmpty();
        assertThat(scene.run(scene.restore(id).setNewTable(scene.name("never")))
                        .getLast()
                        .getFinished()
                        .getError()
                        .getReason())
                .isEqualTo("ARCHIVE_DAMAGED");
        Files.delete(part);
        assertThat(scene.verify(id, VERIFY_LEVEL_STORED).getFaultsList())
                .singleElement()
                .asString()
                .contains("missing");
        Files.write(part, whole);
        assertThat(scene.verify(id, VERIFY_LEVEL_READ_BACK).getWhole()).isTrue();
        assertThat(scene.get(id).getFault()).isEmpty();
        Path manifest = place.resolve("manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace("\"rows\":12000", "\"rows\":12001"));
        assertThat(scene.verify(id, VERIFY_LEVEL_STORED).getFaultsList())
                .singleElement()
                .asString()
                .contains("manifest");
        assertThatThrownBy(() -> scene.run(scene.restore(id).setNewTable(scene.name("never2"))))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("manifest");
    }

    @Test
    void a_parquet_file_with_a_flipped_byte_is_told_and_nothing_of_it_is_loaded() throws Exception {
        scene.table("columns", 12_000);
        String id = scene.archived("columns", "nas", "parquet");
        Path place = scene.folder().resolve("nas").resolve(scene.get(id).getLocation());
        Path part = place.resolve(scene.get(id).getParts(0).getObject());
        assertThat(part.toString()).endsWith("part-00001.parquet");
        assertThat(scene.get(id).getParts(0).getBytes()).isEqualTo(Files.size(part));
        assertThat(scene.get(id).getBytes())
                .isEqualTo(scene.get(id).getPartsList().stream()
                        .mapToLong(ArchivePart::getBytes)
                        .sum());
        byte[] whole = Files.readAllBytes(part);
        byte[] flipped = whole.clone();
        flipped[whole.length / 2] ^= 4;
        Files.write(part, flipped);
        assertThat(scene.verify(id, VERIFY_LEVEL_READ_BACK).getFaultsList())
                .singleElement()
                .asString()
                .contains("part-00001.parquet");
        assertThat(scene.run(scene.restore(id).setNewTable(scene.name("never3")))
                        .getLast()
                        .getFinished()
                        .getError()
                        .getReason())
                .isEqualTo("ARCHIVE_DAMAGED");
        Files.write(part, whole);
        assertThat(scene.verify(id, VERIFY_LEVEL_RESTORED).getFaultsList()).isEmpty();
        try (Stream<Path> spool = Files.walk(scene.folder().resolve("data/spool"))) {
            assertThat(spool.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString()))
                    .containsExactly("spool-id");
        }
    }

    @Test
    void what_cannot_be_stored_now_waits_in_the_spool_and_is_carried_later() throws Exception {
        scene.table("later", 1_000);
        scene.s3().faults(50, "PUT main/public.later", Kind.ANSWER, 403, "AccessDenied");
        ArchivingStep step = scene.step("later");
        ArchiveRequest request = step.request(ArchivingStep.terms("cold", "csv", "gzip"));
        Thread healer = Thread.ofVirtual().start(() -> {
            Awaitility.await()
                    .atMost(ArchiveScene.PATIENCE)
                    .until(() ->
                            !scene.get(request.id().toString()).getProblem().isEmpty());
            assertThat(scene.get(request.id().toString()).getProblem()).contains("AccessDenied");
            scene.s3().heal();
        });
        step.archive(request, 400);
        healer.join();
        Awaitility.await()
                .atMost(ArchiveScene.PATIENCE)
                .until(() -> scene.get(request.id().toString()).getState() == ArchiveState.ARCHIVE_STATE_STORED);
        assertThat(scene.verify(request.id().toString(), VERIFY_LEVEL_READ_BACK).getWhole())
                .isTrue();
    }

    @Test
    void credentials_that_expire_in_the_middle_are_read_again_and_parts_wait_for_that() throws Exception {
        scene.table("expiring", 4_000);
        ArchivingStep step = scene.step("expiring");
        ArchiveRequest request = step.request(new ArchiveTerms("cold", "csv", "none", 100_000, VerifyLevel.READ_BACK));
        String id = request.id().toString();
        Thread rotating = Thread.ofVirtual().start(() -> {
            await(() -> scene.get(id).getProblem().contains("ExpiredToken"));
            scene.giveKey("rotated");
        });
        step.archive(request, 500, batch -> {
            if (batch == 5) {
                await(() -> stored(id) > 0);
                scene.s3().acceptOnly("rotated");
            }
        });
        rotating.join();
        await(() -> scene.get(id).getState() == ArchiveState.ARCHIVE_STATE_STORED);
        assertThat(scene.get(id).getRows()).isEqualTo(4_000);
        assertThat(scene.verify(id, VERIFY_LEVEL_RESTORED).getWhole()).isTrue();
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(ArchiveScene.PATIENCE).until(condition);
    }

    @Test
    void who_has_opened_an_archive_last_writes_it_and_nobody_else() throws Exception {
        scene.table("opened", 100);
        ArchivingStep step = scene.step("opened");
        ArchiveRequest request = step.request(ArchivingStep.terms("nas", "csv", "none"));
        Archives archives = scene.server().bean(Archives.class);
        try (Spool first = archives.open(request);
                Spool second = archives.open(request)) {
            first.continueAt(first.start());
            assertThatThrownBy(() -> first.out().write(1)).hasMessageContaining("another server goes on with it");
            second.continueAt(second.start());
            second.discard();
        }
        assertThat(step.archive(request, 10).rows()).isEqualTo(100);
    }

    @Test
    void archives_of_one_table_and_day_lie_side_by_side_and_none_is_swept_for_another() throws Exception {
        scene.table("twins", 300);
        String first = scene.archived("twins", "nas");
        scene.restored(scene.restore(first).setOriginal(true));
        String second = scene.archived("twins", "nas");
        SweepNow.run(
                scene.server().bean(ArchiveStore.class),
                scene.server().bean(SpoolFolder.class),
                scene.server().bean(Destinations.class),
                scene.server().bean(Verification.class));
        for (String id : List.of(first, second)) {
            assertThat(scene.verify(id, VERIFY_LEVEL_READ_BACK).getFaultsList()).isEmpty();
        }
        assertThat(scene.get(first).getLocation())
                .isNotEqualTo(scene.get(second).getLocation());
    }

    private long stored(String id) {
        return scene.get(id).getPartsList().stream()
                .filter(ArchivePart::getStored)
                .count();
    }

    @Test
    void an_answer_that_was_lost_is_no_other_object_and_what_is_there_is_never_overwritten() throws Exception {
        scene.table("lost", 1_000);
        scene.s3().fault("PUT main/public.lost", Kind.LOST, 0, "");
        assertThat(scene.verify(scene.archived("lost", "cold"), VERIFY_LEVEL_READ_BACK)
                        .getWhole())
                .isTrue();

        scene.table("taken", 10);
        ArchivingStep step = scene.step("taken");
        ArchiveRequest request = step.request(ArchivingStep.terms("nas", "csv", "none"));
        Path place =
                scene.folder().resolve("nas/main/public.taken/" + LocalDate.now(ZoneOffset.UTC) + "_" + request.id());
        Files.createDirectories(place);
        Files.writeString(place.resolve("part-00001.csv"), "somebody else's");
        Thread healer = Thread.ofVirtual().start(() -> {
            Awaitility.await()
                    .atMost(ArchiveScene.PATIENCE)
                    .until(() ->
                            !scene.get(request.id().toString()).getProblem().isEmpty());
            try {
                assertThat(place.resolve("part-00001.csv")).hasContent("somebody else's");
                Files.delete(place.resolve("part-00001.csv"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        step.archive(request, 400);
        healer.join();
        Awaitility.await()
                .atMost(ArchiveScene.PATIENCE)
                .until(() -> scene.get(request.id().toString()).getState() == ArchiveState.ARCHIVE_STATE_STORED);
    }
}
