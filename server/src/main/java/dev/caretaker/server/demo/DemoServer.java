package dev.caretaker.server.demo;

import dev.caretaker.server.http.HttpPort;
import dev.caretaker.server.report.growth.GrowthClock;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Caretaker on a free port of the loopback interface, with the sample database as its only target. */
final class DemoServer implements Closeable {
    private static final String TARGET = "caretaker.targets.demo.";
    private static final String ARCHIVES = "caretaker.archives.destinations.cold.";

    private final ApplicationContext context;
    private final EmbeddedServer server;

    private DemoServer(ApplicationContext context) {
        this.context = context;
        this.server = context.getBean(EmbeddedServer.class);
    }

    static DemoServer start(DemoDatabase database, Path folder) throws IOException {
        Path cold = Files.createDirectory(folder.resolve("cold"));
        ApplicationContext context = ApplicationContext.builder()
                .banner(false)
                .properties(Map.of(
                        "caretaker.listen.port",
                        0,
                        "caretaker.http.port",
                        0,
                        "caretaker.data-dir",
                        folder.resolve("data").toString(),
                        ARCHIVES + "type",
                        "directory",
                        ARCHIVES + "path",
                        cold.toString(),
                        "caretaker.control-store.url",
                        database.controlStoreUrl(),
                        "caretaker.control-store.user",
                        DemoDatabase.USER,
                        TARGET + "url",
                        database.sampleUrl(),
                        TARGET + "user",
                        DemoDatabase.USER))
                .build();
        try {
            context.start();
            DemoServer demo = new DemoServer(context);
            demo.server.start();
            return demo;
        } catch (RuntimeException e) {
            context.close();
            throw e;
        }
    }

    /** host:port. */
    String address() {
        return "127.0.0.1:" + server.getPort();
    }

    /** Where a browser finds the console. */
    String console() {
        return "http://127.0.0.1:" + context.getBean(HttpPort.class).port().orElseThrow() + "/console/";
    }

    /** Takes a sample of how large everything is, unless there is one of today. */
    void sample() {
        context.getBean(GrowthClock.class).sample();
    }

    @Override
    public void close() {
        context.close();
    }
}
