package dev.caretaker.server.testing;

import io.grpc.ManagedChannel;

/** Caretaker's server with all that belongs to it, however it runs. */
public interface RunningServer extends AutoCloseable {
    /** Calls it. */
    ManagedChannel channel();

    @Override
    void close();
}
