package dev.caretaker.server.target;

import dev.caretaker.server.config.CaretakerConfig;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The databases Caretaker looks after. No connection is made before one is needed. */
@Singleton
public final class Targets implements AutoCloseable {
    private final SortedMap<String, Target> byName = new TreeMap<>();

    @Inject
    public Targets(CaretakerConfig config) {
        this(config.targets().values());
    }

    public Targets(Collection<TargetConfig> configs) {
        configs.forEach(config -> byName.put(config.name(), new Target(config)));
    }

    /** Sorted by name. */
    public List<Target> all() {
        return List.copyOf(byName.values());
    }

    /** Fails with TARGET_NOT_FOUND. */
    public Target get(String name) {
        Target target = byName.get(name);
        if (target == null) {
            throw CaretakerException.of(
                    Reason.TARGET_NOT_FOUND, "No target is named \"" + name + "\".", Map.of("target", name));
        }
        return target;
    }

    @Override
    @PreDestroy
    public void close() throws SQLException {
        for (Target target : byName.values()) {
            target.close();
        }
    }
}
