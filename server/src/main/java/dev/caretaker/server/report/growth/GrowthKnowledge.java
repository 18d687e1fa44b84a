package dev.caretaker.server.report.growth;

import dev.caretaker.server.detect.GrowthFacts;
import dev.caretaker.server.report.growth.Growth.DiskGrowth;
import dev.caretaker.server.report.growth.Growth.PolicyGrowth;
import dev.caretaker.server.report.growth.Growth.TableGrowth;
import dev.caretaker.server.store.Json;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells the checks how targets grow. */
@Singleton
final class GrowthKnowledge implements GrowthFacts {
    private static final Duration WINDOW = Duration.ofDays(30);

    private final GrowthHistory history;

    GrowthKnowledge(GrowthHistory history) {
        this.history = history;
    }

    @Override
    public String of(String target) {
        Growth growth = history.of(target, WINDOW);
        return Json.write(Map.of(
                "tables",
                growth.tables().stream()
                        .filter(table -> table.limit().isPresent())
                        .map(GrowthKnowledge::table)
                        .toList(),
                "disks",
                growth.database().stream()
                        .flatMap(database -> database.disk().stream())
                        .map(disk -> disk(target, growth.latest().orElseThrow(), disk))
                        .toList(),
                "policies",
                growth.latest().stream()
                        .flatMap(taken -> growth.policies().stream().map(policy -> policy(taken, policy)))
                        .toList()));
    }

    private static Map<String, Object> table(TableGrowth table) {
        Map<String, Object> fact = new LinkedHashMap<>();
        fact.put("schema", table.table().schema());
        fact.put("name", table.table().name());
        fact.put("bytes", table.size().bytes());
        fact.put("limit", table.limitBytes().orElseThrow());
        fact.put("taken", table.taken());
        put(fact, table.series(), table.limit().orElseThrow());
        return fact;
    }

    private static Map<String, Object> disk(String target, Instant taken, DiskGrowth disk) {
        Map<String, Object> fact = new LinkedHashMap<>();
        fact.put("database", target);
        fact.put("bytes", disk.serverBytes());
        fact.put("limit", disk.diskBytes());
        fact.put("unseen", disk.unseenDatabases());
        fact.put("taken", taken);
        put(fact, disk.series(), disk.full());
        return fact;
    }

    private static void put(Map<String, Object> fact, Series series, Forecast forecast) {
        fact.put("state", forecast.state());
        series.trend().ifPresent(trend -> fact.put("per_day", Math.round(trend.perDay())));
        forecast.at().ifPresent(at -> fact.put("at", at));
        forecast.earliest().ifPresent(at -> fact.put("earliest", at));
        forecast.latest().ifPresent(at -> fact.put("latest", at));
    }

    private static Map<String, Object> policy(Instant taken, PolicyGrowth policy) {
        CatchUp catchUp = policy.catchUp();
        Map<String, Object> fact = new LinkedHashMap<>();
        fact.put("policy", policy.policy());
        fact.put("schema", policy.table().schema());
        fact.put("table", policy.table().name());
        fact.put("verdict", catchUp.verdict());
        fact.put("reason", catchUp.reason());
        fact.put("exact", catchUp.exact());
        fact.put("taken", taken);
        catchUp.eligible().ifPresent(rows -> fact.put("eligible", rows));
        catchUp.inflowPerDay().ifPresent(rows -> fact.put("inflow", Math.round(rows)));
        catchUp.outflowPerDay().ifPresent(rows -> fact.put("outflow", Math.round(rows)));
        return fact;
    }
}
