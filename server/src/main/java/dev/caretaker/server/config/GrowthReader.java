package dev.caretaker.server.config;

import dev.caretaker.server.config.GrowthConfig.Limits;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.env.Environment;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Reads {@code caretaker.growth}, and what targets may grow to. */
@Factory
public final class GrowthReader {
    private static final int MOST_TABLES = 5_000;
    private static final Duration LEAST_COUNT = Duration.ofMillis(1);
    private static final Duration MOST_COUNT = Duration.ofMinutes(5);

    /** @throws ConfigException if anything is wrong */
    @Singleton
    public GrowthConfig read(Environment environment, CaretakerConfig config) {
        Settings root = new Settings(environment, "caretaker");
        Map<String, Limits> limits = new TreeMap<>();
        for (String target : config.targets().keySet()) {
            Limits own = limits(root.under("targets").under(target));
            if (!own.equals(Limits.NONE)) {
                limits.put(target, own);
            }
        }
        return new GrowthConfig(
                root.text(GrowthConfig.ENABLED).isEmpty() || root.flag(GrowthConfig.ENABLED),
                (int) root.number(GrowthConfig.TABLES, 1, MOST_TABLES).orElse(GrowthConfig.DEFAULT.tables()),
                root.duration(GrowthConfig.COUNT_TIMEOUT, LEAST_COUNT, MOST_COUNT)
                        .orElse(GrowthConfig.DEFAULT.countTimeout()),
                root.text(GrowthConfig.OBSERVE_RUNS).isEmpty() || root.flag(GrowthConfig.OBSERVE_RUNS),
                limits);
    }

    private static Limits limits(Settings target) {
        Map<String, Long> tables = new TreeMap<>();
        for (String line : target.list(GrowthConfig.TABLE_LIMITS)) {
            int sign = line.lastIndexOf('=');
            String table = sign < 0 ? "" : line.substring(0, sign).strip();
            if (table.isEmpty()) {
                throw target.wrong(GrowthConfig.TABLE_LIMITS, "is not like \"events = 50GB\": " + line);
            }
            String name = table.indexOf('.') < 0 ? "public." + table : table;
            long bytes = target.bytesOf(
                    GrowthConfig.TABLE_LIMITS, line.substring(sign + 1).strip());
            if (tables.put(name, bytes) != null) {
                throw target.wrong(GrowthConfig.TABLE_LIMITS, "has two limits of " + name);
            }
        }
        return new Limits(target.bytes(GrowthConfig.DISK_SIZE), target.bytes(GrowthConfig.TABLE_LIMIT), tables);
    }
}
