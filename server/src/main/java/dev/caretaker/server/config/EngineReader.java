package dev.caretaker.server.config;

import io.micronaut.context.annotation.Factory;
import io.micronaut.context.env.Environment;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Reads {@code caretaker.engine}. The defaults let a run whose server died go on elsewhere within 30 seconds. */
@Factory
public final class EngineReader {
    private static final int MOST = Short.MAX_VALUE;
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** @throws ConfigException if anything is wrong */
    @Singleton
    public EngineConfig read(Environment environment) {
        Settings engine = new Settings(environment, "caretaker").under("engine");
        return new EngineConfig(
                (int) engine.number("parallel-runs", 1, MOST).orElse(8),
                duration(engine, "poll-interval", Duration.ofMillis(250)),
                duration(engine, "heartbeat-interval", Duration.ofSeconds(2)),
                (int) engine.number("missed-heartbeats", 4, MOST).orElse(5),
                duration(engine, "watch-interval", Duration.ofMillis(250)),
                duration(engine, "progress-interval", Duration.ofSeconds(1)),
                duration(engine, "watcher-heartbeat", Duration.ofSeconds(10)),
                (int) engine.number("retries", 0, MOST).orElse(10),
                duration(engine, "retry-backoff", Duration.ofMillis(200)),
                duration(engine, "unreachable-limit", Duration.ofMinutes(30)),
                duration(engine, "sweep-interval", Duration.ofSeconds(5)),
                duration(engine, "progress-retention", Duration.ofDays(7)),
                duration(engine, "run-retention", Duration.ofDays(90)));
    }

    private static Duration duration(Settings engine, String name, Duration usual) {
        return engine.duration(name, SHORTEST, LONGEST).orElse(usual);
    }
}
