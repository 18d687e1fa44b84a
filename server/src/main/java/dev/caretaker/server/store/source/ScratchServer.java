package dev.caretaker.server.store.source;

import dev.caretaker.server.error.CaretakerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Postgres for a while: what is restored into it is thrown away with it. Its superuser has a name and a password that nobody can
 * guess, and is for making it ready alone: what is restored there is run by others.
 */
public final class ScratchServer implements AutoCloseable {
    /** From the making of a folder to the moment at which it is held. */
    private static final Duration CALM = Duration.ofMinutes(1);

    /**
     * What is on its disk is worth nothing once it has stopped. Workers of the server itself would be its superuser: autovacuum, which
     * begins in spite of being off where transactions are older than that, and what is restored can use up many.
     */
    private static final Map<String, String> SETTINGS = Map.of(
            "fsync", "off",
            "full_page_writes", "off",
            "maintenance_work_mem", "128MB",
            "autovacuum", "off",
            "autovacuum_freeze_max_age", "2000000000",
            "autovacuum_multixact_freeze_max_age", "2000000000",
            "lc_messages", "C",
            "lo_compat_privileges", "on");

    private static final Logger LOG = LoggerFactory.getLogger(ScratchServer.class);

    private final EmbeddedStore server;
    private final String user;
    private final Path folder;

    private ScratchServer(EmbeddedStore server, String user, Path folder) {
        this.server = server;
        this.user = user;
        this.folder = folder;
    }

    /**
     * Makes and starts one.
     *
     * @param folder for its data; removed when it is closed. What an attempt that was cut short has left in it is removed before: it
     *     may hold anything
     * @param programs folder of initdb, pg_ctl and postgres; empty for those of the version that Caretaker carries
     * @throws CaretakerException CONTROL_STORE_UNREACHABLE if it does not start, or if another Caretaker server holds the folder
     */
    public static ScratchServer start(Path folder, Optional<Path> programs) throws IOException {
        if (Files.exists(folder) && !removeAbandoned(folder)) {
            throw PostgresProgram.unavailable("Another Caretaker server uses the folder " + folder + ".");
        }
        String user = "caretaker_" + UUID.randomUUID().toString().replace("-", "");
        try {
            return new ScratchServer(EmbeddedStore.start(folder, user, SETTINGS, programs), user, folder);
        } catch (IOException | RuntimeException e) {
            PostgresBinaries.remove(folder);
            throw e;
        }
    }

    private static boolean removeAbandoned(Path folder) throws IOException {
        boolean abandoned = EmbeddedStore.stopAbandoned(folder);
        if (abandoned) {
            PostgresBinaries.remove(folder);
        }
        return abandoned;
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
        return !fresh && removeAbandoned(folder);
    }

    /** JDBC URL of its maintenance database. */
    public String url() {
        return server.url();
    }

    /** Its superuser. */
    public String user() {
        return user;
    }

    /** That of its superuser. */
    public String password() throws IOException {
        return server.password();
    }

    @Override
    public void close() {
        try {
            server.discard();
            PostgresBinaries.remove(folder);
        } catch (IOException | CaretakerException e) {
            LOG.warn("the scratch server in {} is left: {}", folder, e.getMessage());
        }
    }
}
