package dev.caretaker.server.api;

import dev.caretaker.server.config.ListenConfig;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.testing.TestPostgres;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The real server on a free port, its real control store on a fresh database, and fakes of the features behind the
 * endpoints ({@link Fakes}).
 */
final class ApiServer implements AutoCloseable {
    static final ListenConfig PLAIN = new ListenConfig("127.0.0.1", 0, Optional.empty(), Optional.empty(), false);

    private final TestPostgres.Database store;
    private final EmbeddedServer server;
    private final Map<ChannelCredentials, ManagedChannel> channels = new HashMap<>();
    private final ManagedChannel plain;

    private ApiServer(TestPostgres.Database store, EmbeddedServer server) {
        this.store = store;
        this.server = server;
        this.plain = Grpc.newChannelBuilderForAddress(
                        "localhost", server.getPort(), InsecureChannelCredentials.create())
                .build();
    }

    /** A server that looks after these targets. */
    static ApiServer start(TargetConfig... targets) {
        return start(PLAIN, targets);
    }

    /** One that listens in another way. */
    static ApiServer start(ListenConfig listen, TargetConfig... targets) {
        Fakes.targets = Arrays.stream(targets)
                .collect(Collectors.toMap(TargetConfig::name, target -> target, (a, b) -> a, TreeMap::new));
        try {
            return start(listen);
        } finally {
            Fakes.targets = new TreeMap<>();
        }
    }

    private static ApiServer start(ListenConfig listen) {
        TestPostgres.Database store = TestPostgres.controlStore();
        Fakes.listen = listen;
        ApplicationContext context =
                ApplicationContext.builder(properties(store, listen)).start();
        try {
            return new ApiServer(store, context.getBean(EmbeddedServer.class).start());
        } catch (RuntimeException e) {
            context.close();
            throw e;
        }
    }

    private static Map<String, Object> properties(TestPostgres.Database store, ListenConfig listen) {
        return Map.of(
                "test.api",
                true,
                "grpc.server.host",
                listen.host(),
                "grpc.server.port",
                0,
                "datasources.default.url",
                store.url(),
                "datasources.default.username",
                store.user(),
                "datasources.default.password",
                store.password(),
                "datasources.default.connection-timeout",
                1_000);
    }

    /** The control store's database, for looking at what was recorded. */
    TestPostgres.Database store() {
        return store;
    }

    /** A channel in plain text. */
    ManagedChannel channel() {
        return plain;
    }

    ManagedChannel channel(ChannelCredentials credentials) {
        return channels.computeIfAbsent(
                credentials,
                key -> Grpc.newChannelBuilderForAddress("localhost", server.getPort(), key)
                        .build());
    }

    <T> T bean(Class<T> type) {
        return server.getApplicationContext().getBean(type);
    }

    @Override
    public void close() throws InterruptedException {
        plain.shutdownNow();
        channels.values().forEach(ManagedChannel::shutdownNow);
        plain.awaitTermination(5, TimeUnit.SECONDS);
        server.getApplicationContext().close();
    }
}
