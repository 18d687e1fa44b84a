package dev.caretaker.server.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The Postgres versions that tests can start without Docker: all major versions that Caretaker supports. */
public enum EmbeddedServer {
    OLDEST(14),
    /** The newest that the pg_dump of Debian's stable release can dump. */
    DUMPED(15),
    SIXTEEN(16),
    SEVENTEEN(17),
    NEWEST(18) {
        @Override
        public EmbeddedPostgres.Builder builder() {
            return EmbeddedPostgres.builder();
        }
    };

    private final int major;

    EmbeddedServer(int major) {
        this.major = major;
    }

    /**
     * Those for which tests start servers of their own: the oldest, the newest, and one of those between, another one each time;
     * all of them with {@code -Dcaretaker.versions=all}. For {@code @MethodSource}.
     */
    public static Stream<EmbeddedServer> tried() {
        if ("all".equals(System.getProperty("caretaker.versions"))) {
            return Stream.of(values());
        }
        List<EmbeddedServer> between = List.of(DUMPED, SIXTEEN, SEVENTEEN);
        return Stream.of(OLDEST, between.get(ThreadLocalRandom.current().nextInt(between.size())), NEWEST);
    }

    public int major() {
        return major;
    }

    public EmbeddedPostgres.Builder builder() {
        return EmbeddedPostgres.builder()
                .setPgBinaryResolver(new JarResolver(Path.of(System.getProperty("caretaker.test.postgres" + major))));
    }

    /** Finds the binaries in a jar that is not on the class path, where only one version can be. */
    private record JarResolver(Path jar) implements PgBinaryResolver {
        @Override
        public InputStream getPgBinary(String system, String machineHardware) throws IOException {
            try (JarFile file = new JarFile(jar.toFile())) {
                var entry = file.stream()
                        .filter(candidate -> candidate.getName().endsWith(".txz"))
                        .findFirst()
                        .orElseThrow(() -> new IOException("No Postgres binaries in " + jar));
                try (InputStream content = file.getInputStream(entry)) {
                    return new ByteArrayInputStream(content.readAllBytes());
                }
            }
        }
    }
}
