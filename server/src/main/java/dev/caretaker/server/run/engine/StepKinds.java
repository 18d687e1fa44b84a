package dev.caretaker.server.run.engine;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.Step;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.run.StepKind;
import dev.caretaker.server.store.Json;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** The kinds of work this server can do, by name. */
@Singleton
final class StepKinds {
    private final Map<String, StepKind<?>> byName;

    StepKinds(Collection<StepKind<?>> kinds) {
        this.byName = kinds.stream().collect(Collectors.toUnmodifiableMap(StepKind::name, kind -> kind));
    }

    /** Fails with INTERNAL if this server does not know the kind: it may be older than the one that accepted the run. */
    void require(String kind) {
        find(kind);
    }

    boolean goesOnUnderHold(String kind) {
        return find(kind).goesOnUnderHold();
    }

    boolean excludesReaders(String kind) {
        return find(kind).excludesReaders();
    }

    Step open(String kind, String parameters, StepContext context) {
        return open(find(kind), parameters, context);
    }

    private static <P extends Record> Step open(StepKind<P> kind, String parameters, StepContext context) {
        return kind.open(Json.read(parameters, kind.parameterType()), context);
    }

    private StepKind<?> find(String name) {
        StepKind<?> kind = byName.get(name);
        if (kind == null) {
            throw CaretakerException.of(Reason.INTERNAL, "This server has no step kind named \"" + name + "\".");
        }
        return kind;
    }
}
