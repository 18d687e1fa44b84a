package dev.caretaker.server.config;

import io.micronaut.core.naming.NameUtils;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Settings of the run engine, under {@code caretaker.engine}.
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
public record EngineConfig(
        int parallelRuns,
        Duration pollInterval,
        Duration heartbeatInterval,
        int missedHeartbeats,
        Duration watchInterval,
        Duration progressInterval,
        Duration watcherHeartbeat,
        int retries,
        Duration retryBackoff,
        Duration unreachableLimit,
        Duration sweepInterval,
        Duration progressRetention,
        Duration runRetention) {

    /** Its keys below {@code caretaker}. */
    static Set<String> keys() {
        return Arrays.stream(EngineConfig.class.getRecordComponents())
                .map(component -> "engine." + NameUtils.hyphenate(component.getName()))
                .collect(Collectors.toUnmodifiableSet());
    }
}
