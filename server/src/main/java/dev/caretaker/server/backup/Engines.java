package dev.caretaker.server.backup;

import dev.caretaker.server.error.CaretakerException;
import jakarta.inject.Singleton;
import java.util.List;

/** The engines there are. */
@Singleton
final class Engines {
    private final List<BackupEngine> all;

    Engines(List<BackupEngine> all) {
        this.all = List.copyOf(all);
    }

    /** @throws CaretakerException INVALID_FIELD if this server has none of that name */
    BackupEngine get(BackupOrder.Engine name) {
        return all.stream()
                .filter(engine -> engine.name() == name)
                .findFirst()
                .orElseThrow(() -> CaretakerException.invalid("engine", "this server has no engine " + name));
    }
}
