package dev.caretaker.server.console.page;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What takes long to find out, by what it is about: found out once for all who ask meanwhile, and fresh for two minutes. */
final class LookupCache<V> {
    private static final long FRESH = TimeUnit.MINUTES.toNanos(2);

    private final LongSupplier nanos;
    private final Map<String, Seen<V>> seen = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<V>> running = new ConcurrentHashMap<>();

    /** @param taken as System.nanoTime */
    private record Seen<V>(V value, long taken, boolean spoilt) {}

    LookupCache() {
        this(System::nanoTime);
    }

    /** @param nanos as System.nanoTime, which nobody sets */
    LookupCache(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** What was found last, if that is fresh. */
    Optional<V> fresh(String about) {
        return Optional.ofNullable(seen.get(about))
                .filter(known -> !known.spoilt() && nanos.getAsLong() - known.taken() <= FRESH)
                .map(Seen::value);
    }

    /** What was found last, however old. */
    Optional<V> last(String about) {
        return Optional.ofNullable(seen.get(about)).map(Seen::value);
    }

    /** Finds it out anew, or waits for who does just now. What that throws all get who waited, and nothing is remembered. */
    V again(String about, Supplier<V> find) {
        CompletableFuture<V> mine = new CompletableFuture<>();
        CompletableFuture<V> other = running.putIfAbsent(about, mine);
        return other == null ? found(about, find, mine) : awaited(other);
    }

    private V found(String about, Supplier<V> find, CompletableFuture<V> told) {
        try {
            V value = find.get();
            seen.put(about, new Seen<>(value, nanos.getAsLong(), false));
            told.complete(value);
            return value;
        } catch (RuntimeException | Error e) {
            told.completeExceptionally(e);
            throw e;
        } finally {
            running.remove(about);
        }
    }

    private static <V> V awaited(CompletableFuture<V> other) {
        try {
            return other.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException same ? same : e;
        }
    }

    /** It is not fresh any more. */
    void spoil(String about) {
        seen.computeIfPresent(about, (same, known) -> new Seen<>(known.value(), known.taken(), true));
    }
}
