package dev.caretaker.server.api;

import dev.caretaker.server.backup.health.BackupHealth;
import dev.caretaker.server.backup.health.BackupHealths;
import dev.caretaker.server.detect.BackupFacts;
import dev.caretaker.server.run.BackupProof;
import dev.caretaker.server.store.BackupRow;
import dev.caretaker.server.store.Json;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells the checks how backups are. */
@Singleton
final class BackupKnowledge implements BackupFacts {
    private final BackupHealths healths;

    BackupKnowledge(BackupHealths healths) {
        this.healths = healths;
    }

    @Override
    public String of(String target) {
        BackupHealth health = healths.known(target);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("database", target);
        facts.put("expected", health.expected());
        health.newest().ifPresent(proof -> facts.put("newest", fact(proof)));
        health.newestVerified().ifPresent(proof -> facts.put("verified", fact(proof)));
        facts.put("within_seconds", health.within().toSeconds());
        facts.put("verified_within_seconds", health.verifiedWithin().toSeconds());
        facts.put(
                "damaged", health.damaged().stream().map(BackupKnowledge::fact).toList());
        return Json.write(facts);
    }

    private static Map<String, Object> fact(BackupProof proof) {
        return Map.of("maker", proof.maker(), "id", proof.id(), "time", proof.time());
    }

    private static Map<String, Object> fact(BackupRow row) {
        return Map.of("id", row.id(), "time", row.snapshot().orElse(row.created()));
    }
}
