package dev.caretaker.server.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The whole configuration, read and checked once at the start.
 *
 * @param controlStore absent means an embedded one in {@code dataDir}
 * @param dataDir folder for what Caretaker itself keeps
 * @param targets by name
 */
public record CaretakerConfig(
        ListenConfig listen,
        Optional<ControlStoreConfig> controlStore,
        Path dataDir,
        SortedMap<String, TargetConfig> targets) {}
