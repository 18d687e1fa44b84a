package dev.caretaker.server.testing;

import dev.caretaker.server.config.ConfigFile;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Caretaker's server in the process of the tests: outlives others, and starts much faster than a {@link ServerProcess}. */
public final class ServerHere implements RunningServer {
    private final ApplicationContext context;
    private final ManagedChannel channel;

    private ServerHere(ApplicationContext context, ManagedChannel channel) {
        this.context = context;
        this.channel = channel;
    }

    /** The same as {@link ServerProcess#start(Path, String, TestPostgres.Database, TestPostgres.Database, String, String)}. */
    public static ServerHere start(
            Path folder,
            String name,
            TestPostgres.Database controlStore,
            TestPostgres.Database target,
            String heartbeat,
            String more)
            throws IOException {
        return start(
                folder,
                name,
                controlStore,
                Map.of("target", ServerProcess.login(target.url(), target)),
                heartbeat,
                more);
    }

    /** The same as {@link ServerProcess#start(Path, String, TestPostgres.Database, Map, String, String)}. */
    public static ServerHere start(
            Path folder,
            String name,
            TestPostgres.Database controlStore,
            Map<String, String> targets,
            String heartbeat,
            String more)
            throws IOException {
        Path file = ServerFile.write(folder, name, 0, controlStore, targets, heartbeat, more);
        ApplicationContext context = ApplicationContext.builder()
                .propertySources(ConfigFile.read(file))
                .start();
        int port = context.getBean(EmbeddedServer.class).start().getPort();
        return new ServerHere(
                context,
                Grpc.newChannelBuilderForAddress("127.0.0.1", port, InsecureChannelCredentials.create())
                        .build());
    }

    @Override
    public ManagedChannel channel() {
        return channel;
    }

    @Override
    public void close() {
        channel.shutdownNow();
        context.close();
    }
}
