package dev.caretaker.server.console.page;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** Asks several things at the same time. */
final class Together implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** The answer comes with {@code get}, which fails as the call did. */
    <T> Supplier<T> ask(Supplier<T> call) {
        Future<T> asked = threads.submit(call::get);
        return () -> {
            try {
                return asked.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException failure
                        ? failure
                        : new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the API was asked", e);
            }
        };
    }

    @Override
    public void close() {
        threads.close();
    }
}
