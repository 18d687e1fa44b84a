package dev.caretaker.server.console;

import dev.caretaker.server.console.web.Console;
import dev.caretaker.server.http.HttpPort;
import dev.caretaker.server.store.Sha256;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The whole server with its console. Most tests share one, which knows the token of one caller and looks after a hostile database. */
final class ConsoleServer implements AutoCloseable {
    static final String TOKEN = "a-token-of-the-tests";
    static final String CALLER = "ada";
    static final String TARGET = "main";
    static final String DESTINATION = "nas";

    private final ApplicationContext context;
    private final ManagedChannel channel;
    private final Database target;
    private final Database store;
    private final Map<String, Object> more;

    private ConsoleServer(
            ApplicationContext context,
            ManagedChannel channel,
            Database target,
            Database store,
            Map<String, Object> more) {
        this.context = context;
        this.channel = channel;
        this.target = target;
        this.store = store;
        this.more = more;
    }

    /** Another one with the same databases and callers, on a port of its own, whose console changes nothing. */
    ConsoleServer readOnly() {
        Map<String, Object> same = new HashMap<>(more);
        same.put("caretaker.http.console", "read-only");
        return start(target, store, 0, same);
    }

    /** The one that all share; it goes with the process. */
    static ConsoleServer shared() {
        return Shared.SERVER;
    }

    private static final class Shared {
        static final ConsoleServer SERVER = whole();
    }

    /** One of its own database that has a place for archives and backups; it goes with the process. */
    static ConsoleServer whole() {
        Path data = folder("data");
        Path nas = folder("nas");
        ConsoleServer server = start(
                HostileDatabase.make(),
                Map.of(
                        "caretaker.listen.tokens-file",
                        tokens().toString(),
                        "caretaker.data-dir",
                        data.toString(),
                        "caretaker.archives.destinations." + DESTINATION + ".type",
                        "directory",
                        "caretaker.archives.destinations." + DESTINATION + ".path",
                        nas.toString()));
        // Not closed: its control store stops at the same time, and each thing that lets go of it would wait for that.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            delete(data);
            delete(nas);
        }));
        return server;
    }

    private static Path folder(String name) {
        try {
            return Files.createTempDirectory("caretaker-console-" + name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path tokens() {
        try {
            Path file = Files.createTempFile("caretaker-tokens", "");
            file.toFile().deleteOnExit();
            return Files.writeString(file, CALLER + ": " + HexFormat.of().formatHex(Sha256.of(TOKEN)) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param more configuration, beside the control store and the target */
    static ConsoleServer start(Database target, Map<String, Object> more) {
        return start(target, TestPostgres.controlStore(), 0, more);
    }

    /** @param port of the pages; 0 takes a free one */
    static ConsoleServer start(Database target, Database store, int port, Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(Map.of(
                "caretaker.listen.port", 0,
                "caretaker.http.port", port,
                "caretaker.control-store.url", store.url(),
                "caretaker.control-store.user", store.user(),
                "caretaker.control-store.password", store.password(),
                "caretaker.targets.main.url", target.url(),
                "caretaker.targets.main.user", target.user(),
                "caretaker.targets.main.password", target.password()));
        properties.putAll(more);
        ApplicationContext context = ApplicationContext.builder(properties).start();
        int grpc = context.getBean(EmbeddedServer.class).start().getPort();
        return new ConsoleServer(
                context,
                Grpc.newChannelBuilderForAddress("localhost", grpc, InsecureChannelCredentials.create())
                        .build(),
                target,
                store,
                more);
    }

    /** host:port of the pages. */
    String address() {
        return "127.0.0.1:" + port();
    }

    int port() {
        return context.getBean(HttpPort.class).port().orElseThrow();
    }

    /** Paths of all its pages, as they were declared. */
    List<String> pages() {
        return context.getBean(Console.class).pages();
    }

    Database target() {
        return target;
    }

    /** Its control store. */
    Database store() {
        return store;
    }

    /** Calls as the caller with the token. */
    Channel channel() {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + TOKEN);
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    @Override
    public void close() {
        channel.shutdownNow();
        context.close();
    }
}
