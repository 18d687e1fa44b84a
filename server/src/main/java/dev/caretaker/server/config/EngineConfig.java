package dev.caretaker.server.config;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.naming.NameUtils;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Settings of the run engine, under {@code caretaker.engine}. The defaults let a run whose server died go on elsewhere
 * within 30 seconds.
 *
 * @param parallelRuns most runs that this server works on at a time
 * @param pollInterval how often it looks for runs that are due
 * @param heartbeatInterval how often it says that it is alive
 * @param missedHeartbeats heartbeats after which others take its runs over; at least 4
 * @param watchInterval how often a working run looks whether it is to pause or stop
 * @param progressInterval shortest time between two progress events of a run
 * @param watcherHeartbeat silence after which a watcher gets a heartbeat
 * @param retries times a batch or statement is tried again before its step fails
 * @param retryBackoff wait before the first of them; each next one waits twice as long
 * @param unreachableLimit how long an unreachable target is waited for
 * @param sweepInterval how often runs are looked for that nothing will bring to a server
 * @param progressRetention how long progress events are kept
 * @param runRetention how long ended runs are kept
 */
@ConfigurationProperties("caretaker.engine")
public record EngineConfig(
        @Bindable(defaultValue = "8") int parallelRuns,
        @Bindable(defaultValue = "250ms") Duration pollInterval,
        @Bindable(defaultValue = "2s") Duration heartbeatInterval,
        @Bindable(defaultValue = "5") int missedHeartbeats,
        @Bindable(defaultValue = "250ms") Duration watchInterval,
        @Bindable(defaultValue = "1s") Duration progressInterval,
        @Bindable(defaultValue = "10s") Duration watcherHeartbeat,
        @Bindable(defaultValue = "10") int retries,
        @Bindable(defaultValue = "200ms") Duration retryBackoff,
        @Bindable(defaultValue = "30m") Duration unreachableLimit,
        @Bindable(defaultValue = "5s") Duration sweepInterval,
        @Bindable(defaultValue = "7d") Duration progressRetention,
        @Bindable(defaultValue = "90d") Duration runRetention) {
    private static final Duration MOST = Duration.ofDays(36_500);
    private static final Map<String, Integer> LEAST = Map.of("parallel-runs", 1, "missed-heartbeats", 4, "retries", 0);

    /** Its keys below {@code caretaker}. */
    static Set<String> keys() {
        return Arrays.stream(EngineConfig.class.getRecordComponents())
                .map(component -> "engine." + NameUtils.hyphenate(component.getName()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Fails on a value that is out of bounds, or that would be passed over for the default because it cannot be read. */
    static void check(Settings engine) {
        for (RecordComponent component : EngineConfig.class.getRecordComponents()) {
            String name = NameUtils.hyphenate(component.getName());
            if (component.getType() == Duration.class) {
                engine.duration(name, Duration.ofMillis(1), MOST);
            } else {
                engine.number(name, LEAST.get(name), Short.MAX_VALUE);
            }
        }
    }
}
