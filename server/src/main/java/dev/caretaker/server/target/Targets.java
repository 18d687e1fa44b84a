package dev.caretaker.server.target;

import dev.caretaker.server.config.CaretakerConfig;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.error.Similar;
import dev.caretaker.server.store.ServerRoll;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntSupplier;

/** The databases Caretaker looks after. No connection is made before one is needed. */
@Singleton
public final class Targets implements AutoCloseable {
    /** Other than this an idle connection is closed only when somebody needs its place. */
    private static final Duration IDLE = Duration.ofSeconds(20);
    /** For who brings targets along without a configuration. */
    private static final int AMPLE = 80;

    private final SortedMap<String, Target> byName = new TreeMap<>();
    private final Map<String, ServerPlaces> servers = new HashMap<>();

    @Inject
    public Targets(CaretakerConfig config, ServerRoll roll) {
        this(config.targets().values(), config.connectionsPerServer(), roll::servers);
    }

    public Targets(Collection<TargetConfig> configs) {
        this(configs, AMPLE, () -> 1);
    }

    /**
     * @param connections most connections to one server, 0 for a share of what it allows
     * @param sharers Caretaker servers among which they are shared
     */
    Targets(Collection<TargetConfig> configs, int connections, IntSupplier sharers) {
        configs.forEach(config -> byName.put(
                config.name(),
                new Target(
                        config,
                        hosts ->
                                servers.computeIfAbsent(hosts, name -> new ServerPlaces(name, connections, sharers)))));
    }

    /** Closes connections that nobody has used for a while. */
    void closeIdle() {
        servers.values().forEach(places -> places.closeIdle(IDLE));
    }

    /** Connections of this process by server, which is told by its hosts and ports. */
    public Map<String, Places> places() {
        Map<String, Places> all = new TreeMap<>();
        servers.forEach((hosts, places) -> all.put(hosts, new Places(places.taken(), places.limit())));
        return all;
    }

    /** Connections of this process to one server: how many are open, and how many may be. */
    public record Places(int taken, int limit) {}

    /** Sorted by name. */
    public List<Target> all() {
        return List.copyOf(byName.values());
    }

    /** The rest of the sentence: what was probably meant. */
    private String told(String name) {
        String question = Similar.question(name, byName.keySet());
        return question.isEmpty() ? "." : question;
    }

    /** Names of all, in order. */
    public Set<String> names() {
        return byName.keySet();
    }

    /** Fails with TARGET_NOT_FOUND. */
    public Target get(String name) {
        Target target = byName.get(name);
        if (target == null) {
            throw CaretakerException.of(
                    Reason.TARGET_NOT_FOUND,
                    "No target is named \"" + name + "\"" + told(name),
                    Map.of("target", name));
        }
        return target;
    }

    @Override
    @PreDestroy
    public void close() {
        for (Target target : byName.values()) {
            target.closeConnections();
        }
    }
}
