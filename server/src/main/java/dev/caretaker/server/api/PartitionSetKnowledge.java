package dev.caretaker.server.api;

import dev.caretaker.server.detect.PartitionSetFacts;
import dev.caretaker.server.partition.upkeep.plan.Outlook;
import dev.caretaker.server.partition.upkeep.plan.UpkeepOutlook;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.RetiredRow;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells the checks what the partition sets say: the two features meet here and nowhere else. */
@Singleton
final class PartitionSetKnowledge implements PartitionSetFacts {
    private final UpkeepOutlook outlook;

    PartitionSetKnowledge(UpkeepOutlook outlook) {
        this.outlook = outlook;
    }

    @Override
    public String of(String target) {
        return Json.write(
                outlook.of(target).stream().map(PartitionSetKnowledge::fact).toList());
    }

    private static Map<String, Object> fact(Outlook set) {
        Map<String, Object> fact = new LinkedHashMap<>();
        fact.put("set", set.set().name());
        fact.put("schema", set.set().table().schema());
        fact.put("table", set.set().table().name());
        fact.put("problem", set.problem().orElse(null));
        fact.put("uncovered", set.uncovered().orElse(null));
        fact.put("missing", set.create().size());
        fact.put("runway_seconds", set.runway().map(Duration::toSeconds).orElse(null));
        fact.put("ahead", set.set().ahead().partitions());
        fact.put("paused", set.set().creationPaused());
        fact.put(
                "retired",
                set.held().stream().map(PartitionSetKnowledge::retired).toList());
        return fact;
    }

    private static Map<String, Object> retired(RetiredRow row) {
        Map<String, Object> fact = new LinkedHashMap<>();
        fact.put("schema", row.schemaName());
        fact.put("partition", row.tableName());
        fact.put("state", row.state().name());
        fact.put("since", row.detached().toString());
        fact.put("until", row.due().map(Instant::toString).orElse(null));
        fact.put("bytes", row.bytes());
        return fact;
    }
}
