package dev.caretaker.server.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The whole configuration, read and checked once at the start.
 *
 * @param controlStore absent means an embedded one in {@code dataDir}
 * @param storeConnections most connections to the control store at a time, whichever it is
 * @param dataDir folder for what Caretaker itself keeps
 * @param connectionsPerServer most connections to one Postgres server of targets, of all Caretaker servers together; 0 for a
 *     tenth of what it allows, at most 20
 * @param targets by name
 */
public record CaretakerConfig(
        ListenConfig listen,
        Optional<ControlStoreConfig> controlStore,
        int storeConnections,
        Path dataDir,
        int connectionsPerServer,
        SortedMap<String, TargetConfig> targets) {}
