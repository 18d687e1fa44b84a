package dev.caretaker.server.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.archive.format.DamagedException;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.TableName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BackupManifestTest {
    @Test
    void a_manifest_that_was_written_before_there_was_pg_dump_is_read() throws DamagedException {
        CopiedSequence sequence =
                new CopiedSequence(new TableName("s", "q"), 7, true, 1, Optional.empty(), "", Optional.empty());
        BackupManifest manifest = BackupManifest.of(
                new BackupOrder(
                        UUID.randomUUID(),
                        "shop",
                        BackupOrder.Engine.TABLE_COPY,
                        "cold",
                        Selection.ALL,
                        2,
                        Duration.ofHours(1),
                        "zstd",
                        Optional.empty(),
                        Optional.empty(),
                        Actor.ENGINE,
                        List.of(),
                        Retention.NONE),
                new Copied(
                        new Copied.Source(1, 2, "shop", "15.2", 15, "UTF8", "C", Optional.empty()),
                        Instant.EPOCH,
                        List.of(),
                        List.of(),
                        List.of(sequence),
                        List.of(),
                        List.of(),
                        Map.of(),
                        Optional.empty(),
                        List.of()),
                Instant.EPOCH);
        String text = new String(manifest.text(), StandardCharsets.UTF_8);
        String before = text.replace(",\"dump\":null", "")
                .replace(",\"since\":null", "")
                .replace(",\"provider\":null", "")
                .replace(",\"dumpFormat\":null", "")
                .replace(",\"collations\":[]", "");
        assertThat(before).doesNotContain("dump\"", "since", "provider", "dumpFormat", "collations");
        assertThat(BackupManifest.read(before.getBytes(StandardCharsets.UTF_8))).isEqualTo(manifest);
    }
}
