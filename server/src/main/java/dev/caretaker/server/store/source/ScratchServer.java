package dev.caretaker.server.store.source;

import dev.caretaker.server.error.CaretakerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Postgres for a while: what is restored into it is thrown away with it. */
public final class ScratchServer implements AutoCloseable {
    /** From the making of a folder to the moment at which it is held. */
    private static final Duration CALM = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(ScratchServer.class);

    private final EmbeddedStore server;
    private final Path folder;

    private ScratchServer(EmbeddedStore server, Path folder) {
        this.server = server;
        this.folder = folder;
    }

    /**
     * Makes and starts one.
     *
     * @param folder for its data; removed when it is closed
     * @param programs folder of initdb, pg_ctl and postgres; empty for those of the version that Caretaker carries
     * @throws CaretakerException CONTROL_STORE_UNREACHABLE if it does not start
     */
    public static ScratchServer start(Path folder, Optional<Path> programs) throws IOException {
        try {
            // What is on its disk is worth nothing once it has stopped.
            return new ScratchServer(
                    EmbeddedStore.start(
                            folder,
                            Map.of("fsync", "off", "full_page_writes", "off", "maintenance_work_mem", "128MB"),
                            programs),
                    folder);
        } catch (IOException | RuntimeException e) {
            PostgresBinaries.remove(folder);
            throw e;
        }
    }

    /**
     * Removes one whose Caretaker server died, which may still run. Not one of a server that lives, nor one that is just being made.
     *
     * @return whether it is gone
     */
    public static boolean sweep(Path folder) throws IOException {
        boolean fresh = Files.getLastModifiedTime(folder)
                .toInstant()
                .isAfter(Instant.now().minus(CALM));
        if (fresh || !EmbeddedStore.stopAbandoned(folder)) {
            return false;
        }
        PostgresBinaries.remove(folder);
        return true;
    }

    /** JDBC URL of its maintenance database. */
    public String url() {
        return server.url();
    }

    public String user() {
        return EmbeddedStore.USER;
    }

    public String password() throws IOException {
        return server.password();
    }

    @Override
    public void close() {
        try {
            server.close();
            PostgresBinaries.remove(folder);
        } catch (IOException | CaretakerException e) {
            LOG.warn("the scratch server in {} is left: {}", folder, e.getMessage());
        }
    }
}
