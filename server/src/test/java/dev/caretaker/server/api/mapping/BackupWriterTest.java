package dev.caretaker.server.api.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.backup.Evidence;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.BackupStore.Verifications;
import dev.caretaker.server.store.Json;
import dev.caretaker.v1.Backup;
import dev.caretaker.v1.BackupEvidence;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackupWriterTest {
    private static final Backup BACKUP = Backup.newBuilder()
            .setEvidence(BackupEvidence.newBuilder().setRunId(run(0).toString()))
            .build();

    private static UUID run(int number) {
        return new UUID(0, number);
    }

    private static String evidence(int run, int notes) {
        return Json.write(new Evidence(
                new UUID(1, 1),
                "shop",
                "",
                Instant.EPOCH,
                run(run),
                Actor.ENGINE,
                Evidence.Verdict.PROVEN,
                Instant.EPOCH,
                Instant.EPOCH,
                Duration.ZERO,
                Duration.ZERO,
                "",
                "18.1",
                "18.1",
                1,
                1,
                List.of(),
                Collections.nCopies(notes, "x".repeat(2_000)),
                List.of(),
                Map.of()));
    }

    private static Verifications verifications(int latest, int notes, int number) {
        return new Verifications(
                IntStream.range(0, latest).mapToObj(run -> evidence(run, notes)).toList(), number);
    }

    @Test
    void all_verifications_before_the_latest_are_told_where_there_is_room() {
        Backup told = BackupWriter.withEarlier(BACKUP, verifications(3, 1, 3));
        assertThat(told.getEarlierEvidenceList())
                .extracting(BackupEvidence::getRunId)
                .containsExactly(run(1).toString(), run(2).toString());
        assertThat(told.getEarlierEvidenceLeftOut()).isZero();
    }

    /** Each has its notes twice, once in its JSON: 0.4 MB. */
    @Test
    void of_those_for_which_there_is_no_room_the_oldest_are_left_out_and_counted_with_those_that_were_not_read() {
        Backup told = BackupWriter.withEarlier(BACKUP, verifications(20, 100, 1_000));
        assertThat(told.getEarlierEvidenceList())
                .extracting(BackupEvidence::getRunId)
                .containsExactly(run(1).toString(), run(2).toString());
        assertThat(told.getEarlierEvidenceLeftOut()).isEqualTo(1_000 - 3);
        assertThat(told.getSerializedSize()).isLessThan(Fitting.MOST + 100);
    }

    @Test
    void one_that_has_no_room_by_itself_is_left_out_and_counted() {
        Backup told = BackupWriter.withEarlier(BACKUP, verifications(3, 400, 3));
        assertThat(told.getEarlierEvidenceList()).isEmpty();
        assertThat(told.getEarlierEvidenceLeftOut()).isEqualTo(2);
    }

    @Test
    void a_backup_that_was_never_looked_at_has_none() {
        Backup told = BackupWriter.withEarlier(Backup.getDefaultInstance(), new Verifications(List.of(), 0));
        assertThat(told.getEarlierEvidenceCount()).isZero();
        assertThat(told.getEarlierEvidenceLeftOut()).isZero();
    }
}
