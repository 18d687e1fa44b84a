package dev.caretaker.server.trace;

import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.Optional;
import java.util.function.Supplier;

/** Has spans begin with ids that are given. */
final class GivenIds implements IdGenerator {
    private final IdGenerator others = IdGenerator.random();
    private final ThreadLocal<Ids> given = new ThreadLocal<>();

    private record Ids(String trace, Optional<String> span) {}

    /** Begins a span on this thread. */
    <T> T with(String traceId, Optional<String> spanId, Supplier<T> beginning) {
        given.set(new Ids(traceId, spanId));
        try {
            return beginning.get();
        } finally {
            given.remove();
        }
    }

    @Override
    public String generateSpanId() {
        return Optional.ofNullable(given.get()).flatMap(Ids::span).orElseGet(others::generateSpanId);
    }

    @Override
    public String generateTraceId() {
        return Optional.ofNullable(given.get()).map(Ids::trace).orElseGet(others::generateTraceId);
    }
}
