package dev.caretaker.server.api.connect;

import dev.caretaker.server.api.security.Vouched;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.micronaut.core.order.OrderUtil;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The services behind a channel within the process, with the interceptors that they have on the gRPC port, too. */
@Singleton
public final class InProcessApi {
    private static final Logger LOG = LoggerFactory.getLogger(InProcessApi.class);
    private static final long PATIENCE_SECONDS = 5;

    private final List<BindableService> services;
    private final List<ServerInterceptor> interceptors;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("connect-", 0).factory());
    private Optional<Running> running = Optional.empty();

    InProcessApi(List<BindableService> services, List<ServerInterceptor> interceptors) {
        this.services = List.copyOf(services);
        List<ServerInterceptor> outermostFirst = new ArrayList<>(interceptors);
        OrderUtil.sort(outermostFirst);
        // Of a builder's interceptors the one that was added last is asked first.
        this.interceptors = List.copyOf(outermostFirst.reversed());
    }

    private record Running(Server server, ManagedChannel channel) {}

    List<BindableService> services() {
        return services;
    }

    /** To call them by. It is there from the first time on that somebody wants it. */
    public synchronized ManagedChannel channel() {
        if (running.isEmpty()) {
            running = Optional.of(start());
        }
        return running.get().channel();
    }

    private Running start() {
        String name = "caretaker-" + UUID.randomUUID();
        InProcessServerBuilder builder = InProcessServerBuilder.forName(name).executor(threads);
        services.forEach(builder::addService);
        interceptors.forEach(builder::intercept);
        builder.intercept(Vouched.reader());
        try {
            Server server = builder.build().start();
            return new Running(
                    server,
                    InProcessChannelBuilder.forName(name).executor(threads).build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Calls are cut, and what works for them is awaited: it uses what is closed after this. */
    @PreDestroy
    void stop() {
        cut();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.info("Calls within the process still work after {} s, and are interrupted", PATIENCE_SECONDS);
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void cut() {
        running.ifPresent(now -> {
            now.channel().shutdownNow();
            now.server().shutdownNow();
        });
    }
}
