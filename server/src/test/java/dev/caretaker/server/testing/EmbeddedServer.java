package dev.caretaker.server.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.jar.JarFile;

/** The Postgres versions that tests can start without Docker: the oldest and the newest that Caretaker supports, and one between. */
public enum EmbeddedServer {
    OLDEST {
        @Override
        public EmbeddedPostgres.Builder builder() {
            return EmbeddedPostgres.builder()
                    .setPgBinaryResolver(new JarResolver(Path.of(System.getProperty("caretaker.test.postgres14"))));
        }
    },
    /** The newest that the pg_dump of Debian's stable release can dump. */
    DUMPED {
        @Override
        public EmbeddedPostgres.Builder builder() {
            return EmbeddedPostgres.builder()
                    .setPgBinaryResolver(new JarResolver(Path.of(System.getProperty("caretaker.test.postgres15"))));
        }
    },
    NEWEST {
        @Override
        public EmbeddedPostgres.Builder builder() {
            return EmbeddedPostgres.builder();
        }
    };

    public abstract EmbeddedPostgres.Builder builder();

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
